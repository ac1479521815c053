"""Translates kommuner between years without losing or double-counting land.

Land is divided into atoms: the largest pieces never divided between the first and the last year.
Every atom lies in exactly one kommune in every year, so the links between two years are the atoms
they share. Where a kommune was split and no source says which land went where, the published area
share is taken evenly from all its atoms.

People are followed on the same atoms: each year's count of a kommune is shared by its atoms as the
counts of the year before were, and where it is divided by the people who went where
(split_people), or by land if nobody counted them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple, TypeAlias

import pandas as pd

from geo.base.cache import YEAR_PAIRS, cache_on
from geo.columns import (
    AREA_KM2,
    BASIS_AREA,
    BASIS_DELOMRAADER,
    BASIS_PREDECESSORS,
    FROM_KOMMUNENR,
    PEOPLE_SHARE,
    TO_KOMMUNENR,
)
from geo.dataset.package import split_ids

FROM, TO, SHARE, STRIP = FROM_KOMMUNENR, TO_KOMMUNENR, "share", "strip"
M2, PEOPLE, BASIS = "m2", "people", "basis"
# How surely an atom's people are known, the surest first: never divided, counted, or estimated.
BASES = (BASIS_PREDECESSORS, BASIS_DELOMRAADER, BASIS_AREA)
Counts: TypeAlias = Mapping[int, Mapping[str, int]]  # persons, by year and kommunenr


@dataclass(frozen=True)
class Atom:
    """A piece of land (km²), the kommune it was in and the people on it, one entry per year."""

    km2: float
    path: tuple[str, ...]
    people: tuple[float, ...]
    strip: bool = False  # transferred across a border that otherwise stayed
    basis: str = BASIS_PREDECESSORS

    @property
    def kommunenr(self) -> str:
        """The kommune in the latest year traced so far."""
        return self.path[-1]

    def moved(self, kommunenr: str) -> "Atom":
        """Return this atom with the kommune of the following year; the people are as they were."""
        return replace(self, path=(*self.path, kommunenr), people=(*self.people, self.people[-1]))

    def part(self, land: float, people: float, basis: str) -> "Atom":
        """Return a part of this atom, by shares of its land and of its people in every year."""
        weakest = max(self.basis, basis, key=BASES.index)
        persons = tuple(n * people for n in self.people)
        return replace(self, km2=self.km2 * land, people=persons, basis=weakest)

    def scaled(self, factor: float, years: int) -> "Atom":
        """Return this atom with the people of its last years multiplied."""
        before, last = self.people[:-years], self.people[-years:]
        return replace(self, people=(*before, *(n * factor for n in last)))


class Translation:
    """Links between the registers of any two years."""

    def __init__(
        self,
        members: Mapping[int, Iterable[str]],
        changes: pd.DataFrame,
        first_areas: pd.Series,
        counts: Counts,
        split_people: pd.DataFrame,
    ) -> None:
        """Take the kommunenr of each year, the changes, and areas in the first year (km²).

        `counts` are inhabitants; `split_people` has the columns of its table and may be empty.
        """
        self._years = sorted(members)
        first = self._years[0]
        moves = _read(changes, split_people)
        numbers = members[first]
        atoms = [
            Atom(float(first_areas[nr]), (nr,), (float(counts.get(first, {}).get(nr, 0)),))
            for nr in numbers
        ]
        for year in self._years[1:]:
            moved = _trace(atoms, [change for change in moves if change.year == year])
            atoms = _counted(moved, counts.get(year, {}))
        self._atoms = pd.DataFrame([a.path for a in atoms], columns=self._years)
        self._people = pd.DataFrame([a.people for a in atoms], columns=self._years)
        self._km2 = pd.Series([a.km2 for a in atoms])
        self._strips = pd.Series([a.strip for a in atoms])
        self._bases = pd.Series([BASES.index(a.basis) for a in atoms])

    @cache_on(YEAR_PAIRS)
    def links(self, from_year: int, to_year: int) -> pd.DataFrame:
        """Return the kommuner of two years that share land.

        Columns from_kommunenr, to_kommunenr, strip (all they share is a strip), share (of the
        from-kommune's land) and people_share (of its people in from_year; NaN if it has none).
        """
        shared = pd.DataFrame(
            {
                FROM: self._atoms[from_year],
                TO: self._atoms[to_year],
                "km2": self._km2,
                PEOPLE: self._people[from_year],
                STRIP: self._strips,
            }
        )
        sums = {"km2": "sum", PEOPLE: "sum", STRIP: "all"}
        links = shared.groupby([FROM, TO], as_index=False).agg(sums)
        whole = links.groupby(FROM)[["km2", PEOPLE]].transform("sum")
        links[SHARE] = links["km2"] / whole["km2"]
        links[PEOPLE_SHARE] = links[PEOPLE] / whole[PEOPLE]
        return links.drop(columns=["km2", PEOPLE])

    def cells(self, years: tuple[int, ...], year: int) -> pd.DataFrame:
        """Return a year's land divided by its own borders and those of `years`.

        One row per cell: to_kommunenr (of `year`), a column named by each of `years` with its
        kommunenr, m2 (square metres, int, at least 1), people (persons in `year`, float) and basis
        (how they are known: the weakest of BASES among its atoms).
        """
        borders: dict[str | int, pd.Series] = {TO: self._atoms[year]}
        borders.update({one: self._atoms[one] for one in years})
        land = self._km2.fillna(0) * 1e6
        cut = pd.DataFrame({**borders, M2: land, PEOPLE: self._people[year], BASIS: self._bases})
        sums = {M2: "sum", PEOPLE: "sum", BASIS: "max"}
        cells = cut.groupby(list(borders), as_index=False, sort=True).agg(sums)
        cells[M2] = cells[M2].round().clip(lower=1).astype("int64")
        cells[BASIS] = cells[BASIS].map(dict(enumerate(BASES)))
        return cells


def _trace(atoms: list[Atom], changes: list["_Change"]) -> list[Atom]:
    """Carry all atoms forward by one year."""
    by_kommune: dict[str, list[Atom]] = {}
    for atom in atoms:
        by_kommune.setdefault(atom.kommunenr, []).append(atom)
    carried: list[Atom] = []
    for nr, mine in by_kommune.items():
        carried += _divide(mine, [c for c in changes if c.from_kommunenr == nr])
    return carried


def _counted(atoms: list[Atom], counts: Mapping[str, int]) -> list[Atom]:
    """Share the year's count of each kommune by its atoms, in proportion to their people before.

    Where nobody was counted before, in proportion to land; without a count of the year the people
    are as they were.
    """
    found: list[Atom] = []
    of_kommune = sorted(atoms, key=lambda atom: atom.kommunenr)
    for nr, group in groupby(of_kommune, key=lambda atom: atom.kommunenr):
        mine = list(group)
        if nr not in counts:
            found += mine
            continue
        before, land = _people(mine), sum(a.km2 for a in mine)
        even = 1 / len(mine)
        by_land = [a.km2 / land if land > 0 else even for a in mine]
        weights = [a.people[-1] / before for a in mine] if before else by_land
        found += [
            replace(a, people=(*a.people[:-1], counts[nr] * weight))
            for a, weight in zip(mine, weights, strict=True)
        ]
    return found


def _people(atoms: Iterable[Atom]) -> float:
    return sum(atom.people[-1] for atom in atoms)


def _divide(atoms: list[Atom], changes: list["_Change"]) -> list[Atom]:
    """Carry the atoms of one kommune through its changes of one year."""
    nr = atoms[0].kommunenr
    mains = [c for c in changes if c.kind != "part-moved"]
    carried: list[Atom] = []
    for strip in changes:
        if strip.kind == "part-moved":
            taken, atoms = _cut(atoms, strip)
            carried += taken
    if not mains:
        return carried + [atom.moved(nr) for atom in atoms]
    return carried + _split(atoms, mains)


def _split(atoms: list[Atom], parts: list["_Change"]) -> list[Atom]:
    """Carry atoms to the kommuner of the following year that they are divided between."""
    everybody = _people(atoms)
    groups: list[tuple[_Change, list[Atom]]] = []
    for part in parts:
        if part.land_of:
            groups.append((part, [a for a in atoms if part.land_of & set(a.path)]))
            atoms = [a for a in atoms if not part.land_of & set(a.path)]
    rest = [c for c in parts if not c.land_of]
    land, people = _shares([c.share for c in rest]), _people_shares(rest)
    basis = _basis_of(rest)
    for part, of_land, of_people in zip(rest, land, people, strict=True):
        mine = atoms if len(rest) == 1 else [a.part(of_land, of_people, basis) for a in atoms]
        groups.append((part, mine))
    moved = [[a.moved(part.to_kommunenr) for a in mine] for part, mine in groups]
    if all(part.people_share is not None for part in parts):
        # Where borders came back, the parts were counted anew in the year of the split.
        moved = [
            _with_people(mine, everybody * (part.people_share or 0))
            for (part, _), mine in zip(groups, moved, strict=True)
        ]
    return [atom for mine in moved for atom in mine]


def _with_people(atoms: list[Atom], persons: float) -> list[Atom]:
    """Return the atoms with this many people, before and after the move, shared as they were."""
    before = _people(atoms)
    return [atom.scaled(persons / before, 2) for atom in atoms] if before else atoms


def _shares(values: list[float]) -> list[float]:
    return [value / sum(values) for value in values]


def _people_shares(parts: list["_Change"]) -> list[float]:
    """Return each part's share of the people; those not given share the remainder by land."""
    remainder = 1 - sum(part.people_share or 0 for part in parts)
    land = sum(part.share for part in parts if part.people_share is None)
    return [
        remainder * part.share / land if part.people_share is None else part.people_share
        for part in parts
    ]


def _basis_of(parts: list["_Change"]) -> str:
    return max((part.basis for part in parts), key=BASES.index, default=BASIS_AREA)


def _cut(atoms: list[Atom], strip: "_Change") -> tuple[list[Atom], list[Atom]]:
    """Cut a strip out of the atoms it can come from; return the strip and the remainder."""
    giving = [a for a in atoms if not strip.land_of or strip.land_of & set(a.path)]
    share = strip.km2 / sum(a.km2 for a in giving) if strip.km2 else strip.share
    people = share
    if strip.people_share is not None and _people(giving):
        people = min(1.0, strip.people_share * _people(atoms) / _people(giving))
    cut = [a.part(share, people, strip.basis) for a in giving]
    taken = [replace(a.moved(strip.to_kommunenr), strip=True) for a in cut]
    left = [a.part(1 - share, 1 - people, strip.basis) for a in giving]
    return taken, left + [a for a in atoms if a not in giving]


class _Change(NamedTuple):
    """A change of a kommune; `people_share` is None where nobody says who lived in the part."""

    year: int
    from_kommunenr: str
    to_kommunenr: str
    kind: str
    share: float
    km2: float
    land_of: frozenset[str]
    people_share: float | None
    basis: str


def _read(changes: pd.DataFrame, split_people: pd.DataFrame) -> list[_Change]:
    filled = changes.fillna({"area_share": 1.0, AREA_KM2: 0.0})
    counted = {
        (row["date"], row[FROM], row[TO]): (float(row[PEOPLE_SHARE]), row["method"])
        for row in split_people.to_dict("records")
    }
    found = []
    for row in filled.to_dict("records"):
        share, method = counted.get((row["date"], row[FROM], row[TO]), (None, ""))
        found.append(
            _Change(
                int(row["date"][:4]),
                row[FROM],
                row[TO],
                row["kind"],
                float(row["area_share"]),
                float(row[AREA_KM2]),
                frozenset(split_ids(row["land_of"])),
                share,
                BASIS_DELOMRAADER if method == BASIS_DELOMRAADER else BASIS_AREA,
            )
        )
    return found
