"""Carries coverage rows to a structure year, with their share of land there."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from geo.coverage.selection import CoverageRow, Rows
from geo.places.register import Register
from geo.places.year_links import KommuneOfYear, Part, parts_of


class CarriedRow(NamedTuple):
    """A row of coverage on a kommune of the structure year.

    `share` of the land of `kommune`, which the row names, lies in `kommunenr`. On a strip lies too
    little land to speak for the kommune.
    """

    row: CoverageRow
    kommune: KommuneOfYear
    kommunenr: str
    share: float
    strip: bool


Carried: TypeAlias = Mapping[str, tuple[CarriedRow, ...]]


def carry_forward(register: Register, rows: Iterable[CoverageRow], year: int) -> Carried:
    """Return the rows on each kommune of `year` that they reach, by its number, in their order.

    Works backwards in time too. Raises UnknownKommune, UnknownYear.
    """
    found: dict[str, list[CarriedRow]] = {}
    there: dict[KommuneOfYear, tuple[Part, ...]] = {}
    for row in rows:
        parts = there.get(row.kommune)
        if parts is None:
            parts = there[row.kommune] = parts_of(register, *row.kommune, year)
        for part in parts:
            carried = CarriedRow(row, row.kommune, part.kommunenr, part.share, part.strip)
            found.setdefault(part.kommunenr, []).append(carried)
    return {nr: tuple(there) for nr, there in found.items()}


def rows_on(register: Register, rows: Iterable[CoverageRow], year: int) -> dict[str, Rows]:
    """Return the rows on each kommune of `year` that they reach, by its number, in their order."""
    carried = carry_forward(register, rows, year)
    return {nr: tuple(one.row for one in there) for nr, there in carried.items()}


def without_strips(carried: Carried) -> dict[str, Rows]:
    """Return the rows that speak for each kommune, by its number."""
    kept = {nr: tuple(one.row for one in there if not one.strip) for nr, there in carried.items()}
    return {nr: rows for nr, rows in kept.items() if rows}
