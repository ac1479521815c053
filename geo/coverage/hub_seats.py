"""Where hubs have their seats, and which of the seats are guesses."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import pandas as pd

from geo import columns as c
from geo.base.cache import OWNER, YEARS, cache_on
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


class Seat(NamedTuple):
    """The seat of a hub: its point is north, east in whole metres (EPSG:25833)."""

    name: str
    place: str
    point: tuple[int, int]
    guess: bool


def seats(dataset: Dataset, hubs: Collection[str]) -> Mapping[str, Seat]:
    """Return the seats of some hubs by hub_id, in the order of their table, where they are known.

    `hubs` are hub_ids; those without a point are left out.
    """
    return {hub: seat for hub, seat in _every_seat(dataset).items() if hub in hubs}


@cache_on(OWNER)
def _every_seat(dataset: Dataset) -> Mapping[str, Seat]:
    hubs = every_hub(dataset.package)
    hubs = hubs[hubs[c.LON].notna()]
    points = in_metres(hubs[c.LON], hubs[c.LAT])
    columns = zip(hubs[c.HUB_ID], hubs[c.NAME], hubs["place"], points, guessed(hubs), strict=True)
    return {
        str(hub): Seat(str(name), str(place), point, bool(guess))
        for hub, name, place, point, guess in columns
    }


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
