"""Translates kommuner between years without losing or double-counting land.

Land is divided into atoms: the largest pieces never divided between the first and the last year.
Every atom lies in exactly one kommune in every year, so the links between two years are the atoms
they share. Where a kommune was split and no source says which land went where, the published area
share is taken evenly from all its atoms.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import pandas as pd

from geo.base.cache import YEAR_PAIRS, cache_on
from geo.columns import (
    AREA_KM2,
    COVERED_PREDECESSORS,
    FROM_KOMMUNENR,
    PARTLY,
    STATE,
    TO_KOMMUNENR,
    UNCOVERED_PREDECESSORS,
    WHOLE,
)
from geo.dataset.package import split_ids

FROM, TO, SHARE, STRIP = FROM_KOMMUNENR, TO_KOMMUNENR, "share", "strip"
M2 = "m2"


@dataclass(frozen=True)
class Atom:
    """A piece of land (km²) and the kommune it was in, one entry per year."""

    km2: float
    path: tuple[str, ...]
    strip: bool = False  # transferred across a border that otherwise stayed

    @property
    def kommunenr(self) -> str:
        """The kommune in the latest year traced so far."""
        return self.path[-1]

    def moved(self, kommunenr: str, share: float = 1.0) -> "Atom":
        """Return the share of this atom that is in `kommunenr` the following year."""
        return replace(self, km2=self.km2 * share, path=(*self.path, kommunenr))


class Translation:
    """Links between the registers of any two years."""

    def __init__(
        self, members: Mapping[int, Iterable[str]], changes: pd.DataFrame, first_areas: pd.Series
    ) -> None:
        """Take the kommunenr of each year, the changes, and areas in the first year (km²)."""
        self._years = sorted(members)
        moves = _read(changes)
        atoms = [Atom(float(first_areas[nr]), (nr,)) for nr in members[self._years[0]]]
        for year in self._years[1:]:
            atoms = _trace(atoms, [change for change in moves if change.year == year])
        self._atoms = pd.DataFrame([a.path for a in atoms], columns=self._years)
        self._km2 = pd.Series([a.km2 for a in atoms])
        self._strips = pd.Series([a.strip for a in atoms])

    @cache_on(YEAR_PAIRS)
    def links(self, from_year: int, to_year: int) -> pd.DataFrame:
        """Return the kommuner of two years that share land.

        Columns from_kommunenr, to_kommunenr, strip (all they share is a strip), share (of the
        from-kommune's land).
        """
        shared = pd.DataFrame(
            {
                FROM: self._atoms[from_year],
                TO: self._atoms[to_year],
                "km2": self._km2,
                STRIP: self._strips,
            }
        )
        links = shared.groupby([FROM, TO], as_index=False).agg({"km2": "sum", STRIP: "all"})
        links[SHARE] = links["km2"] / links.groupby(FROM)["km2"].transform("sum")
        return links.drop(columns="km2")

    def cells(self, years: tuple[int, ...], year: int) -> pd.DataFrame:
        """Return a year's land divided by its own borders and those of `years`.

        One row per cell: to_kommunenr (of `year`), a column named by each of `years` with its
        kommunenr, and m2 (square metres, int, at least 1).
        """
        borders: dict[str | int, pd.Series] = {TO: self._atoms[year]}
        borders.update({one: self._atoms[one] for one in years})
        cut = pd.DataFrame({**borders, M2: self._km2.fillna(0) * 1e6})
        cells = cut.groupby(list(borders), as_index=False, sort=True).agg({M2: "sum"})
        return cells.assign(**{M2: cells[M2].round().clip(lower=1).astype("int64")})

    def translate(self, numbers: frozenset[str], from_year: int, to_year: int) -> pd.DataFrame:
        """Return state and predecessors of every kommune of `to_year` that has land of `numbers`.

        Indexed by kommunenr, with columns state, covered_predecessors, uncovered_predecessors.
        """
        links = self.links(from_year, to_year)
        touched = links.loc[links[FROM].isin(numbers), TO].unique()
        rows = {}
        for nr, parts in links[links[TO].isin(touched)].groupby(TO, sort=True)[FROM]:
            inside = tuple(sorted(n for n in parts if n in numbers))
            outside = tuple(sorted(n for n in parts if n not in numbers))
            rows[nr] = (PARTLY if outside else WHOLE, inside, outside)
        columns = [STATE, COVERED_PREDECESSORS, UNCOVERED_PREDECESSORS]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _trace(atoms: list[Atom], changes: list["_Change"]) -> list[Atom]:
    """Carry all atoms forward by one year."""
    by_kommune: dict[str, list[Atom]] = {}
    for atom in atoms:
        by_kommune.setdefault(atom.kommunenr, []).append(atom)
    carried: list[Atom] = []
    for nr, mine in by_kommune.items():
        carried += _divide(mine, [c for c in changes if c.from_kommunenr == nr])
    return carried


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
    for part in mains:
        if part.land_of:
            carried += [a.moved(part.to_kommunenr) for a in atoms if part.land_of & set(a.path)]
            atoms = [a for a in atoms if not part.land_of & set(a.path)]
    rest = [c for c in mains if not c.land_of]
    whole = sum(part.share for part in rest)
    for part in rest:
        carried += [a.moved(part.to_kommunenr, part.share / whole) for a in atoms]
    return carried


def _cut(atoms: list[Atom], strip: "_Change") -> tuple[list[Atom], list[Atom]]:
    """Cut a strip out of the atoms it can come from; return the strip and the remainder."""
    giving = [a for a in atoms if not strip.land_of or strip.land_of & set(a.path)]
    share = strip.km2 / sum(a.km2 for a in giving) if strip.km2 else strip.share
    taken = [replace(a.moved(strip.to_kommunenr, share), strip=True) for a in giving]
    left = [replace(a, km2=a.km2 * (1 - share)) for a in giving]
    return taken, left + [a for a in atoms if a not in giving]


class _Change(NamedTuple):
    year: int
    from_kommunenr: str
    to_kommunenr: str
    kind: str
    share: float
    km2: float
    land_of: frozenset[str]


def _read(changes: pd.DataFrame) -> list[_Change]:
    filled = changes.fillna({"area_share": 1.0, AREA_KM2: 0.0})
    return [
        _Change(
            int(row["date"][:4]),
            row[FROM_KOMMUNENR],
            row[TO_KOMMUNENR],
            row["kind"],
            float(row["area_share"]),
            float(row[AREA_KM2]),
            frozenset(split_ids(row["land_of"])),
        )
        for row in filled.to_dict("records")
    ]
