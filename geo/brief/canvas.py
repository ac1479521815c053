"""Draw the map for print with matplotlib, in EPSG:25833, with the interactive map's looks."""

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from geo.base.cache import LEVELS, cache_on
from geo.base.look_data import DRAWING
from geo.brief.labels import HUB_RADIUS_POINTS, Label, Placed, place
from geo.brief.member_marks import draw_marks
from geo.brief.textures import POINTS_PER_PIXEL, style_of, texture
from geo.columns import (
    LABEL,
    NAME,
    NOT_COVERED,
    OUTSIDE_VIEW,
    POPULATION_COVERED,
    PROJECT_IDS,
)
from geo.coverage.dataset import Dataset
from geo.coverage.hub_seats import seats
from geo.coverage.join import Coverage
from geo.coverage.view import View
from geo.places.boundaries import BoundarySet
from geo.places.embedded import neighbours
from geo.report.looks import (
    EMPTY_LOOKS,
    LEGEND_LOOKS,
    Look,
    project_colours,
    shape_look,
)
from geo.report.wording import shortened
from geo.settings import CRS_METRES
from geo.webmap.webmap import service_lines

FINE_BELOW_METRES = 500_000  # smaller extents are drawn from the finest shapes
NARROWEST_METRES = 60_000
NAMED_BELOW_METRES = 900_000  # in a map of more than this, in two halves where they are far apart
NAMED_BELOW = 2000  # metres per point; where there are more, projects are named and not kommuner
TEXT_SHADE = 0.74  # of a hue, for text in it
MARGIN = 0.06  # of the wider side, around what is shown
TINY = 0.006  # of the picture's height: what is smaller gets a mark

Extent = tuple[float, float, float, float]  # west, south, east, north in metres (EPSG:25833)


def draw(
    axes: Axes,
    dataset: Dataset,
    found: Coverage,
    view: View,
    *,
    size: float,
    extent: Extent | None = None,
    hubs: bool = True,
) -> list[Placed]:
    """Draw a view's map to fill the axes, with labels of `size` points, without any if it is 0.

    Of an extent that has the shape of the axes, or of what the view is about; with the names of
    projects instead of `hubs` where there is not room for these. Returns the labels.
    """
    boundaries = dataset.boundaries(view.year)
    extent = extent or fitted(_interesting(found, boundaries, view), axes)
    detail = "fine" if extent[3] - extent[1] < FINE_BELOW_METRES else "normal"
    shapes = _metres(boundaries, detail)
    axes.set(xlim=extent[::2], ylim=extent[1::2], facecolor=DRAWING["sea"], xticks=[], yticks=[])
    axes.set_aspect("equal")
    axes.set_autoscale_on(False)
    axes.spines[:].set_visible(False)
    _neighbours(axes, extent)
    near = _near(shapes, extent)
    looks = {
        look: ids
        for look, every in _looks(dataset, found, view).items()
        if (ids := [i for i in every if i in near])
    }
    outlines = _outlines(boundaries, detail)
    points_high = axes.get_window_extent().height * 72 / axes.figure.dpi
    pixel = (extent[3] - extent[1]) / points_high * POINTS_PER_PIXEL
    filled = {look: shapes[ids] for look, ids in looks.items()}
    for look, ids in looks.items():
        _fill(axes, [outlines[i] for i in ids], look)
        _cover(axes, filled[look], look, pixel, extent)
    for look, some in filled.items():
        _marks(axes, some, look, (extent[3] - extent[1]) * TINY)
    _counties(axes, boundaries, detail)
    if view.lines:
        _lines(axes, dataset, found, view)
    seats = _hubs(axes, dataset, found) if view.points else _no_points()
    of_marks, marked = draw_marks(axes, dataset, found, view, pixel=pixel, seats=seats)
    if not size:
        return []
    if pixel / POINTS_PER_PIXEL >= NAMED_BELOW:
        labels = _project_labels(dataset, found, shapes, boundaries, view)
        return place(axes, labels, size, [_around_seat(axes, point) for point in seats])
    named = found.covered[~found.covered.index.isin(marked)]
    labels = [*of_marks, *_kommune_labels(named, shapes, boundaries, looks)]
    if hubs:
        return place(axes, [*labels, *_hub_labels(seats)], size, [])
    labels += _project_labels(dataset, found, shapes, boundaries, view)
    return place(axes, labels, size, [_around_seat(axes, point) for point in seats])


def sized(extent: Extent, axes: Axes, metres_per_point: float) -> Extent:
    """Return the extent around the same middle that fills the axes at a scale."""
    box = axes.get_window_extent()
    half = metres_per_point * 36 / axes.figure.dpi
    x, y = (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2
    wide, high = box.width * half, box.height * half
    return x - wide, y - high, x + wide, y + high


def fitted(extent: Extent, axes: Axes) -> Extent:
    """Return the extent with a margin, widened to the aspect ratio of the axes."""
    west, south, east, north = extent
    wide = max(east - west, NARROWEST_METRES)
    high = max(north - south, NARROWEST_METRES)
    margin = MARGIN * max(wide, high) * 2
    box = axes.get_window_extent()
    ratio = box.width / box.height
    wide, high = wide + margin, high + margin
    wide, high = max(wide, high * ratio), max(high, wide / ratio)
    x, y = (west + east) / 2, (south + north) / 2
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def halves(dataset: Dataset, found: Coverage, view: View) -> tuple[Extent, ...]:
    """Return the extents in the south and in the north that hold what is covered.

    None if it lies close enough to be shown in one map, or nowhere far from the rest.
    """
    boundaries = dataset.boundaries(view.year)
    south, north = _interesting(found, boundaries, view)[1::2]
    ids = sorted({i for nr in found.covered_rows for i in boundaries.shapes_of[nr]})
    if north - south < NAMED_BELOW_METRES or len(ids) < 2:
        return ()
    bounds = _metres(boundaries, "normal")[ids].bounds.sort_values("miny")
    reach = bounds["maxy"].cummax().to_numpy()
    gaps = bounds["miny"].to_numpy()[1:] - reach[:-1]
    widest = int(np.argmax(gaps))
    parts = bounds.iloc[: widest + 1], bounds.iloc[widest + 1 :]
    extents = tuple(
        (
            float(part["minx"].min()),
            float(part["miny"].min()),
            float(part["maxx"].max()),
            float(part["maxy"].max()),
        )
        for part in parts
    )
    close = all(north - south < NAMED_BELOW_METRES * 0.8 for _, south, _, north in extents)
    return extents if gaps[widest] > 0 and close else ()


def overview(axes: Axes, dataset: Dataset, found: Coverage, view: View, frames: list[Axes]) -> None:
    """Draw the whole country small, with the frames of the maps that show its parts."""
    boundaries = dataset.boundaries(view.year)
    shapes = _metres(boundaries, "overview")
    shown = [shapes.total_bounds, *(frame.viewLim.extents for frame in frames)]
    (west, south), (east, north) = np.min(shown, axis=0)[:2], np.max(shown, axis=0)[2:]
    extent = fitted((west, south, east, north), axes)
    axes.set(xlim=extent[::2], ylim=extent[1::2], xticks=[], yticks=[], aspect="equal")
    axes.set_axis_off()
    plain = EMPTY_LOOKS[NOT_COVERED]
    land = Look(plain.fill, line=plain.line, weight=plain.weight)
    _fill(axes, [_country(boundaries)], land)
    outlines = _outlines(boundaries, "overview")
    for look, ids in _looks(dataset, found, view).items():
        if look not in EMPTY_LOOKS.values():
            flat = Look(look.fill, line=look.fill, weight=0.3)
            _fill(axes, [outlines[i] for i in ids], flat)
    for frame in frames:
        (left, right), (low, high) = frame.get_xlim(), frame.get_ylim()
        ink = DRAWING["page"]["ink"]
        box = Rectangle((left, low), right - left, high - low, fill=False, edgecolor=ink)
        box.set_linewidth(0.9)
        axes.add_artist(box)


@cache_on(LEVELS)
def _country(boundaries: BoundarySet) -> Path:
    return _outline(shapely.union_all(_metres(boundaries, "overview").to_numpy()))


@cache_on(LEVELS)
def _metres(boundaries: BoundarySet, detail: str) -> gpd.GeoSeries:
    return boundaries.drawn(detail).geometry.to_crs(CRS_METRES)


def _interesting(found: Coverage, boundaries: BoundarySet, view: View) -> Extent:
    """Return the extent of the covered or selected kommuner, or of the whole country."""
    shapes = _metres(boundaries, "normal")
    inside: Iterable[str] = found.of_view
    if view.fylke:
        inside = (nr for nr, row in found.of_view.items() if row.state != OUTSIDE_VIEW)
    elif view.project or view.hub:
        inside = found.covered_rows
    ids = {i for nr in inside for i in boundaries.shapes_of[nr]} or set(shapes.index)
    west, south, east, north = shapes[sorted(ids)].total_bounds
    return west, south, east, north


def _looks(dataset: Dataset, found: Coverage, view: View) -> dict[Look, list[str]]:
    """Return the shape ids of each look; those with thin outlines first, to be drawn below."""
    colours = project_colours(dataset)
    looks: dict[Look, list[str]] = {}
    for shape_id, numbers in dataset.boundaries(view.year).members.items():
        members = [found.of_view[nr] for nr in numbers]
        look = shape_look(members, view.colour, colours)[1]
        looks.setdefault(look, []).append(shape_id)
    return dict(sorted(looks.items(), key=lambda item: item[0].weight))


@cache_on(LEVELS)
def _outlines(boundaries: BoundarySet, detail: str) -> dict[str, Path]:
    """Return the outline of each shape, by shape_id; every picture of a year draws the same."""
    return {str(i): _outline(shape) for i, shape in _metres(boundaries, detail).items()}


def _outline(shapes: Any) -> Path:
    """Return all rings of a shape, or of an array of them, as one path."""
    polygons = shapely.orient_polygons(shapely.get_parts(shapes))
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(polygons)]
    return Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))


def _near(shapes: gpd.GeoSeries, extent: Extent) -> set[str]:
    """Return the ids of the shapes that may be seen in an extent, some of them outside it."""
    west, south, east, north = extent
    edge = (north - south) / 50  # of lines and marks
    bounds = shapes.bounds
    seen = (bounds["maxx"] > west - edge) & (bounds["minx"] < east + edge)
    seen &= (bounds["maxy"] > south - edge) & (bounds["miny"] < north + edge)
    return set(shapes.index[seen])


def _fill(axes: Axes, outlines: list[Path], look: Look) -> None:
    # add_artist, not add_patch, which would compute data limits that are not needed.
    axes.add_artist(PathPatch(Path.make_compound_path(*outlines), **style_of(look)))


def _cover(axes: Axes, shapes: gpd.GeoSeries, look: Look, pixel: float, extent: Extent) -> None:
    """Lay a look's texture over shapes, within the extent.

    What is cut to a path is not cut to the axes too in SVG; so the path itself ends there.
    """
    if look.pattern == Look.pattern:
        return
    seen = shapely.clip_by_rect(shapes.to_numpy(), *extent)
    area = shapely.multipolygons([one for one in shapely.get_parts(seen) if one.area])
    if area.is_empty:
        return
    patch = PathPatch(_outline(area), transform=axes.transData)
    for artist in texture(look, patch, area, pixel):
        axes.add_artist(artist)
        artist.set_clip_path(patch)


def _neighbours(axes: Axes, extent: Extent) -> None:
    look = DRAWING["neighbours"]
    shown = neighbours().geometry.clip_by_rect(*extent)
    if shown.is_empty.all():
        return
    style = {"facecolor": look["fill"], "edgecolor": look["line"]}
    outline = _outline(shown.to_numpy())
    axes.add_artist(PathPatch(outline, linewidth=look["weight"] * POINTS_PER_PIXEL, **style))


def _marks(axes: Axes, shapes: gpd.GeoSeries, look: Look, tiny: float) -> None:
    """Draw a marker for each kommune that is narrower than `tiny` metres."""
    bounds = shapes.bounds
    widest = np.maximum(bounds["maxx"] - bounds["minx"], bounds["maxy"] - bounds["miny"])
    small = shapes[widest < tiny]
    style = style_of(look)
    inside = small.representative_point()
    axes.scatter(
        inside.x, inside.y, s=26, marker="o", zorder=3,
        facecolor=style["facecolor"], edgecolor=style["edgecolor"], linewidth=0.8,
    )  # fmt: skip


def _counties(axes: Axes, boundaries: BoundarySet, detail: str) -> None:
    look = DRAWING["counties"]
    # One artist: as many as there are lines take longer than everything else in a picture.
    lines = PathPatch(_county_lines(boundaries, detail), fill=False, edgecolor=look["line"])
    lines.set(linewidth=look["print_weight"], zorder=2.5, capstyle="projecting", joinstyle="round")
    axes.add_artist(lines)


@cache_on(LEVELS)
def _county_lines(boundaries: BoundarySet, detail: str) -> Path:
    lines = boundaries.arcs(detail).borders(boundaries.fylke_of)
    return Path.make_compound_path(*map(Path, lines))


def _lines(axes: Axes, dataset: Dataset, found: Coverage, view: View) -> None:
    look = DRAWING["service_lines"]
    for line in service_lines(dataset, found, dataset.boundaries(view.year), view):
        north, east = np.array(line["points"]).T
        style = (0, look["dashes"]) if line["assumed"] else "solid"
        axes.plot(
            east, north, color=look["line"], linewidth=look["print_weight"], linestyle=style,
            zorder=4,
        )  # fmt: skip


def _no_points() -> gpd.GeoSeries:
    return gpd.GeoSeries([], index=[], crs=CRS_METRES)


def _hubs(axes: Axes, dataset: Dataset, found: Coverage) -> gpd.GeoSeries:
    """Draw the hubs in sight; return their points (EPSG:25833), indexed by name."""
    every = seats(dataset, found.serving).values()
    hubs = [one for one in every if axes.viewLim.contains(*one.point[::-1])]
    north, east = np.array([one.point for one in hubs]).reshape(-1, 2).T
    names = [one.name for one in hubs]
    placed = gpd.GeoSeries.from_xy(east, north, index=names, crs=CRS_METRES)
    hollow = np.array([one.guess for one in hubs], dtype=bool)
    for guess, sign in ((False, "hub"), (True, "hub_guess")):
        some, look = placed[hollow == guess], LEGEND_LOOKS[sign]
        axes.scatter(
            some.x, some.y, s=52, marker="D", facecolor=look.fill, edgecolor=look.line,
            linewidth=1.2, zorder=6,
        )  # fmt: skip
    return placed


def _hub_labels(hubs: gpd.GeoSeries) -> list[Label]:
    return [
        Label(shortened(str(name)), point.x, point.y, beside=HUB_RADIUS_POINTS, grow=0.96)
        for name, point in hubs.items()
    ]


def _around_seat(axes: Axes, seat: Any) -> Bbox:
    """Return the box of a seat's sign in pixels."""
    x, y = axes.transData.transform((seat.x, seat.y))
    radius = HUB_RADIUS_POINTS * axes.figure.dpi / 72
    return Bbox.from_extents(x - radius, y - radius, x + radius, y + radius)


def _project_labels(
    dataset: Dataset, found: Coverage, shapes: gpd.GeoSeries, boundaries: BoundarySet, view: View
) -> list[Label]:
    """Return a label for each project, at the middle of what it covers."""
    labels = []
    for project, hue in project_colours(dataset).items():
        covered = found.covered[found.covered[PROJECT_IDS].map(lambda ids: project in ids)]  # noqa: B023
        ids = sorted({i for nr in covered.index for i in boundaries.shapes_of[str(nr)]})
        if ids:
            area = shapely.union_all(shapes[ids].to_numpy())
            middle = area.representative_point()
            name = shortened(str(dataset.project(project)[NAME]))
            colour = shade(hue) if view.colour == "project" else DRAWING["labels"]["fill"]
            own = {"area": area, "outside": True, "bold": True, "colour": colour, "grow": 1.15}
            labels.append(Label(name, middle.x, middle.y, **own))
    return labels


def shade(hue: str) -> str:
    """Return a hue dark enough for text."""
    channels = (int(int(hue[n : n + 2], 16) * TEXT_SHADE) for n in (1, 3, 5))
    return "#" + "".join(f"{channel:02X}" for channel in channels)


def _kommune_labels(
    covered: pd.DataFrame,
    shapes: gpd.GeoSeries,
    boundaries: BoundarySet,
    looks: dict[Look, list[str]],
) -> list[Label]:
    """Return a label per shape of some covered kommuner, the most people covered first."""
    names: dict[str, list[str]] = {}
    ranked = covered.sort_values(POPULATION_COVERED, ascending=False)
    for nr, name in ranked[LABEL].items():
        names.setdefault(boundaries.shapes_of[str(nr)][0], []).append(shortened(str(name)))
    solid = {i for look, ids in looks.items() if look.pattern == Look.pattern for i in ids}
    labels = []
    for shape, together in names.items():
        area = shapes[shape]
        at = area.representative_point()
        text = "/".join(together)
        labels.append(Label(text, at.x, at.y, area=area, solid=shape in solid, bold=True))
    return labels
