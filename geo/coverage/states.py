"""Gives each kommune of the structure year its state: how much of it is covered, and how surely."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from geo import columns as c
from geo.coverage.carry_forward import Carried, CarriedRow
from geo.coverage.selection import Rows
from geo.places.people_cells import Cell
from geo.places.year_links import KommuneOfYear


class StructureYear(NamedTuple):
    """What is known of a structure year whatever is covered, by kommunenr.

    The county (fylkesnr), the inhabitants (persons, 1 January), the land in cells that no border
    of a year that coverage is recorded in divides, and the kommuner that the programme reaches.
    """

    year: int
    fylke_of: Mapping[str, str]
    people: Mapping[str, int]
    cells: Mapping[str, tuple[Cell, ...]]
    programme: frozenset[str]

    def inside(self, fylker: Collection[str]) -> dict[str, str]:
        """Return the county of every kommune in some counties; empty means all."""
        return {nr: f for nr, f in self.fylke_of.items() if not fylker or f in fylker}


@dataclass(frozen=True)
class CoveredKommune:
    """A kommune of the structure year that some rows reach.

    `covered` are the kommuner that the rows name, each in the year of its row. `left` are those,
    of every year that coverage is recorded in, with land here that no row covers; `uncovered` are
    those of them in numbers of `own_year`, the recorded year whose borders tell the two apart
    best. `people` are persons, counted on 1 January of `people_year` (the oldest count used);
    `people_by_evidence` are its parts: on documented land, what the inferred rows add, and what the
    assumed add.
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
    people_by_evidence: tuple[int, ...]
    source_ids: tuple[str, ...]
    stated_years: tuple[str, ...]


# From the surest to the least sure.
_BASES = (c.BASIS_REGISTER, c.BASIS_PREDECESSORS, c.BASIS_DELOMRAADER, c.BASIS_AREA)

_Account: TypeAlias = dict[KommuneOfYear, list[CarriedRow]]


def covered_kommune(nr: str, carried: Iterable[CarriedRow], year: StructureYear) -> CoveredKommune:
    """Return what the rows that reach a kommune cover of it.

    What is covered is land: rows recorded in several years' numbers cover what any of them does,
    and nobody is counted twice where they overlap. A kommune is whole if everything it is made of
    is covered, strips that moved between kommuner too. Land is as well documented as its best
    row, a kommune with the weakest evidence of its covered land.
    """
    own = _account(carried)
    there = year.cells[nr]
    bare = left(there, own)
    best = {old: min(one.row.rank for one in found) for old, found in own.items()}
    on_land = ([best[old] for old in cell.of if old in best] for cell in there)
    ranks = [min(found) for found in on_land if found]
    rows = [one.row for found in own.values() for one in found]
    own_year = _own_year(there, own, bare, year.year)
    return CoveredKommune(
        c.PARTLY if bare else c.WHOLE,
        _distinct(row.project_id for row in rows),
        _distinct(row.hub_id for row in rows),
        own_year,
        tuple(sorted(own)),
        tuple(sorted(old for old in bare if old.year == own_year)),
        bare,
        c.EVIDENCE_LEVELS[max(ranks)],
        c.EVIDENCE_LEVELS[min(ranks)],
        *(people := _people(nr, own, year, bare)),
        _people_by_evidence(nr, own, best, year, people[0]),
        _distinct(source for row in rows for source in row.source_ids),
        _distinct(years for row in rows for years in row.stated_years),
    )


def people_covered(carried: Carried, year: StructureYear) -> dict[str, int]:
    """Return how many live on the covered land of every kommune that the rows reach (persons)."""
    accounts = ((nr, _account(rows)) for nr, rows in carried.items())
    return {nr: _people(nr, own, year, left(year.cells[nr], own))[0] for nr, own in accounts}


def left(cells: Iterable[Cell], covered: Collection[KommuneOfYear]) -> frozenset[KommuneOfYear]:
    """Return the kommuner of any recorded year with land in some cells that is not covered."""
    bare = (cell.of for cell in cells if not any(old in covered for old in cell.of))
    return frozenset(old for of in bare for old in of)


def every_state(
    year: StructureYear,
    covered: Mapping[str, CoveredKommune],
    nameless: Mapping[str, Rows],
    elsewhere: Collection[str] = (),
) -> dict[str, str]:
    """Return the state of every kommune of the year: whole, partly, or the kind of empty.

    One that has no source for any of its parts (`nameless`) is "no source": "not covered" would
    claim too much. One that has none for some of them is partly unknown. One that the programme
    reaches, but not these rows, is outside the view. One that only hubs outside the projects reach
    is elsewhere, also if a project may have reached it.
    """
    states = dict.fromkeys(year.fylke_of, c.NOT_COVERED)
    states.update(dict.fromkeys(year.programme, c.OUTSIDE_VIEW))
    states.update({nr: _unknown(year.cells[nr], rows) for nr, rows in nameless.items()})
    states.update(dict.fromkeys(set(elsewhere) - year.programme, c.ELSEWHERE))
    states.update({nr: one.state for nr, one in covered.items()})
    return states


def _unknown(there: Iterable[Cell], nameless: Rows) -> str:
    known = left(there, {row.kommune for row in nameless})
    return c.PARTLY_UNKNOWN if known else c.NO_SOURCE


def people_unknown(
    year: StructureYear,
    covered: Mapping[str, CoveredKommune],
    nameless: Mapping[str, Rows],
    states: Mapping[str, str],
) -> dict[str, int]:
    """Return how many live on land that no source speaks of, in every kommune with such a part.

    Persons by kommunenr. Those on land that some row covers are not among them, nor those where
    hubs outside the projects are the ones known of.
    """
    return {
        nr: _nameless_people(nr, covered.get(nr), year, rows)
        for nr, rows in nameless.items()
        if states[nr] != c.ELSEWHERE
    }


def _nameless_people(
    nr: str, one: CoveredKommune | None, year: StructureYear, nameless: Rows
) -> int:
    there, named = year.cells[nr], {row.kommune for row in nameless}
    known = set(one.covered if one else ())
    bare = [cell for cell in there if known.isdisjoint(cell.of)]
    unknown = [cell for cell in bare if not named.isdisjoint(cell.of)]
    most = year.people[nr] - (one.people if one else 0)
    if len(unknown) == len(bare):
        return most if bare else 0
    return min(round(sum(cell.people for cell in unknown)), most)


def _account(carried: Iterable[CarriedRow]) -> _Account:
    """Return the rows by the kommune that they name."""
    account: _Account = {}
    for one in carried:
        account.setdefault(one.kommune, []).append(one)
    return account


def _own_year(
    there: tuple[Cell, ...],
    own: Collection[KommuneOfYear],
    bare: frozenset[KommuneOfYear],
    year: int,
) -> int:
    """Return the recorded year with the fewest kommuner of which a part only is covered.

    Of several, the structure year itself, where a row speaks of the kommune as it is, or else the
    earliest.
    """
    years = {old.year for old in own}
    if len(years) == 1:
        return years.pop()
    covered = {old for cell in there if any(one in own for one in cell.of) for old in cell.of}
    divided = [old.year for old in covered & bare]
    return min(years, key=lambda one: (divided.count(one), one != year, one))


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _people(
    nr: str, own: Collection[KommuneOfYear], year: StructureYear, bare: Collection[KommuneOfYear]
) -> tuple[int, str, int]:
    """Return persons on the covered land, what that rests on, and the year of the oldest count."""
    if not bare:
        return year.people[nr], c.BASIS_REGISTER, year.year
    covered = [cell for cell in year.cells[nr] if any(old in own for old in cell.of)]
    basis = max((cell.basis for cell in covered), key=_BASES.index)
    persons = round(sum(cell.people for cell in covered))
    return min(persons, year.people[nr]), basis, min(cell.counted for cell in covered)


def _people_by_evidence(
    nr: str, own: _Account, best: Mapping[KommuneOfYear, int], year: StructureYear, people: int
) -> tuple[int, ...]:
    """Return the persons that each level of evidence adds to those of the stronger levels.

    Since counts may be of several years, more land may have fewer people: no level adds fewer than
    nobody, and all together add the `people` that are covered.
    """
    reached = []
    for rank in range(len(c.EVIDENCE_LEVELS)):
        some = {old: rows for old, rows in own.items() if best[old] <= rank}
        if some and len(some) < len(own):
            reached.append(_people(nr, some, year, left(year.cells[nr], some))[0])
        else:
            reached.append(people if some else 0)
    sums = [min(reached[rank:]) for rank in range(len(reached))]
    return tuple(now - before for before, now in pairwise((0, *sums)))
