"""Parses the years that the sources of a coverage row speak of, and the years a programme pays in.

The cell `stated_years` holds years or spans, each with an optional word, separated by "|":
"2014 plan|2015-2017|2020". Whether coverage is documented depends on them: a source has to speak
of the programme's own time.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from geo.columns import (
    GRANT_YEARS,
    HUB_ID,
    PROGRAMME_ID,
    PROJECT_ID,
    STATED_QUALIFIERS,
    YEAR_FROM,
    YEAR_TO,
)
from geo.dataset import cells

# A source that speaks of a plan, of a count or of a region does not name the kommune as served.
WEAK = STATED_QUALIFIERS[:3]
REGION = STATED_QUALIFIERS[2]
_FORM = re.compile(rf"([0-9]{{4}})(?:-([0-9]{{4}}))?(?: ({'|'.join(STATED_QUALIFIERS)}))?")


class BadStatedYears(ValueError):
    """A part of the cell is not a year or a span with one of the known words."""


class StatedYears(NamedTuple):
    """The years first to last that a source speaks of; `qualifier` is "" or a known word."""

    first: int
    last: int
    qualifier: str

    def documents(self, window: range) -> bool:
        """Return whether the source names the kommune, or the seat, in a year of the window."""
        meets = self.first < window.stop and window.start <= self.last
        return meets and self.qualifier not in WEAK


def parse(cell: str) -> tuple[StatedYears, ...]:
    """Return the years of a cell, in its order. Raises BadStatedYears with the first bad part."""
    return tuple(map(_one, cell.split("|"))) if cell else ()


def only_regions(cell: str) -> bool:
    """Return whether years are stated, and all are of sources that speak of a region."""
    return bool(cell) and all(years.qualifier == REGION for years in parse(cell))


def _one(part: str) -> StatedYears:
    found = _FORM.fullmatch(part)
    if not found:
        raise BadStatedYears(part)
    first, last, qualifier = found.groups(default="")
    years = StatedYears(int(first), int(last or first), qualifier)
    if years.first > years.last:
        raise BadStatedYears(part)
    return years


Rows = Iterable[Mapping[Any, Any]]


class Windows(NamedTuple):
    """The years a source has to speak of: of each hub's and project's programmes, and of all."""

    every: tuple[range, ...]
    hubs: Mapping[str, tuple[range, ...]]
    projects: Mapping[str, tuple[range, ...]]

    def of(self, row: Mapping[Any, Any]) -> tuple[range, ...]:
        """Return the windows of a row of coverage: those of its project, or else of its hub's."""
        project, hub = str(row.get(PROJECT_ID, "")), str(row.get(HUB_ID, ""))
        return self.projects.get(project) or self.hubs.get(hub) or self.every


def windows(programmes: Rows, projects: Rows) -> dict[str, range]:
    """Return the years a source has to speak of to document coverage, by programme_id.

    From the year before the programme's first grant year to its last. Rows whose years cannot be
    read count nothing.
    """
    grants: dict[str, list[range]] = {}
    for row in (*programmes, *projects):
        years = _grant_years(row)
        if years:
            grants.setdefault(str(row.get(PROGRAMME_ID)), []).append(years)
    return {
        programme: range(min(y.start for y in found) - 1, max(y.stop for y in found))
        for programme, found in grants.items()
    }


def _grant_years(row: Mapping[Any, Any]) -> range | None:
    """Return the years of a grant: those of the programme where it states its last."""
    first, spread, last = (
        cells.integer_or_none(str(row.get(name, ""))) for name in (YEAR_FROM, GRANT_YEARS, YEAR_TO)
    )
    if first is None:
        return None
    return range(first, max(first, last or first + (spread or 1) - 1) + 1)


def windows_of_package(programmes: Rows, projects: Rows, partners: Rows) -> Windows:
    """Return the windows of a package, by project_id and by hub_id of those that take part."""
    projects = list(projects)
    found = windows(programmes, projects)
    programme_of = {str(row.get(PROJECT_ID)): str(row.get(PROGRAMME_ID)) for row in projects}
    hubs: dict[str, dict[range, None]] = {}
    for row in partners:
        window = found.get(programme_of.get(str(row.get(PROJECT_ID)), ""))
        if window:
            hubs.setdefault(str(row.get(HUB_ID)), {})[window] = None
    return Windows(
        tuple(dict.fromkeys(found.values())),
        {hub: tuple(own) for hub, own in hubs.items()},
        {project: (found[own],) for project, own in programme_of.items() if own in found},
    )
