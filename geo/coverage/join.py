"""The join: a view's hubs with the kommuner of its structure year, and the sums."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import pandas as pd

from geo import columns as c
from geo.base.cache import cache_on
from geo.coverage.carry_forward import CarriedKommune, carry_forward, touched
from geo.coverage.dataset import Dataset
from geo.coverage.selection import (
    Rows,
    Selection,
    project_rows,
    selected,
    selection_of,
    without_source,
)
from geo.coverage.totals import Totals, money, totals
from geo.coverage.view import View
from geo.places.register import Register
from geo.places.year_links import KommuneOfYear, itself, parts_of

SUCCESSORS = "successors"


@dataclass(frozen=True, eq=False)
class Coverage:
    """The coverage of a view; `frame` and `gone` are documented at `coverage`."""

    selection: Selection
    frame: gpd.GeoDataFrame
    gone: pd.DataFrame
    totals: Totals

    @cached_property
    def covered(self) -> gpd.GeoDataFrame:
        """The rows that are whole or partly covered."""
        return self.frame[self.frame[c.STATE].isin((c.WHOLE, c.PARTLY))]


def coverage(dataset: Dataset, view: View) -> Coverage:
    """Join the view's hubs with the kommuner of its structure year.

    `frame` has one row per kommune of the year, indexed by kommunenr, in EPSG:4326, with columns
    name, label, fylkesnr, fylke, state (geo.columns.STATES without did_not_exist), project_ids,
    hub_ids and source_ids (tuples), covered_predecessors, uncovered_predecessors and
    no_source_predecessors (for which no source was found; tuples of geo.places.year_links.Kommune,
    numbers with the year that they are recorded in), predecessor_year (of the uncovered), evidence
    (weakest) and evidence_strongest, population (persons, 1 January of the year),
    population_covered with population_basis and population_year, area_km2 (land incl. fresh
    water), grant_per_inhabitant_year (NOK), shape_id, shape_shared, geometry. `gone` has one row
    per covered kommune that the year no longer knows, however many years' numbers name it,
    indexed by its number in the first of them, with label, year, state and successors (tuple).

    Raises UnknownYear if the year is not offered.
    """
    return _coverage(dataset, selection_of(view))


def totals_of(dataset: Dataset, view: View) -> Totals:
    """Return what a view adds up to, without the join: a tenth of the work.

    Raises UnknownYear if the year is not offered.
    """
    dataset.require(view.year)
    return _sums(dataset, selection_of(view))


@cache_on(maxsize=256)  # a quarter of a megabyte each
def _coverage(dataset: Dataset, selection: Selection) -> Coverage:
    dataset.require(selection.year)
    rows = selected(project_rows(dataset), selection)
    fylke_of = _inside(dataset, selection)
    return Coverage(
        selection,
        _frame(dataset, selection, _reached(dataset, replace(selection, fylke=())), fylke_of),
        _gone(dataset, rows, selection, fylke_of),
        _sums(dataset, selection),
    )


@cache_on(maxsize=512)
def _sums(dataset: Dataset, selection: Selection) -> Totals:
    reached = _reached(dataset, replace(selection, fylke=()))
    return totals(dataset, selection, reached, _inside(dataset, selection))


@cache_on(maxsize=64)
def _reached(dataset: Dataset, selection: Selection) -> dict[str, CarriedKommune]:
    """Return what a scope reaches, whatever its counties: those are for the sums and the rows."""
    return carry_forward(dataset, selected(project_rows(dataset), selection), selection.year)


def _inside(dataset: Dataset, selection: Selection) -> dict[str, str]:
    """Return the fylkesnr of every kommune that the scope's counties hold."""
    fylker = dataset.register.kommuner(selection.year)[c.FYLKESNR].to_dict()
    return {str(nr): f for nr, f in fylker.items() if not selection.fylke or f in selection.fylke}


@cache_on(maxsize=16)
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
    dataset: Dataset,
    selection: Selection,
    reached: Mapping[str, CarriedKommune],
    fylke_of: Mapping[str, str],
) -> gpd.GeoDataFrame:
    of_year = _of_year(dataset, selection.year)
    empty = _empty_states(dataset, selection)
    nameless = touched(dataset, without_source(dataset, selection), selection.year)
    rows = [
        _row(dataset, selection, reached[nr], nameless.get(nr, ()))
        if nr in reached and nr in fylke_of
        else _empty_row(empty[nr] if nr in fylke_of else c.OUTSIDE_VIEW, nameless.get(nr, ()))
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
    c.PREDECESSOR_YEAR,
    c.COVERED_PREDECESSORS,
    c.UNCOVERED_PREDECESSORS,
    c.NO_SOURCE_PREDECESSORS,
    c.EVIDENCE,
    c.EVIDENCE_STRONGEST,
    c.POPULATION_COVERED,
    c.BASIS_COLUMN,
    c.POPULATION_YEAR,
    c.GRANT_PER_INHABITANT_YEAR,
    c.SOURCE_IDS,
)


def _row(
    dataset: Dataset, selection: Selection, one: CarriedKommune, nameless: Rows
) -> tuple[Any, ...]:
    figures = (money(dataset, (p,), selection.year, selection.evidence) for p in one.project_ids)
    return (
        one.state,
        one.project_ids,
        one.hub_ids,
        one.own_year,
        one.covered,
        one.uncovered,
        tuple(old for old in _kommuner(nameless) if old in one.left),
        one.evidence,
        one.evidence_strongest,
        one.people,
        one.basis,
        one.people_year,
        sum(figure.value for figure in figures if figure),
        one.source_ids,
    )


def _empty_row(state: str, nameless: Rows) -> tuple[Any, ...]:
    unknown = _kommuner(nameless) if state == c.NO_SOURCE else ()
    own_year = nameless[0].year if unknown else 0
    return (state, (), (), own_year, (), (), unknown, "", "", 0, "", 0, float("nan"), ())


def _kommuner(rows: Rows) -> tuple[KommuneOfYear, ...]:
    return tuple(sorted({row.kommune for row in rows}))


def states_of(dataset: Dataset, view: View) -> dict[str, str]:
    """Return the state of every kommune of any year of the registers, also one not offered.

    Raises UnknownYear if no register covers view.year.
    """
    return _states(dataset, selection_of(view))


@cache_on(maxsize=64)
def _states(dataset: Dataset, selection: Selection) -> dict[str, str]:
    fylke_of = _inside(dataset, selection)
    reached = _reached(dataset, replace(selection, fylke=()))
    empty = _empty_states(dataset, selection)
    return {
        nr: c.OUTSIDE_VIEW if nr not in fylke_of else reached[nr].state if nr in reached else state
        for nr, state in empty.items()
    }


def _empty_states(dataset: Dataset, selection: Selection) -> dict[str, str]:
    """Return the kind of empty of every kommune, were it not covered.

    One that any part of has no source is "no source": "not covered" would claim too much.
    """
    nameless = touched(dataset, without_source(dataset, selection), selection.year)
    states = dict.fromkeys(dataset.register.kommuner(selection.year).index, c.NOT_COVERED)
    states.update(dict.fromkeys(_of_programme(dataset, selection.year), c.OUTSIDE_VIEW))
    states.update(dict.fromkeys(nameless, c.NO_SOURCE))
    return states


@cache_on(maxsize=16)
def _of_programme(dataset: Dataset, year: int) -> tuple[str, ...]:
    """Return the kommuner that the programme reaches at all."""
    return tuple(touched(dataset, project_rows(dataset), year, strips=True))


@cache_on(maxsize=32)
def _names(register: Register, year: int) -> dict[str, str]:
    names = register.kommuner(year)[c.NORWEGIAN_NAME]
    return {str(nr): str(name) for nr, name in names.items()}


def _gone(
    dataset: Dataset, rows: Rows, selection: Selection, fylke_of: Mapping[str, str]
) -> pd.DataFrame:
    gone = []
    known: set[KommuneOfYear] = set()
    for old in sorted({row.kommune for row in rows}):
        there = successors(dataset.register, old, selection.year)
        one = itself(dataset.register, old, selection.year)
        inside = any(successor in fylke_of for successor in there)
        if one not in known and inside and not lives_on(dataset.register, old, selection.year):
            known.add(one)
            label = dataset.register.label(*old)
            gone.append((old.kommunenr, label, old.year, c.DID_NOT_EXIST, there))
    columns = [c.KOMMUNENR, c.LABEL, c.YEAR, c.STATE, SUCCESSORS]
    return pd.DataFrame(gone, columns=columns).set_index(c.KOMMUNENR)


def successors(register: Register, kommune: KommuneOfYear, year: int) -> tuple[str, ...]:
    """Return the kommuner of `year` on a kommune's land, that with most of it first.

    Raises UnknownKommune, UnknownYear.
    """
    parts = parts_of(register, *kommune, year)
    return tuple(part.kommunenr for part in sorted(parts, key=lambda part: -part.share))


def lives_on(register: Register, kommune: KommuneOfYear, year: int) -> bool:
    """Say whether a kommune of `year` on its land has its name: then nobody would call it gone.

    Raises UnknownKommune, UnknownYear.
    """
    there = successors(register, kommune, year)
    names = _names(register, year)
    return _names(register, kommune.year)[kommune.kommunenr] in {names[nr] for nr in there}
