"""Place map labels so that none overlaps another or leaves the frame; the rest are left out."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

from geo.base.look_data import DRAWING

GAP = 0.35  # of a line's height, between labels and around hubs
HUB_RADIUS_POINTS = 5.0
# Candidate offsets of a label from its point, as shares of its own width and height.
_AROUND = ((0, 0), (0, 1), (0, -1), (0.6, 0), (-0.6, 0), (0.6, 1), (-0.6, 1), (0.6, -1), (-0.6, -1))
_ADJACENT = ((0.5, 0), (-0.5, 0), (0, 1), (0, -1), (0.5, 1), (-0.5, 1), (0.5, -1), (-0.5, -1))
# Farther away, a hub's label is joined to its marker by a leader line.
_AWAY = tuple((right, up * far) for far in (3, 5, 7) for up in (1, -1) for right in (0.7, -0.7))


@dataclass(frozen=True)
class Label:
    """A text and the point it labels, in data coordinates.

    `beside` is the radius, in points, of a sign at the point that the text stands beside.
    """

    text: str
    x: float
    y: float
    hub: bool = False
    beside: float = 0.0


def place(axes: Axes, wanted: list[Label], size: float, taken: list[Bbox]) -> list[Label]:
    """Draw as many labels as fit, in order of importance; return those that were drawn.

    `size` is in points; `taken` are boxes in pixels that labels must avoid. The label of a hub or
    of a mark is beside it, a kommune's on its shape.
    """
    taken = taken + [_sign_box(axes, label) for label in wanted if label.beside]
    placed = []
    for label in wanted:
        box = next(_free(axes, label, size, taken), None)
        if box is None:
            continue
        taken.append(box)
        placed.append(label)
        _draw(axes, label, size, box)
    return placed


def _free(axes: Axes, label: Label, size: float, taken: list[Bbox]) -> Iterator[Bbox]:
    frame = axes.get_window_extent()
    for box in _candidates(axes, label, size):
        inside = (
            frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
        )
        if inside and not any(box.overlaps(other) for other in taken):
            yield box


def _candidates(axes: Axes, label: Label, size: float) -> Iterator[Bbox]:
    """Yield the candidate boxes of a label in pixels, best first."""
    wide, high = text_size(_figure(axes), label.text, _font(label, size))
    x, y = axes.transData.transform((label.x, label.y))
    wide, high = wide + GAP * high, high * (1 + GAP)
    away = _pixels(axes, label.beside * 1.2)
    beside = (*_ADJACENT, *_AWAY) if label.hub else _ADJACENT
    for right, up in beside if label.beside else _AROUND:
        centre_x = x + right * wide + away * _sign(right)
        centre_y = y + (up * (high / 2 + away) if label.beside else up * high)
        yield Bbox.from_bounds(centre_x - wide / 2, centre_y - high / 2, wide, high)


def text_size(figure: Figure, text: str, font: FontProperties) -> tuple[float, float]:
    """Return width and height of a text in pixels, as the figure's canvas renders it."""
    canvas: Any = figure.canvas
    wide, high, _ = canvas.get_renderer().get_text_width_height_descent(text, font, ismath=False)
    return float(wide), float(high)


def _figure(axes: Axes) -> Figure:
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes stand in no figure")
    return figure


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _sign_box(axes: Axes, label: Label) -> Bbox:
    x, y = axes.transData.transform((label.x, label.y))
    radius = _pixels(axes, label.beside)
    return Bbox.from_bounds(x - radius, y - radius, 2 * radius, 2 * radius)


def _pixels(axes: Axes, points: float) -> float:
    return points * _figure(axes).dpi / 72


def _font(label: Label, size: float) -> FontProperties:
    return FontProperties(size=size, weight="bold" if label.hub else "normal")


def _draw(axes: Axes, label: Label, size: float, box: Bbox) -> None:
    x, y = axes.transData.inverted().transform(((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2))
    text = axes.text(
        x, y, label.text, ha="center", va="center", fontproperties=_font(label, size),
        color=DRAWING["labels"]["fill"], zorder=8, parse_math=False,
    )  # fmt: skip
    halo = DRAWING["labels"]["halo"]
    text.set_path_effects([withStroke(linewidth=size * 0.32, foreground=halo)])
    if label.hub:
        _tie(axes, label, box)


def _tie(axes: Axes, label: Label, box: Bbox) -> None:
    """Draw a leader line from a hub's marker to a label that is away from it."""
    x, y = axes.transData.transform((label.x, label.y))
    near = min(max(x, box.x0), box.x1), min(max(y, box.y0), box.y1)
    if math.dist((x, y), near) < _pixels(axes, 2.5 * HUB_RADIUS_POINTS):
        return
    ends = axes.transData.inverted().transform([(x, y), near])
    axes.plot(*ends.T, color=DRAWING["labels"]["tie"], linewidth=0.7, zorder=5)
