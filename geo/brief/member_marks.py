"""Draws the marks of geo.webmap.marks in a picture, as map.js draws them in the browser."""

import math

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from geo.base.look_data import DRAWING
from geo.brief.labels import FIRST, SIGN, WELCOME, Label
from geo.brief.textures import POINTS_PER_PIXEL, style_of, texture
from geo.columns import COVERED_STATES, NO_SOURCE
from geo.coverage.dataset import Dataset
from geo.coverage.join import Coverage
from geo.coverage.view import View
from geo.report.looks import Look, kommune_look, project_colours
from geo.webmap.marks import Mark, marks

_LOOK = DRAWING["marks"]
_ROUNDS = 12  # of pushing marks apart
# A mark is named if one on its shape is of such a kommune.
_NAMED = {*COVERED_STATES, NO_SOURCE}


def draw_marks(
    axes: Axes, dataset: Dataset, found: Coverage, view: View, *, pixel: float, seats: gpd.GeoSeries
) -> tuple[list[Label], set[str]]:
    """Draw a view's marks, if one pixel of the browser's is few enough metres.

    `seats` are points (EPSG:25833) that marks keep off. Returns the marks' labels, those of covered
    kommuner first, and the kommunenr of the kommuner that have marks of their own. Raises
    UnknownYear if the view's year is not a structure year.
    """
    dataset.require(view.year)
    if pixel > _LOOK["from"]:
        return [], set()
    wanted = sorted(marks(dataset, found, view), key=lambda mark: not mark.member.covered)
    marked = {mark.kommunenr for mark in wanted if not mark.part}
    radius = min(_LOOK["most"], _LOOK["least"] + math.log2(_LOOK["from"] / pixel) * _LOOK["growth"])
    points = spread(
        _metres(wanted), (2 * radius + _LOOK["gap"]) * pixel,
        shapely.get_coordinates(seats.to_numpy()), (radius + _LOOK["off_seats"]) * pixel,
    )  # fmt: skip
    colours = project_colours(dataset)
    named = {i for mark in wanted if mark.member.state in _NAMED for i in mark.shape_ids}
    labels = []
    for mark, (x, y) in zip(wanted, points.tolist(), strict=True):
        if not axes.viewLim.contains(x, y):
            continue
        _draw(axes, (x, y), radius, kommune_look(mark.member, view.colour, colours), pixel)
        rank = FIRST if mark.member.covered else WELCOME
        if named.isdisjoint(mark.shape_ids):
            rank = SIGN
        labels.append(Label(mark.name, x, y, beside=radius * POINTS_PER_PIXEL, rank=rank))
    return labels, marked


def _metres(wanted: list[Mark]) -> np.ndarray:
    """Return rows of x, y (EPSG:25833)."""
    return np.array([mark.point[::-1] for mark in wanted], dtype=float).reshape(-1, 2)


def spread(points: np.ndarray, gap: float, fixed: np.ndarray, off: float) -> np.ndarray:
    """Return points (rows of x, y) at least `gap` from each other and `off` from fixed ones.

    Nearly: they are pushed apart a few times, each as little as it takes.
    """
    moved = points.copy()
    for _ in range(_ROUNDS):
        for place in range(len(moved)):
            for seat in fixed:
                moved[place] += _away(moved[place], seat, off)
            for other in range(place):
                half = _away(moved[place], moved[other], gap) / 2
                moved[place] += half
                moved[other] -= half
    return moved


def _away(point: np.ndarray, other: np.ndarray, least: float) -> np.ndarray:
    step = point - other
    far = math.hypot(*step)
    if far >= least:
        return np.zeros(2)
    return step * (least - far) / far if far else np.array([least, 0.0])


def _draw(axes: Axes, at: tuple[float, float], radius: float, look: Look, pixel: float) -> None:
    collar = Circle(at, (radius + _LOOK["collar"]) * pixel, color=DRAWING["paper"], linewidth=0)
    hue = look.fill if look.pattern != Look.pattern or look.line == DRAWING["paper"] else None
    style = style_of(look) | {
        "edgecolor": hue or _LOOK["line"],
        "linewidth": _LOOK["weight"] * POINTS_PER_PIXEL,
        "linestyle": (0, _LOOK["dashes"]) if look.dashed else "solid",
    }
    circle = Circle(at, radius * pixel, **style)
    for patch in (collar, circle):
        patch.set_zorder(5)
        axes.add_artist(patch)
    area = shapely.Point(at).buffer(radius * pixel)
    for artist in texture(look, circle, area, pixel, at):
        axes.add_artist(artist)
        artist.set_clip_path(circle)
