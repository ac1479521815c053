"""What a set of coverage rows reaches in a structure year: state, evidence and inhabitants."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo import columns as c
from geo.atlas import Atlas
from geo.land import land, parts_of
from geo.memory import remembered
from geo.register import Register
from geo.scope import Row, Rows


@dataclass(frozen=True)
class Reached:
    """A kommune of the structure year that some rows reach.

    `covered` and `uncovered` are its predecessors in `own_year`, the year whose numbers the rows
    use. `people` are persons, counted on 1 January of `people_year` (the oldest count used).
    """

    state: str
    project_ids: tuple[str, ...]
    hub_ids: tuple[str, ...]
    own_year: int
    covered: tuple[str, ...]
    uncovered: tuple[str, ...]
    evidence: str
    evidence_strongest: str
    people: int
    basis: str
    people_year: int
    source_ids: tuple[str, ...]


def touched(
    atlas: Atlas, rows: Iterable[Row], year: int, *, strips: bool = False
) -> dict[str, tuple[Row, ...]]:
    """Return the kommuner of `year` on the rows' land, each with the rows that lie there.

    Strips are left out unless asked for: land too narrow to speak for a kommune.
    """
    found: dict[str, list[Row]] = {}
    for row in rows:
        for part in parts_of(atlas.register, row.kommunenr, row.year, year):
            if strips or not part.strip:
                found.setdefault(part.kommunenr, []).append(row)
    return {nr: tuple(there) for nr, there in found.items()}


def reach(atlas: Atlas, rows: Rows, year: int) -> dict[str, Reached]:
    """Return every kommune of `year` that the rows reach, by number.

    A kommune is whole if everything it is made of is covered, strips that moved between kommuner
    too. A predecessor is as well documented as its best row, a kommune as badly as its worst
    covered part. Raises UnknownKommune, UnknownYear.
    """
    accounts: dict[str, dict[int, dict[str, list[Row]]]] = {}
    for row in rows:
        for part in parts_of(atlas.register, row.kommunenr, row.year, year):
            own = accounts.setdefault(part.kommunenr, {}).setdefault(row.year, {})
            own.setdefault(row.kommunenr, []).append(row)
    return {
        nr: max(
            (_reached(atlas, nr, year, own_year, own) for own_year, own in accounts[nr].items()),
            # Recorded in several years' numbers: the fullest account of a kommune counts.
            key=lambda reached: (reached.state == c.WHOLE, reached.people),
        )
        for nr in sorted(accounts)
    }


def _reached(
    atlas: Atlas, nr: str, year: int, own_year: int, own: Mapping[str, list[Row]]
) -> Reached:
    made_of = land(atlas.register, own_year, year).made_of[nr]
    uncovered = tuple(old for old in made_of if old not in own)
    covered = tuple(sorted(own))
    ranks = [min(row.rank for row in rows) for rows in own.values()]
    whole = _counts(atlas.register, year)[nr], c.BASIS_REGISTER, year
    people = _people_of_parts(atlas, nr, year, own_year, covered) if uncovered else whole
    rows = [row for found in own.values() for row in found]
    return Reached(
        c.PARTLY if uncovered else c.WHOLE,
        _distinct(row.project_id for row in rows),
        _distinct(row.hub_id for row in rows),
        own_year,
        covered,
        uncovered,
        c.EVIDENCE_LEVELS[max(ranks)],
        c.EVIDENCE_LEVELS[min(ranks)],
        *people,
        _distinct(source for row in rows for source in row.source_ids),
    )


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


@remembered(maxsize=32)
def _counts(register: Register, year: int) -> dict[str, int]:
    return {str(nr): int(n) for nr, n in register.population(year).dropna().items()}


def _people_of_parts(
    atlas: Atlas, nr: str, year: int, own_year: int, covered: tuple[str, ...]
) -> tuple[int, str, int]:
    total, basis, oldest = 0.0, c.BASIS_PREDECESSORS, year
    for old in covered:
        parts = parts_of(atlas.register, old, own_year, year)
        share = next(part.share for part in parts if part.kommunenr == nr)
        people, counted = last_count(atlas.register, old, own_year, year)
        total += people * share
        oldest = min(oldest, counted)
        if share < 1:
            basis = c.BASIS_AREA
    return min(round(total), _counts(atlas.register, year)[nr]), basis, oldest


@remembered(maxsize=4096)
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
