"""Where the people of a kommune live: the point from which distances to it are measured."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from geo.base.cache import YEARS, cache_on
from geo.columns import KOMMUNENR, LAT, LON, STRUCTURE_YEAR
from geo.places.register import Register
from geo.places.year_links import KommuneOfYear, itself


class Centre(NamedTuple):
    """A point in degrees (WGS 84), and the year of the structure that it was found for."""

    lon: float
    lat: float
    year: int


@cache_on(YEARS)
def centres(register: Register, year: int) -> Mapping[str, Centre]:
    """Return the centre of each kommune of a year that has one, by kommunenr.

    In a year without a row of its own, that of the nearest structure in which the kommune is the
    same kommune. Raises UnknownYear.
    """
    rows = _rows(register.centres)
    years = sorted(rows, key=lambda one: (abs(one - year), one))
    found = {}
    for nr in register.kommuner(year).index:
        for other in years:
            there = itself(register, KommuneOfYear(str(nr), year), other)
            if there.year == other and there.kommunenr in rows[other]:
                found[str(nr)] = Centre(*rows[other][there.kommunenr], other)
                break
    return found


def _rows(table: pd.DataFrame) -> dict[int, dict[str, tuple[float, float]]]:
    rows: dict[int, dict[str, tuple[float, float]]] = {}
    columns = (table[name].tolist() for name in (STRUCTURE_YEAR, KOMMUNENR, LON, LAT))
    for year, nr, lon, lat in zip(*columns, strict=True):
        rows.setdefault(int(year), {})[nr] = (lon, lat)
    return rows
