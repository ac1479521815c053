"""Still maps: a part of the country as an SVG that needs no script.

The shapes, looks and marks are those of the map; EPSG:25833, north up.
"""

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
import shapely

from geo import columns as c
from geo.base.cache import LEVELS, NUMBERS, VIEW_TABLES, cache_on
from geo.base.look_data import DRAWING
from geo.coverage.dataset import Dataset
from geo.coverage.hub_seats import seats
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.places import embedded
from geo.places.boundaries import BoundarySet
from geo.report.looks import (
    LEGEND_LOOKS,
    Look,
    kommune_look,
    project_colours,
    shape_look,
)
from geo.report.wording import shortened
from geo.settings import CRS_METRES
from geo.webmap.marks import Mark, marks
from geo.webmap.swatches import paint, pattern, svg

_EDGE, _COAST = "#B3BCC2", DRAWING["marks"]["line"]
_PAPER, _CHOSEN = DRAWING["paper"], DRAWING["plain"]["line"]
_SEAT: str = DRAWING["hub"]["fill"]
_MARGIN = 6  # pixels around the frame: lines of what is cut off stay out of sight
_OVERVIEW = 450  # metres per pixel from which the coarse shapes do
_MARKS_FROM: float = DRAWING["marks"]["from"]


class Frame(NamedTuple):
    """What a map shows: its middle (metres, EPSG:25833), metres per pixel, size in pixels."""

    east: float
    north: float
    scale: float
    wide: int
    high: int

    def box(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north in metres, with a margin."""
        x, y = ((side / 2 + _MARGIN) * self.scale for side in (self.wide, self.high))
        return self.east - x, self.north - y, self.east + x, self.north + y

    def place(self, east: float, north: float) -> tuple[float, float]:
        """Return where a point is drawn, in pixels."""
        x = (east - self.east) / self.scale + self.wide / 2
        return x, self.high / 2 - (north - self.north) / self.scale

    def holds(self, east: float, north: float) -> bool:
        """Return whether a point is inside."""
        x, y = self.place(east, north)
        return 0 <= x <= self.wide and 0 <= y <= self.high


class Sign(NamedTuple):
    """A hub's seat: north, east in metres, its name, and whether the place is a guess."""

    point: tuple[int, int]
    name: str
    guess: bool


@dataclass(frozen=True, eq=False)
class Scene:
    """What a view puts on the map, whatever part of it is shown."""

    drawn: BoundarySet
    looks: dict[str, Look]  # by shape_id
    marks: tuple[Mark, ...]
    colours: dict[str, str]
    hubs: tuple[Sign, ...]
    mode: str


@cache_on(VIEW_TABLES)
def scene(dataset: Dataset, view: View) -> Scene:
    """Return what a view looks like on the map."""
    found, drawn = coverage(dataset, view), dataset.boundaries(view.year)
    colours = dict(project_colours(dataset))
    looks = {
        i: shape_look([found.of_view[nr] for nr in numbers], view.colour, colours)[1]
        for i, numbers in drawn.members.items()
    }
    hubs = seats(dataset, found.serving).values()
    return Scene(
        drawn,
        looks,
        tuple(marks(dataset, found, view)),
        colours,
        tuple(Sign(one.point, shortened(one.name), one.guess) for one in hubs),
        view.colour,
    )


@dataclass(frozen=True, eq=False)
class _Ground:
    ids: tuple[str, ...]
    shapes: Any  # geometries in metres
    tree: shapely.STRtree


@cache_on(LEVELS)
def _ground(drawn: BoundarySet, detail: str) -> _Ground:
    metres = drawn.drawn(detail).to_crs(CRS_METRES)
    shapes = metres.geometry.to_numpy()
    return _Ground(tuple(map(str, metres.index)), shapes, shapely.STRtree(shapes))


def around(drawn: BoundarySet, shape_ids: Iterable[str], size: tuple[int, int], fill: float,
           scales: tuple[float, float]) -> Frame:  # fmt: skip
    """Return the frame around some shapes, of which they take up to `fill` of each side.

    `scales` are the least and the most metres per pixel.
    """
    places = [drawn.places[i] for i in shape_ids]
    west, south = min(p.west for p in places), min(p.south for p in places)
    east, north = max(p.east for p in places), max(p.north for p in places)
    wide, high = size
    scale = max((east - west) / (wide * fill), (north - south) / (high * fill))
    least, most = scales
    return Frame((west + east) / 2, (south + north) / 2, min(max(scale, least), most), wide, high)


def shown(found: Scene, frame: Frame) -> list[Look]:
    """Return the looks of the shapes and marks in a frame, and those of seats."""
    ground = _ground(found.drawn, _detail(frame))
    looks = [found.looks[ground.ids[n]] for n in _inside(ground, frame)]
    looks += [kommune_look(m.member, found.mode, found.colours) for m in _marked(found, frame)]
    seats = [one.guess for one in found.hubs if frame.holds(one.point[1], one.point[0])]
    looks += [LEGEND_LOOKS["hub_guess" if guess else "hub"] for guess in sorted(seats)]
    return list(dict.fromkeys(looks))


def _detail(frame: Frame) -> str:
    return "overview" if frame.scale >= _OVERVIEW else "normal"


def _inside(ground: _Ground, frame: Frame) -> list[int]:
    box = shapely.box(*frame.box())
    return sorted(ground.tree.query(box, predicate="intersects").tolist())


def still(found: Scene, frame: Frame, name: str = "", chosen: Iterable[str] = ()) -> str:
    """Return the part of a scene that a frame shows; `chosen` are shape_ids to be outlined."""
    ground = _ground(found.drawn, _detail(frame))
    inside = _inside(ground, frame)
    cut = shapely.clip_by_rect(ground.shapes[inside], *frame.box())
    paths = {ground.ids[n]: _path(shape, frame) for n, shape in zip(inside, cut, strict=True)}
    parts = [
        f'<rect width="{frame.wide}" height="{frame.high}" fill="{DRAWING["sea"]}"/>',
        _neighbours(frame),
        *_shapes(found, paths),
        *(_outline(paths[i]) for i in chosen if i in paths),
        *_marks(found, frame),
        *_seats(found, frame),
    ]
    return svg("".join(parts), frame.wide, frame.high, name)


def _neighbours(frame: Frame) -> str:
    cut = shapely.clip_by_rect(_around_us(), *frame.box())
    path = "".join(_path(shape, frame) for shape in cut)
    look = DRAWING["neighbours"]
    return f'<path d="{path}" fill="{look["fill"]}" stroke="{look["line"]}"/>' if path else ""


@cache
def _around_us() -> Any:
    return embedded.neighbours().geometry.to_numpy()


def _shapes(found: Scene, paths: dict[str, str]) -> Iterator[str]:
    """Yield the shapes, those of one look together, the empty ones first."""
    groups: dict[Look, list[str]] = {}
    for shape_id, path in paths.items():
        if path:
            groups.setdefault(found.looks[shape_id], []).append(path)
    hues = set(found.colours.values())
    for look, own in sorted(groups.items(), key=lambda one: one[0].fill in hues):
        line = look.line if look.fill in hues and look.line != look.fill else _EDGE
        line = look.fill if look.line == look.fill else line
        if look.pattern == "solid" and look.fill in hues:
            line = _PAPER  # between two solid ones
        dashes = ' stroke-dasharray="3 2"' if look.dashed else ""
        width = max(look.weight, 0.6)
        yield (
            f'{pattern(look)}<path d="{"".join(own)}" fill="{paint(look)}" stroke="{line}" '
            f'stroke-width="{width:g}" stroke-linejoin="round"{dashes}/>'
        )


def _outline(path: str) -> str:
    face = 'fill="none" stroke-linejoin="round"'
    return (
        f'<path d="{path}" {face} stroke="{_PAPER}" stroke-width="5" stroke-opacity=".8"/>'
        f'<path d="{path}" {face} stroke="{_CHOSEN}" stroke-width="2.4"/>'
    )


def _marks(found: Scene, frame: Frame) -> Iterator[str]:
    radius = 7 if frame.scale < _OVERVIEW else 5
    for mark in _marked(found, frame):
        north, east = mark.point
        look = kommune_look(mark.member, found.mode, found.colours)
        x, y = frame.place(east, north)
        line = look.fill if look.fill in found.colours.values() else DRAWING["marks"]["line"]
        asked = "sign" in DRAWING["patterns"].get(look.pattern, {})  # too wide a texture for a mark
        fill = DRAWING["paper"] if asked else paint(look)
        dashes = ' stroke-dasharray="2 2"' if look.dashed else ""
        yield (
            f'{pattern(look)}<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius + 1.8}" fill="{_PAPER}"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" '
            f'stroke="{line}" stroke-width="1.6"{dashes}/>'
        )
        if asked:
            yield (
                f'<text x="{x:.1f}" y="{y + 3.8:.1f}" font-size="10.5" font-weight="600" '
                f'text-anchor="middle" fill="{look.fill}">?</text>'
            )


def _marked(found: Scene, frame: Frame) -> list[Mark]:
    if frame.scale > _MARKS_FROM:
        return []
    return [mark for mark in found.marks if frame.holds(mark.point[1], mark.point[0])]


def _seats(found: Scene, frame: Frame) -> Iterator[str]:
    for sign in found.hubs:
        north, east = sign.point
        if not frame.holds(east, north):
            continue
        x, y = frame.place(east, north)
        fill, line = (_PAPER, _SEAT) if sign.guess else (_SEAT, _PAPER)
        yield (
            f'<path d="M{x:.1f} {y - 7:.1f}l7 7l-7 7l-7-7z" fill="{fill}" stroke="{line}" '
            'stroke-width="1.4"/>'
        )


def _path(shape: Any, frame: Frame) -> str:
    """Return the rings of a shape on a grid of half pixels, as a path."""
    if shape.is_empty:
        return ""
    rings = shapely.get_rings(shapely.get_parts(shape))
    if not len(rings):
        return ""
    metres, of_ring = shapely.get_coordinates(rings, return_index=True)
    x, y = frame.place(metres[:, 0], metres[:, 1])
    halves = np.column_stack([np.round(x * 2), np.round(y * 2)]).astype(int)
    ends = np.searchsorted(of_ring, np.arange(1, len(rings)))
    return "".join(map(_ring, np.split(halves, ends)))


def _ring(halves: Any) -> str:
    """Return a ring as steps; "" if nothing of it is left."""
    moves = np.diff(halves, axis=0)
    moves = moves[moves.any(axis=1)][:-1]
    if len(moves) < 2:
        return ""
    steps = " ".join([f"{_half(x)} {_half(y)}" for x, y in moves.tolist()])
    first = halves[0].tolist()
    return f"M{_half(first[0])} {_half(first[1])}l{steps}z"


@lru_cache(NUMBERS.most)
def _half(twice: int) -> str:
    return f"{twice / 2:g}"


# -- names ------------------------------------------------------------------------------------

_LETTER, _LINE = 7.0, 17  # pixels of a name of 13 pixels
CHOSEN, HUB, NEAR = "chosen", "hub", "near"


class Name(NamedTuple):
    """A name on a map: its kind, where, and how its text is anchored."""

    kind: str
    x: float
    y: float
    text: str
    anchor: str = "middle"


def names(
    found: Scene, frame: Frame, chosen: Iterable[str], called: str = "", most: int = 40
) -> list[Name]:
    """Return the names that have room: the chosen shapes, seats, then the others by size.

    `called` is the one kommune that is chosen, where its shapes stand for others too.
    """
    taken: list[tuple[float, float, float, float]] = []
    kept: list[Name] = []
    own = set(chosen)
    for one in _candidates(found, frame, own, called):
        box = _box(one)
        fits = box[0] >= 2 and box[2] <= frame.wide - 2 and box[1] >= 2 and box[3] <= frame.high - 2
        free = all(box[2] < t[0] or t[2] < box[0] or box[3] < t[1] or t[3] < box[1] for t in taken)
        if one.kind == CHOSEN or (fits and free and len(kept) < most):
            kept.append(one)
            taken.append(box)
    return kept


def _candidates(found: Scene, frame: Frame, own: set[str], called: str) -> Iterator[Name]:
    labelled = _labelled(found.drawn)

    def named(shape_id: str, kind: str) -> Iterator[Name]:
        north, east = found.drawn.places[shape_id].inside
        if frame.holds(east, north):
            yield Name(kind, *frame.place(east, north), labelled[shape_id])

    marked = [one for one in found.marks if called and one.kommunenr == called and not one.part]
    for mark in marked:
        x, y = frame.place(mark.point[1], mark.point[0])
        yield Name(CHOSEN, x + 13, y + 5.5, mark.name, "start")
    for shape_id in () if marked else sorted(own):
        yield from named(shape_id, CHOSEN)
    for sign in found.hubs:
        north, east = sign.point
        if frame.holds(east, north):
            x, y = frame.place(east, north)
            yield Name(HUB, x + 11, y + 4.5, sign.name, "start")
    for shape_id, label in labelled.items():
        # Marks stand for those of several kommuner.
        if shape_id not in own and " + " not in label:
            yield from named(shape_id, NEAR)


@cache_on(LEVELS)
def _labelled(drawn: BoundarySet) -> dict[str, str]:
    """Return what each shape is called, the large ones first."""

    def size(shape_id: str) -> float:
        place = drawn.places[shape_id]
        return (place.east - place.west) * (place.north - place.south)

    labels = {str(i): shortened(str(name)) for i, name in drawn.shapes[c.LABEL].items()}
    return {i: labels[i] for i in sorted(labels, key=size, reverse=True)}


def _box(name: Name) -> tuple[float, float, float, float]:
    wide = len(name.text) * _LETTER
    left = name.x - wide / 2 if name.anchor == "middle" else name.x
    return left - 2, name.y - _LINE + 4, left + wide + 2, name.y + 5


def lettering(found: Iterable[Name]) -> str:
    """Return names as SVG text, of classes by their kind."""
    return "".join(
        f'<text class="{one.kind}" x="{one.x:.1f}" y="{one.y:.1f}" text-anchor="{one.anchor}">'
        f"{html.escape(one.text)}</text>"
        for one in found
    )
