"""What a set of coverage rows reaches in a structure year: state, evidence and inhabitants."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from geo import columns as c
from geo.base.cache import cache_on
from geo.coverage.dataset import Dataset
from geo.coverage.selection import Row, Rows, recorded_years
from geo.places.register import Register
from geo.places.year_links import Cell, KommuneOfYear, cells, land, parts_of


@dataclass(frozen=True)
class CarriedKommune:
    """A kommune of the structure year that some rows reach.

    `covered` are the kommuner that the rows name, each in the year of its row. `left` are those,
    of every year that coverage is recorded in, with land here that no row covers; `uncovered` are
    those of them in numbers of `own_year`, the recorded year whose borders tell the two apart
    best. `people` are persons, counted on 1 January of `people_year` (the oldest count used).
    """

    state: str
    project_ids: tuple[str, ...]
    hub_ids: tuple[str, ...]
    own_year: int
    covered: tuple[KommuneOfYear, ...]
    uncovered: tuple[KommuneOfYear, ...]
    left: frozenset[KommuneOfYear]
    evidence: str
    evidence_strongest: str
    people: int
    basis: str
    people_year: int
    source_ids: tuple[str, ...]


def touched(
    dataset: Dataset, rows: Iterable[Row], year: int, *, strips: bool = False
) -> dict[str, tuple[Row, ...]]:
    """Return the kommuner of `year` on the rows' land, each with the rows that lie there.

    Strips are left out unless asked for: land too narrow to speak for a kommune.
    """
    found: dict[str, list[Row]] = {}
    for row in rows:
        for part in parts_of(dataset.register, row.kommunenr, row.year, year):
            if strips or not part.strip:
                found.setdefault(part.kommunenr, []).append(row)
    return {nr: tuple(there) for nr, there in found.items()}


def carry_forward(dataset: Dataset, rows: Rows, year: int) -> dict[str, CarriedKommune]:
    """Return every kommune of `year` that the rows reach, by number.

    What is covered is land: rows recorded in several years' numbers cover what any of them does,
    and nobody is counted twice where they overlap. A kommune is whole if everything it is made of
    is covered, strips that moved between kommuner too. Land is as well documented as its best
    row, a kommune as badly as its worst covered land. Raises UnknownKommune, UnknownYear.
    """
    accounts: dict[str, _Account] = {}
    for row in rows:
        for part in parts_of(dataset.register, row.kommunenr, row.year, year):
            accounts.setdefault(part.kommunenr, {}).setdefault(row.kommune, []).append(row)
    return {nr: _reached(dataset, nr, year, accounts[nr]) for nr in sorted(accounts)}


def left(
    dataset: Dataset, nr: str, year: int, covered: Collection[KommuneOfYear]
) -> frozenset[KommuneOfYear]:
    """Return the kommuner of any recorded year with land in `nr` that is not covered."""
    return frozenset(
        old
        for cell in _cells(dataset, nr, year)
        if not any(old in covered for old in cell.of)
        for old in cell.of
    )


_Account = dict[KommuneOfYear, list[Row]]


def _cells(dataset: Dataset, nr: str, year: int) -> tuple[Cell, ...]:
    return cells(dataset.register, recorded_years(dataset), year)[nr]


def _reached(dataset: Dataset, nr: str, year: int, own: _Account) -> CarriedKommune:
    there = _cells(dataset, nr, year)
    uncovered = left(dataset, nr, year, own)
    best = {old: min(row.rank for row in rows) for old, rows in own.items()}
    on_land = ([best[old] for old in cell.of if old in best] for cell in there)
    ranks = [min(found) for found in on_land if found]
    whole = _counts(dataset.register, year)[nr], c.BASIS_REGISTER, year
    people = _people_of_parts(dataset, nr, year, own) if uncovered else whole
    rows = [row for found in own.values() for row in found]
    own_year = _own_year(there, own, year)
    return CarriedKommune(
        c.PARTLY if uncovered else c.WHOLE,
        _distinct(row.project_id for row in rows),
        _distinct(row.hub_id for row in rows),
        own_year,
        tuple(sorted(own)),
        tuple(sorted(old for old in uncovered if old.year == own_year)),
        uncovered,
        c.EVIDENCE_LEVELS[max(ranks)],
        c.EVIDENCE_LEVELS[min(ranks)],
        *people,
        _distinct(source for row in rows for source in row.source_ids),
    )


def _own_year(there: tuple[Cell, ...], own: Collection[KommuneOfYear], year: int) -> int:
    """Return the recorded year with the fewest kommuner of which a part only is covered.

    Of several, the structure year itself, where a row speaks of the kommune as it is, or else the
    earliest.
    """
    years = {old.year for old in own}
    if len(years) == 1:
        return years.pop()
    covered = {old for cell in there if any(one in own for one in cell.of) for old in cell.of}
    bare = {old for cell in there if not any(one in own for one in cell.of) for old in cell.of}
    divided = [old.year for old in covered & bare]
    return min(years, key=lambda one: (divided.count(one), one != year, one))


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


@cache_on(maxsize=32)
def _counts(register: Register, year: int) -> dict[str, int]:
    return {str(nr): int(n) for nr, n in register.population(year).dropna().items()}


def _people_of_parts(dataset: Dataset, nr: str, year: int, own: _Account) -> tuple[int, str, int]:
    total, basis, oldest = 0.0, c.BASIS_PREDECESSORS, year
    for old, (counted, all_here) in _counted_once(_cells(dataset, nr, year), own).items():
        parts = parts_of(dataset.register, old.kommunenr, old.year, year)
        share = next(part.share for part in parts if part.kommunenr == nr)
        people, of_year = last_count(dataset.register, old.kommunenr, old.year, year)
        here = people * share
        total += here if counted == all_here else here * counted / all_here
        oldest = min(oldest, of_year)
        if share < 1 or counted < all_here:
            basis = c.BASIS_AREA
    return min(round(total), _counts(dataset.register, year)[nr]), basis, oldest


def _counted_once(
    there: tuple[Cell, ...], own: Collection[KommuneOfYear]
) -> dict[KommuneOfYear, tuple[int, int]]:
    """Return the kommuner whose people are counted, with the land counted and all of theirs (m2).

    Where kommuner of several years overlap, the larger is counted whole and the smaller for what
    lies outside it: people are estimated by area only where no count of all of them exists.
    """
    here = {old: sum(cell.m2 for cell in there if old in cell.of) for old in own}
    counted: dict[KommuneOfYear, int] = {}
    taken: set[Cell] = set()
    for old in sorted(own, key=lambda one: (-here[one], one)):
        mine = [cell for cell in there if old in cell.of and cell not in taken]
        taken.update(mine)
        counted[old] = sum(cell.m2 for cell in mine)
    return {old: (counted[old], here[old]) for old in sorted(own) if counted[old]}


@cache_on(maxsize=4096)
def last_count(register: Register, kommunenr: str, own_year: int, year: int) -> tuple[int, int]:
    """Return the last count (persons, year) of a kommune while its land was its own.

    Goes from `own_year` towards `year` and stops before the kommune was merged or split.
    """
    step = 1 if year >= own_year else -1
    last = (_counts(register, own_year)[kommunenr], own_year)
    for later in range(own_year + step, year + step, step):
        there = land(register, own_year, later)
        mine = there.parts[kommunenr]
        if len(mine) != 1 or len(there.made_of[mine[0].kommunenr]) != 1:
            break
        last = (_counts(register, later)[mine[0].kommunenr], later)
    return last
