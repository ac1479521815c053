"""Looks are one data file: nothing else in the program types a colour of it, or a pattern."""

import json
import re
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo import columns as c
from geo.base.look_data import DARK, DRAWING, RULES
from geo.coverage.join import ViewRow
from geo.coverage.view import COLOURS, View, from_query
from geo.errors import UnknownColour
from geo.publish import numbers_page
from geo.publish.hashed_files import style
from geo.report import legend, looks
from geo.report.looks import Look
from geo.settings import ROOT
from geo.webmap import geometry_routes

SIGNS = {"none", "hub", "line"}  # of the legend: drawn each in its own way, not in tiles
# What pages look like around the map. Styles and pages that stand alone cannot read the file, and
# by chance or by wish some colours of theirs are the map's too.
INTERFACE = {
    "#0b5cad": "the accent",
    "#1a1a1a": "text",
    "#1b2126": "text on the screen of the map",
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
    "geo/drawings/verdicts.py",
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
        for name in DRAWING["patterns"]
        if re.search(rf"""["'`]{name}["'`]""", text)
    }
    assert quoted == set()


def test_browsers_and_python_draw_from_the_same_file(dataset):
    script = geometry_routes.asset("map.js").decode()
    given = json.loads(re.search(r"Object\.assign\(window\.coverageMap, (.*)\);\n$", script)[1])
    assert given["drawing"] == DRAWING
    assert given["dark"] == DARK
    assert numbers_page.programme(dataset)["looks"] == RULES
    assert f"--sea: {DRAWING['sea']};" in style().decode()


def test_what_scripts_read_of_the_drawing_is_there():
    script = (geometry_routes.ASSETS / "map.js").read_text(encoding="utf-8")
    read = set(re.findall(r"drawing\(\)\.(\w+)", script))
    assert {"patterns", "plain", "chosen"} <= read
    assert read <= set(DRAWING)


def all_looks() -> list[dict[str, object]]:
    """What the file says of looks beside their fill."""
    kinds = ("whole", "pale", "empty", "legend")
    return [look for kind in kinds for look in RULES[kind].values()]


def test_looks_say_only_what_differs_from_the_plain_one():
    """Python leaves the rest out when it sends a look, and the other engine sends it as it is."""
    for one in all_looks():
        assert Look(**{"fill": "#123456", **one}).as_json() == {"fill": "#123456", **one}


def test_every_pattern_that_a_look_names_can_be_drawn():
    named = {str(look["pattern"]) for look in all_looks() if "pattern" in look}
    assert named - SIGNS == set(DRAWING["patterns"])
    for pattern in DRAWING["patterns"].values():
        assert 0 <= pattern["ground"] <= 1
        drawn = {"stripe", "radius", "sign"} & set(pattern)
        assert len(drawn) <= 1
        assert drawn or pattern["ground"] not in (0, 1), "it shows nothing"
        assert ("places" in pattern) == bool({"radius", "sign"} & drawn)


def test_the_rules_cover_every_state_and_level_of_evidence():
    assert set(RULES["empty"]) == set(c.STATES) - {c.WHOLE, c.PARTLY}
    assert set(RULES["pale"]) == {c.PARTLY, looks.MIXED}
    assert tuple(RULES["whole"]) == c.EVIDENCE_LEVELS


def test_no_two_meanings_look_the_same():
    """Partly covered and a shape of several are both pale; their marks say which it is."""
    drawn = [looks.covered_look("#123456", c.WHOLE, level) for level in c.EVIDENCE_LEVELS]
    drawn += [looks.covered_look("#123456", c.PARTLY, ""), *looks.EMPTY_LOOKS.values()]
    assert len({(look.fill, look.pattern, look.sign) for look in drawn}) == len(drawn) == 10


# -- hues ----------------------------------------------------------------------------------------

HUES = RULES["modes"]["project"]["colours"]
LAND, SEA = RULES["empty"][c.NOT_COVERED]["fill"], DRAWING["sea"]
# What red-, green- and blue-blind readers see, of linear RGB (Machado, Oliveira, Fernandes 2009).
SIGHTS = {
    "normal": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colour: str) -> np.ndarray:
    """Linear RGB of a colour (IEC 61966-2-1)."""
    parts = np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2."""
    low, high = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(colour: str, sight: str = "normal") -> np.ndarray:
    """CIE L*a*b* (1976) under D65, as somebody sees the colour."""
    seen = np.clip(SIGHTS[sight] @ linear(colour), 0, 1)
    xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]] @ seen
    share = xyz / np.array([0.9505, 1, 1.089])
    x, y, z = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def nearest(colours: list[str], sight: str) -> float:
    """The distance of the two colours that are hardest to tell apart."""
    pairs = combinations([lab(colour, sight) for colour in colours], 2)
    return min(float(np.linalg.norm(one - other)) for one, other in pairs)


LIGHT = {colour: colour for colour in DARK}
screens = pytest.mark.parametrize("screen", [LIGHT, DARK], ids=["light", "dark"])


def test_every_colour_has_one_for_dark_screens():
    assert {one.lower() for one in DARK} == colours_in(json.dumps([RULES, DRAWING]))
    for colour in (DRAWING["labels"]["fill"], DRAWING["page"]["ink"], DRAWING["page"]["quiet"]):
        assert contrast(DARK[colour], DARK[LAND]) >= 7
        assert contrast(DARK[colour], DARK[SEA]) >= 7


@screens
def test_every_hue_stands_out_from_land_and_sea(screen):
    modes = RULES["modes"]
    others = [modes["project"]["several"], modes["project"]["none"], modes["state"]["colour"]]
    others += [*modes["grant"]["colours"], *modes["evidence"]["colours"].values()]
    for hue in (*HUES, *others):
        assert contrast(screen[hue], screen[LAND]) >= 3, hue
        assert contrast(screen[hue], screen[SEA]) >= 3, hue
        # The other engine sends a line like the fill as it is, and Python leaves a plain one out.
        assert hue != DRAWING["plain"]["line"]


@screens
@pytest.mark.parametrize(
    ("sight", "five", "twelve"),
    [("normal", 40, 15), ("protan", 25, 12), ("deutan", 20, 13), ("tritan", 16, 12)],
)
def test_hues_are_told_apart_by_colour_blind_readers(screen, sight, five, twelve):
    mode, hues = RULES["modes"]["project"], [screen[hue] for hue in HUES]
    assert nearest(hues[:5], sight) >= five
    assert nearest([*hues[:5], screen[mode["several"]], screen[mode["none"]]], sight) >= 16
    assert nearest(hues, sight) >= twelve


@screens
def test_a_larger_grant_is_further_from_the_paper_for_every_reader(screen):
    colours = [screen[colour] for colour in RULES["modes"]["grant"]["colours"]]
    away = 1 if screen is LIGHT else -1  # darker on white, lighter on dark
    for sight in SIGHTS:
        light = [lab(colour, sight)[0] * away for colour in colours]
        assert all(before - after >= 6 for before, after in pairwise(light)), sight


def test_the_colours_of_a_programme_are_those_of_the_file_in_order(dataset):
    colours = looks.project_colours(dataset)
    assert list(colours.items()) == list(zip(dataset.choices.projects, HUES, strict=False))


@given(
    st.dictionaries(
        st.integers(0, 39).map(str), st.frozensets(st.integers(0, 39).map(str), max_size=5)
    )
)
def test_things_that_border_on_each_other_never_get_the_same_hue(borders):
    things = [str(n) for n in range(40)]
    both = {
        one: frozenset(borders.get(one, ())) | {o for o in things if one in borders.get(o, ())}
        for one in things
    }
    near = {one: frozenset(others - {one}) for one, others in both.items()}
    assume(max(map(len, near.values())) < len(HUES))
    found = looks.coloured(things, near, HUES)
    assert found == looks.coloured(things, near, HUES)
    assert all(found[one] != found[other] for one, others in near.items() for other in others)


def test_projects_that_serve_the_same_kommune_or_adjacent_ones_are_known(dataset):
    near = looks._adjacent(dataset)
    assert set(near) == set(dataset.choices.projects)
    for one, others in near.items():
        assert one not in others
        assert all(one in near[other] for other in others)


def test_every_colour_mode_of_the_file_has_a_fill_and_a_legend():
    assert tuple(RULES["modes"]) == COLOURS
    assert set(looks._FILLS) == set(legend._FILLS) == set(COLOURS)


def test_an_unknown_colour_mode_is_an_error_wherever_it_is_asked_for():
    member = ViewRow(c.WHOLE, ("a",), evidence=c.DOCUMENTED, grant_per_inhabitant_year=30.0)
    asks = [
        lambda: View(colour="mauve"),
        lambda: View().but(colour="mauve"),
        lambda: looks.fill_of(member, "mauve", {"a": "#111111"}),
        lambda: looks.kommune_look(member, "mauve", {"a": "#111111"}),
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
