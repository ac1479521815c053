"""The legend's signs as HTML, for pages that Python draws; the map draws its own.

Streamlit takes every SVG out of a page, so it travels as text in an attribute: shell.js unpacks it.
"""

import html
from collections.abc import Sequence
from functools import cache
from typing import Any

from geo.base.look_data import DARK, DARK_BESIDE, DRAWING, mixed
from geo.columns import DOCUMENTED, EVIDENCE_LEVELS, WHOLE
from geo.report.looks import Look, covered_look

_WIDE, _HIGH = 24, 14  # pixels of a swatch
_BAR_WIDE, _BAR_HIGH = 72, 8
_NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'
_HIDDEN = ' aria-hidden="true"'
_DASHES = " ".join(map(str, DRAWING["dashes"]))


def swatch(look: Look) -> str:
    """Return the sign of a look, decoration beside its label."""
    return packed(sign(look), "swatch")


def sign(look: Look) -> str:
    """Return the sign of a look as an SVG."""
    if look.pattern == "hub":
        middle = f"{_WIDE / 2} {_HIGH / 2}"
        shape = f'<path d="M{middle}m0-6l6 6l-6 6l-6-6z" {_inks(look.fill, look.line)}/>'
    elif look.pattern == "line":
        shape = f'<path d="M1 {_HIGH / 2}h{_WIDE - 2}" stroke="{look.fill}" stroke-width="2"/>'
    elif look.pattern == "none":
        text = html.escape(look.sign)
        shape = (
            f'<text x="{_WIDE / 2}" y="12" text-anchor="middle" fill="{look.fill}">{text}</text>'
        )
    else:
        dashes = f' stroke-dasharray="{_DASHES}"' if look.dashed else ""
        inks = _inks(paint(look), look.line)
        shape = (
            f'{pattern(look)}<rect x=".6" y=".6" width="{_WIDE - 1.2}" height="{_HIGH - 1.2}" '
            f'rx="2" {inks}{dashes}/>'
        )
        if look.sign:
            shape += _letter(look.sign, (_WIDE / 2, _HIGH / 2), 10, look.fill)
    return svg(shape, _WIDE, _HIGH)


def evidence_bar(fill: str, counts: Sequence[int], most: int) -> str:
    """Return a bar as long as a project's kommuner, its parts drawn as their evidence is on maps.

    `counts` are kommuner by level, in the order of EVIDENCE_LEVELS; `most` is the longest bar's.
    """
    parts, start = [], 0.0
    for level, count in zip(EVIDENCE_LEVELS, counts, strict=True):
        if not count:
            continue
        look = covered_look(fill, WHOLE, level)
        wide = _BAR_WIDE * count / most
        own = "" if level == DOCUMENTED else pattern(look)
        parts.append(
            f'{own}<rect x="{start + 0.5:.1f}" y=".5" width="{max(wide - 1, 0.5):.1f}" '
            f'height="{_BAR_HIGH - 1}" fill="{paint(look)}" stroke="{fill}" stroke-width=".8"/>'
        )
        start += wide
    return packed(svg("".join(parts), _BAR_WIDE, _BAR_HIGH), "bar")


def svg(content: str, wide: float, high: float, name: str = "") -> str:
    """Return an SVG of a size in pixels; without a name it is decoration."""
    size = f'width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}"'
    said = f' role="img" aria-label="{html.escape(name)}"' if name else _HIDDEN
    return f"<svg{_NAMESPACE} {size}{said}>{content}</svg>"


def packed(drawn: str, kind: str) -> str:
    """Return an SVG as text in an attribute, which Streamlit lets through.

    What its reader adds again, or the element around it says, is left out: a legend has twenty.
    """
    head, end, rest = drawn.partition(">")
    hidden = _HIDDEN if _HIDDEN in head else ""
    shorter = head.replace(_NAMESPACE, "").replace(_HIDDEN, "")
    return f'<i class="{kind}"{hidden} data-drawn="{_quoted(shorter + end + rest)}"></i>'


def _quoted(drawn: str) -> str:
    """Return an SVG as an attribute's value; most of its signs need no escape, which is a third."""
    if "'" in drawn:
        return html.escape(drawn)
    return drawn.replace("&", "&amp;").replace("<", "&lt;").replace('"', "'")


def dark_style() -> str:
    """Return a style that gives signs and drawings the colours of screens set to dark.

    The map is drawn in them by its own script; what is printed stays light.
    """
    rules = (
        f'[{part}="{light}" i] {{ {part}: {dark}; }}'
        for light, dark in twins().items()
        for part in ("fill", "stroke")
    )
    inside = "\n".join(rules)
    return (
        f"@media screen and (prefers-color-scheme: dark) {{ svg:not(#map_div *) {{\n{inside}\n}} }}"
    )


@cache
def twins() -> dict[str, str]:
    """Return the colours for dark screens, those of tints too, by the ones for light."""
    grounds = {pattern["ground"] for pattern in DRAWING["patterns"].values()}
    paper = DARK[DRAWING["paper"]]
    tints = {mixed(one, n): mixed(dark, n, paper) for one, dark in DARK.items() for n in grounds}
    return {**tints, **DARK, **DARK_BESIDE}


def _inks(fill: str, line: str) -> str:
    return f'fill="{fill}" stroke="{line}" stroke-width="1"'


def _name(look: Look, own: str) -> str:
    return f"{own}look-{look.pattern}-{look.fill.removeprefix('#')}"


def paint(look: Look, own: str = "") -> str:
    """Return what fills a look; `own` begins the names of patterns in a picture of its own."""
    return f"url(#{_name(look, own)})" if look.pattern in DRAWING["patterns"] else look.fill


def pattern(look: Look, own: str = "") -> str:
    """Return the definition of a look's pattern, as map.js draws it; "" of a solid one."""
    drawn: dict[str, Any] | None = DRAWING["patterns"].get(look.pattern)
    if drawn is None:
        return ""
    tile, turned = drawn["tile"], ""
    ground = mixed(look.fill, drawn["ground"])
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
    return f'<defs><pattern id="{_name(look, own)}" {size}>{"".join(parts)}</pattern></defs>'


def _letter(sign: str, at: tuple[float, float], size: float, ink: str) -> str:
    place = f'x="{at[0]}" y="{at[1]}" dy=".35em" text-anchor="middle"'
    face = f'font-size="{size}" font-weight="600" fill="{ink}"'
    return f"<text {place} {face}>{html.escape(sign)}</text>"
