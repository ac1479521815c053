"""Marks: a round sign, where its people live, for what has no shape of its own on the map.

That is each kommune of a shape that stands for several, where one of them is covered or they look
different, and each part of a kommune that is covered, or unknown, in part, if the part was a
kommune when coverage was recorded.
With exact borders of the year there are no shapes for several, and so none of the first kind.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import shapely

from geo import columns as c
from geo.base.cache import YEARS, cache_on
from geo.coverage.dataset import Dataset
from geo.coverage.join import Coverage, ViewRow
from geo.coverage.selection import (
    CoverageRow,
    candidate_rows,
    other_rows,
    project_rows,
    recorded_years,
    select,
)
from geo.coverage.view import View
from geo.places.centres import centres
from geo.places.metres import in_metres
from geo.places.people_cells import cells
from geo.places.year_links import KommuneOfYear, parts_of
from geo.report.looks import kommune_look, project_colours
from geo.report.wording import shortened


class Mark(NamedTuple):
    """A mark at a point: north, east in whole metres (EPSG:25833).

    `kommunenr` is the kommune of the view's year that a click on it chooses, `member` what decides
    its look, `shape_ids` the shapes it stands on. `part` says that it stands for a part only.
    """

    kommunenr: str
    name: str
    point: tuple[int, int]
    member: ViewRow
    shape_ids: tuple[str, ...]
    part: bool


class Place(NamedTuple):
    """A kommune of a recorded year, its name, and where its people live (north, east)."""

    kommune: KommuneOfYear
    name: str
    point: tuple[int, int]


def marks(dataset: Dataset, found: Coverage, view: View) -> list[Mark]:
    """Return the marks of a view: those of shared shapes, then those of parts."""
    return [*_on_shared(dataset, found, view), *_on_partly(dataset, found)]


def _on_shared(dataset: Dataset, found: Coverage, view: View) -> Iterator[Mark]:
    drawn, points, done = dataset.boundaries(view.year), centres_of(dataset, view.year), set()
    colours = project_colours(dataset)
    for numbers in drawn.shared.values():
        members = [found.of_view[nr] for nr in numbers]
        alike = len({kommune_look(one, view.colour, colours) for one in members}) == 1
        if alike and not any(one.covered for one in members):
            continue
        for nr, member in zip(numbers, members, strict=True):
            if nr in points and nr not in done:
                done.add(nr)
                name = shortened(found.of_year[nr].label)
                yield Mark(nr, name, points[nr], member, drawn.shapes_of[nr], part=False)


def _on_partly(dataset: Dataset, found: Coverage) -> Iterator[Mark]:
    year = found.selection.year
    drawn = dataset.boundaries(year)
    for nr, row in found.of_view.items():
        if row.state not in (c.PARTLY, c.PARTLY_UNKNOWN):
            continue
        told = row.covered_predecessors or row.no_source_predecessors
        shape_ids, years = drawn.shapes_of[nr], {old.year for old in told}
        # Of rows in several years' numbers no one year tells the parts.
        if len(years) > 1 or not drawn.shared.keys().isdisjoint(shape_ids):
            continue
        for place in inside(dataset, year).get(nr, ()):
            if place.kommune.year in years:
                member = _part(dataset, found, place, row)
                name = f"{place.name} ({place.kommune.year})"
                yield Mark(nr, name, place.point, member, shape_ids, part=True)


def _part(dataset: Dataset, found: Coverage, place: Place, whole: ViewRow) -> ViewRow:
    """Return how a part looks by itself: as the rows that name it say."""
    selected = select(dataset, found.selection)

    def naming(rows: tuple[CoverageRow, ...]) -> list[CoverageRow]:
        return [row for row in rows if row.kommune == place.kommune]

    if own := naming(selected.counted):
        projects = tuple(dict.fromkeys(row.project_id for row in own if row.project_id))
        level = c.EVIDENCE_LEVELS[min(row.rank for row in own)]
        grant = whole.grant_per_inhabitant_year
        return ViewRow(c.WHOLE, projects, evidence=level, grant_per_inhabitant_year=grant)
    state = c.NOT_COVERED
    if naming(selected.without_source):
        state = c.NO_SOURCE
    elif naming(project_rows(dataset)):
        state = c.OUTSIDE_VIEW
    elif naming(selected.elsewhere):
        state = c.ELSEWHERE
    return ViewRow(state)


@cache_on(YEARS)
def centres_of(dataset: Dataset, year: int) -> Mapping[str, tuple[int, int]]:
    """Return the centres of the kommuner that share a shape: north, east in metres (EPSG:25833).

    By kommunenr.
    """
    shared = {nr for numbers in dataset.boundaries(year).shared.values() for nr in numbers}
    return {nr: point for nr, point in _points(dataset, year).items() if nr in shared}


@cache_on(YEARS)
def _points(dataset: Dataset, year: int) -> Mapping[str, tuple[int, int]]:
    """Return the centre of each kommune of a year that has one: north, east in metres."""
    found = centres(dataset.register, year)
    placed = in_metres([one.lon for one in found.values()], [one.lat for one in found.values()])
    return dict(zip(found, placed, strict=True))


@cache_on(YEARS)
def inside(dataset: Dataset, year: int) -> Mapping[str, tuple[Place, ...]]:
    """Return which kommuner of recorded years have their centre in each kommune of `year`.

    Of the kommuner that a row reaches and that are made of several, by kommunenr. A part whose
    people live in another kommune now is not among them.
    """
    divided = cells(dataset.register, recorded_years(dataset), year)
    found = {}
    for nr in sorted(_reached(dataset, year)):
        olds = sorted({old for cell in divided[nr] for old in cell.of if old.year != year})
        places = tuple(place for old in olds for place in _places(dataset, nr, year, old))
        if len(places) > 1:
            found[nr] = places
    return found


def _reached(dataset: Dataset, year: int) -> set[str]:
    rows = [*project_rows(dataset), *candidate_rows(dataset), *other_rows(dataset)]
    olds = {row.kommune for row in rows}
    return {part.kommunenr for old in olds for part in parts_of(dataset.register, *old, year)}


def _places(dataset: Dataset, nr: str, year: int, old: KommuneOfYear) -> Iterator[Place]:
    centre = centres(dataset.register, old.year).get(old.kommunenr)
    drawn = dataset.boundaries(year)
    land = (drawn.geometry_of[shape_id] for shape_id in drawn.shapes_of[nr])
    if centre and any(shapely.intersects_xy(one, centre.lon, centre.lat) for one in land):
        label = shortened(dataset.register.label(*old))
        yield Place(old, label, _points(dataset, old.year)[old.kommunenr])
