"""Looks up the links between two years by kommune."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from geo.base.cache import KOMMUNER, YEAR_PAIRS, YEARS, cache_on
from geo.columns import FROM_KOMMUNENR, NORWEGIAN_NAME, PEOPLE_SHARE, TO_KOMMUNENR
from geo.places.register import Register


class KommuneOfYear(NamedTuple):
    """A kommunenr with its year: the same number may mean another kommune in another year."""

    kommunenr: str
    year: int


class Part(NamedTuple):
    """The part of a kommune that is in `kommunenr`, as shares (0 to 1) of land and of people.

    `people` is NaN where the kommune's people were not counted.
    """

    kommunenr: str
    share: float
    strip: bool
    people: float


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
    names = (FROM_KOMMUNENR, TO_KOMMUNENR, "share", "strip", PEOPLE_SHARE)
    for old, new, *shares in zip(*(links[name].tolist() for name in names), strict=True):
        parts.setdefault(old, []).append(Part(new, *shares))
        made_of.setdefault(new, []).append(old)
    return Overlaps(
        {nr: tuple(found) for nr, found in parts.items()},
        {nr: tuple(sorted(found)) for nr, found in made_of.items()},
    )


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


@cache_on(KOMMUNER)
def on_its_own(register: Register, kommune: KommuneOfYear, year: int) -> KommuneOfYear:
    """Return the last number and year, on the way to `year`, in which its land was all its own.

    As `itself`, but a strip that came or went ends it: from then on another count is of others too.
    """
    step = 1 if year >= kommune.year else -1
    last = kommune
    for later in range(kommune.year + step, year + step, step):
        there = overlaps(register, kommune.year, later)
        mine = there.parts[kommune.kommunenr]
        if len(mine) != 1 or len(there.made_of[mine[0].kommunenr]) != 1:
            break
        last = KommuneOfYear(mine[0].kommunenr, later)
    return last
