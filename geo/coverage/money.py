"""Kroner per inhabitant: a grant has one figure, whatever structure is shown.

A grant is divided by the people whom its project serves, counted on 1 January of the grant's first
year in the numbers that the coverage is recorded in.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from geo import columns as c
from geo.base.cache import OWNER, SUMS, cache_on
from geo.coverage.alternatives import Range, options, spread
from geo.coverage.connected import connected
from geo.coverage.dataset import Dataset
from geo.coverage.selection import (
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
    """A project's grant (NOK), the number of years it is spread over, and the first of them."""

    nok: int
    years: int
    first: int


@cache_on(OWNER)
def grants(dataset: Dataset) -> dict[str, Grant]:
    """Return the grant of each project."""
    table = dataset.package["projects"][[c.PROJECT_ID, c.GRANT_NOK, c.GRANT_YEARS, c.YEAR_FROM]]
    return {str(project): Grant(*map(int, rest)) for project, *rest in table.to_numpy().tolist()}


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
    """Return whom some projects serve, everybody counted once.

    Where the register has no count of a grant's first year for a number, as where the kommune did
    not exist yet, the nearest year's is used. A kommune of several projects is counted in the
    first year of the earliest. None where some kommune has no count at all.
    """
    if not projects:
        return Served(Range(0, 0, 0), ())
    rows = select(dataset, Selection(recorded_years(dataset)[0], projects, evidence=evidence))
    mixes = [_first_years(dataset, one) for one in options(rows.counted, candidate_rows(dataset))]
    counts = [_counts(dataset, mix) for mix in mixes]
    if any(count is None for one in counts for count in one.values()):
        return None
    known = [{old: count for old, count in one.items() if count} for one in counts]
    people = spread(_people(dataset, {old: n for old, (n, _) in one.items()}) for one in known)
    return Served(people, tuple(sorted({year for _, year in known[0].values()})))


def _first_years(dataset: Dataset, rows: Rows) -> dict[KommuneOfYear, int]:
    """Return the first year of the earliest grant of those that each kommune has a part in."""
    first: dict[KommuneOfYear, int] = {}
    for row in rows:
        year = grants(dataset)[row.project_id].first
        first[row.kommune] = min(year, first.get(row.kommune, year))
    return first


def _counts(
    dataset: Dataset, first: Mapping[KommuneOfYear, int]
) -> dict[KommuneOfYear, tuple[int, int] | None]:
    return {old: nearest_count(dataset.register, old, year) for old, year in first.items()}


def _people(dataset: Dataset, counts: Mapping[KommuneOfYear, int]) -> int:
    """Return the people of some kommuner, those counted in several years' numbers once."""
    land = blocks(dataset)
    return sum(
        people_on(land[place], {old: counts[old] for old in mine})
        for place, mine in _by_block(dataset, counts).items()
    )


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


def _by_block(
    dataset: Dataset, kommuner: Iterable[KommuneOfYear]
) -> dict[int, list[KommuneOfYear]]:
    places = _block_of(dataset)
    found: dict[int, list[KommuneOfYear]] = {}
    for old in kommuner:
        found.setdefault(places[old], []).append(old)
    return found


@cache_on(OWNER)
def blocks(dataset: Dataset) -> tuple[tuple[Cell, ...], ...]:
    """Return the land that statements and candidates speak of, in blocks that do not overlap.

    A block is the land of one kommune, or of several that are recorded in different years'
    numbers and overlap.
    """
    years = recorded_years(dataset)
    if not years:
        return ()
    rows = (*project_rows(dataset), *(row for row, _ in candidate_rows(dataset)))
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
