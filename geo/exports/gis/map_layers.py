"""The layers that draw a view's map in a GIS: shapes, marks, hubs, lines and what lies around."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from geo import columns as c
from geo.base.cache import LEVELS, cache_on
from geo.coverage.dataset import Dataset
from geo.coverage.hub_seats import seats
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.exports.geometry import DETAIL, geometry
from geo.exports.map_looks import LAND, NEIGHBOUR, SEA, Seen, of_shapes, seen
from geo.exports.rows import CODE, YES_NO, ExportColumn, values
from geo.places.boundaries import BoundarySet
from geo.places.embedded import neighbours
from geo.places.shapes import areas
from geo.report.tables import CODES
from geo.settings import CRS_METRES
from geo.text.messages import messages
from geo.webmap.marks import marks
from geo.webmap.webmap import served_lines

# QGIS puts layers that are opened together in the order of their names, the first on top: seats,
# lines, borders, marks, then kommuner (geo.exports.geopackage), shapes and what lies around.
HUBS, LINES, BORDERS, MARKS = "hubs", "hubs_to_kommuner", "inner_borders", "kommune_marks"
SHAPES, AROUND = "shapes", "surroundings"
KOMMUNER, LABELS, PART, HUB_NAME, PLACE, SEAT_GUESS, ASSUMED, KIND, COUNTRY, MAIN = (
    "kommuner", "labels", "part", "hub_name", "place", "seat_guess", "is_assumed", "kind",
    "country", "main",
)  # fmt: skip
HUB, HUB_GUESS, LINE, LINE_ASSUMED = "hub", "hub_guess", "line", "line_assumed"
_MARGIN = 150_000  # metres of sea around the country
_LAND_DETAIL = "overview"

_STATE, _PROJECTS = CODES[c.STATE], CODES[c.PROJECT_IDS]
COLUMNS: Mapping[str, tuple[ExportColumn, ...]] = {
    SHAPES: (
        ExportColumn(c.SHAPE_ID, CODE),
        ExportColumn(LABELS),
        ExportColumn(KOMMUNER, CODE),
        ExportColumn(_STATE, CODE),
        ExportColumn(_PROJECTS, CODE),
        ExportColumn(c.MAP_LOOK, CODE),
    ),
    MARKS: (
        ExportColumn(c.KOMMUNENR, CODE),
        ExportColumn(c.LABEL),
        ExportColumn(PART, YES_NO),
        ExportColumn(_STATE, CODE),
        ExportColumn(_PROJECTS, CODE),
        ExportColumn(c.MAP_LOOK, CODE),
    ),
    HUBS: (
        ExportColumn(c.HUB_ID, CODE),
        ExportColumn(HUB_NAME),
        ExportColumn(PLACE),
        ExportColumn(SEAT_GUESS, YES_NO),
        ExportColumn(c.MAP_LOOK, CODE),
    ),
    LINES: (
        ExportColumn(c.HUB_ID, CODE),
        ExportColumn(c.KOMMUNENR, CODE),
        ExportColumn(ASSUMED, YES_NO),
        ExportColumn(c.MAP_LOOK, CODE),
    ),
    BORDERS: (ExportColumn(KIND, CODE),),
    AROUND: (ExportColumn(KIND, CODE), ExportColumn(COUNTRY)),
}
# Of the relation of shapes and kommuner.
PAIRS = (
    ExportColumn(c.SHAPE_ID, CODE),
    ExportColumn(c.KOMMUNENR, CODE),
    ExportColumn(MAIN, YES_NO),
)
_TYPES = {
    HUBS: "POINT",
    LINES: "LINESTRING",
    BORDERS: "MULTILINESTRING",
    MARKS: "POINT",
    SHAPES: "MULTIPOLYGON",
    AROUND: "MULTIPOLYGON",
}


@dataclass(frozen=True)
class Layer:
    """A layer of a file: rows in EPSG:25833 with COLUMNS of its name, and the looks that occur."""

    name: str
    frame: gpd.GeoDataFrame
    looks: Mapping[str, Seen]

    @property
    def columns(self) -> tuple[ExportColumn, ...]:
        """The columns beside the geometry."""
        return COLUMNS[self.name]

    @property
    def geometry_type(self) -> str:
        """The type of every geometry, as GeoPackage names it."""
        return _TYPES[self.name]


class _Asked(NamedTuple):
    dataset: Dataset
    view: View
    full: bool


def layers(dataset: Dataset, view: View, *, full: bool) -> list[Layer]:
    """Return the layers of a view's map, those that lie on top first.

    Shapes are those of the rows that the file lists (see `rows.values`), or all with `full`; hubs,
    lines and marks are the map's. A package without hubs has no layers of them. Raises UnknownYear.
    """
    makers = _MAKERS if dataset.without_hubs else (*_OF_HUBS, *_MAKERS)
    return [make(_Asked(dataset, view, full)) for make in makers]


def relation(dataset: Dataset, view: View, numbers: Iterable[str]) -> list[tuple[str, str, bool]]:
    """Return (shape_id, kommunenr, main) of each shape that shows some of the kommuner.

    `main` marks one shape for each kommune: the one whose row holds its figures when they are
    added up by shape.
    """
    shapes_of = dataset.boundaries(view.year).shapes_of
    return [
        (shape_id, nr, place == 0)
        for nr in numbers
        for place, shape_id in enumerate(shapes_of.get(nr, ()))
    ]


def _shapes(asked: _Asked) -> Layer:
    dataset, view = asked.dataset, asked.view
    drawn, found = dataset.boundaries(view.year), coverage(dataset, view)
    all_seen = of_shapes(dataset, view)
    listed = values(dataset, view, full=asked.full).index
    wanted = {shape for shape, _, _ in relation(dataset, view, listed)}
    ids = [shape for shape in drawn.members if shape in wanted]
    rows = []
    for shape_id in ids:
        numbers, one = drawn.members[shape_id], all_seen[shape_id]
        members = [found.of_view[nr] for nr in numbers]
        projects = dict.fromkeys(p for m in members if m.covered for p in m.project_ids)
        labels = "/".join(found.of_year[nr].label for nr in numbers)
        codes = "|".join(numbers), one.state, "|".join(projects), one.code
        rows.append((shape_id, labels, *codes))
    return _layer(SHAPES, rows, _metres(drawn).loc[ids], all_seen.values())


def _marks(asked: _Asked) -> Layer:
    dataset, view = asked.dataset, asked.view
    rows, points, looks = [], [], []
    for mark in marks(dataset, coverage(dataset, view), view):
        one = seen(dataset, [mark.member], view.colour, messages(view.lang))
        looks.append(one)
        points.append(shapely.Point(mark.point[::-1]))
        projects = "|".join(mark.member.project_ids)
        rows.append((mark.kommunenr, mark.name, mark.part, one.state, projects, one.code))
    return _layer(MARKS, rows, points, looks)


def _hubs(asked: _Asked) -> Layer:
    dataset, view = asked.dataset, asked.view
    found = seats(dataset, coverage(dataset, view).serving)
    rows = [
        (hub, one.name, one.place, one.guess, HUB_GUESS if one.guess else HUB)
        for hub, one in found.items()
    ]
    return _layer(HUBS, rows, [shapely.Point(one.point[::-1]) for one in found.values()])


def _lines(asked: _Asked) -> Layer:
    dataset, view = asked.dataset, asked.view
    found = served_lines(dataset, coverage(dataset, view), dataset.boundaries(view.year), view)
    rows = [
        (one.hub_id, one.kommunenr, one.assumed, LINE_ASSUMED if one.assumed else LINE)
        for one in found
    ]
    lines = [shapely.LineString([end[::-1] for end in one.points]) for one in found]
    return _layer(LINES, rows, lines)


def _inner_borders(asked: _Asked) -> Layer:
    dataset, view = asked.dataset, asked.view
    found = [
        lines for lines in [_border_lines(dataset.boundaries(view.year))] if not lines.is_empty
    ]
    return _layer(BORDERS, [(c.FYLKE,) for _ in found], found)


def _around(asked: _Asked) -> Layer:
    dataset, view = asked.dataset, asked.view
    drawn = dataset.boundaries(view.year)
    west, south, east, north = _metres(drawn).total_bounds
    frame = west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN
    around = neighbours()
    found = [(SEA, "", shapely.box(*frame))]
    cut = around.geometry.clip_by_rect(*frame)
    names = zip(around[c.NAME], cut, strict=True)
    found += [(NEIGHBOUR, str(name), areas(form)) for name, form in names if not form.is_empty]
    if not asked.full:
        found.append((LAND, "", _land(drawn)))
    return _layer(AROUND, [row[:-1] for row in found], [row[-1] for row in found])


_OF_HUBS: Sequence[Callable[[_Asked], Layer]] = (_hubs, _lines)
_MAKERS: Sequence[Callable[[_Asked], Layer]] = (_inner_borders, _marks, _shapes, _around)


def _layer(name: str, rows: list[tuple[Any, ...]], forms: Any, looks: Iterable[Seen] = ()) -> Layer:
    table = pd.DataFrame(rows, columns=[column.name for column in COLUMNS[name]])
    frame = gpd.GeoDataFrame(table, geometry=list(forms), crs=CRS_METRES)
    return Layer(name, frame, {one.code: one for one in looks})


@cache_on(LEVELS)
def _metres(boundaries: BoundarySet) -> gpd.GeoSeries:
    return geometry(boundaries, DETAIL).to_crs(CRS_METRES)


@cache_on(LEVELS)
def _land(boundaries: BoundarySet) -> Any:
    return shapely.union_all(boundaries.drawn(_LAND_DETAIL).to_crs(CRS_METRES).geometry.to_numpy())


@cache_on(LEVELS)
def _border_lines(boundaries: BoundarySet) -> Any:
    return shapely.multilinestrings(
        [shapely.linestrings(line) for line in boundaries.arcs(DETAIL).borders(boundaries.fylke_of)]
    )
