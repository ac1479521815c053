"""Looks up the links between two years by kommune."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from geo.base.cache import KOMMUNER, YEAR_PAIRS, YEARS, cache_on
from geo.columns import FROM_KOMMUNENR, NORWEGIAN_NAME, TO_KOMMUNENR
from geo.places.register import Register


class KommuneOfYear(NamedTuple):
    """A kommunenr with its year: the same number may mean another kommune in another year."""

    kommunenr: str
    year: int


class Part(NamedTuple):
    """A share (0 to 1) of a kommune's land that is in `kommunenr`."""

    kommunenr: str
    share: float
    strip: bool


class Overlaps(NamedTuple):
    """The links between two years, by kommune of the first and of the second."""

    parts: Mapping[str, tuple[Part, ...]]
    made_of: Mapping[str, tuple[str, ...]]


@cache_on(YEAR_PAIRS)
def overlaps(register: Register, from_year: int, to_year: int) -> Overlaps:
    """Return the links between two years. Raises UnknownYear if no register covers a year."""
    return _by_kommune(register.links(from_year, to_year))


@cache_on(YEAR_PAIRS)
def _main_overlaps(register: Register, from_year: int, to_year: int) -> Overlaps:
    links = register.links(from_year, to_year)
    return _by_kommune(links[~links["strip"]])


def _by_kommune(links: pd.DataFrame) -> Overlaps:
    parts: dict[str, list[Part]] = {}
    made_of: dict[str, list[str]] = {}
    names = (FROM_KOMMUNENR, TO_KOMMUNENR, "share", "strip")
    for old, new, share, strip in zip(*(links[name].tolist() for name in names), strict=True):
        parts.setdefault(old, []).append(Part(new, share, strip))
        made_of.setdefault(new, []).append(old)
    return Overlaps(
        {nr: tuple(found) for nr, found in parts.items()},
        {nr: tuple(sorted(found)) for nr, found in made_of.items()},
    )


class Cell(NamedTuple):
    """Land (square metres) that no border divides, and the kommuner it was in."""

    m2: int
    of: tuple[KommuneOfYear, ...]


@cache_on(YEARS)
def cells(register: Register, years: tuple[int, ...], year: int) -> Mapping[str, tuple[Cell, ...]]:
    """Return the cells of each kommune of `year`, divided by the borders of `years`.

    Each cell is in one kommune of each year, so that coverage recorded in different years can be
    compared on the same land. Raises UnknownYear if no register covers a year.
    """
    table = register.cells(years, year)
    columns = [table[TO_KOMMUNENR].tolist(), table["m2"].tolist()]
    found: dict[str, list[Cell]] = {}
    for nr, m2, *numbers in zip(*columns, *(table[one].tolist() for one in years), strict=True):
        found.setdefault(nr, []).append(Cell(m2, tuple(map(KommuneOfYear, numbers, years))))
    return {nr: tuple(there) for nr, there in found.items()}


@cache_on(KOMMUNER)
def itself(register: Register, kommune: KommuneOfYear, year: int) -> KommuneOfYear:
    """Return the last number and year of the same kommune on the way to `year`.

    Follows the kommune as long as its land stays one kommune's, apart from transferred strips: 1612
    in 2015 and 5011 in 2018 are both Hemne, which was merged in 2020.
    """
    step = 1 if year >= kommune.year else -1
    last = kommune
    for later in range(kommune.year + step, year + step, step):
        there = _main_overlaps(register, kommune.year, later)
        mine = there.parts.get(kommune.kommunenr, ())
        if len(mine) != 1 or len(there.made_of[mine[0].kommunenr]) != 1:
            break
        last = KommuneOfYear(mine[0].kommunenr, later)
    return last


def parts_of(register: Register, kommunenr: str, own_year: int, year: int) -> tuple[Part, ...]:
    """Return where the land of a kommune of `own_year` is in `year`.

    Raises UnknownKommune if it is not a kommune in `own_year`, and UnknownYear.
    """
    parts = overlaps(register, own_year, year).parts
    if kommunenr not in parts:
        register.require(kommunenr, own_year)
    return parts[kommunenr]


def successors(register: Register, kommune: KommuneOfYear, year: int) -> tuple[str, ...]:
    """Return the kommuner of `year` on a kommune's land, that with most of it first.

    Raises UnknownKommune, UnknownYear.
    """
    parts = parts_of(register, *kommune, year)
    return tuple(part.kommunenr for part in sorted(parts, key=lambda part: -part.share))


def lives_on(register: Register, kommune: KommuneOfYear, year: int) -> bool:
    """Return whether a kommune of `year` on its land has its name; if so it is not listed as gone.

    Raises UnknownKommune, UnknownYear.
    """
    there = successors(register, kommune, year)
    names = _names(register, year)
    return _names(register, kommune.year)[kommune.kommunenr] in {names[nr] for nr in there}


@cache_on(YEARS)
def _names(register: Register, year: int) -> dict[str, str]:
    names = register.kommuner(year)[NORWEGIAN_NAME]
    return {str(nr): str(name) for nr, name in names.items()}


@cache_on(YEARS)
def population(register: Register, year: int) -> Mapping[str, int]:
    """Return the inhabitants of each kommune that has a count (persons, 1 January of the year).

    Raises UnknownYear.
    """
    return {str(nr): int(n) for nr, n in register.population(year).dropna().items()}


@cache_on(KOMMUNER)
def nearest_count(register: Register, kommune: KommuneOfYear, near: int) -> tuple[int, int] | None:
    """Return the count (persons, and its year) of a kommune nearest to 1 January `near`.

    Of the years in which it was the same kommune, under any number, and has a count; of two
    equally near the earlier. None where no year has one. Raises UnknownKommune.
    """
    for other in sorted(register.years, key=lambda one: (abs(one - near), one)):
        there = itself(register, kommune, other)
        count = population(register, other).get(there.kommunenr)
        if there.year == other and count is not None:
            return count, other
    return None


def last_count(register: Register, kommunenr: str, own_year: int, year: int) -> tuple[float, int]:
    """Return the last count (persons, year) of a kommune while its land was its own.

    Goes from `own_year` towards `year` and stops before the kommune was merged or split. NaN and
    `own_year` where one of the years on the way has no count: a package may bring some years only.
    """
    try:
        return _last_count(register, kommunenr, own_year, year)
    except KeyError:
        return float("nan"), own_year


@cache_on(KOMMUNER)
def _last_count(register: Register, kommunenr: str, own_year: int, year: int) -> tuple[int, int]:
    step = 1 if year >= own_year else -1
    last = (population(register, own_year)[kommunenr], own_year)
    for later in range(own_year + step, year + step, step):
        there = overlaps(register, own_year, later)
        mine = there.parts[kommunenr]
        if len(mine) != 1 or len(there.made_of[mine[0].kommunenr]) != 1:
            break
        last = (population(register, later)[mine[0].kommunenr], later)
    return last
