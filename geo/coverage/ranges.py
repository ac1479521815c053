"""The ranges of a selection's figures over every set of kommuner that published totals allow."""

from collections.abc import Mapping
from typing import NamedTuple

from geo.base.cache import ALTERNATIVES, SUMS, cache_on
from geo.coverage.assumed import Choice, choices, firm_rows
from geo.coverage.bounds import (
    Numbers,
    Outcome,
    Picked,
    Range,
    by_thing,
    connected,
    counts,
    ends,
    exactly,
    picks,
)
from geo.coverage.carry_forward import Carried, carry_forward
from geo.coverage.counted import counted, structure_year
from geo.coverage.dataset import Dataset
from geo.coverage.selection import Selection, select
from geo.coverage.states import StructureYear, people_covered


class Ranges(NamedTuple):
    """Figures of a selection with their ranges: people covered (persons) and numbers of kommuner.

    `by_fylke` has the number of kommuner of each county that has some, or may have, by fylkesnr.
    """

    people: Range
    kommuner: Range
    fylker: Range
    by_fylke: Mapping[str, Range]


@cache_on(SUMS)
def ranges(dataset: Dataset, selection: Selection) -> Ranges:
    """Return the figures of a selection with their lowest and highest values. Raises UnknownYear.

    Over every set of kommuner that the assumptions allow (geo.coverage.assumed): kommuner that no
    open one reaches count as they are, the others as each set has them (geo.coverage.bounds).
    """
    inside = structure_year(dataset, selection.year).inside(selection.fylke)
    covered = {nr: n.people for nr, n in counted(dataset, selection).covered.items()
               if nr in inside}  # fmt: skip
    varying = _varying(dataset, selection.everywhere)
    fixed = {nr: people for nr, people in covered.items() if nr not in varying.kommuner}
    shown, firm = (_by_fylke(inside, found) for found in (covered, fixed))
    if varying.kommuner.isdisjoint(inside):
        return Ranges(
            exactly(sum(covered.values())), exactly(len(covered)), exactly(len(shown)),
            {fylke: exactly(n) for fylke, n in shown.items()},
        )  # fmt: skip
    fylker = [fylke for fylke in varying.fylker if fylke in set(inside.values())]
    found = ends(_inside(varying, fylker), varying.wanted, frozenset(firm))
    low, high = found.low, found.high
    own = {
        fylke: Range(shown.get(fylke, 0), firm.get(fylke, 0) + low[n], firm.get(fylke, 0) + high[n])
        for n, fylke in enumerate(fylker, start=2)
    }
    people, many = sum(fixed.values()), len(fixed)
    every = {fylke: exactly(n) for fylke, n in shown.items()} | own
    return Ranges(
        Range(sum(covered.values()), people + low[0], people + high[0]),
        Range(len(covered), many + low[1], many + high[1]),
        Range(len(shown), *found.marks),
        {fylke: every[fylke] for fylke in sorted(every) if every[fylke].high},
    )


def _by_fylke(inside: Mapping[str, str], kommuner: Mapping[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for nr in kommuner:
        found[inside[nr]] = found.get(inside[nr], 0) + 1
    return dict(sorted(found.items()))


class _Varying(NamedTuple):
    """The kommuner that open ones reach, their counties, and what each subset comes to.

    The figures of an outcome are people and kommuner of each county, its marks the counties.
    """

    kommuner: frozenset[str]
    fylker: tuple[str, ...]
    wanted: Numbers
    groups: tuple[tuple[Outcome, ...], ...]


def _inside(varying: _Varying, fylker: list[str]) -> list[list[Outcome]]:
    """Return the outcomes of some counties: people, kommuner, and kommuner of each county."""
    places = [2 * varying.fylker.index(fylke) for fylke in fylker]
    return [
        [
            Outcome(
                one.counts,
                (
                    sum(one.figures[place] for place in places),
                    sum(one.figures[place + 1] for place in places),
                    *(one.figures[place + 1] for place in places),
                ),
                one.marks.intersection(fylker),
            )
            for one in group
        ]
        for group in varying.groups
    ]


@cache_on(ALTERNATIVES)
def _varying(dataset: Dataset, selection: Selection) -> _Varying:
    """Return what is open of a selection, whatever its counties."""
    open_, conditions = choices(dataset, selection)
    year = structure_year(dataset, selection.year)
    carried = {
        (one.place, way): carry_forward(dataset.register, rows, year.year)
        for one in open_
        for way, rows in enumerate(one.ways)
    }
    reach = {
        one.place: {nr for way in range(len(one.ways)) for nr in carried[one.place, way]}
        for one in open_
    }
    kommuner = frozenset(nr for reached in reach.values() for nr in reached)
    touching = [[place for place, there in reach.items() if nr in there] for nr in sorted(kommuner)]
    groups = connected([*([one.place] for one in open_), *by_thing(conditions), *touching])
    fylker = tuple(sorted({year.fylke_of[nr] for nr in kommuner}))
    ways = {one.place: len(one.ways) for one in open_}
    firm = _firm(dataset, selection, open_)

    def outcome(group: frozenset[int], picked: Picked) -> Outcome:
        there = {nr for place in group for nr in reach[place]}
        people = _people([firm, *(carried[one] for one in picked)], there, year)
        figures = [0] * (2 * len(fylker))
        for nr, persons in people.items():
            place = 2 * fylker.index(year.fylke_of[nr])
            figures[place] += persons
            figures[place + 1] += 1
        marks = frozenset(year.fylke_of[nr] for nr in people)
        return Outcome(counts(conditions, picked), tuple(figures), marks)

    return _Varying(
        kommuner,
        fylker,
        tuple(one.count for one in conditions),
        tuple(tuple(outcome(one, picked) for picked in picks(one, ways)) for one in groups),
    )


def _firm(dataset: Dataset, selection: Selection, open_: tuple[Choice, ...]) -> Carried:
    """Return the rows of a selection that are not open, carried to its year."""
    if not open_:
        return {}
    firm = firm_rows(dataset, select(dataset, selection).counted)
    return carry_forward(dataset.register, firm, selection.year)


def _people(every: list[Carried], kommuner: set[str], year: StructureYear) -> dict[str, int]:
    """Return the people whom some rows cover in some kommuner, of those that they reach."""
    there = {nr: tuple(row for one in every for row in one.get(nr, ())) for nr in sorted(kommuner)}
    return people_covered({nr: rows for nr, rows in there.items() if rows}, year)
