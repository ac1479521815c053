"""The join: a view's hubs with the kommuner of its structure year, and the sums."""

from dataclasses import dataclass, field
from functools import lru_cache

import geopandas as gpd
import pandas as pd

from geo import columns as c
from geo.atlas import Atlas
from geo.scope import HUB_ID, PROJECT_ID, RANK, SHARE, STRUCTURE_YEAR, TO, Scope, carried, chosen
from geo.scope import project_rows as rows_of_projects
from geo.view import View

POPULATION_YEAR = "population_year"
SUCCESSORS = "successors"


@dataclass(frozen=True)
class Range:
    """A figure with its lowest and highest value over the alternatives of an assumption."""

    value: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Whether the alternatives make no difference."""
        return self.low == self.high


@dataclass(frozen=True)
class Sums:
    """What the view adds up to, all in the structure year `year`.

    population_covered and population_total are persons on 1 January of that year; share is their
    ratio; grant_nok is the sum of the grants of the projects that serve somebody in the view;
    grant_per_inhabitant_year divides it by years and by all inhabitants these projects serve.
    """

    year: int
    kommuner: int
    whole: int
    partly: int
    by_evidence: dict[str, int]
    fylker: tuple[str, ...]
    population_covered: Range
    population_total: int
    share: Range
    grant_nok: int
    grant_per_inhabitant_year: Range | None
    estimated: bool
    projects: tuple[str, ...] = field(default=())


@dataclass(frozen=True, eq=False)
class Coverage:
    """The coverage of a view; `frame` and `gone` are documented at `coverage`."""

    scope: Scope
    frame: gpd.GeoDataFrame
    gone: pd.DataFrame
    sums: Sums

    @property
    def covered(self) -> gpd.GeoDataFrame:
        """The rows that are whole or partly covered."""
        return self.frame[self.frame[c.STATE].isin((c.WHOLE, c.PARTLY))]


def scope_of(view: View) -> Scope:
    """Return the part of a view that decides what is counted."""
    return Scope(view.year, view.project, view.hub, view.fylke, view.evidence)


def coverage(atlas: Atlas, view: View) -> Coverage:
    """Join the view's hubs with the kommuner of its structure year.

    `frame` has one row per kommune of the year, indexed by kommunenr, in EPSG:4326, with columns
    name, label, fylkesnr, fylke, state (geo.columns.STATES without did_not_exist), project_ids and
    hub_ids (tuples), covered_predecessors and uncovered_predecessors (tuples of numbers of the
    year the coverage was recorded in), evidence (weakest) and evidence_strongest, population
    (persons, 1 January of the year), population_covered with population_basis and population_year,
    area_km2 (land incl. fresh water), grant_per_inhabitant_year (NOK), shape_id, shape_shared,
    geometry. `gone` has one row per covered kommune that did not exist in the year, indexed by its
    number, with label, year, state and successors.

    Raises UnknownYear if no register covers view.year.
    """
    return _coverage(atlas, scope_of(view))


@lru_cache(maxsize=512)
def _coverage(atlas: Atlas, scope: Scope) -> Coverage:
    everything = rows_of_projects(atlas)
    rows = chosen(everything, scope)
    inside = _inside(atlas, scope)
    served = serve(atlas, rows, scope.year)
    frame = _frame(atlas, scope, everything, served, inside)
    return Coverage(
        scope, frame, _gone(atlas, rows, scope, inside), _sums(atlas, scope, frame, rows, inside)
    )


def serve(atlas: Atlas, rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the kommuner of `year` that the rows reach, indexed by kommunenr.

    Columns state, project_ids, hub_ids, covered_predecessors, uncovered_predecessors, evidence,
    evidence_strongest, population_covered, population_basis, population_year.
    """
    moved = carried(atlas, rows, year)
    states = _states(atlas, rows, year)
    by_kommune = moved.groupby(TO)
    states[c.PROJECT_IDS] = by_kommune[PROJECT_ID].agg(_distinct)
    states[c.HUB_IDS] = by_kommune[HUB_ID].agg(_distinct)
    # A predecessor is as well documented as its best row, a kommune as badly as its worst part.
    parts = moved.groupby([TO, c.KOMMUNENR])[RANK].min().groupby(TO)
    states[c.EVIDENCE] = parts.max().map(lambda rank: c.EVIDENCE_LEVELS[rank])
    states[c.EVIDENCE_STRONGEST] = parts.min().map(lambda rank: c.EVIDENCE_LEVELS[rank])
    return states.join(_population(atlas, moved, states, year))


def _distinct(values: pd.Series) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for v in values if v))


def _states(atlas: Atlas, rows: pd.DataFrame, year: int) -> pd.DataFrame:
    parts = [
        atlas.register.translate(frozenset(own[c.KOMMUNENR]), int(own_year), year)
        for own_year, own in rows.groupby(STRUCTURE_YEAR)
    ]
    empty = pd.DataFrame(columns=[c.STATE, c.COVERED_PREDECESSORS, c.UNCOVERED_PREDECESSORS])
    states = pd.concat(parts) if parts else empty
    # Recorded in several years' numbers: the fullest account of a kommune counts.
    return states.sort_values(c.STATE, ascending=False).groupby(level=0).first()


def _population(
    atlas: Atlas, moved: pd.DataFrame, states: pd.DataFrame, year: int
) -> pd.DataFrame:
    people = atlas.register.population(year)
    shares = moved.drop_duplicates([TO, c.KOMMUNENR]).groupby(TO)
    rows = {}
    for nr, state in states[c.STATE].items():
        if state == c.WHOLE:
            rows[nr] = (int(people[nr]), c.BASIS_REGISTER, year)
        else:
            rows[nr] = _people_of_parts(atlas, shares.get_group(nr), int(people[nr]), year)
    names = [c.POPULATION_COVERED, c.BASIS_COLUMN, POPULATION_YEAR]
    return pd.DataFrame.from_dict(rows, orient="index", columns=names)


def _people_of_parts(
    atlas: Atlas, parts: pd.DataFrame, at_most: int, year: int
) -> tuple[int, str, int]:
    total, basis, counted = 0.0, c.BASIS_PREDECESSORS, year
    for part in parts.itertuples():
        people, own_year = last_count(atlas, part.kommunenr, int(part.structure_year), year)
        total += people * part.share
        counted = min(counted, own_year)
        if part.share < 1:
            basis = c.BASIS_AREA
    return min(round(total), at_most), basis, counted


def last_count(atlas: Atlas, kommunenr: str, own_year: int, year: int) -> tuple[int, int]:
    """Return the last count (persons, year) of a kommune while its land was its own."""
    step = 1 if year >= own_year else -1
    last = (int(atlas.register.population(own_year)[kommunenr]), own_year)
    for later in range(own_year + step, year + step, step):
        there = atlas.register.links(own_year, later)
        mine = there[there["from_kommunenr"] == kommunenr]
        target = mine["to_kommunenr"].iloc[0]
        if len(mine) != 1 or (there["to_kommunenr"] == target).sum() != 1:
            break
        last = (int(atlas.register.population(later)[target]), later)
    return last


# -- the frame ------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _blank(atlas: Atlas, year: int) -> gpd.GeoDataFrame:
    """Return the columns that depend on the structure year only."""
    kommuner = atlas.register.kommuner(year)
    drawn = atlas.boundaries(year)
    ids = [drawn.shapes_of[nr][0] for nr in kommuner.index]
    frame = kommuner[[c.NAME, c.LABEL, c.FYLKESNR, c.FYLKE]].assign(
        **{
            c.POPULATION: atlas.register.population(year),
            c.AREA_KM2: atlas.register.area_km2(year),
            c.SHAPE_ID: ids,
            c.SHAPE_SHARED: [
                i in drawn.shared or len(drawn.shapes_of[nr]) > 1
                for nr, i in zip(kommuner.index, ids, strict=True)
            ],
        }
    )
    geometry = drawn.shapes.geometry.loc[ids].to_numpy()
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=drawn.shapes.crs)


def _frame(
    atlas: Atlas, scope: Scope, everything: pd.DataFrame, served: pd.DataFrame, inside: pd.Series
) -> gpd.GeoDataFrame:
    blank = _blank(atlas, scope.year)
    served = served[inside.reindex(served.index).to_numpy(dtype=bool)]
    frame = blank.join(served)
    empty = _empty_states(atlas, scope, everything)
    frame[c.STATE] = frame[c.STATE].fillna(empty).where(inside, c.OUTSIDE_VIEW)
    for name in (c.PROJECT_IDS, c.HUB_IDS, c.COVERED_PREDECESSORS, c.UNCOVERED_PREDECESSORS):
        frame[name] = [v if isinstance(v, tuple) else () for v in frame[name]]
    for name in (c.EVIDENCE, c.EVIDENCE_STRONGEST, c.BASIS_COLUMN):
        frame[name] = frame[name].fillna("")
    frame[c.POPULATION_COVERED] = frame[c.POPULATION_COVERED].fillna(0).astype("int64")
    money = project_money(atlas, scope)
    frame[c.GRANT_PER_INHABITANT_YEAR] = [
        sum(money[p].value for p in projects if p in money) if projects else float("nan")
        for projects in frame[c.PROJECT_IDS]
    ]
    return frame


def _inside(atlas: Atlas, scope: Scope) -> "pd.Series[bool]":
    fylker = atlas.register.kommuner(scope.year)[c.FYLKESNR]
    return fylker.isin(scope.fylke) if scope.fylke else fylker.notna()


def _empty_states(atlas: Atlas, scope: Scope, everything: pd.DataFrame) -> "pd.Series[str]":
    """Return the kind of empty of every kommune, were it not covered."""
    index = atlas.register.kommuner(scope.year).index
    states = pd.Series(c.NOT_COVERED, index=index)
    others = carried(atlas, everything, scope.year)[TO]
    states[index.isin(others)] = c.OUTSIDE_VIEW
    mine = chosen(everything, Scope(scope.year, scope.project, scope.hub))
    hidden = mine[mine[c.EVIDENCE] == c.ASSUMED] if scope.evidence != c.ASSUMED else mine[:0]
    nameless = pd.concat(
        [carried(atlas, hidden, scope.year)[TO], _candidates(atlas, scope)[TO]]
    )
    states[index.isin(nameless)] = c.NO_SOURCE
    return states


def _candidates(atlas: Atlas, scope: Scope) -> pd.DataFrame:
    rows = atlas.package["candidates"]
    if scope.project:
        rows = rows[rows[PROJECT_ID].isin(scope.project)]
    if scope.hub:
        rows = rows[rows[HUB_ID].isin((*scope.hub, ""))]
    return carried(atlas, rows, scope.year)


def _gone(
    atlas: Atlas, rows: pd.DataFrame, scope: Scope, inside: "pd.Series[bool]"
) -> pd.DataFrame:
    register = atlas.register
    gone = {}
    own = rows.drop_duplicates([c.KOMMUNENR, STRUCTURE_YEAR])
    for row in own.itertuples():
        year = int(row.structure_year)
        successors = register.now(row.kommunenr, scope.year)
        same = register.same_land(row.kommunenr, year, scope.year) is not None
        if not same and any(inside[s] for s in successors):
            label = register.label(row.kommunenr, year)
            gone[row.kommunenr] = (label, year, c.DID_NOT_EXIST, successors)
    names = [c.LABEL, c.YEAR, c.STATE, SUCCESSORS]
    return pd.DataFrame.from_dict(gone, orient="index", columns=names)


# -- the sums -------------------------------------------------------------------------------


def alternatives(atlas: Atlas, rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the rows themselves and, for each assumption in them, each alternative set."""
    found = [rows]
    candidates = atlas.package["candidates"]
    for assumption in sorted({a for a in rows["assumption_id"] if a}):
        mine = candidates[candidates["assumption_id"] == assumption]
        letters = sorted({x for cell in mine["alternative"] for x in cell.split("|") if x})
        assumed = rows["assumption_id"] == assumption
        for letter in letters:
            named = mine[[letter in cell.split("|") for cell in mine["alternative"]]]
            other = named.assign(**{c.EVIDENCE: c.ASSUMED, RANK: len(c.EVIDENCE_LEVELS) - 1})
            found.append(pd.concat([rows[~assumed], other[rows.columns]]))
    return found


def _range(values: list[float]) -> Range:
    return Range(values[0], min(values), max(values))


@lru_cache(maxsize=512)
def project_money(atlas: Atlas, scope: Scope) -> dict[str, Range]:
    """Return kroner per served inhabitant and year, by project in the scope.

    Counts everybody the project serves in the scope's year, whatever its hubs and counties.
    """
    projects = atlas.package["projects"].set_index(PROJECT_ID)
    everything = rows_of_projects(atlas)
    money = {}
    for project_id, project in projects.iterrows():
        rows = chosen(everything, Scope(scope.year, (str(project_id),), (), (), scope.evidence))
        people = [_people(atlas, option, scope.year) for option in alternatives(atlas, rows)]
        if all(people):
            yearly = int(project["grant_nok"]) / int(project["grant_years"])
            money[str(project_id)] = _range([yearly / p for p in people])
    return money


def _people(atlas: Atlas, rows: pd.DataFrame, year: int, inside: pd.Series | None = None) -> int:
    served = serve(atlas, rows, year)[c.POPULATION_COVERED]
    if inside is not None:
        served = served[inside.reindex(served.index).to_numpy(dtype=bool)]
    return int(served.sum())


def _sums(
    atlas: Atlas,
    scope: Scope,
    frame: gpd.GeoDataFrame,
    rows: pd.DataFrame,
    inside: "pd.Series[bool]",
) -> Sums:
    covered = frame[frame[c.STATE].isin((c.WHOLE, c.PARTLY))]
    total = int(frame.loc[inside, c.POPULATION].sum())
    people = _range(
        [_people(atlas, option, scope.year, inside) for option in alternatives(atlas, rows)]
    )
    projects = tuple(
        p for p in atlas.choices.projects if any(p in ids for ids in covered[c.PROJECT_IDS])
    )
    grants = atlas.package["projects"].set_index(PROJECT_ID)["grant_nok"]
    counts = covered[c.EVIDENCE].value_counts()
    return Sums(
        year=scope.year,
        kommuner=len(covered),
        whole=int((covered[c.STATE] == c.WHOLE).sum()),
        partly=int((covered[c.STATE] == c.PARTLY).sum()),
        by_evidence={level: int(counts.get(level, 0)) for level in c.EVIDENCE_LEVELS},
        fylker=tuple(sorted(set(covered[c.FYLKESNR]))),
        population_covered=people,
        population_total=total,
        share=Range(people.value / total, people.low / total, people.high / total),
        grant_nok=int(sum(grants[p] for p in projects)),
        grant_per_inhabitant_year=_money_of(atlas, scope, projects),
        estimated=bool((covered[c.BASIS_COLUMN] == c.BASIS_AREA).any()),
        projects=projects,
    )


def _money_of(atlas: Atlas, scope: Scope, projects: tuple[str, ...]) -> Range | None:
    """Return kroner per inhabitant and year of several projects, everybody counted once."""
    if not projects:
        return None
    table = atlas.package["projects"].set_index(PROJECT_ID).loc[list(projects)]
    yearly = float((table["grant_nok"] / table["grant_years"]).sum())
    rows = chosen(rows_of_projects(atlas), Scope(scope.year, projects, (), (), scope.evidence))
    people = [_people(atlas, option, scope.year) for option in alternatives(atlas, rows)]
    return _range([yearly / p for p in people]) if all(people) else None
