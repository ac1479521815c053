"""Writes QGIS styles (QML): the map's looks as symbols.

Sizes are the map's pixels in millimetres, so that a print has them too. QGIS documents the format
by what it writes; this is what 3.22 and later read.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from geo.base.look_data import DRAWING, mixed
from geo.columns import LABEL, MAP_LOOK
from geo.exports.gis.map_layers import (
    AROUND,
    BORDERS,
    HUB,
    HUB_GUESS,
    HUB_NAME,
    HUBS,
    KIND,
    LINE,
    LINE_ASSUMED,
    LINES,
    MARKS,
    SHAPES,
    Layer,
)
from geo.exports.map_looks import AROUND_LOOKS, SEAT_LINE, SEAT_WIDE, Seen, ring
from geo.report.looks import LEGEND_LOOKS, Look
from geo.text.messages import Messages

_MM = 25.4 / 96  # of a pixel
_METRES = _MM / 1000
_LABEL_PX, _HALO_PX, _OFF_PX = 12, 3, 10
_NAMED_FROM = 400  # metres per pixel: from there on shapes and marks have names
_MARKS = DRAWING["marks"]


def style(layer: Layer, t: Messages) -> str:
    """Return the QML of a layer."""
    return _STYLES[layer.name](layer, t)


def shape_style(looks: Mapping[str, Seen], label: str = "") -> str:
    """Return the QML of polygons with MAP_LOOK, each look with its line in the legend.

    `label` is an expression for the names of the polygons.
    """
    ranked = sorted(looks.values(), key=lambda one: one.look.weight)
    symbols = [_fill(one.look) for one in ranked]
    root = _root(labels=bool(label))
    _categories(root, MAP_LOOK, [(one.code, one.label) for one in ranked], symbols)
    _ordered(root, [one.code for one in ranked])
    if label:
        _labels(root, label, _NAMED_FROM)
    return _text(root)


def _mark_style(layer: Layer, _t: Messages) -> str:
    root = _root(labels=True, from_metres=_MARKS["from"])
    ranked = list(layer.looks.values())
    symbols = [_mark(one.look) for one in ranked]
    _categories(root, MAP_LOOK, [(one.code, one.label) for one in ranked], symbols)
    _labels(root, LABEL, _NAMED_FROM, off=_OFF_PX)
    return _text(root)


def _hub_style(_layer: Layer, t: Messages) -> str:
    root = _root(labels=True)
    said = [(HUB, t("map.seat")), (HUB_GUESS, t("map.seat_guess"))]
    _categories(root, MAP_LOOK, said, [_seat(LEGEND_LOOKS[code]) for code, _ in said])
    _labels(root, HUB_NAME, _MARKS["from"], off=_OFF_PX)
    return _text(root)


def _line_style(_layer: Layer, t: Messages) -> str:
    look, root = DRAWING["service_lines"], _root()
    assumed = f"{t('map.serves')}: {t('coverage.assumed').lower()}"
    said = [(LINE, t("map.serves")), (LINE_ASSUMED, assumed)]
    symbols = [_symbol("line", [_line(look, dashes)]) for dashes in (None, look["dashes"])]
    _categories(root, MAP_LOOK, said, symbols)
    return _text(root)


def _border_style(_layer: Layer, _t: Messages) -> str:
    root = _root()
    renderer = SubElement(root, "renderer-v2", {"type": "singleSymbol", "symbollevels": "0"})
    _symbols(renderer, [_symbol("line", [_line(DRAWING["borders"]["fylke"])])])
    return _text(root)


def _around_style(layer: Layer, t: Messages) -> str:
    root, kinds = _root(), [kind for kind in AROUND_LOOKS if kind in set(layer.frame[KIND])]
    looks = [AROUND_LOOKS[kind] for kind in kinds]
    symbols = [_symbol("fill", [_area(one.fill, one.line, one.weight)]) for one in looks]
    _categories(root, KIND, [(kind, t(f"export.kind_{kind}")) for kind in kinds], symbols)
    return _text(root)


_STYLES = {
    SHAPES: lambda layer, _t: shape_style(layer.looks),
    MARKS: _mark_style,
    HUBS: _hub_style,
    LINES: _line_style,
    BORDERS: _border_style,
    AROUND: _around_style,
}


# -- symbols ---------------------------------------------------------------------------------------


def _fill(look: Look) -> Element:
    outline = _outline(look.line, look.weight, DRAWING["dashes"] * look.dashed)
    return _symbol("fill", [*_ground(look), outline])


def _ground(look: Look) -> list[Element]:
    """Return what fills a look: its ground, and what its pattern lays on it."""
    pattern = DRAWING["patterns"].get(look.pattern)
    if pattern is None:
        return [_area(look.fill)]
    parts = [_area(mixed(look.fill, pattern["ground"]))]
    if "stripe" in pattern:
        parts.append(_stripes(pattern, look.fill))
    within = [at for at in pattern.get("places", ()) if max(at) < pattern["tile"]]
    return parts + [_spots(pattern, at, look.fill) for at in within]


def _stripes(pattern: Mapping[str, Any], ink: str) -> Element:
    wide = _mm(pattern["stripe"])
    part = _part(
        "LinePatternFill",
        {"angle": "45", "distance": _mm(pattern["tile"]), "line_width": wide, "color": _rgb(ink)},
    )
    line = _part("SimpleLine", {"line_color": _rgb(ink), "line_width": wide, "capstyle": "flat"})
    part.append(_symbol("line", [line], "@0@1"))
    return part


def _spots(pattern: Mapping[str, Any], at: Sequence[float], ink: str) -> Element:
    """Return one dot or sign in every tile."""
    tile = _mm(pattern["tile"])
    place = {"offset_x": _mm(at[0]), "offset_y": _mm(-at[1])}
    part = _part("PointPatternFill", {"distance_x": tile, "distance_y": tile, **place})
    sign = pattern.get("sign")
    drawn = _letter(sign, pattern["size"], ink) if sign else _dot(2 * pattern["radius"], ink)
    part.append(_symbol("marker", [drawn], "@0@1"))
    return part


def _mark(look: Look) -> Element:
    pattern = DRAWING["patterns"].get(look.pattern, {})
    sign = pattern.get("sign")
    ground = [_area(mixed(look.fill, pattern["ground"]))] if sign else _ground(look)
    inside = _part("FilledMarker", {"name": "circle", "size": _mm(2 * _MARKS["least"])})
    edge = _outline(ring(look), _MARKS["weight"], _MARKS["dashes"] * look.dashed)
    inside.append(_symbol("fill", [*ground, edge], "@1@1"))
    parts = [
        _sized(_dot(2 * _MARKS["least"], DRAWING["paper"]), 2 * _MARKS["collar"]),
        _sized(inside, 0),
    ]
    if sign:
        parts.append(_sized(_letter(sign, 2 * _MARKS["least"], look.fill), 0, share=0.75))
    return _symbol("marker", parts)


def _sized(part: Element, more: float, share: float = 1) -> Element:
    """Let a mark grow as the map's: with each doubling of the scale, from least to most."""
    given = _MARKS
    doublings = f"ln({given['from'] / _METRES:.0f} / @map_scale) / {log(2):.6f}"
    radius = f"min({given['most']}, {given['least']} + {given['growth']} * {doublings})"
    size = f"{_mm(share)} * (2 * {radius} + {more})"
    properties = {"size": {"active": True, "expression": size, "type": 3}}
    told = SubElement(part, "data_defined_properties")
    _option(told, "", {"name": "", "properties": properties, "type": "collection"})
    return part


def _seat(look: Look) -> Element:
    given = {"name": "diamond", "size": _mm(SEAT_WIDE), "color": _rgb(look.fill)}
    line = {"outline_color": _rgb(look.line), "outline_width": _mm(SEAT_LINE)}
    return _symbol("marker", [_part("SimpleMarker", {**given, **line})])


def _dot(wide: float, ink: str) -> Element:
    given = {"name": "circle", "size": _mm(wide), "color": _rgb(ink), "outline_style": "no"}
    return _part("SimpleMarker", given)


def _letter(sign: str, high: float, ink: str) -> Element:
    given = {"chr": sign, "size": _mm(high), "color": _rgb(ink), "font": "Sans Serif"}
    return _part("FontMarker", {**given, "font_style": "Bold"})


def _area(fill: str, line: str = "", weight: float = 0) -> Element:
    outline = {"outline_color": _rgb(line), "outline_width": _mm(weight)} if weight else {}
    edge = "solid" if weight else "no"
    return _part("SimpleFill", {"color": _rgb(fill), "outline_style": edge, **outline})


def _outline(line: str, weight: float, dashes: Sequence[float]) -> Element:
    given = {"line_color": _rgb(line), "line_width": _mm(weight)}
    return _part("SimpleLine", {**given, "joinstyle": "round", **_dashed(dashes)})


def _line(look: Mapping[str, Any], dashes: Sequence[float] | None = None) -> Element:
    ink = {"line_color": _rgb(look["line"], look["opacity"]), "line_width": _mm(look["weight"])}
    return _part("SimpleLine", {**ink, "capstyle": "round", **_dashed(dashes or ())})


def _dashed(dashes: Sequence[float]) -> dict[str, str]:
    lengths = ";".join(map(_mm, dashes))
    return {"use_custom_dash": "1", "customdash": lengths} if dashes else {}


# -- the document ----------------------------------------------------------------------------------


def _root(*, labels: bool = False, from_metres: float = 0) -> Element:
    """Return the document; `from_metres` per pixel is from where on the layer is drawn."""
    given = {"version": "3.22.0", "styleCategories": "Symbology|Labeling|Rendering"}
    if labels:
        given["labelsEnabled"] = "1"
    if from_metres:
        smallest = f"{from_metres / _METRES:.0f}"
        given |= {"hasScaleBasedVisibilityFlag": "1", "minScale": smallest, "maxScale": "0"}
    return Element("qgis", given)


def _categories(
    root: Element, attribute: str, said: Iterable[tuple[str, str]], symbols: Sequence[Element]
) -> None:
    given = {"type": "categorizedSymbol", "attr": attribute, "symbollevels": "0"}
    renderer = SubElement(root, "renderer-v2", given)
    listed = SubElement(renderer, "categories")
    for place, (value, label) in enumerate(said):
        own = {"value": value, "label": label, "symbol": str(place), "render": "true"}
        SubElement(listed, "category", own)
    _symbols(renderer, symbols)


def _ordered(root: Element, codes: Sequence[str]) -> None:
    """Draw features in the order of their looks, so that wide outlines lie over thin ones.

    Kommuner that share a shape lie on each other: the last one's ground hides the others' pattern.
    """
    renderer = root[0]
    renderer.set("enableorderby", "1")
    listed = ", ".join(f"'{code}'" for code in codes)
    clause = SubElement(
        SubElement(renderer, "orderby"), "orderByClause", {"asc": "1", "nullsFirst": "1"}
    )
    clause.text = f'array_find(array({listed}), "{MAP_LOOK}")'


def _symbols(renderer: Element, symbols: Sequence[Element]) -> None:
    listed = SubElement(renderer, "symbols")
    for place, symbol in enumerate(symbols):
        symbol.set("name", str(place))
        listed.append(symbol)


def _labels(root: Element, text: str, from_metres: float, off: float = 0) -> None:
    """Name the features from so many metres per pixel on; `off` is how far from a point's sign."""
    labeling = SubElement(root, "labeling", {"type": "simple"})
    settings = SubElement(labeling, "settings")
    given, inks = {"fieldName": text, "isExpression": "1", "fontSizeUnit": "MM"}, DRAWING["labels"]
    size = {"fontSize": _mm(_LABEL_PX), "textColor": _rgb(inks["fill"])}
    style_ = SubElement(settings, "text-style", {**given, **size, "fontFamily": "Open Sans"})
    halo = {"bufferDraw": "1", "bufferSize": _mm(_HALO_PX), "bufferSizeUnits": "MM"}
    SubElement(style_, "text-buffer", {**halo, "bufferColor": _rgb(inks["halo"])})
    # Names of seats and marks come before those of areas, and areas are in nobody's way.
    point = {"placement": "6", "dist": _mm(off), "priority": "9"}
    placement = point if off else {"placement": "1", "priority": "4"}
    SubElement(settings, "placement", {**placement, "distUnits": "MM"})
    scales = {"scaleVisibility": "1", "scaleMin": "1", "scaleMax": f"{from_metres / _METRES:.0f}"}
    scales["obstacle"] = "0"
    SubElement(settings, "rendering", scales)


def _symbol(kind: str, parts: Sequence[Element], name: str = "") -> Element:
    symbol = Element("symbol", {"type": kind, "name": name, "alpha": "1", "clip_to_extent": "1"})
    symbol.extend(parts)
    return symbol


def _part(kind: str, given: Mapping[str, str]) -> Element:
    part = Element("layer", {"class": kind, "enabled": "1", "pass": "0", "locked": "0"})
    _option(part, "", dict(given))
    return part


def _option(parent: Element, name: str, value: Any) -> None:
    """Add a value as QGIS stores settings."""
    named = {"name": name} if name else {}
    if isinstance(value, dict):
        inner = SubElement(parent, "Option", {"type": "Map", **named})
        for key, one in value.items():
            _option(inner, key, one)
        return
    kind = {bool: "bool", int: "int"}.get(type(value), "QString")
    text = str(value).lower() if kind == "bool" else str(value)
    SubElement(parent, "Option", {"type": kind, **named, "value": text})


def _text(root: Element) -> str:
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + tostring(
        root, encoding="unicode"
    )


def _mm(pixels: float) -> str:
    return f"{pixels * _MM:.4g}"


def _rgb(colour: str, opacity: float = 1) -> str:
    channels = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return ",".join(map(str, (*channels, round(opacity * 255))))
