"""The story of one kommune: what it was and became, who serves it, and on what evidence."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from geo import columns as c
from geo.base.cache import COUNTS, OWNER, TABLES, VIEWS, YEARS, cache_on
from geo.coverage.carry_forward import rows_on
from geo.coverage.counted import structure_year
from geo.coverage.counties import Nearest, nearest_hub, nearest_known, other_hubs
from geo.coverage.dataset import Dataset
from geo.coverage.hub_seats import seat_kommuner
from geo.coverage.join import ViewRow, YearRow, coverage, states_of
from geo.coverage.national import known_hubs
from geo.coverage.selection import (
    CoverageRow,
    Rows,
    Selection,
    data_view,
    kommune_of,
    other_rows,
    select,
    selection_of,
)
from geo.coverage.states import left
from geo.coverage.view import View
from geo.dataset.package import split_ids
from geo.places.year_links import KommuneOfYear, Part, overlaps, parts_of
from geo.report.sources import Source, sources
from geo.text.languages import DataText, in_each, no_text

COVERED = "covered"


@dataclass(frozen=True)
class Piece:
    """A kommune of another year that shares land with this one.

    `share` is a share of the older kommune's land and `people` one of its people, 0 to 1 (by land
    where they were not counted); `state` is covered, partly, no_source,
    partly_unknown, elsewhere, not_covered or outside_view for predecessors, empty for successors.
    """

    kommunenr: str
    label: str
    year: int
    share: float
    people: float
    strip: bool
    state: str = ""


@dataclass(frozen=True)
class ServedBy:
    """A hub that serves the kommune or a part of it; `project_id` is empty without a project."""

    project_id: str
    hub_id: str
    kommunenr: str  # as of `year`
    label: str
    year: int
    evidence: str
    assumption_id: str
    sources: tuple[Source, ...]
    stated_years: tuple[str, ...]
    note: Mapping[str, DataText]


@dataclass(frozen=True)
class Story:
    """Everything known about a kommune in a view; `asked` is the number it was looked up by.

    `asked_label` and `asked_years` are the name and years of that number; `also` are the other
    kommuner that its land is in now. `of_year` and `row` are what the join has of the kommune.
    """

    asked: str
    asked_label: str
    asked_years: range
    also: tuple[str, ...]
    kommunenr: str
    label: str
    year: int
    other_names: tuple[str, ...]
    of_year: YearRow
    row: ViewRow
    was: tuple[Piece, ...]
    became: tuple[Piece, ...]
    services: tuple[ServedBy, ...]
    no_source: tuple[ServedBy, ...]
    others: tuple[ServedBy, ...]
    seats: tuple[str, ...]
    nearest: Nearest
    nearest_known: Nearest

    @property
    def state(self) -> str:
        """Whole, partly, or one of the states without coverage."""
        return self.row.state


def story(dataset: Dataset, kommunenr: str, view: View) -> Story:
    """Return the story of a kommune in a view; the number may be of any year.

    For a number that the structure year does not have, it is the story of the kommune with most of
    its land. Raises UnknownKommune if it never was a kommune.
    """
    return _story(dataset, kommunenr, data_view(view).but(lang=View().lang))


@cache_on(VIEWS)
def _story(dataset: Dataset, asked: str, view: View) -> Story:
    register = dataset.register
    asked_year = register.nearest_year(asked, view.year)
    nr, *also = register.now(asked, view.year)
    found = coverage(dataset, view)
    row = found.of_view[nr]
    own_year = _own_year(dataset, row)
    services, nameless = _services(dataset, nr, view)
    return Story(
        asked=asked,
        asked_label=register.label(asked, asked_year),
        asked_years=register.years_of(asked),
        also=tuple(also),
        kommunenr=nr,
        label=register.label(nr, view.year),
        year=view.year,
        other_names=register.other_names(nr, view.year),
        of_year=found.of_year[nr],
        row=row,
        was=pieces(dataset, nr, view, own_year),
        became=_became(dataset, nr, view.year),
        services=services,
        no_source=nameless,
        others=_others(dataset, nr, view),
        seats=_seats(dataset, nr, view.year),
        nearest=nearest_hub(dataset, view, nr),
        nearest_known=nearest_known(dataset, view, nr),
    )


def _own_year(dataset: Dataset, row: ViewRow) -> int:
    """Return the year whose kommuner best describe the coverage of a kommune.

    If it is not partly covered, this is the year in which most of the coverage was recorded.
    """
    if row.state in (c.PARTLY, c.PARTLY_UNKNOWN):
        return row.predecessor_year
    return _usual_year(dataset)


@cache_on(OWNER)
def _usual_year(dataset: Dataset) -> int:
    return int(dataset.package["coverage"][c.STRUCTURE_YEAR].mode().iloc[0])


def pieces(dataset: Dataset, nr: str, view: View, own_year: int) -> tuple[Piece, ...]:
    """Return the predecessors in `own_year` of a kommune of the view's year, largest first.

    Each has the state that the view gives it. Raises UnknownYear if the view's year is not a
    structure year.
    """
    dataset.require(view.year)
    register = dataset.register
    states = _states_of(dataset, view, own_year)
    found = []
    for old in overlaps(register, own_year, view.year).made_of[nr]:
        part = next(p for p in parts_of(register, old, own_year, view.year) if p.kommunenr == nr)
        label = register.label(old, own_year)
        found.append(Piece(old, label, own_year, *_shares(part), part.strip, states[old]))
    return tuple(sorted(found, key=lambda piece: (piece.strip, -piece.share, piece.label)))


@cache_on(COUNTS)
def _states_of(dataset: Dataset, view: View, own_year: int) -> Mapping[str, str]:
    """Return the state of every kommune of `own_year` in the view, by kommunenr."""
    states = states_of(dataset, view.but(year=own_year, fylke=()))
    return {nr: COVERED if state == c.WHOLE else state for nr, state in states.items()}


def _became(dataset: Dataset, nr: str, year: int) -> tuple[Piece, ...]:
    last = dataset.register.years[-1]
    parts = sorted(parts_of(dataset.register, nr, year, last), key=lambda part: -part.share)
    return tuple(
        Piece(p.kommunenr, dataset.register.label(p.kommunenr, last), last, *_shares(p), p.strip)
        for p in parts
    )


def _shares(part: Part) -> tuple[float, float]:
    return part.share, part.share if math.isnan(part.people) else part.people


def _services(
    dataset: Dataset, nr: str, view: View
) -> tuple[tuple[ServedBy, ...], tuple[ServedBy, ...]]:
    """Return the hubs that serve the kommune, and the candidate rows without a source."""
    there = _rows_on(dataset, selection_of(view).everywhere)
    served = [_service(dataset, row) for row in there.counted.get(nr, ())]
    covered = {KommuneOfYear(service.kommunenr, service.year) for service in served}
    unknown = left(structure_year(dataset, view.year).cells[nr], covered)
    nameless = [
        _service(dataset, row, candidate=True)
        for row in there.without_source.get(nr, ())
        if row.kommune in unknown
    ]
    served.sort(key=lambda service: c.EVIDENCE_LEVELS.index(service.evidence))
    return tuple(served), tuple(nameless)


class _There(NamedTuple):
    """The rows that a selection counts, and those beside them, by the kommune they reach."""

    counted: Mapping[str, Rows]
    without_source: Mapping[str, Rows]
    elsewhere: Mapping[str, Rows]


@cache_on(COUNTS)
def _rows_on(dataset: Dataset, selection: Selection) -> _There:
    selected, register = select(dataset, selection), dataset.register
    return _There(*(rows_on(register, rows, selection.year) for rows in selected))


def _service(dataset: Dataset, row: CoverageRow, *, candidate: bool = False) -> ServedBy:
    return ServedBy(
        row.project_id,
        row.hub_id,
        row.kommunenr,
        dataset.register.label(row.kommunenr, row.year),
        row.year,
        c.EVIDENCE_LEVELS[row.rank],
        row.assumption_id,
        sources(dataset, row.source_ids),
        row.stated_years,
        _note(dataset, row, "candidates" if candidate else _table(dataset, row)),
    )


def _table(dataset: Dataset, row: CoverageRow) -> str:
    return "other_coverage" if row in _every_other_row(dataset) else "coverage"


@cache_on(OWNER)
def _every_other_row(dataset: Dataset) -> frozenset[CoverageRow]:
    return frozenset(other_rows(dataset))


def _note(dataset: Dataset, row: CoverageRow, table: str) -> dict[str, DataText]:
    notes = _notes(dataset, table)
    named = row.project_id, row.hub_id, row.kommune
    return notes.get(named) or notes.get(("", *named[1:])) or no_text()


_Notes: TypeAlias = dict[tuple[str, str, KommuneOfYear], dict[str, DataText]]


@cache_on(TABLES)
def _notes(dataset: Dataset, table: str) -> _Notes:
    """Return the note of the first row of a table about each project, hub and kommune.

    Of a row that names no project the project is "".
    """
    found: _Notes = {}
    for record in dataset.package[table].to_dict("records"):
        of = record.get(c.PROJECT_ID, ""), record[c.HUB_ID], kommune_of(record)
        found.setdefault(of, in_each(record, "note"))
    return found


def _others(dataset: Dataset, nr: str, view: View) -> tuple[ServedBy, ...]:
    """Return the hubs without a project whose sources name the kommune or a part of it.

    Those of other_coverage as far as the view's evidence goes and does not count them.
    """
    own = _rows_on(dataset, selection_of(view).everywhere).elsewhere.get(nr, ())
    beside = [_service(dataset, row) for row in own]
    return (*beside, *_without_project(dataset, nr, view.year))


def _without_project(dataset: Dataset, nr: str, year: int) -> tuple[ServedBy, ...]:
    hubs = other_hubs(dataset, year).get(nr, ())
    if not hubs:
        return ()
    rows = _rows_of_coverage(dataset, year).get(nr, ())
    return tuple(_service(dataset, row) for row in rows if row.hub_id in hubs)


@cache_on(YEARS)
def _rows_of_coverage(dataset: Dataset, year: int) -> Mapping[str, Rows]:
    """Return every row of the table of coverage, whosever the hub is, by the kommune it reaches."""
    rows = [
        CoverageRow(
            "",
            record[c.HUB_ID],
            kommune_of(record),
            c.EVIDENCE_LEVELS.index(record[c.EVIDENCE]),
            "",
            split_ids(record[c.SOURCE_IDS]),
        )
        for record in dataset.package["coverage"].to_dict("records")
        if record[c.HUB_ID]
    ]
    return rows_on(dataset.register, rows, year)


@cache_on(YEARS)
def _all_seats(dataset: Dataset, year: int) -> dict[str, tuple[str, ...]]:
    seats: dict[str, list[str]] = {}
    known = _known(dataset)
    for hub_id, nr in seat_kommuner(dataset, year).items():
        if hub_id in known:
            seats.setdefault(nr, []).append(hub_id)
    return {nr: tuple(ids) for nr, ids in seats.items()}


def _known(dataset: Dataset) -> frozenset[str]:
    """Return the hubs of the time of the projects; of the first table, all that the package has."""
    return known_hubs(dataset).union(dataset.package["hubs"][c.HUB_ID])


def _seats(dataset: Dataset, nr: str, year: int) -> tuple[str, ...]:
    return _all_seats(dataset, year).get(nr, ())
