"""The join: a view's hubs with the kommuner of its structure year, and the totals."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from geo import columns as c
from geo.base.cache import KOMMUNER, VIEWS, YEARS, cache_on, frozen, lent
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


class YearRow(NamedTuple):
    """What is the same of a kommune in every view of a structure year: columns of the frame."""

    name: str
    label: str
    fylkesnr: str
    fylke: str
    population: int
    area_km2: float
    shape_id: str
    shape_shared: bool


class ViewRow(NamedTuple):
    """What a view says of a kommune: the other columns of the frame, in their order."""

    state: str
    project_ids: tuple[str, ...] = ()
    hub_ids: tuple[str, ...] = ()
    elsewhere_hub_ids: tuple[str, ...] = ()
    predecessor_year: int = 0
    covered_predecessors: tuple[KommuneOfYear, ...] = ()
    uncovered_predecessors: tuple[KommuneOfYear, ...] = ()
    no_source_predecessors: tuple[KommuneOfYear, ...] = ()
    evidence: str = ""
    evidence_strongest: str = ""
    population_covered: int = 0
    population_basis: str = ""
    population_year: int = 0
    population_unknown: int = 0
    grant_per_inhabitant_year: float = float("nan")
    source_ids: tuple[str, ...] = ()
    stated_years: tuple[str, ...] = ()

    @property
    def covered(self) -> bool:
        """Whether the kommune is whole or partly covered."""
        return self.state in c.COVERED_STATES


class FormerKommune(NamedTuple):
    """A covered kommune that the structure year no longer knows; the fields are those of `gone`."""

    kommunenr: str
    label: str
    year: int
    state: str
    successors: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Coverage:
    """The coverage of a view, by kommunenr of its structure year, in the order of the register.

    `frame` and `gone`, documented at `coverage`, are made of it when they are asked for: they take
    several times as long as all the rest.
    """

    selection: Selection
    of_year: Mapping[str, YearRow]
    of_view: Mapping[str, ViewRow]
    former: tuple[FormerKommune, ...]
    totals: Totals
    year_frame: Callable[[], gpd.GeoDataFrame]

    @cached_property
    def states(self) -> Mapping[str, int]:
        """The number of kommuner in each state that occurs."""
        return Counter(row.state for row in self.of_view.values())

    @cached_property
    def covered_rows(self) -> Mapping[str, ViewRow]:
        """The kommuner that are whole or partly covered."""
        return {nr: row for nr, row in self.of_view.items() if row.covered}

    @cached_property
    def serving(self) -> frozenset[str]:
        """The hubs that serve a kommune in the view."""
        return frozenset(hub for row in self.covered_rows.values() for hub in row.hub_ids)

    @property
    def frame(self) -> gpd.GeoDataFrame:
        """The kommuner as a frame."""
        return lent(self._frame)

    @cached_property
    def _frame(self) -> gpd.GeoDataFrame:
        of_year = self.year_frame()
        columns = zip(*self.of_view.values(), strict=True)
        joined = {name: list(values) for name, values in zip(ViewRow._fields, columns, strict=True)}
        # At once: a GeoDataFrame that is given one column after the other takes several times as
        # long.
        together = {**dict(of_year.items()), **joined}
        frame = pd.DataFrame(together, of_year.index)
        return frozen(gpd.GeoDataFrame(frame, geometry=of_year.geometry))

    @property
    def gone(self) -> pd.DataFrame:
        """The former kommuner as a frame."""
        columns = list(FormerKommune._fields)
        return pd.DataFrame(self.former, columns=columns).set_index(c.KOMMUNENR)

    @property
    def covered(self) -> gpd.GeoDataFrame:
        """The rows of the frame that are whole or partly covered."""
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
    of_year = year_rows(dataset, selection.year)
    return Coverage(
        selection,
        of_year,
        {nr: _view_row(dataset, selection, found, nr, inside) for nr in of_year},
        _former(dataset.register, found.rows, selection.year, inside),
        totals(dataset, selection),
        partial(_year_frame, dataset, selection.year),
    )


@cache_on(YEARS)
def _year_frame(dataset: Dataset, year: int) -> gpd.GeoDataFrame:
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


@cache_on(YEARS)
def year_rows(dataset: Dataset, year: int) -> Mapping[str, YearRow]:
    """Return the kommuner of a structure year by number, in the order of the register."""
    frame = _year_frame(dataset, year)
    rows = zip(*(frame[name].tolist() for name in YearRow._fields), strict=True)
    return {str(nr): YearRow(*row) for nr, row in zip(frame.index, rows, strict=True)}


def _view_row(
    dataset: Dataset, selection: Selection, found: Counted, nr: str, inside: Mapping[str, str]
) -> ViewRow:
    if nr not in inside:
        return _EMPTY[c.OUTSIDE_VIEW]
    if nr in found.covered:
        return _covered_row(dataset, selection, found, nr)
    state = found.states[nr]
    if state == c.ELSEWHERE:
        return _elsewhere_row(found.elsewhere[nr])
    others = _elsewhere(found, nr) if state != c.OUTSIDE_VIEW else ()
    if state not in (c.NO_SOURCE, c.PARTLY_UNKNOWN):
        return ViewRow(state, elsewhere_hub_ids=others) if others else _EMPTY[state]
    nameless = found.nameless[nr]
    return ViewRow(
        state,
        elsewhere_hub_ids=others,
        predecessor_year=nameless[0].year,
        no_source_predecessors=_kommuner(nameless),
        population_unknown=found.unknown[nr],
    )


# Of most kommuner a view says nothing but that.
_EMPTY = {state: ViewRow(state) for state in (c.OUTSIDE_VIEW, c.NOT_COVERED)}


def _covered_row(dataset: Dataset, selection: Selection, found: Counted, nr: str) -> ViewRow:
    one, nameless = found.covered[nr], found.nameless.get(nr, ())
    figures = (money(dataset, (p,), selection.evidence) for p in one.project_ids)
    return ViewRow(
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


def _elsewhere_row(one: CoveredKommune) -> ViewRow:
    return ViewRow(
        c.ELSEWHERE,
        elsewhere_hub_ids=one.hub_ids,
        predecessor_year=one.own_year,
        covered_predecessors=one.covered,
        uncovered_predecessors=one.uncovered,
        evidence=one.evidence,
        evidence_strongest=one.evidence_strongest,
        source_ids=one.source_ids,
        stated_years=one.stated_years,
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


def _former(
    register: Register, rows: Rows, year: int, inside: Mapping[str, str]
) -> tuple[FormerKommune, ...]:
    gone: dict[KommuneOfYear, FormerKommune] = {}
    for old in _kommuner(rows):
        one = _former_kommune(register, old, year)
        if one and any(nr in inside for nr in one.successors):
            gone.setdefault(itself(register, old, year), one)
    return tuple(gone.values())


@cache_on(KOMMUNER)
def _former_kommune(register: Register, old: KommuneOfYear, year: int) -> FormerKommune | None:
    """Return a kommune as one that a year no longer knows; None if it lives on."""
    if lives_on(register, old, year):
        return None
    there = successors(register, old, year)
    return FormerKommune(old.kommunenr, register.label(*old), old.year, c.DID_NOT_EXIST, there)
