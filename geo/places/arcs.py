"""Shapes as arcs on a grid of metres: the form in which the browser gets them.

A border that two shapes share is an arc of its own and sent once (the idea of TopoJSON,
https://github.com/topojson/topojson-specification). `webmap/assets/ground.js` reads what `packed`
writes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import shapely

from geo.columns import NAME

Line: TypeAlias = np.ndarray[Any, Any]  # whole steps east and north, shape (n, 2)
Rings: TypeAlias = list[list[int]]  # of a polygon, the outer one first: arcs, ~n if backwards

STEPS: Mapping[str, int] = {"overview": 100, "normal": 20, "fine": 10}  # metres, by detail
# Signs of one byte that JSON does not escape: half of them end a number, half say that it goes on.
_FIRST_SIGN, _HALF, _MOST_DIGITS = ord("$"), 28, 6


@dataclass(frozen=True, eq=False)
class Arcs:
    """Polygons made of arcs that neighbours share, in steps of `step` metres (EPSG:25833)."""

    step: int
    lines: tuple[Line, ...]
    shapes: Mapping[str, list[Rings]]  # polygons by shape_id
    names: Mapping[str, str]

    def borders(self, groups: Mapping[str, str]) -> list[Line]:
        """Return the arcs between shapes of different groups, in metres.

        `groups` maps each shape_id to its group, for example its fylke.
        """
        beside: list[set[str]] = [set() for _ in self.lines]
        for shape_id, polygons in self.shapes.items():
            for arc in _each(polygons):
                beside[max(arc, ~arc)].add(groups[shape_id])
        found = zip(self.lines, beside, strict=True)
        return [line * self.step for line, sides in found if len(sides) > 1]


def arcs(shapes: gpd.GeoDataFrame, step: int) -> Arcs:
    """Cut shapes into arcs on a grid of `step` metres.

    `shapes` has name and geometry in EPSG:25833, indexed by shape_id. Rings that fall together on
    the grid are left out; a shape of which nothing would be left becomes one square of the grid.
    """
    polygons, of_shape = shapely.get_parts(shapes.geometry.to_numpy(), return_index=True)
    rings, of_polygon = shapely.get_rings(polygons, return_index=True)
    points, drawn = _on_grid(rings, step)
    outer = np.unique(of_polygon, return_index=True)[1].tolist()
    kept: list[dict[int, list[Line]]] = [{} for _ in range(len(shapes))]
    for ring, polygon in zip(drawn, of_polygon.tolist(), strict=True):
        if ring is not None and drawn[outer[polygon]] is not None:
            kept[of_shape[polygon]].setdefault(polygon, []).append(ring)
    cutter = _Cutter(points, [ring for own in kept for rings in own.values() for ring in rings])
    found = {
        str(shape_id): [[cutter.cut(ring) for ring in rings] for rings in own.values()]
        or [[[cutter.add(_square(inside, step))]]]
        for shape_id, own, inside in zip(
            shapes.index, kept, shapes.geometry.representative_point(), strict=True
        )
    }
    names = {str(i): str(name) for i, name in shapes[NAME].items()}
    return Arcs(step, tuple(cutter.lines), found, names)


def _on_grid(rings: Any, step: int) -> tuple[Line, list[Line | None]]:
    """Return the points of the grid that rings use, and each ring as places in them; None if flat.

    The rings are not closed: the first point does not stand again at the end.
    """
    metres, of_ring = shapely.get_coordinates(rings, return_index=True)
    points, places = _pairs(np.round(metres / step).astype(int))
    ends = np.searchsorted(of_ring, np.arange(1, len(rings)))
    return points, [_without_spikes(ring[:-1]) for ring in np.split(places, ends)]


def _pairs(given: Line) -> tuple[Line, Any]:
    """Return the different pairs of numbers in order, and where each given one is among them.

    As numpy.unique does with axis=0, which compares bytes and takes several times as long.
    """
    if not len(given):
        return given, np.empty(0, dtype=int)
    least = given.min(axis=0)
    width = given[:, 1].max() - least[1] + 1
    first, second = (given - least).T
    keys, places = np.unique(first * width + second, return_inverse=True)
    return np.stack(np.divmod(keys, width), axis=1) + least, places


def _without_spikes(ring: Line) -> Line | None:
    """Leave out points that repeat the one before, and where the ring turns back on itself."""
    while len(ring) > 2:  # two points have no area
        before, after = _turned(ring, -1), _turned(ring, 1)
        bad = ring == before
        if not bad.any():
            bad = before == after
            bad[np.flatnonzero(bad)[1:]] = False  # the next may be none without this one
        if not bad.any():
            return ring
        ring = ring[~bad]
    return None


class _Cutter:
    """Cuts rings at the points where more than two borders meet; the same border is one arc."""

    def __init__(self, points: Line, rings: list[Line]) -> None:
        self._points = points
        self._meeting = _meeting(rings, len(points))
        self._known: dict[bytes, tuple[int, bool]] = {}
        self.lines: list[Line] = []

    def cut(self, ring: Line) -> list[int]:
        """Return the arcs of a ring, ~n for arc n backwards."""
        cuts = np.flatnonzero(self._meeting[ring])
        # A ring that meets no other begins where all who draw it find the same point.
        first = int(cuts[0]) if len(cuts) else int(np.argmin(ring))
        closed = np.append(_turned(ring, first), ring[first])
        ends = [*(cuts - first)[1:].tolist(), len(ring)]
        starts = [0, *ends[:-1]]
        return [self._arc(closed[a : b + 1]) for a, b in zip(starts, ends, strict=True)]

    def add(self, line: Line) -> int:
        """Add a line as an arc; return its number."""
        self.lines.append(line)
        return len(self.lines) - 1

    def _arc(self, part: Line) -> int:
        backwards = (part[0], part[1]) > (part[-1], part[-2])
        key = (part[::-1] if backwards else part).tobytes()
        if key not in self._known:
            self._known[key] = self.add(self._points[part]), backwards
        number, first = self._known[key]
        return number if first == backwards else ~number


def _meeting(rings: list[Line], points: int) -> Any:
    """Return for each point whether other than two borders end there."""
    steps = [np.stack([ring, _turned(ring, 1)], axis=1) for ring in rings]
    borders = _pairs(np.sort(np.concatenate([np.empty((0, 2), dtype=int), *steps]), axis=1))[0]
    return np.bincount(borders.ravel(), minlength=points) != 2


def _turned(ring: Line, first: int) -> Line:
    """Return a ring that begins at another of its points; numpy.roll does more, for any array."""
    return np.concatenate([ring[first:], ring[:first]])


def _square(inside: Any, step: int) -> Line:
    east, north = round(inside.x / step), round(inside.y / step)
    corners = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
    return np.array([(east + right, north + up) for right, up in corners])


def packed(found: Arcs) -> bytes:
    """Return arcs as JSON for the browser.

    `step` in metres; `ids` and `names` of the shapes; and numbers as text: `east` and `north` of
    every point of every arc as the difference from the point before, and `counts`, which holds the
    points of each arc, then for each shape its polygons, for each of these its rings, for each
    of these its arcs and which they are (see `_references`).
    """
    points = np.concatenate(found.lines)
    moves = np.diff(points, axis=0, prepend=0)
    counts = [len(found.lines), *map(len, found.lines), *_references(found.shapes.values())]
    content = {
        "step": found.step,
        "ids": list(found.shapes),
        "names": [found.names[i] for i in found.shapes],
        "east": as_text(moves[:, 0]),
        "north": as_text(moves[:, 1]),
        "counts": as_text(np.array(counts)),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _references(shapes: Iterable[list[Rings]]) -> Iterator[int]:
    """Yield the counts and arcs of shapes.

    An arc that no earlier ring had is 0: it is the next one, forwards. Another is how far it lies
    before the next one; below zero if it runs backwards.
    """
    following = 0
    for polygons in shapes:
        yield len(polygons)
        for rings in polygons:
            yield len(rings)
            for ring in rings:
                yield len(ring)
                for arc in ring:
                    if arc == following:
                        following += 1
                        yield 0
                    else:
                        yield following - arc if arc >= 0 else ~arc - following


def _each(polygons: list[Rings]) -> Iterator[int]:
    return (arc for rings in polygons for ring in rings for arc in ring)


def as_text(numbers: Line) -> str:
    """Write whole numbers as signs, small ones as one: the last digit first, none above _HALF."""
    unsigned = np.where(numbers < 0, -2 * numbers - 1, 2 * numbers)
    digits = unsigned[:, None] // _HALF ** np.arange(_MOST_DIGITS)
    goes_on = digits[:, 1:] > 0
    written = np.column_stack([np.full(len(numbers), True), goes_on])
    signs = digits % _HALF + _FIRST_SIGN
    signs[:, :-1] += _HALF * goes_on
    return bytes(signs[written].tolist()).decode("ascii")
