"""Which statements of coverage a view counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from geo.base.cache import cache_on
from geo.columns import (
    ASSUMED,
    ASSUMPTION_ID,
    EVIDENCE,
    EVIDENCE_LEVELS,
    HUB_ID,
    KOMMUNENR,
    PROJECT_ID,
    SOURCE_IDS,
    STRUCTURE_YEAR,
    TO_KOMMUNENR,
)
from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.dataset.package import split_ids
from geo.places.year_links import KommuneOfYear, parts_of

TO, SHARE = TO_KOMMUNENR, "share"
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


def data_view(view: View) -> View:
    """Return the view without its looks: the same numbers in the same language."""
    default = View()
    return view.but(**{name: getattr(default, name) for name in _LOOKS})


class Row(NamedTuple):
    """One statement: a hub of a project serves a kommune, in the numbers of `year`.

    `rank` is the place of its evidence in EVIDENCE_LEVELS: 0 = documented.
    """

    project_id: str
    hub_id: str
    kommunenr: str
    year: int
    rank: int
    assumption_id: str
    source_ids: tuple[str, ...]

    @property
    def kommune(self) -> KommuneOfYear:
        """The kommune with the year of its number."""
        return KommuneOfYear(self.kommunenr, self.year)


Rows = tuple[Row, ...]


def selection_of(view: View) -> Selection:
    """Return the part of a view that decides what is counted."""
    return Selection(view.year, view.project, view.hub, view.fylke, view.evidence)


@cache_on(maxsize=4)
def project_rows(dataset: Dataset) -> Rows:
    """Return every coverage row of every project's hubs, once per project."""
    partners = dataset.package["partners"][[PROJECT_ID, HUB_ID]]
    rows = dataset.package["coverage"].merge(partners, on=HUB_ID)
    order = {project: place for place, project in enumerate(dataset.choices.projects)}
    found = (_row(r, EVIDENCE_LEVELS.index(r[EVIDENCE])) for r in rows.to_dict("records"))
    return tuple(sorted(found, key=lambda row: order[row.project_id]))


@cache_on(maxsize=4)
def candidate_rows(dataset: Dataset) -> tuple[tuple[Row, tuple[str, ...]], ...]:
    """Return the kommuner that may have been served though no source says so.

    Each comes with the names of the alternative sets of its assumption that it belongs to.
    """
    rows = dataset.package["candidates"].to_dict("records")
    return tuple((_row(r, WEAKEST), split_ids(r["alternative"])) for r in rows)


@cache_on(maxsize=4)
def recorded_years(dataset: Dataset) -> tuple[int, ...]:
    """Return the years whose numbers the coverage and its candidates are recorded in."""
    rows = [*project_rows(dataset), *(row for row, _ in candidate_rows(dataset))]
    return tuple(sorted({row.year for row in rows}))


def _row(record: Mapping[Any, Any], rank: int) -> Row:
    return Row(
        str(record[PROJECT_ID]),
        str(record[HUB_ID]),
        str(record[KOMMUNENR]),
        int(record[STRUCTURE_YEAR]),
        rank,
        str(record[ASSUMPTION_ID]),
        split_ids(record[SOURCE_IDS]),
    )


def selected(rows: Iterable[Row], selection: Selection) -> Rows:
    """Return the rows that the scope's projects, hubs and evidence let through."""
    weakest = EVIDENCE_LEVELS.index(selection.evidence)
    return tuple(
        row
        for row in rows
        if row.rank <= weakest
        and (not selection.project or row.project_id in selection.project)
        and (not selection.hub or row.hub_id in selection.hub)
    )


@cache_on(maxsize=128)
def without_source(dataset: Dataset, selection: Selection) -> Rows:
    """Return the rows for which no source was found, and which the scope does not count.

    Candidates, and the assumed rows that the scope's evidence leaves out.
    """
    everything = Selection(selection.year, selection.project, selection.hub)
    hidden = [
        row
        for row in selected(project_rows(dataset), everything)
        if row.rank == WEAKEST and selection.evidence != ASSUMED
    ]
    return (*hidden, *_candidates(dataset, selection))


def _candidates(dataset: Dataset, selection: Selection) -> Rows:
    rows = [row for row, _ in candidate_rows(dataset)]
    if selection.project:
        rows = [row for row in rows if row.project_id in selection.project]
    if selection.hub:
        partners = dataset.package["partners"]
        theirs = set(partners.loc[partners[HUB_ID].isin(selection.hub), PROJECT_ID])
        # No hub can be named for some: any hub of the project may have served them.
        nameless = [row for row in rows if not row.hub_id and row.project_id in theirs]
        rows = [row for row in rows if row.hub_id in selection.hub] + nameless
    return tuple(rows)


def carried_rows(dataset: Dataset, rows: Iterable[Row], year: int) -> pd.DataFrame:
    """Return where the land of each row lies in `year`, one line per row and kommune of `year`.

    Columns project_id, hub_id, kommunenr, structure_year, evidence, to_kommunenr, share (of the
    row's kommune's land). Raises UnknownKommune, UnknownYear.
    """
    lines = [
        (row[0], row[1], row[2], row[3], EVIDENCE_LEVELS[row.rank], part.kommunenr, part.share)
        for row in rows
        for part in parts_of(dataset.register, row.kommunenr, row.year, year)
    ]
    names = [PROJECT_ID, HUB_ID, KOMMUNENR, STRUCTURE_YEAR, EVIDENCE, TO, SHARE]
    return pd.DataFrame(lines, columns=names)
