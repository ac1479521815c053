"""The join: a view's hubs with the kommuner of its structure year, and the totals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from geo import columns as c
from geo.base.cache import VIEWS, YEARS, cache_on, lends
from geo.coverage.counted import Counted, counted, structure_year
from geo.coverage.dataset import Dataset
from geo.coverage.money import money
from geo.coverage.selection import Rows, Selection, selection_of
from geo.coverage.states import CoveredKommune
from geo.coverage.totals import Totals, totals
from geo.coverage.view import View
from geo.places.register import Register
from geo.places.year_links import KommuneOfYear, itself, lives_on, successors

SUCCESSORS = "successors"


@lends("frame", "gone")
@dataclass(frozen=True, eq=False)
class Coverage:
    """The coverage of a view; `frame` and `gone` are documented at `coverage`."""

    selection: Selection
    frame: gpd.GeoDataFrame
    gone: pd.DataFrame
    totals: Totals

    @property
    def covered(self) -> gpd.GeoDataFrame:
        """The rows that are whole or partly covered."""
        frame = self.frame
        return frame[frame[c.STATE].isin(c.COVERED_STATES)]


def coverage(dataset: Dataset, view: View) -> Coverage:
    """Join the view's hubs with the kommuner of its structure year.

    `frame` has one row per kommune of the year, indexed by kommunenr, in EPSG:4326, with columns
    name, label, fylkesnr, fylke, state (geo.columns.STATES without did_not_exist), project_ids,
    hub_ids, elsewhere_hub_ids (of hubs outside the projects, where they are not counted),
    source_ids and stated_years (tuples), covered_predecessors, uncovered_predecessors and
    no_source_predecessors (for which no source was found; tuples of KommuneOfYear: numbers with
    the year that they are recorded in), predecessor_year (of the uncovered), evidence
    (weakest) and evidence_strongest, population (persons, 1 January of the year),
    population_covered with population_basis and population_year, population_unknown (persons of
    the no_source_predecessors), area_km2 (land incl. fresh
    water), grant_per_inhabitant_year (NOK, the same in every year), shape_id, shape_shared,
    geometry. `gone` has one row per covered kommune that the year no longer knows, however many
    years' numbers name it, indexed by its number in the first of them, with label, year, state and
    successors (tuple).

    Raises UnknownYear if the year is not offered.
    """
    return _coverage(dataset, selection_of(view))


def totals_of(dataset: Dataset, view: View) -> Totals:
    """Return what a view adds up to, without the join: a tenth of the work.

    Raises UnknownYear if the year is not offered.
    """
    dataset.require(view.year)
    return totals(dataset, selection_of(view))


@cache_on(VIEWS)
def _coverage(dataset: Dataset, selection: Selection) -> Coverage:
    dataset.require(selection.year)
    found = counted(dataset, selection)
    inside = structure_year(dataset, selection.year).inside(selection.fylke)
    return Coverage(
        selection,
        _frame(dataset, selection, found, inside),
        _gone(dataset.register, found.rows, selection.year, inside),
        totals(dataset, selection),
    )


@cache_on(YEARS)
def _of_year(dataset: Dataset, year: int) -> gpd.GeoDataFrame:
    """Return the columns that depend on the structure year only."""
    kommuner = dataset.register.kommuner(year)
    drawn = dataset.boundaries(year)
    ids = [drawn.shapes_of[nr][0] for nr in kommuner.index]
    frame = kommuner[[c.NAME, c.LABEL, c.FYLKESNR, c.FYLKE]].copy()
    frame[c.POPULATION] = dataset.register.population(year)
    frame[c.AREA_KM2] = dataset.register.area_km2(year)
    frame[c.SHAPE_ID] = ids
    frame[c.SHAPE_SHARED] = [
        i in drawn.shared or len(drawn.shapes_of[nr]) > 1
        for nr, i in zip(kommuner.index, ids, strict=True)
    ]
    geometry = drawn.shapes.geometry.loc[ids].to_numpy()
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=drawn.shapes.crs)


def _frame(
    dataset: Dataset, selection: Selection, found: Counted, inside: Mapping[str, str]
) -> gpd.GeoDataFrame:
    of_year = _of_year(dataset, selection.year)
    rows = [
        _row(dataset, selection, found, nr)
        if nr in found.covered and nr in inside
        else _empty_row(found, nr, found.states[nr] if nr in inside else c.OUTSIDE_VIEW)
        for nr in of_year.index
    ]
    columns = zip(*rows, strict=True)
    joined = {name: list(values) for name, values in zip(_COLUMNS, columns, strict=True)}
    # At once: a GeoDataFrame that is given one column after the other takes several times as long.
    together = {**dict(of_year.items()), **joined}
    return gpd.GeoDataFrame(pd.DataFrame(together, of_year.index), geometry=of_year.geometry)


_COLUMNS = (
    c.STATE,
    c.PROJECT_IDS,
    c.HUB_IDS,
    c.ELSEWHERE_HUB_IDS,
    c.PREDECESSOR_YEAR,
    c.COVERED_PREDECESSORS,
    c.UNCOVERED_PREDECESSORS,
    c.NO_SOURCE_PREDECESSORS,
    c.EVIDENCE,
    c.EVIDENCE_STRONGEST,
    c.POPULATION_COVERED,
    c.BASIS_COLUMN,
    c.POPULATION_YEAR,
    c.POPULATION_UNKNOWN,
    c.GRANT_PER_INHABITANT_YEAR,
    c.SOURCE_IDS,
    c.STATED_YEARS,
)


def _row(dataset: Dataset, selection: Selection, found: Counted, nr: str) -> tuple[Any, ...]:
    one, nameless = found.covered[nr], found.nameless.get(nr, ())
    figures = (money(dataset, (p,), selection.evidence) for p in one.project_ids)
    return (
        one.state,
        one.project_ids,
        one.hub_ids,
        _elsewhere(found, nr),
        one.own_year,
        one.covered,
        one.uncovered,
        tuple(old for old in _kommuner(nameless) if old in one.left),
        one.evidence,
        one.evidence_strongest,
        one.people,
        one.basis,
        one.people_year,
        found.unknown.get(nr, 0),
        # A hub outside the projects has no share of the grants.
        sum(figure.value for figure in figures if figure) if one.project_ids else float("nan"),
        one.source_ids,
        one.stated_years,
    )


def _elsewhere(found: Counted, nr: str) -> tuple[str, ...]:
    return found.elsewhere[nr].hub_ids if nr in found.elsewhere else ()


def _empty_row(found: Counted, nr: str, state: str) -> tuple[Any, ...]:
    if state == c.ELSEWHERE:
        return _elsewhere_row(found.elsewhere[nr])
    nameless = found.nameless.get(nr, ())
    unknown = _kommuner(nameless) if state in (c.NO_SOURCE, c.PARTLY_UNKNOWN) else ()
    own_year = nameless[0].year if unknown else 0
    others = _elsewhere(found, nr) if state != c.OUTSIDE_VIEW else ()
    return (
        state,
        (),
        (),
        others,
        own_year,
        (),
        (),
        unknown,
        "",
        "",
        0,
        "",
        0,
        found.unknown[nr] if unknown else 0,
        float("nan"),
        (),
        (),
    )


def _elsewhere_row(one: CoveredKommune) -> tuple[Any, ...]:
    parts = one.own_year, one.covered, one.uncovered, ()
    nobody = 0, "", 0, 0, float("nan")
    evidence = one.evidence, one.evidence_strongest
    return (
        c.ELSEWHERE,
        (),
        (),
        one.hub_ids,
        *parts,
        *evidence,
        *nobody,
        one.source_ids,
        one.stated_years,
    )


def _kommuner(rows: Rows) -> tuple[KommuneOfYear, ...]:
    return tuple(sorted({row.kommune for row in rows}))


def states_of(dataset: Dataset, view: View) -> dict[str, str]:
    """Return the state of every kommune of any year of the registers, also one not offered.

    Raises UnknownYear if no register covers view.year.
    """
    selection = selection_of(view)
    inside = structure_year(dataset, selection.year).inside(selection.fylke)
    states = counted(dataset, selection).states
    return {nr: state if nr in inside else c.OUTSIDE_VIEW for nr, state in states.items()}


def _gone(register: Register, rows: Rows, year: int, inside: Mapping[str, str]) -> pd.DataFrame:
    gone = []
    known: set[KommuneOfYear] = set()
    for old in _kommuner(rows):
        there = successors(register, old, year)
        one = itself(register, old, year)
        reaches_in = any(nr in inside for nr in there)
        if one not in known and reaches_in and not lives_on(register, old, year):
            known.add(one)
            label = register.label(*old)
            gone.append((old.kommunenr, label, old.year, c.DID_NOT_EXIST, there))
    columns = [c.KOMMUNENR, c.LABEL, c.YEAR, c.STATE, SUCCESSORS]
    return pd.DataFrame(gone, columns=columns).set_index(c.KOMMUNENR)
