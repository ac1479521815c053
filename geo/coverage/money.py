"""Kroner per inhabitant: a grant has one figure, whatever structure is shown.

A grant is divided by the people whom its project serves, counted on 1 January of the grant's first
year in the numbers that the coverage is recorded in.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from geo import columns as c
from geo.base.cache import OWNER, SUMS, cache_on
from geo.coverage.assumed import choices, firm_rows
from geo.coverage.bounds import (
    Condition,
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
from geo.coverage.dataset import Dataset
from geo.coverage.selection import (
    CoverageRow,
    Rows,
    Selection,
    candidate_rows,
    project_rows,
    recorded_years,
    select,
)
from geo.places.people_cells import Cell, cells
from geo.places.year_links import KommuneOfYear, nearest_count


class Grant(NamedTuple):
    """A project's grant (NOK), the number of years it is spread over, and the first of them.

    `kind` is what the amount is, one of GRANT_KINDS.
    """

    nok: int
    years: int
    first: int
    kind: str = c.GRANTED


@cache_on(OWNER)
def grants(dataset: Dataset) -> dict[str, Grant]:
    """Return the grant of each project."""
    columns = [c.PROJECT_ID, c.GRANT_NOK, c.GRANT_YEARS, c.YEAR_FROM, c.GRANT_KIND]
    table = dataset.package["projects"][columns]
    return {
        str(project): Grant(int(nok), int(years), int(first), str(kind) or c.GRANTED)
        for project, nok, years, first, kind in table.to_numpy().tolist()
    }


def kind_of(dataset: Dataset, projects: Iterable[str] = ()) -> str:
    """Return what the sum of some projects' amounts is, of all if none is named.

    What was paid had been granted. With an upper limit, or with what was only applied for, the
    sum is one that they get at most.
    """
    kinds = {grants(dataset)[project].kind for project in projects or dataset.choices.projects}
    if len(kinds) == 1:
        return kinds.pop()
    return c.GRANTED if kinds <= {c.GRANTED, c.PAID} else c.UPPER_LIMIT


class Served(NamedTuple):
    """The people whom some projects serve (persons), and the years of the counts, 1 January."""

    people: Range
    years: tuple[int, ...]


@cache_on(SUMS)
def money(dataset: Dataset, projects: tuple[str, ...], evidence: str) -> Range | None:
    """Return kroner per served inhabitant and year of some projects, everybody counted once.

    Divides by everybody the projects serve, whatever a view leaves out. None where they serve
    nobody, or where the register never counted some of them.
    """
    found = served(dataset, projects, evidence)
    if found is None or not found.people.low:
        return None
    yearly = sum(grants(dataset)[p].nok / grants(dataset)[p].years for p in projects)
    return found.people.map(lambda people: yearly / people)


@cache_on(SUMS)
def served(dataset: Dataset, projects: tuple[str, ...], evidence: str) -> Served | None:
    """Return whom some projects serve, everybody counted once; the range is over all allowed sets.

    Where the register has no count of a grant's first year for a number, as where the kommune did
    not exist yet, the nearest year's is used. A kommune of several projects is counted in the
    first year of the earliest. None where some kommune has no count at all.
    """
    years = recorded_years(dataset)
    if not projects or not years:
        return Served(exactly(0), ())
    anywhere = Selection(years[0], projects, evidence=evidence)
    shown = select(dataset, anywhere).counted
    open_, conditions = choices(dataset, anywhere)
    offered = {one.place: one.ways[0] for one in open_}
    every = {row.kommune for row in (*shown, *chain.from_iterable(offered.values()))}
    if any(nearest_count(dataset.register, kommune, kommune.year) is None for kommune in every):
        return None
    people = people_counted(dataset, shown)
    firm = firm_rows(dataset, shown) if open_ else shown
    counted_in = sorted({year for _, year in _counts(dataset, shown).values()})
    return Served(_range(dataset, people, firm, offered, conditions), tuple(counted_in))


def _range(
    dataset: Dataset,
    shown: int,
    firm: Rows,
    offered: Mapping[int, Rows],
    conditions: Sequence[Condition],
) -> Range:
    """Return the people of the rows that are shown with the range over the sets of offered rows."""
    block_of = _block_of(dataset)
    reach = {place: {block_of[row.kommune] for row in rows} for place, rows in offered.items()}
    touched = sorted(set().union(*reach.values()))
    if not touched:
        return exactly(shown)
    touching = [[place for place in reach if block in reach[place]] for block in touched]
    groups = connected([*([place] for place in offered), *by_thing(conditions), *touching])

    def on(land: Collection[int], rows: Iterable[CoverageRow]) -> int:
        return people_counted(dataset, [row for row in rows if block_of[row.kommune] in land])

    def outcome(group: frozenset[int], picked: Picked) -> Outcome:
        land = {block for place in group for block in reach[place]}
        chosen = chain.from_iterable(offered[place] for place, _ in picked)
        return Outcome(counts(conditions, picked), (on(land, (*firm, *chosen)),), frozenset())

    ways = dict.fromkeys(offered, 1)
    found = ends(
        ((outcome(group, picked) for picked in picks(group, ways)) for group in groups),
        tuple(one.count for one in conditions),
    )
    rest = on(set(range(len(blocks(dataset)))).difference(touched), firm)
    return Range(shown, rest + found.low[0], rest + found.high[0])


def _counts(dataset: Dataset, rows: Iterable[CoverageRow]) -> dict[KommuneOfYear, tuple[int, int]]:
    """Return the count (persons, and its year) of each kommune, in its earliest grant's year."""
    first: dict[KommuneOfYear, int] = {}
    granted = grants(dataset)
    for row in rows:
        year = granted[row.project_id].first
        first[row.kommune] = min(year, first.get(row.kommune, year))
    found = ((old, nearest_count(dataset.register, old, year)) for old, year in first.items())
    return {old: count for old, count in found if count}


def people_counted(dataset: Dataset, rows: Iterable[CoverageRow]) -> int:
    """Return the people of the kommuner that rows name, those of several years' numbers once."""
    by_block: dict[int, dict[KommuneOfYear, int]] = {}
    block_of, land = _block_of(dataset), blocks(dataset)
    for old, (people, _) in _counts(dataset, rows).items():
        by_block.setdefault(block_of[old], {})[old] = people
    return sum(people_on(land[place], mine) for place, mine in by_block.items())


def people_on(land: Iterable[Cell], counts: Mapping[KommuneOfYear, int]) -> int:
    """Return the people of the kommuner in `counts` on a block of land; those that overlap once."""
    shares = counted_once(tuple(land), counts)
    return round(sum(counts[old] * share for old, share in shares.items()))


def counted_once(
    there: tuple[Cell, ...], own: Collection[KommuneOfYear]
) -> dict[KommuneOfYear, float]:
    """Return the share (0 to 1) of each kommune's people that is counted.

    Where kommuner of several years overlap, the larger is counted whole and the smaller for those
    who live outside it.
    """
    here = {old: sum(cell.people for cell in there if old in cell.of) for old in own}
    counted: dict[KommuneOfYear, float] = {}
    taken: set[Cell] = set()
    for old in sorted(own, key=lambda one: (-here[one], one)):
        mine = [cell for cell in there if old in cell.of and cell not in taken]
        taken.update(mine)
        if mine:
            counted[old] = sum(cell.people for cell in mine) / here[old] if here[old] else 1.0
    return {old: counted[old] for old in sorted(own) if old in counted}


@cache_on(OWNER)
def blocks(dataset: Dataset) -> tuple[tuple[Cell, ...], ...]:
    """Return the land that statements and candidates speak of, in blocks that do not overlap.

    A block is the land of one kommune, or of several that are recorded in different years'
    numbers and overlap.
    """
    years = recorded_years(dataset)
    if not years:
        return ()
    rows = (*project_rows(dataset), *candidate_rows(dataset))
    named = {row.kommune for row in rows}
    divided = cells(dataset.register, years, years[0]).values()
    land = [cell for there in divided for cell in there if not named.isdisjoint(cell.of)]
    groups = connected([named.intersection(cell.of) for cell in land])
    return tuple(tuple(cell for cell in land if not group.isdisjoint(cell.of)) for group in groups)


@cache_on(OWNER)
def _block_of(dataset: Dataset) -> dict[KommuneOfYear, int]:
    """Return the block of every kommune with land in one."""
    found = enumerate(blocks(dataset))
    return {old: place for place, land in found for cell in land for old in cell.of}
