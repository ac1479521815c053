"""Bars, boxes and squares: the parts of a figure, each in the look that it has on the map."""

from collections.abc import Sequence
from typing import NamedTuple

from geo import columns as c
from geo.base.look_data import DRAWING
from geo.coverage.bounds import Range
from geo.report.looks import Look, covered_look
from geo.webmap.swatches import paint, pattern, svg

BRACKET = 9  # pixels under a bar
_SIDE, _STEP, _IN_A_ROW = 13, 16, 13  # squares
_DASHES = " ".join(map(str, DRAWING["dashes"]))
_REST = "#EEF1F3"
_MISSING = "#A32014"


class Part(NamedTuple):
    """A part of a bar: how it looks and how much it is."""

    look: Look
    value: float


def by_evidence(fill: str, values: Sequence[float]) -> list[Part]:
    """Return the parts of a figure by evidence, in the order of EVIDENCE_LEVELS; none of zero."""
    return [
        Part(covered_look(fill, c.WHOLE, level), value)
        for level, value in zip(c.EVIDENCE_LEVELS, values, strict=True)
        if value
    ]


def bar(
    parts: Sequence[Part],
    most: float,
    size: tuple[int, int],
    ends: Range | None = None,
    own: str = "",
) -> str:
    """Return a bar whose whole width is `most`; the range of its figure as a bracket beneath.

    `own` begins the names of its patterns: one page may hide one of two drawings.
    """
    wide, high = size
    scale = wide / most if most else 0
    drawn = [f'<rect width="{wide}" height="{high}" fill="{_REST}"/>']
    start = 0.0
    for look, value in parts:
        length = value * scale
        drawn.append(
            f'{pattern(look, own)}<rect x="{start + 0.5:.1f}" y=".5" '
            f'width="{max(length - 1, 0.5):.1f}" height="{high - 1}" '
            f'fill="{paint(look, own)}" stroke="{look.line}" stroke-width=".9"{_dashed(look)}/>'
        )
        start += length
    if ends is None or ends.certain:
        return svg("".join(drawn), wide, high)
    low, up = (min(max(end * scale, 0.6), wide - 0.6) for end in (ends.low, ends.high))
    foot = high + BRACKET - 4
    drawn.append(
        f'<path d="M{low:.1f} {foot - 3.5}v7M{low:.1f} {foot}H{up:.1f}M{up:.1f} {foot - 3.5}v7" '
        f'stroke="{DRAWING["page"]["ink"]}" stroke-width="1.4" fill="none"/>'
    )
    return svg("".join(drawn), wide, high + BRACKET)


def _dashed(look: Look) -> str:
    return f' stroke-dasharray="{_DASHES}"' if look.dashed else ""


def squares(fill: str, counts: Sequence[int]) -> str:
    """Return a square for each kommune, by evidence in the order of EVIDENCE_LEVELS."""
    looks = [
        covered_look(fill, c.WHOLE, level)
        for level, count in zip(c.EVIDENCE_LEVELS, counts, strict=True)
        for _ in range(count)
    ]
    drawn = [pattern(look) for look in dict.fromkeys(looks)]
    for place, look in enumerate(looks):
        row, column = divmod(place, _IN_A_ROW)
        drawn.append(
            f'<rect x="{column * _STEP + 0.5}" y="{row * _STEP + 0.5}" width="{_SIDE - 1}" '
            f'height="{_SIDE - 1}" rx="2" fill="{paint(look)}" stroke="{fill}"/>'
        )
    rows = -(-len(looks) // _IN_A_ROW)
    return svg("".join(drawn), _IN_A_ROW * _STEP, rows * _STEP)


class Box(NamedTuple):
    """A sum of money: its colour, how much it is, and what is written in it."""

    fill: str
    value: float
    said: str


def boxes(found: Sequence[Box], missing: float, said: str, wide: int = 300) -> str:
    """Return sums side by side to one scale, then what is missing of the whole, dashed."""
    whole = sum(box.value for box in found) + missing
    high, drawn, start = 20, [], 0.0
    for fill, value, text in found:
        length = wide * value / whole
        drawn.append(
            f'<rect x="{start + 0.5:.1f}" width="{length - 1:.1f}" height="{high}" fill="{fill}"/>'
            + _inside(text, start + length / 2, DRAWING["paper"])
        )
        start += length
    if missing > 0:
        length = wide * missing / whole
        drawn.append(
            f'<rect x="{start + 1:.1f}" y=".5" width="{length - 1.5:.1f}" height="{high - 1}" '
            f'fill="{DRAWING["paper"]}" stroke="{_MISSING}" stroke-dasharray="{_DASHES}"/>'
            + _inside(said, start + length / 2, _MISSING)
        )
    return svg("".join(drawn), wide, high)


def _inside(text: str, middle: float, ink: str) -> str:
    face = f'font-size="12.5" font-weight="600" fill="{ink}" text-anchor="middle"'
    return f'<text x="{middle:.1f}" y="14.5" {face}>{text}</text>'
