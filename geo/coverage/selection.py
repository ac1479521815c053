"""Which statements of coverage a view counts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

from geo.base.cache import OWNER, VIEW_TABLES, cache_on
from geo.columns import (
    ASSUMED,
    ASSUMPTION_ID,
    EVIDENCE,
    EVIDENCE_LEVELS,
    HUB_ID,
    KOMMUNENR,
    PROJECT_ID,
    SOURCE_IDS,
    STATED_YEARS,
    STRUCTURE_YEAR,
)
from geo.coverage.dataset import Dataset
from geo.coverage.national import known_hubs
from geo.coverage.view import ALL_HUBS, PROJECTS, View
from geo.dataset.package import split_ids
from geo.places.year_links import KommuneOfYear

WEAKEST = len(EVIDENCE_LEVELS) - 1
_LOOKS = ("colour", "points", "lines", "kommune", "uncovered")


@dataclass(frozen=True)
class Selection:
    """The part of a view that decides what is counted; language and looks do not."""

    year: int
    project: tuple[str, ...] = ()
    hub: tuple[str, ...] = ()
    fylke: tuple[str, ...] = ()
    evidence: str = ASSUMED
    scope: str = PROJECTS

    @property
    def every_hub(self) -> bool:
        """Whether the hubs outside the projects are counted too."""
        return self.scope == ALL_HUBS and not (self.project or self.hub)

    @property
    def everywhere(self) -> "Selection":
        """The same selection without a choice of counties."""
        return replace(self, fylke=()) if self.fylke else self


def data_view(view: View) -> View:
    """Return the view without its looks: the same numbers in the same language."""
    default = View()
    return view.but(**{name: getattr(default, name) for name in _LOOKS})


class CoverageRow(NamedTuple):
    """One statement: a hub or a project serves a kommune, named in the numbers of a year.

    `project_id` is empty for a hub outside the projects, `hub_id` where the project itself, a group
    of kommuner, is all that is known.
    `rank` is the place of its evidence in EVIDENCE_LEVELS: 0 = documented. `stated_years` are the
    years that the sources speak of, each as its cell has it: "2014 plan".
    """

    project_id: str
    hub_id: str
    kommune: KommuneOfYear
    rank: int
    assumption_id: str
    source_ids: tuple[str, ...]
    stated_years: tuple[str, ...] = ()

    @property
    def kommunenr(self) -> str:
        """The number of the kommune."""
        return self.kommune.kommunenr

    @property
    def year(self) -> int:
        """The year of the number."""
        return self.kommune.year


Rows = tuple[CoverageRow, ...]


def selection_of(view: View) -> Selection:
    """Return the part of a view that decides what is counted."""
    return Selection(view.year, view.project, view.hub, view.fylke, view.evidence, view.scope)


@cache_on(OWNER)
def project_rows(dataset: Dataset) -> Rows:
    """Return every coverage row of every project, once per project.

    A row that names no project is one of every project that its hub takes part in.
    """
    of_hub = _projects_of_hub(dataset)
    order = {project: place for place, project in enumerate(dataset.choices.projects)}
    found = (
        _row({**r, PROJECT_ID: project}, EVIDENCE_LEVELS.index(r[EVIDENCE]))
        for r in dataset.package["coverage"].to_dict("records")
        for project in ((r[PROJECT_ID],) if r[PROJECT_ID] else of_hub.get(r[HUB_ID], ()))
    )
    return tuple(sorted(found, key=lambda row: order[row.project_id]))


def projects_with(dataset: Dataset, hubs: Iterable[str]) -> set[str]:
    """Return the projects that any of some hubs takes part in."""
    of_hub = _projects_of_hub(dataset)
    return {project for hub in hubs for project in of_hub.get(hub, ())}


@cache_on(OWNER)
def _projects_of_hub(dataset: Dataset) -> dict[str, list[str]]:
    partners = dataset.package["partners"]
    found: dict[str, list[str]] = {}
    for hub, project in zip(partners[HUB_ID], partners[PROJECT_ID], strict=True):
        found.setdefault(hub, []).append(project)
    return found


def _rows_of_projects(dataset: Dataset, projects: Collection[str]) -> Sequence[CoverageRow]:
    """Return the rows of some projects' hubs, of all if none is named, in the programme's order."""
    if not projects:
        return project_rows(dataset)
    of_project = _rows_by_project(dataset)
    return [row for project, own in of_project.items() if project in projects for row in own]


@cache_on(OWNER)
def _rows_by_project(dataset: Dataset) -> dict[str, Rows]:
    return {project: tuple(own) for project, own in groupby(project_rows(dataset), _project_of)}


def _project_of(row: CoverageRow) -> str:
    return row.project_id


@cache_on(OWNER)
def other_rows(dataset: Dataset) -> Rows:
    """Return what hubs outside the projects serve, if they are known of in the programme's time."""
    known = known_hubs(dataset)
    rows = dataset.package["other_coverage"].to_dict("records")
    return tuple(_row(r, EVIDENCE_LEVELS.index(r[EVIDENCE])) for r in rows if r[HUB_ID] in known)


@cache_on(OWNER)
def candidate_rows(dataset: Dataset) -> Rows:
    """Return the kommuner that may have been served though no source says so, as listed."""
    rows = dataset.package["candidates"].to_dict("records")
    return tuple(_row(r, WEAKEST) for r in rows)


@cache_on(OWNER)
def recorded_years(dataset: Dataset) -> tuple[int, ...]:
    """Return the years whose numbers coverage, of any hub, and candidates are recorded in."""
    rows = [*project_rows(dataset), *candidate_rows(dataset), *other_rows(dataset)]
    return tuple(sorted({row.year for row in rows}))


def kommune_of(record: Mapping[Any, Any]) -> KommuneOfYear:
    """Return the kommune that a record of coverage names."""
    return KommuneOfYear(str(record[KOMMUNENR]), int(record[STRUCTURE_YEAR]))


def _row(record: Mapping[Any, Any], rank: int) -> CoverageRow:
    return CoverageRow(
        str(record.get(PROJECT_ID, "")),
        str(record[HUB_ID]),
        kommune_of(record),
        rank,
        str(record.get(ASSUMPTION_ID, "")),
        split_ids(record[SOURCE_IDS]),
        split_ids(record.get(STATED_YEARS)),
    )


class Selected(NamedTuple):
    """The rows that a selection counts, and those beside them.

    `without_source` holds the candidates, and the assumed rows that the evidence leaves out;
    `elsewhere` what hubs outside the projects serve, where that is not counted.
    """

    counted: Rows
    without_source: Rows
    elsewhere: Rows


@cache_on(VIEW_TABLES)
def select(dataset: Dataset, selection: Selection) -> Selected:
    """Return the rows that the selection's projects, hubs and evidence let through.

    Its counties are for the kommuner of the structure year: no row is left out for them.
    """
    weakest = EVIDENCE_LEVELS.index(selection.evidence)
    rows = _rows_of_projects(dataset, selection.project)
    if selection.hub:
        rows = [row for row in rows if row.hub_id in selection.hub]
    hidden = [row for row in rows if row.rank == WEAKEST > weakest]
    counted = tuple(row for row in rows if row.rank <= weakest)
    others = tuple(row for row in other_rows(dataset) if row.rank <= weakest)
    nameless = (*hidden, *_candidates(dataset, selection))
    if selection.every_hub:
        return Selected((*counted, *others), nameless, ())
    return Selected(counted, nameless, others)


def _candidates(dataset: Dataset, selection: Selection) -> Rows:
    rows = list(candidate_rows(dataset))
    if selection.project:
        rows = [row for row in rows if row.project_id in selection.project]
    if selection.hub:
        theirs = projects_with(dataset, selection.hub)
        # No hub can be named for some: any hub of the project may have served them.
        nameless = [row for row in rows if not row.hub_id and row.project_id in theirs]
        rows = [row for row in rows if row.hub_id in selection.hub] + nameless
    return tuple(rows)
