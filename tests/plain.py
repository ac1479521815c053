"""A second, plain count of everything that a view shows: pandas on the CSV files, and nothing else.

It knows nothing of the product's modules. It follows only what the shipped package has: coverage
recorded in the numbers of one year, before the structure years that are shown, with a row of
split_people for every part that was split off or moved.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

LEVELS = ("documented", "inferred", "assumed")
RECORDED = 2015


@dataclass(frozen=True)
class Asked:
    """What is asked; empty means all."""

    year: int
    projects: tuple[str, ...] = ()
    hubs: tuple[str, ...] = ()
    fylker: tuple[str, ...] = ()
    evidence: str = "assumed"


@dataclass(frozen=True)
class Piece:
    """People who lived together in 2015, and the kommune where they are counted now."""

    origin: str
    now: str
    path: tuple[str, ...]
    people: float
    strip: bool = False  # a little land that moved across a border that otherwise stayed


@dataclass(frozen=True)
class Answer:
    """All figures of a view; `states`, `people` and `unknown` (no source found) by kommunenr."""

    states: Mapping[str, str]
    people: Mapping[str, int]
    unknown: Mapping[str, int]
    evidence: Mapping[str, str]
    projects: tuple[str, ...]
    grant: int
    per_inhabitant: tuple[float, float, float] | None
    low: Mapping[str, float]
    high: Mapping[str, float]

    @property
    def kommuner(self) -> int:
        """How many kommuner are covered, in whole or in part."""
        return len(self.people)


class Plain:
    """The tables of a package folder."""

    def __init__(self, folder: Path) -> None:
        self._tables = {
            path.stem: pd.read_csv(path, dtype=str, keep_default_na=False)
            for path in folder.glob("*.csv")
        }

    def _table(self, name: str) -> pd.DataFrame:
        return self._tables[name]

    # -- the register -----------------------------------------------------------------------

    @cached_property
    def _counts(self) -> dict[tuple[int, str], int]:
        table = self._table("population")
        keys = zip(table["year"].astype(int), table["kommunenr"], strict=True)
        return dict(zip(keys, table["population"].astype(int), strict=True))

    @cache  # noqa: B019 - there is one of these, for all tests
    def fylke_of(self, year: int) -> Mapping[str, str]:
        """Return the fylkesnr of every kommune of a year."""
        table = self._table("kommuner")
        begun = table["valid_from"].astype(int) <= year
        ends = table["valid_to"].replace("", "9999").astype(int) >= year
        valid = table[begun & ends]
        return dict(zip(valid["kommunenr"], valid["fylkesnr"], strict=True))

    def inhabitants(self, year: int) -> dict[str, int]:
        """Return the count of every kommune of a year."""
        return {nr: n for (of, nr), n in self._counts.items() if of == year}

    @cached_property
    def _split(self) -> dict[tuple[str, str, str], float]:
        table = self._table("split_people")
        keys = zip(table["date"], table["from_kommunenr"], table["to_kommunenr"], strict=True)
        return dict(zip(keys, table["people_share"].astype(float), strict=True))

    @cached_property
    def _pieces(self) -> dict[int, list[Piece]]:
        """Follow everybody from the recorded year through all years of the register."""
        first = self.fylke_of(RECORDED)
        found = {RECORDED: [Piece(nr, nr, (nr,), self._counts[RECORDED, nr]) for nr in first]}
        for year in range(RECORDED + 1, max(of for of, _ in self._counts) + 1):
            found[year] = self._recount(self._move(found[year - 1], year), year)
        return found

    def _move(self, pieces: list[Piece], year: int) -> list[Piece]:
        changes = self._table("kommune_changes")
        changes = changes[changes["date"].str.startswith(f"{year}-")]
        by_kommune: dict[str, list[Piece]] = {}
        for piece in pieces:
            by_kommune.setdefault(piece.now, []).append(piece)
        moved: list[Piece] = []
        for nr, mine in by_kommune.items():
            rows = changes[changes["from_kommunenr"] == nr].to_dict("records")
            moved += self._leave(mine, rows) if rows else mine
        return [replace(piece, path=(*piece.path, piece.now)) for piece in moved]

    def _leave(self, mine: list[Piece], rows: list[dict[str, str]]) -> list[Piece]:
        everybody = sum(piece.people for piece in mine)
        gone: list[Piece] = []
        for row in (row for row in rows if row["kind"] == "part-moved"):
            giving = [piece for piece in mine if _gives(piece, row)]
            share = self._share(row) * sum(p.people for p in mine) / sum(p.people for p in giving)
            gone += [
                replace(_part(piece, row["to_kommunenr"], min(1.0, share)), strip=True)
                for piece in giving
            ]
            mine = [
                _part(piece, piece.now, 1 - min(1.0, share)) if piece in giving else piece
                for piece in mine
            ]
        mains = [row for row in rows if row["kind"] != "part-moved"]
        if not mains:
            return gone + mine
        if len(mains) == 1:
            return gone + [_part(piece, mains[0]["to_kommunenr"], 1.0) for piece in mine]
        return gone + self._divide(mine, mains, sum(p.people for p in mine) or everybody)

    def _divide(
        self, mine: list[Piece], rows: list[dict[str, str]], everybody: float
    ) -> list[Piece]:
        """Give each part its share of the people, from the land that is known to be its own."""
        found: list[Piece] = []
        known = [row for row in rows if row["land_of"]]
        for row in known:
            own = [piece for piece in mine if _gives(piece, row)]
            mine = [piece for piece in mine if piece not in own]
            there = sum(piece.people for piece in own)
            factor = everybody * self._share(row) / there
            found += [_part(piece, row["to_kommunenr"], factor) for piece in own]
        rest = [row for row in rows if not row["land_of"]]
        left = sum(piece.people for piece in mine)
        for row in rest:
            factor = everybody * self._share(row) / left
            found += [_part(piece, row["to_kommunenr"], factor) for piece in mine]
        return found

    def _share(self, row: Mapping[str, str]) -> float:
        return self._split[row["date"], row["from_kommunenr"], row["to_kommunenr"]]

    def _recount(self, pieces: list[Piece], year: int) -> list[Piece]:
        before: dict[str, float] = {}
        for piece in pieces:
            before[piece.now] = before.get(piece.now, 0.0) + piece.people
        factor = {nr: self._counts[year, nr] / n for nr, n in before.items()}
        return [_part(piece, piece.now, factor[piece.now]) for piece in pieces]

    # -- what a view selects ----------------------------------------------------------------

    @cached_property
    def _partners(self) -> pd.DataFrame:
        return self._table("partners")[["project_id", "hub_id"]]

    @cached_property
    def _statements(self) -> pd.DataFrame:
        """Return every project's coverage rows, with the place of their evidence in LEVELS."""
        rows = self._table("coverage").merge(self._partners, on="hub_id")
        assert set(rows["structure_year"]) == {str(RECORDED)}
        return rows.assign(rank=rows["evidence"].map(LEVELS.index))

    @cached_property
    def _candidates(self) -> pd.DataFrame:
        return self._table("candidates")

    def _selected(self, asked: Asked) -> pd.DataFrame:
        rows = self._statements
        rows = rows[rows["rank"] <= LEVELS.index(asked.evidence)]
        if asked.projects:
            rows = rows[rows["project_id"].isin(asked.projects)]
        return rows[rows["hub_id"].isin(asked.hubs)] if asked.hubs else rows

    def _without_source(self, asked: Asked) -> set[str]:
        """Return the kommuner of 2015 that no source names though they may have been served."""
        hidden = self._statements
        if asked.evidence == LEVELS[-1]:
            hidden = hidden[:0]
        hidden = hidden[hidden["evidence"] == LEVELS[-1]]
        candidates = self._candidates
        if asked.projects:
            hidden = hidden[hidden["project_id"].isin(asked.projects)]
            candidates = candidates[candidates["project_id"].isin(asked.projects)]
        if asked.hubs:
            hidden = hidden[hidden["hub_id"].isin(asked.hubs)]
            theirs = self._projects_of(asked.hubs)
            named = candidates["hub_id"].isin(asked.hubs)
            nameless = (candidates["hub_id"] == "") & candidates["project_id"].isin(theirs)
            candidates = candidates[named | nameless]
        return {*hidden["kommunenr"], *candidates["kommunenr"]}

    def _projects_of(self, hubs: Iterable[str]) -> set[str]:
        return set(self._partners.loc[self._partners["hub_id"].isin(list(hubs)), "project_id"])

    # -- the answer -------------------------------------------------------------------------

    def ask(self, asked: Asked) -> Answer:
        """Count everything that a view shows."""
        fylke_of = self.fylke_of(asked.year)
        inside = {nr for nr, f in fylke_of.items() if not asked.fylker or f in asked.fylker}
        rows = self._selected(asked)
        best = rows.groupby("kommunenr")["rank"].min().to_dict()
        people = self._people(asked.year, set(best), inside)
        made_of = self._made_of[asked.year]
        evidence = {nr: LEVELS[max(best[o] for o in made_of[nr] if o in best)] for nr in people}
        here = rows[rows["kommunenr"].isin({o for nr in people for o in made_of[nr]})]
        every = self._table("projects")["project_id"]
        projects = tuple(p for p in every if p in set(here["project_id"]))
        lowest, highest = self._ends(asked, set(best), inside)
        return Answer(
            states=self._states(asked, set(best), inside),
            people=people,
            unknown=self._unknown(asked, set(best), inside),
            evidence=evidence,
            projects=projects,
            grant=sum(self._grant(p)[0] for p in projects),
            per_inhabitant=self._per_inhabitant(projects, asked.evidence),
            low=lowest,
            high=highest,
        )

    @cached_property
    def _made_of(self) -> dict[int, dict[str, set[str]]]:
        """Return the kommuner of 2015 that each kommune of each year has land of."""
        return {year: _origins(pieces) for year, pieces in self._pieces.items()}

    @cached_property
    def _solid(self) -> dict[int, dict[str, set[str]]]:
        """Return the same without those of which a kommune has only a strip."""
        return {
            year: _origins(piece for piece in pieces if not piece.strip)
            for year, pieces in self._pieces.items()
        }

    @cached_property
    def _persons(self) -> dict[int, dict[tuple[str, str], int]]:
        """Return whole persons by kommune of each year and of 2015; they add up to its count."""
        return {year: self._in_whole(year) for year in self._pieces}

    def _in_whole(self, year: int) -> dict[tuple[str, str], int]:
        exact: dict[str, dict[str, float]] = {}
        for piece in self._pieces[year]:
            there = exact.setdefault(piece.now, {})
            there[piece.origin] = there.get(piece.origin, 0.0) + piece.people
        found = {}
        for nr, there in exact.items():
            parts = {origin: int(people) for origin, people in there.items()}
            missing = self._counts[year, nr] - sum(parts.values())
            for origin in sorted(parts, key=lambda one: parts[one] - there[one])[:missing]:
                parts[origin] += 1
            found.update({(nr, origin): people for origin, people in parts.items()})
        return found

    def _people(self, year: int, covered: set[str], inside: set[str]) -> dict[str, int]:
        """Return the people on covered land in each kommune that has some."""
        made_of, persons = self._made_of[year], self._persons[year]
        return {
            nr: sum(persons[nr, origin] for origin in made_of[nr] & covered)
            for nr in sorted(inside)
            if made_of[nr] & covered
        }

    def _unknown(self, asked: Asked, covered: set[str], inside: set[str]) -> dict[str, int]:
        """Return the people on land that no source speaks of, where there are any."""
        made_of, solid = self._made_of[asked.year], self._solid[asked.year]
        persons, nameless = self._persons[asked.year], self._without_source(asked)
        states = self._states(asked, covered, inside)
        found = {}
        for nr in sorted(inside):
            parts = made_of[nr] & nameless - covered
            if solid[nr] & nameless and states[nr] != "elsewhere":
                found[nr] = sum(persons[nr, origin] for origin in parts)
        return {nr: n for nr, n in found.items() if n}

    def _states(self, asked: Asked, covered: set[str], inside: set[str]) -> dict[str, str]:
        made_of, solid = self._made_of[asked.year], self._solid[asked.year]
        anyone = set(self._statements["kommunenr"])
        nameless = self._without_source(asked)
        others = self._others(asked.evidence)
        found = {}
        for nr in self.fylke_of(asked.year):
            if nr not in inside:
                found[nr] = "outside_view"
            elif made_of[nr] & covered:
                found[nr] = "whole" if made_of[nr] <= covered else "partly"
            elif solid[nr] & others and not made_of[nr] & anyone:
                found[nr] = "elsewhere"
            elif solid[nr] & nameless:
                found[nr] = "partly_unknown" if made_of[nr] - nameless else "no_source"
            elif made_of[nr] & anyone:
                found[nr] = "outside_view"
            else:
                found[nr] = "not_covered"
        return found

    def _others(self, evidence: str) -> set[str]:
        """Return the kommuner of 2015 that hubs outside the projects serve in these years."""
        rows = self._table("other_coverage")
        assert set(rows["structure_year"]) == {str(RECORDED)}
        strong = rows["evidence"].map(LEVELS.index) <= LEVELS.index(evidence)
        return set(rows.loc[strong & rows["hub_id"].isin(self._hubs_of_the_time), "kommunenr"])

    @cached_property
    def _hubs_of_the_time(self) -> set[str]:
        """Return the other hubs that were members in a year of the grants, or are told of then."""
        first = self._table("projects")["year_from"].astype(int)
        years = self._table("projects")["grant_years"].astype(int)
        period = range(first.min(), (first + years).max())
        members = self._table("hub_years")
        members = members[members["year"].astype(int).isin(period)]
        found = set()
        for hub, seen in self._table("other_hubs")[["hub_id", "years_seen"]].to_numpy():
            said = set(members.loc[members["hub_id"] == hub, "member"])
            told = not seen or any(int(year) in period for year in seen.split("|"))
            if "yes" in said or ("no" not in said and told):
                found.add(hub)
        return found

    # -- money ------------------------------------------------------------------------------

    @cache  # noqa: B019 - there is one of these, for all tests
    def _grant(self, project: str) -> tuple[int, int, int]:
        table = self._table("projects").set_index("project_id")
        row = table.loc[project]
        return int(row["grant_nok"]), int(row["grant_years"]), int(row["year_from"])

    def _per_inhabitant(
        self, projects: tuple[str, ...], evidence: str
    ) -> tuple[float, float, float] | None:
        """Return kroner per inhabitant and year as counted, at least and at most."""
        if not projects:
            return None
        asked = Asked(RECORDED, projects, evidence=evidence)
        covered = set(self._selected(asked)["kommunenr"])
        served = sum(self._counts[RECORDED, nr] for nr in covered)
        fewest, most = self._ends(asked, covered, set(self._made_of[RECORDED]))
        yearly = self._yearly(projects)
        return yearly / served, yearly / most["people"], yearly / fewest["people"]

    def _yearly(self, projects: Iterable[str]) -> float:
        grants = [self._grant(project) for project in projects]
        assert {first for _, _, first in grants} <= {RECORDED}
        return sum(nok / years for nok, years, _ in grants)

    # -- bounds -----------------------------------------------------------------------------

    def _ends(
        self, asked: Asked, shown: set[str], inside: set[str]
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Return the lowest and highest people and kommuner over every allowed set, one by one."""
        sets = self._sets(asked, shown)
        origins = sorted(set().union(*sets))
        made_of = self._made_of[asked.year]
        targets = sorted(nr for nr in inside if not made_of[nr].isdisjoint(origins))
        persons = self._persons[asked.year]
        shape = len(origins), len(targets)
        people = np.zeros(shape)
        there = np.zeros(shape)
        for place in np.ndindex(*shape):
            origin, nr = origins[place[0]], targets[place[1]]
            people[place] = persons.get((nr, origin), 0)
            there[place] = origin in made_of[nr]
        chosen = np.array([[origin in one for origin in origins] for one in sets], dtype=float)
        persons_of = chosen @ people.sum(axis=1)
        kommuner = ((chosen @ there) > 0).sum(axis=1)
        return (
            {"people": float(persons_of.min()), "kommuner": float(kommuner.min())},
            {"people": float(persons_of.max()), "kommuner": float(kommuner.max())},
        )

    @property
    def _open(self) -> pd.DataFrame:
        """Return the candidates that an assumption might have named."""
        rows = self._candidates
        return rows[rows["assumption_id"] != ""]

    @property
    def _assumed(self) -> pd.DataFrame:
        rows = self._statements
        return rows[rows["evidence"] == LEVELS[-1]]

    def _sets(self, asked: Asked, shown: set[str]) -> list[frozenset[str]]:
        """Return the kommuner of 2015 that may be covered: one set for each that is allowed."""
        assumed = self._assumed
        if asked.evidence != LEVELS[-1]:
            return [frozenset(shown)]
        (project,) = set(assumed["project_id"])
        firm = set(self._selected(replace(asked, evidence=LEVELS[1]))["kommunenr"])
        if asked.projects and project not in asked.projects:
            return [frozenset(shown)]
        hub_of = dict(zip(self._open["kommunenr"], self._open["hub_id"], strict=True))
        hub_of |= dict(zip(assumed["kommunenr"], assumed["hub_id"], strict=True))
        sure, perhaps = set(hub_of), set()
        if asked.hubs:
            sure = {nr for nr, hub in hub_of.items() if hub in asked.hubs}
            if project in self._projects_of(asked.hubs):
                perhaps = {nr for nr, hub in hub_of.items() if not hub}
        allowed = self._allowed
        return list(
            {frozenset(firm | (c & counted)) for c in allowed for counted in (sure, sure | perhaps)}
        )

    @cached_property
    def _allowed(self) -> list[set[str]]:
        """Return every choice of the open kommuner that gives the published numbers."""
        (project,) = set(self._assumed["project_id"])
        claims = self._table("claims")
        claims = claims[claims["project_id"] == project]
        (total,) = claims.loc[claims["metric"] == "kommuner", "value"].astype(float)
        by_fylke = claims[claims["metric"] == "kommuner_in_fylke"]
        wanted = dict(zip(by_fylke["fylkesnr"], by_fylke["value"].astype(float), strict=True))
        rows = self._statements
        rows = rows[(rows["project_id"] == project) & (rows["evidence"] != LEVELS[-1])]
        firm, fylke_of = set(rows["kommunenr"]), self.fylke_of(RECORDED)
        open_ = sorted({*self._assumed["kommunenr"], *self._open["kommunenr"]} - firm)
        return [
            set(chosen)
            for chosen in combinations(open_, int(total) - len(firm))
            if all(
                sum(fylke_of[nr] == fylke for nr in (*firm, *chosen)) == count
                for fylke, count in wanted.items()
            )
        ]


def _origins(pieces: Iterable[Piece]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for piece in pieces:
        found.setdefault(piece.now, set()).add(piece.origin)
    return found


def _gives(piece: Piece, row: Mapping[str, str]) -> bool:
    """Whether a change takes land that a piece lies on."""
    return not row["land_of"] or not set(row["land_of"].split("|")).isdisjoint(piece.path)


def _part(piece: Piece, kommunenr: str, share: float) -> Piece:
    return replace(piece, now=kommunenr, people=piece.people * share)
