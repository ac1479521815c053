"""Carries coverage rows to a structure year, with their shares of land and people there."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from geo.base.cache import KOMMUNER, cache_on
from geo.coverage.selection import CoverageRow, Rows
from geo.places.register import Register
from geo.places.year_links import KommuneOfYear, last_count, overlaps, parts_of, population


class CarriedRow(NamedTuple):
    """A row of coverage on a kommune of the structure year.

    `share` of the land of `kommune`, which the row names, lies in `kommunenr`, and with it that
    share of its inhabitants: `people` (persons) of its last count as a kommune of its own, on
    1 January of `people_year`; NaN where the register has no count. On a strip lies too little
    land to speak for the kommune.
    """

    row: CoverageRow
    kommune: KommuneOfYear
    kommunenr: str
    share: float
    strip: bool
    people: float
    people_year: int


Carried: TypeAlias = Mapping[str, tuple[CarriedRow, ...]]


def carry_forward(register: Register, rows: Iterable[CoverageRow], year: int) -> Carried:
    """Return the rows on each kommune of `year` that they reach, by its number, in their order.

    Works backwards in time too. Raises UnknownKommune, UnknownYear.
    """
    found: dict[str, list[CarriedRow]] = {}
    for row in rows:
        for part in _parts(register, row.kommune, year):
            found.setdefault(part[1], []).append(CarriedRow(row, *part))
    return {nr: tuple(there) for nr, there in found.items()}


def without_strips(carried: Carried) -> dict[str, Rows]:
    """Return the rows that speak for each kommune, by its number."""
    kept = {nr: tuple(one.row for one in there if not one.strip) for nr, there in carried.items()}
    return {nr: rows for nr, rows in kept.items() if rows}


@cache_on(KOMMUNER)
def _parts(
    register: Register, kommune: KommuneOfYear, year: int
) -> tuple[tuple[KommuneOfYear, str, float, bool, float, int], ...]:
    """Return where a kommune lies in `year`, as CarriedRow holds it."""
    parts = parts_of(register, *kommune, year)
    people, of_year = _last_count(register, kommune, year)
    return tuple((kommune, p.kommunenr, p.share, p.strip, people * p.share, of_year) for p in parts)


def _last_count(register: Register, kommune: KommuneOfYear, year: int) -> tuple[float, int]:
    there = overlaps(register, kommune.year, year)
    first, *more = there.parts[kommune.kommunenr]
    if not more and len(there.made_of[first.kommunenr]) == 1:
        # Of a kommune that is wholly covered only the structure year's count is needed.
        count = population(register, year).get(first.kommunenr)
        return (float("nan"), kommune.year) if count is None else (count, year)
    return last_count(register, *kommune, year)
