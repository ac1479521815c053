"""Looks are one data file: nothing else in the program types a colour of it, or a pattern."""

import json
import re
from pathlib import Path

import pytest

from geo import columns as c
from geo.base.look_data import DRAWING, RULES
from geo.coverage.view import COLOURS, View, from_query
from geo.errors import UnknownColour
from geo.publish import numbers_page
from geo.publish.hashed_files import style
from geo.report import legend, looks
from geo.report.looks import Look, MemberLook
from geo.settings import ROOT
from geo.webmap import geometry_routes

SIGNS = {"none", "hub", "line"}  # of the legend: drawn each in its own way, not in tiles
# What pages look like around the map. Styles and pages that stand alone cannot read the file, and
# by chance or by wish some colours of theirs are the map's too.
INTERFACE = {
    "#0b5cad": "the accent",
    "#1a1a1a": "text",
    "#3c3c3c": "quiet text",
    "#ffffff": "paper",
    "#7d8894": "lines around fields",
    "#d8dde3": "lines in tables",
    "#8a5a00": "the edge of a notice",
}
INTERFACE_FILES = {
    "geo/api/api_page.py",
    "geo/publish/assets/icon.svg",
    "geo/publish/assets/site.css",
    "geo/server/middleware/small_page.py",
    "geo/webmap/assets/map.css",
    "geo/webmap/assets/page.css",
}
TYPES = {".py", ".js", ".css", ".svg", ".typ", ".html"}


def colours_in(text: str) -> set[str]:
    """The colours of a text in small letters, #abc written as #aabbcc."""
    found = re.findall(r"(?<!&)#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b", text)
    whole = (one if len(one) == 6 else "".join(sign * 2 for sign in one) for one in found)
    return {f"#{one.lower()}" for one in whole}


def program() -> list[Path]:
    files = (*(ROOT / "geo").rglob("*"), *(ROOT / "pages").rglob("*"))
    return [file for file in files if file.suffix in TYPES]


def test_no_colour_of_the_looks_is_typed_anywhere_else():
    of_looks = colours_in(json.dumps([RULES, DRAWING]))
    assert len(of_looks) > 30
    typed = {
        (name, colour)
        for file in program()
        for name in [str(file.relative_to(ROOT))]
        for colour in of_looks & colours_in(file.read_text(encoding="utf-8"))
        if not (name in INTERFACE_FILES and colour in INTERFACE)
    }
    assert typed == set()


def test_no_pattern_is_drawn_or_chosen_by_its_name_in_code():
    code = {file: file.read_text(encoding="utf-8") for file in program()}
    quoted = {
        (file.name, name)
        for file, text in code.items()
        for name in ("hatch-dots", "dots", "sparse")
        if re.search(rf"""["'`]{name}["'`]""", text)
    }
    assert quoted == set()


def test_browsers_and_python_draw_from_the_same_file(dataset):
    script = geometry_routes.asset("map.js").decode()
    given = json.loads(re.search(r"Object\.assign\(window\.coverageMap, (.*)\);\n$", script)[1])
    assert given["drawing"] == DRAWING
    assert numbers_page.programme(dataset)["looks"] == RULES
    assert f"--sea: {DRAWING['sea']};" in style().decode()


def test_what_scripts_read_of_the_drawing_is_there():
    script = (geometry_routes.ASSETS / "map.js").read_text(encoding="utf-8")
    read = set(re.findall(r"drawing\(\)\.(\w+)", script))
    assert {"patterns", "plain", "chosen"} <= read
    assert read <= set(DRAWING)


def all_looks() -> list[dict[str, object]]:
    """What the file says of looks beside their fill."""
    of_modes = [mode["covered"] for mode in RULES["modes"].values() if "covered" in mode]
    by_evidence = [levels for states in [RULES["covered"], *of_modes] for levels in states.values()]
    covered = [look for levels in by_evidence for look in levels.values()]
    return [*covered, *RULES["empty"].values(), *RULES["legend"].values()]


def test_looks_say_only_what_differs_from_the_plain_one():
    """Python leaves the rest out when it sends a look, and the other engine sends it as it is."""
    for given in all_looks():
        assert Look(**{"fill": "#123456", **given}).as_json() == {"fill": "#123456", **given}


def test_every_pattern_that_a_look_names_can_be_drawn():
    named = {str(look["pattern"]) for look in all_looks() if "pattern" in look}
    assert named - SIGNS == set(DRAWING["patterns"])
    for pattern in DRAWING["patterns"].values():
        assert {pattern["ground"], pattern["ink"]} <= {"fill", "paper", "pale"}


def test_the_rules_cover_every_state_and_level_of_evidence():
    assert set(RULES["empty"]) == set(c.STATES) - {c.WHOLE, c.PARTLY}
    assert set(RULES["covered"]) == {c.WHOLE, c.PARTLY}
    for levels in RULES["covered"].values():
        assert tuple(levels) == c.EVIDENCE_LEVELS


def test_every_colour_mode_of_the_file_has_a_fill_and_a_legend():
    assert tuple(RULES["modes"]) == COLOURS
    assert set(looks._FILLS) == set(legend._FILLS) == set(COLOURS)


def test_an_unknown_colour_mode_is_an_error_wherever_it_is_asked_for():
    member = MemberLook(c.WHOLE, ("a",), c.DOCUMENTED, 30.0, "X")
    asks = [
        lambda: View(colour="mauve"),
        lambda: View().but(colour="mauve"),
        lambda: looks.fill_of(member, "mauve", {"a": "#111111"}),
        lambda: looks.covered_look("#111111", c.WHOLE, c.DOCUMENTED, "mauve"),
        lambda: looks.shape_look([member], "mauve", {"a": "#111111"}),
        lambda: looks.of_mode(legend._FILLS, "mauve"),
    ]
    for ask in asks:
        with pytest.raises(UnknownColour, match="'mauve' is not a colour mode; those known are"):
            ask()


def test_an_unknown_colour_mode_in_an_address_is_reported_and_not_obeyed(dataset):
    view, ignored = from_query({"colour": "mauve"}, dataset.choices)
    assert view.colour == COLOURS[0]
    assert [(part.parameter, part.value) for part in ignored] == [("colour", "mauve")]


def test_the_files_that_may_repeat_a_colour_exist_and_repeat_one():
    for name in INTERFACE_FILES:
        assert colours_in((ROOT / name).read_text(encoding="utf-8")) & set(INTERFACE)
