"""Writes styled layer descriptors (OGC SLD 1.0): the map's looks for GeoServer and others.

Hatches and dots are the marks that GeoServer and QGIS have in common; sizes are pixels.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from geo.base.look_data import DRAWING, mixed
from geo.columns import FYLKE, MAP_LOOK
from geo.exports.gis.map_layers import (
    AROUND,
    BORDERS,
    HUB,
    HUB_GUESS,
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

_NAMESPACES = {
    "xmlns": "http://www.opengis.net/sld",
    "xmlns:ogc": "http://www.opengis.net/ogc",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
    "version": "1.0.0",
}


class Rule(NamedTuple):
    """What is drawn where an attribute has a value."""

    value: str
    label: str
    symbolizers: Sequence[Element]


def style(layer: Layer, t: Messages) -> str:
    """Return the SLD of a layer."""
    if layer.name == SHAPES:
        return shape_style(layer.name, layer.looks)
    attribute, make = _RULES[layer.name]
    return _document(layer.name, attribute, make(layer, t))


def shape_style(name: str, looks: Mapping[str, Seen]) -> str:
    """Return the SLD of polygons with MAP_LOOK, a rule for each look."""
    ranked = sorted(looks.values(), key=lambda one: one.look.weight)
    return _document(name, MAP_LOOK, [Rule(o.code, o.label, _fills(o.look)) for o in ranked])


def _marks(layer: Layer, _t: Messages) -> list[Rule]:
    given = DRAWING["marks"]
    rules = []
    for one in layer.looks.values():
        pattern = DRAWING["patterns"].get(one.look.pattern, {"ground": 1})
        fill = mixed(one.look.fill, pattern["ground"])
        wide = given["least"] + given["most"]
        point = _point("circle", wide, fill, ring(one.look), given["weight"])
        rules.append(Rule(one.code, one.label, [point]))
    return rules


def _hubs(_layer: Layer, t: Messages) -> list[Rule]:
    said = {HUB: t("map.seat"), HUB_GUESS: t("map.seat_guess")}
    side = round(SEAT_WIDE / 2**0.5, 1)
    rules = []
    for code, label in said.items():
        look = LEGEND_LOOKS[code]
        point = _point("square", side, look.fill, look.line, SEAT_LINE, turned=45)
        rules.append(Rule(code, label, [point]))
    return rules


def _lines(_layer: Layer, t: Messages) -> list[Rule]:
    look = DRAWING["service_lines"]
    assumed = f"{t('map.serves')}: {t('coverage.assumed').lower()}"
    return [
        Rule(LINE, t("map.serves"), [_line(look)]),
        Rule(LINE_ASSUMED, assumed, [_line(look, look["dashes"])]),
    ]


def _borders(_layer: Layer, t: Messages) -> list[Rule]:
    return [Rule(FYLKE, t("export.layer_inner_borders"), [_line(DRAWING["borders"]["fylke"])])]


def _around(_layer: Layer, t: Messages) -> list[Rule]:
    return [
        Rule(kind, t(f"export.kind_{kind}"), [_area(look.fill, look.line, look.weight)])
        for kind, look in AROUND_LOOKS.items()
    ]


_RULES: Mapping[str, tuple[str, Callable[[Layer, Messages], list[Rule]]]] = {
    MARKS: (MAP_LOOK, _marks),
    HUBS: (MAP_LOOK, _hubs),
    LINES: (MAP_LOOK, _lines),
    BORDERS: (KIND, _borders),
    AROUND: (KIND, _around),
}


def _document(name: str, attribute: str, rules: Sequence[Rule]) -> str:
    """Return the SLD of a layer, a rule for each value of an attribute."""
    root = Element("StyledLayerDescriptor", _NAMESPACES)
    layer = SubElement(root, "NamedLayer")
    SubElement(layer, "Name").text = name
    kind = SubElement(SubElement(layer, "UserStyle"), "FeatureTypeStyle")
    for value, label, symbolizers in rules:
        rule = SubElement(kind, "Rule")
        SubElement(rule, "Title").text = label
        equal = SubElement(SubElement(rule, "ogc:Filter"), "ogc:PropertyIsEqualTo")
        SubElement(equal, "ogc:PropertyName").text = attribute
        SubElement(equal, "ogc:Literal").text = value
        rule.extend(symbolizers)
    return tostring(root, encoding="unicode")


def _fills(look: Look) -> list[Element]:
    """Return the ground with its outline, and over it the pattern."""
    pattern = DRAWING["patterns"].get(look.pattern)
    fill = mixed(look.fill, pattern["ground"]) if pattern else look.fill
    dashes = DRAWING["dashes"] if look.dashed else ()
    ground = _area(fill, look.line, look.weight, dashes)
    return [ground, *_pattern(pattern or {}, look.fill)]


def _pattern(pattern: Mapping[str, Any], ink: str) -> list[Element]:
    if "stripe" in pattern:
        # Diagonals of a square tile are as far apart as its sides times the root of two.
        size = round(pattern["tile"] * 2**0.5, 1)
        return [_graphic("shape://slash", size, ink, pattern["stripe"])]
    if "radius" in pattern:
        margin = pattern["tile"] / len(pattern["places"]) - pattern["radius"]
        return [_graphic("circle", 2 * pattern["radius"], ink, margin=margin)]
    if "sign" in pattern:
        name = f"ttf://Dialog#{ord(pattern['sign']):#x}"
        return [_graphic(name, pattern["size"], ink, margin=pattern["size"] / 2)]
    return []


def _graphic(name: str, size: float, ink: str, stripe: float = 0, margin: float = 0) -> Element:
    """Return an area filled with a mark of its own, `margin` pixels around each."""
    area = Element("PolygonSymbolizer")
    graphic = SubElement(SubElement(SubElement(area, "Fill"), "GraphicFill"), "Graphic")
    mark = SubElement(graphic, "Mark")
    SubElement(mark, "WellKnownName").text = name
    if stripe:
        _parameters(SubElement(mark, "Stroke"), {"stroke": ink, "stroke-width": f"{stripe:g}"})
    else:
        _parameters(SubElement(mark, "Fill"), {"fill": ink})
    SubElement(graphic, "Size").text = f"{size:g}"
    if margin:
        SubElement(area, "VendorOption", {"name": "graphic-margin"}).text = f"{margin:g}"
    return area


def _area(fill: str, line: str = "", weight: float = 0, dashes: Sequence[float] = ()) -> Element:
    area = Element("PolygonSymbolizer")
    _parameters(SubElement(area, "Fill"), {"fill": fill})
    if weight:
        _stroke(area, line, weight, dashes)
    return area


def _line(look: Mapping[str, Any], dashes: Sequence[float] = ()) -> Element:
    line = Element("LineSymbolizer")
    _stroke(line, look["line"], look["weight"], dashes, look["opacity"])
    return line


def _point(
    name: str, size: float, fill: str, line: str, weight: float, *, turned: float = 0
) -> Element:
    point = Element("PointSymbolizer")
    graphic = SubElement(point, "Graphic")
    mark = SubElement(graphic, "Mark")
    SubElement(mark, "WellKnownName").text = name
    _parameters(SubElement(mark, "Fill"), {"fill": fill})
    _stroke(mark, line, weight)
    SubElement(graphic, "Size").text = f"{size:g}"
    if turned:
        SubElement(graphic, "Rotation").text = f"{turned:g}"
    return point


def _stroke(
    parent: Element, line: str, weight: float, dashes: Sequence[float] = (), opacity: float = 1
) -> None:
    stroke = {"stroke": line, "stroke-width": f"{weight:g}"}
    if opacity < 1:
        stroke["stroke-opacity"] = f"{opacity:g}"
    if dashes:
        stroke["stroke-dasharray"] = " ".join(map(str, dashes))
    _parameters(SubElement(parent, "Stroke"), stroke)


def _parameters(parent: Element, given: Mapping[str, str]) -> None:
    for name, value in given.items():
        SubElement(parent, "CssParameter", {"name": name}).text = value
