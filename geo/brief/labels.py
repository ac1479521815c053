"""Place map labels beside what they name: none over another, over a sign, or outside the frame.

Each label has candidate places, inside its area or around its point, with a cost: off its own
area, on somebody else's, nearer to another sign than to its own, far enough to need a leader line.
The cheapest combination is sought by changing one label at a time, from several starts that are
always the same. What cannot be placed is left out, the last in the list first.
"""

import math
import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.transforms import Bbox

from geo.base.look_data import DRAWING
from geo.brief.typeface import font, width

HUB_RADIUS_POINTS = 5.0
MOST = 90  # labels in a picture; of a programme with more the first are tried
FARTHEST = 1.7  # times the text's height, from what is named to the label
_STEPS = (0.0, 0.55, 1.1, FARTHEST)
_LEADER_FROM = 0.7  # times the text's height
_TURNS = 16
_INSIDE = 6  # points of a grid over an area, each way
_STARTS, _ROUNDS = 12, 14
_PAD = 0.14  # of the size of the letters, at both ends of a text
_LINE = 1.38  # of the size of the letters: a line with its ground
_COLLISION = 60.0


# Labels that must be there, those that are welcome where there is room, signs without a text.
FIRST, WELCOME, SIGN = range(3)


@dataclass(frozen=True)
class Label:
    """A text and the point it names, in data coordinates.

    `beside` is the radius, in points, of a sign at the point. Without one, `area` is the shape that
    the text names and may stand in, `solid` says that it is filled with a dark colour, `outside`
    that the text stands around it and not in it.
    """

    text: str
    x: float
    y: float
    beside: float = 0.0
    area: Any = None
    solid: bool = False
    outside: bool = False
    bold: bool = False
    colour: str = DRAWING["labels"]["fill"]
    grow: float = 1.0  # of the size of the others
    rank: int = FIRST


@dataclass(frozen=True)
class Placed:
    """A label with its box in pixels, its distance from what it names in heights of its text."""

    label: Label
    box: Bbox
    distance: float
    within: bool


@dataclass(frozen=True)
class _Candidates:
    """The candidate places of all labels: one row each."""

    owner: np.ndarray
    boxes: np.ndarray  # west, south, east, north in pixels
    cost: np.ndarray
    distance: np.ndarray
    within: np.ndarray


def place(axes: Axes, wanted: list[Label], size: float, taken: list[Bbox]) -> list[Placed]:
    """Draw as many labels as fit, and return them with their places.

    `size` is in points; `taken` are boxes in pixels that labels must avoid, besides all signs.
    """
    taken = taken + [_sign_box(axes, label) for label in wanted if label.beside]
    placed: list[Placed] = []
    for rank in (FIRST, WELCOME):
        ours = [label for label in wanted if label.rank == rank][:MOST]
        placed += _place(axes, ours, size, taken + [one.box for one in placed])
    return placed


def _place(axes: Axes, wanted: list[Label], size: float, taken: list[Bbox]) -> list[Placed]:
    frame = axes.get_window_extent()
    wanted = [label for label in wanted if frame.contains(*_in_pixels(axes, label))]
    found = _candidates(axes, wanted, size, taken)
    chosen = _best(found, len(wanted)) if len(found.owner) else {}
    placed = [
        Placed(
            wanted[n],
            Bbox.from_extents(*found.boxes[row]),
            float(found.distance[row]),
            bool(found.within[row]),
        )
        for n, row in sorted(chosen.items())
    ]
    for one in placed:
        _draw(axes, one, size)
    return placed


def _best(found: _Candidates, labels: int) -> dict[int, int]:
    """Return the row of each label that can be placed, by its number."""
    clash = _clashes(found)
    rows = [np.flatnonzero(found.owner == n) for n in range(labels)]
    numbers = [n for n in range(labels) if len(rows[n])]
    dice = random.Random(1)  # noqa: S311 - the same picture each time, not a secret
    best, least = dict[int, int](), math.inf
    for start in range(_STARTS):
        order = sorted(numbers, key=lambda n: len(rows[n]))
        if start:
            dice.shuffle(order)
        state = _descend(found, clash, rows, order)
        total = _total(found, clash, state)
        if total < least - 1e-9:
            best, least = state, total
    return _without_clashes(clash, best)


def _descend(
    found: _Candidates, clash: np.ndarray, rows: list[np.ndarray], order: list[int]
) -> dict[int, int]:
    """Place one label after the other, then improve each until none gets better."""
    crowd = np.zeros(len(found.owner))
    state: dict[int, int] = {}
    for _ in range(_ROUNDS):
        before = dict(state)
        for n in order:
            if n in state:
                crowd -= clash[state[n]]
            costs = found.cost[rows[n]] + _COLLISION * crowd[rows[n]]
            state[n] = int(rows[n][np.argmin(costs)])
            crowd += clash[state[n]]
        if state == before:
            break
    return state


def _total(found: _Candidates, clash: np.ndarray, state: dict[int, int]) -> float:
    chosen = np.array(list(state.values()))
    collisions = clash[np.ix_(chosen, chosen)].sum() / 2
    return float(found.cost[chosen].sum() + _COLLISION * collisions)


def _without_clashes(clash: np.ndarray, state: dict[int, int]) -> dict[int, int]:
    kept: dict[int, int] = {}
    for n, row in sorted(state.items()):
        if not any(clash[row, other] for other in kept.values()):
            kept[n] = row
    return kept


def _clashes(found: _Candidates) -> np.ndarray:
    """Return which candidates of different labels overlap, as numbers."""
    west, south, east, north = found.boxes.T
    over = (
        (west[:, None] < east)
        & (west < east[:, None])
        & (south[:, None] < north)
        & (south < north[:, None])
    )
    clash: np.ndarray = (over & (found.owner[:, None] != found.owner)).astype(np.int8)
    return clash


def _candidates(axes: Axes, wanted: list[Label], size: float, taken: list[Bbox]) -> _Candidates:
    signs = np.array([_in_pixels(axes, one) for one in wanted]).reshape(-1, 2)
    areas = [_area(axes, one) for one in wanted]
    given: dict[str, Any] = {"size": size, "signs": signs, "areas": areas}
    parts = [_of_label(axes, wanted, n, **given) for n in range(len(wanted))]
    owner = np.repeat(np.arange(len(wanted)), [len(part[0]) for part in parts])
    boxes = np.concatenate([part[0] for part in parts] or [np.empty((0, 4))])
    cost, distance, within = (
        np.concatenate([part[place] for part in parts] or [np.empty(0)]) for place in (1, 2, 3)
    )
    free = _free(axes, boxes, taken)
    return _Candidates(owner[free], boxes[free], cost[free], distance[free], within[free])


def _free(axes: Axes, boxes: np.ndarray, taken: list[Bbox]) -> np.ndarray:
    """Return which boxes are inside the frame and overlap nothing that is taken."""
    frame = axes.get_window_extent()
    west, south, east, north = boxes.T
    edge = _pixels(axes, 2)
    free = (west >= frame.x0 + edge) & (east <= frame.x1 - edge)
    free &= (south >= frame.y0 + edge) & (north <= frame.y1 - edge)
    for box in taken:
        free &= ~((west < box.x1) & (east > box.x0) & (south < box.y1) & (north > box.y0))
    return np.asarray(free)


def _of_label(
    axes: Axes,
    wanted: list[Label],
    n: int,
    *,
    size: float,
    signs: Any,
    areas: Any,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return boxes, costs, distances and whether they are within its area, of one label."""
    label = wanted[n]
    high = _pixels(axes, size * label.grow)  # whatever letters it has
    wide = width(label.text, bold=label.bold) * high
    wide, high = wide + 2 * _PAD * high, high * _LINE
    around, far = _around(signs[n], wide, high, _pixels(axes, label.beside))
    if label.outside:
        return _off_area(areas[n], wide, high, areas)
    inside = _grid(areas[n])
    centres = np.concatenate([inside, around])
    half = np.array([wide / 2, high / 2])
    boxes = np.concatenate([centres - half, centres + half], axis=1)
    drawn = shapely.box(*boxes.T)
    own = _share(drawn, areas[n])
    within = own > 0.97
    steps = np.concatenate([np.zeros(len(inside)), far])
    cost = np.where(
        np.arange(len(boxes)) < len(inside),
        0.3 + 2.2 * (1 - own) + 0.3 * np.hypot(*(centres - signs[n]).T) / max(wide, high),
        (0.4 if label.beside else 1.4) + 0.7 * steps + 1.2 * (steps > _LEADER_FROM),
    )
    cost += _preferred(centres - signs[n], inside=len(inside))
    for m, other in enumerate(areas):
        if m != n and other is not None:
            cost += 2.5 * _share(drawn, other)
    beside = [m for m in range(len(wanted)) if m != n and wanted[m].beside]
    if beside:
        mine = shapely.distance(drawn, shapely.Point(*signs[n]))
        others = shapely.distance(drawn[:, None], shapely.points(signs[beside]))
        cost += 2.2 * (others.min(axis=1) < mine)
    return boxes, cost, steps, within


def _off_area(
    area: Any, wide: float, high: float, areas: list[Any]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the places of a label that stands around its area, as `_of_label` does."""
    hull = area.convex_hull
    middle = np.array([hull.centroid.x, hull.centroid.y])
    centres, steps = [], []
    for turn in np.arange(2 * _TURNS) * math.pi / _TURNS:
        way = np.array([math.cos(turn), math.sin(turn)])
        out = middle + way * (hull.length + wide)
        x, y = shapely.LineString([middle, out]).intersection(hull.exterior).coords[0]
        for step in _STEPS[:3]:
            gap = (0.25 + step) * high
            centres.append(np.array([x, y]) + way * (np.array([wide / 2, high / 2]) + gap))
            steps.append(step)
    half = np.array([wide / 2, high / 2])
    boxes = np.concatenate([np.array(centres) - half, np.array(centres) + half], axis=1)
    drawn = shapely.box(*boxes.T)
    distance = np.asarray(shapely.distance(drawn, area)) / high
    cost = 1.0 + np.array(steps)
    for other in areas:
        if other is not None:
            cost += 6 * _share(drawn, other)
    near = distance <= 2
    return boxes[near], cost[near], distance[near], np.zeros(near.sum(), dtype=bool)


def _preferred(step: np.ndarray, *, inside: int) -> np.ndarray:
    """Return a small cost of where a text stands around its point: best to the right of it."""
    turn = np.arctan2(step[:, 1], step[:, 0])
    cost = 0.12 * np.abs(turn) / math.pi + 0.25 * np.abs(np.sin(turn)) * np.abs(np.cos(turn))
    cost[:inside] = 0
    return np.asarray(cost)


def _around(
    point: np.ndarray, wide: float, high: float, radius: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return centres of boxes around a point, and how far each is, in heights of the text."""
    turns = np.arange(_TURNS) * 2 * math.pi / _TURNS
    centres, far = [], []
    for step in _STEPS:
        gap = radius + 0.12 * high + step * high
        x = np.cos(turns) * (wide / 2 + gap)
        y = np.sin(turns) * (high / 2 + gap)
        centres.append(point + np.stack([x, y], axis=1))
        # From the sign's edge to the nearest edge of the box.
        away = np.hypot(np.maximum(np.abs(x) - wide / 2, 0), np.maximum(np.abs(y) - high / 2, 0))
        far.append(np.maximum(away - radius, 0) / high)
    return np.concatenate(centres), np.concatenate(far)


def _grid(area: Any) -> np.ndarray:
    """Return points of a grid inside an area, in pixels."""
    if area is None:
        return np.empty((0, 2))
    west, south, east, north = area.bounds
    steps = (np.arange(_INSIDE) + 0.5) / _INSIDE
    x, y = np.meshgrid(west + steps * (east - west), south + steps * (north - south))
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    shapely.prepare(area)
    return np.asarray(points[shapely.contains_xy(area, points)])


def _share(boxes: np.ndarray, area: Any) -> np.ndarray:
    """Return which share of each box lies in an area."""
    if area is None or not _meet(shapely.total_bounds(boxes), area.bounds):
        return np.zeros(len(boxes))
    shapely.prepare(area)
    share = np.asarray(shapely.contains(area, boxes), dtype=float)
    # Cutting takes far longer than asking, and most boxes are wholly inside or outside.
    cut = shapely.intersects(area, boxes) & (share == 0)
    share[cut] = shapely.area(shapely.intersection(boxes[cut], area)) / shapely.area(boxes[cut])
    return share


def _meet(one: Any, other: Any) -> bool:
    """Return whether two boxes overlap: west, south, east, north."""
    return bool(one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3])


def _area(axes: Axes, label: Label) -> Any:
    """Return the largest part of a label's area in pixels, coarsely; None if it has no area."""
    if label.area is None:
        return None
    parts = shapely.get_parts(label.area)
    largest = label.area if label.outside else max(parts, key=shapely.area)
    moved = shapely.transform(largest, axes.transData.transform)
    return shapely.make_valid(moved.simplify(_pixels(axes, 0.7)))


def _in_pixels(axes: Axes, label: Label) -> tuple[float, float]:
    x, y = axes.transData.transform((label.x, label.y))
    return float(x), float(y)


def _figure(axes: Axes) -> Figure:
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes stand in no figure")
    return figure


def _sign_box(axes: Axes, label: Label) -> Bbox:
    x, y = _in_pixels(axes, label)
    radius = _pixels(axes, label.beside)
    return Bbox.from_bounds(x - radius, y - radius, 2 * radius, 2 * radius)


def _pixels(axes: Axes, points: float) -> float:
    return points * _figure(axes).dpi / 72


def _font(label: Label, size: float) -> FontProperties:
    return font(size * label.grow, bold=label.bold)


def _draw(axes: Axes, one: Placed, size: float) -> None:
    label, box = one.label, one.box
    x, y = axes.transData.inverted().transform(((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
    bare = label.solid and one.within
    halo = DRAWING["labels"]["halo"]
    chip = {"facecolor": halo, "alpha": 0.88, "edgecolor": "none", "boxstyle": "round,pad=0.03"}
    axes.text(
        x, y, label.text, ha="center", va="center", fontproperties=_font(label, size),
        color=halo if bare else label.colour, zorder=8, parse_math=False,
        bbox=None if bare else chip,
    )  # fmt: skip
    if one.distance > _LEADER_FROM and not label.outside:
        _tie(axes, label, box)


def _tie(axes: Axes, label: Label, box: Bbox) -> None:
    """Draw a leader line from what a label names to its edge."""
    x, y = _in_pixels(axes, label)
    near = min(max(x, box.x0), box.x1), min(max(y, box.y0), box.y1)
    ends = axes.transData.inverted().transform([(x, y), near])
    axes.plot(*ends.T, color=DRAWING["labels"]["tie"], linewidth=0.8, zorder=4.9)
    if not label.beside:
        axes.plot(*ends[0], "o", markersize=2.4, color=DRAWING["labels"]["tie"], zorder=4.9)
