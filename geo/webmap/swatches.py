"""The legend's signs as HTML, for pages that Python draws; the map draws its own.

Streamlit takes every SVG out of a page, so it travels as text in an attribute: shell.js unpacks it.
"""

import html
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from geo.base.look_data import DARK, DRAWING, mixed
from geo.columns import DOCUMENTED, EVIDENCE_LEVELS, WHOLE
from geo.report.looks import Look, covered_look

_WIDE, _HIGH = 24, 14  # pixels of a swatch
_BAR_WIDE, _BAR_HIGH = 72, 8
_PAPER = DRAWING["paper"]
_DARK_PAPER = DARK[_PAPER]
_DASHES = " ".join(map(str, DRAWING["dashes"]))


def swatch(look: Look) -> str:
    """Return the sign of a look, decoration beside its label."""
    return _svg([_sign(look), _sign(_dark(look), _DARK_PAPER)], _WIDE, _HIGH, "swatch")


def _dark(look: Look) -> Look:
    """Return a look as it is on screens set to dark."""
    return replace(look, fill=DARK.get(look.fill, look.fill), line=DARK.get(look.line, look.line))


def _sign(look: Look, paper: str = _PAPER) -> str:
    if look.pattern == "hub":
        middle = f"{_WIDE / 2} {_HIGH / 2}"
        return f'<path d="M{middle}m0-6l6 6l-6 6l-6-6z" {_inks(look.fill, look.line)}/>'
    if look.pattern == "line":
        return f'<path d="M1 {_HIGH / 2}h{_WIDE - 2}" stroke="{look.fill}" stroke-width="2"/>'
    if look.pattern == "none":
        text = html.escape(look.sign)
        return f'<text x="{_WIDE / 2}" y="12" text-anchor="middle" fill="{look.fill}">{text}</text>'
    dashes = f' stroke-dasharray="{_DASHES}"' if look.dashed else ""
    inks = _inks(_paint(look), look.line)
    shape = (
        f'{_pattern(look, paper)}<rect x=".6" y=".6" width="{_WIDE - 1.2}" height="{_HIGH - 1.2}" '
        f'rx="2" {inks}{dashes}/>'
    )
    return shape + (_letter(look.sign, (_WIDE / 2, _HIGH / 2), 10, look.fill) if look.sign else "")


def evidence_bar(fill: str, counts: Sequence[int], most: int) -> str:
    """Return a bar as long as a project's kommuner, its parts drawn as their evidence is on maps.

    `counts` are kommuner by level, in the order of EVIDENCE_LEVELS; `most` is the longest bar's.
    """
    dark = DARK.get(fill, fill)
    both = [_bar(fill, counts, most), _bar(dark, counts, most, _DARK_PAPER)]
    return _svg(both, _BAR_WIDE, _BAR_HIGH, "bar")


def _bar(fill: str, counts: Sequence[int], most: int, paper: str = _PAPER) -> str:
    parts, start = [], 0.0
    for level, count in zip(EVIDENCE_LEVELS, counts, strict=True):
        if not count:
            continue
        look = covered_look(fill, WHOLE, level)
        wide = _BAR_WIDE * count / most
        own = "" if level == DOCUMENTED else _pattern(look, paper)
        parts.append(
            f'{own}<rect x="{start + 0.5:.1f}" y=".5" width="{max(wide - 1, 0.5):.1f}" '
            f'height="{_BAR_HIGH - 1}" fill="{_paint(look)}" stroke="{fill}" stroke-width=".8"/>'
        )
        start += wide
    return "".join(parts)


def _svg(drawn: Sequence[str], wide: int, high: int, kind: str) -> str:
    """Return a place for a picture, which it carries as text: for light screens and for dark."""
    size = f'width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"'
    light, dark = (
        html.escape(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{content}</svg>')
        for content in drawn
    )
    return f'<i class="{kind}" aria-hidden="true" data-drawn="{light}" data-dark="{dark}"></i>'


def _inks(fill: str, line: str) -> str:
    return f'fill="{fill}" stroke="{line}" stroke-width="1"'


def _name(look: Look) -> str:
    return f"look-{look.pattern}-{look.fill.removeprefix('#')}"


def _paint(look: Look) -> str:
    return f"url(#{_name(look)})" if look.pattern in DRAWING["patterns"] else look.fill


def _pattern(look: Look, paper: str) -> str:
    """Return the definition of a look's pattern, as map.js draws it; "" of a solid one."""
    drawn: dict[str, Any] | None = DRAWING["patterns"].get(look.pattern)
    if drawn is None:
        return ""
    tile, turned = drawn["tile"], ""
    ground = mixed(look.fill, drawn["ground"], paper)
    parts = [f'<rect width="{tile}" height="{tile}" fill="{ground}"/>']
    if "stripe" in drawn:
        turned = ' patternTransform="rotate(45)"'
        parts.append(f'<rect width="{drawn["stripe"]}" height="{tile}" fill="{look.fill}"/>')
    for x, y in drawn.get("places", ()):
        if "radius" in drawn:
            parts.append(f'<circle cx="{x}" cy="{y}" r="{drawn["radius"]}" fill="{look.fill}"/>')
        else:
            parts.append(_letter(drawn["sign"], (x, y), drawn["size"], look.fill))
    size = f'width="{tile}" height="{tile}" patternUnits="userSpaceOnUse"{turned}'
    return f'<defs><pattern id="{_name(look)}" {size}>{"".join(parts)}</pattern></defs>'


def _letter(sign: str, at: tuple[float, float], size: float, ink: str) -> str:
    place = f'x="{at[0]}" y="{at[1]}" dy=".35em" text-anchor="middle"'
    face = f'font-size="{size}" font-weight="600" fill="{ink}"'
    return f"<text {place} {face}>{html.escape(sign)}</text>"
