"""Where hubs have their seats, and which of the seats are guesses."""

import pandas as pd

from geo import columns as c
from geo.base.cache import YEARS, cache_on
from geo.coverage.dataset import Dataset
from geo.dataset.package import every_hub
from geo.places.metres import in_metres
from geo.places.year_links import parts_of

# Metres: a point of that accuracy may lie in another settlement than the seat.
ROUGH_M = 5000


def guessed(hubs: pd.DataFrame) -> "pd.Series[bool]":
    """Return which hubs' points are guesses: no source names the seat, or the point is rough.

    `hubs` has the columns of its table; same index.
    """
    named = hubs[c.SEAT_EVIDENCE].isin(("", c.DOCUMENTED))
    return ~named | (hubs[c.POINT_ACCURACY_M].fillna(0) >= ROUGH_M)


def points(hubs: pd.DataFrame) -> list[tuple[int, int]]:
    """Return where hubs that have a point sit: north, east in whole metres (EPSG:25833).

    `hubs` has the columns of its table; the list is in its order.
    """
    return in_metres(hubs[c.LON], hubs[c.LAT])


@cache_on(YEARS)
def seat_kommuner(dataset: Dataset, year: int) -> dict[str, str]:
    """Return the kommunenr of each hub's seat in a year, by hub_id, where it is known.

    Where the kommune was split, the seat is assumed to be where most of its people went. Raises
    UnknownYear.
    """
    hubs = every_hub(dataset.package)
    found = {}
    for hub in hubs[hubs[c.KOMMUNENR] != ""].to_dict("records"):
        parts = parts_of(dataset.register, hub[c.KOMMUNENR], int(hub[c.STRUCTURE_YEAR]), year)
        main = max(parts, key=lambda part: (part.people, part.share))
        found[str(hub[c.HUB_ID])] = main.kommunenr
    return found
