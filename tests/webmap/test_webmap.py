"""The script that reaches the browser: small, stable, and deaf to what data try to say."""

import json
from dataclasses import replace

import pytest
import streamlit_folium

from geo import columns as c
from geo.coverage.join import ViewRow, coverage
from geo.coverage.view import COLOURS, View
from geo.report import looks
from geo.report.legend import legend
from geo.text.messages import messages
from geo.webmap import webmap
from tests.views import look_of

PALE = looks.LEGEND_LOOKS[c.PARTLY].pattern
HOSTILE = "${alert(1)}`</script><b>\u2028'\"\\{{ 'x' }}"


COLOURS_OF_TWO = {"a": "#111111", "b": "#222222"}
NOT_DRAWN = looks.EMPTY_LOOKS[c.DID_NOT_EXIST].pattern
ANY_HUE = looks.LEGEND_LOOKS[c.DOCUMENTED].fill


def member(state, evidence=c.DOCUMENTED, projects=("a",)):
    return ViewRow(state, projects, evidence=evidence, grant_per_inhabitant_year=30.0)


def script_of(dataset, view):
    """Return what streamlit-folium makes of our layer, character for character."""
    return streamlit_folium._get_feature_group_string(
        webmap.layer(dataset, view), webmap.base_map()
    )


def sent(dataset, view):
    script = script_of(dataset, view)
    start = script.index("coverageMap.update(") + len("coverageMap.update(")
    return json.loads(script[start : script.index(");", script.rindex("}"))])


def test_the_base_map_loads_only_our_own_files():
    base = webmap.base_map()
    links = [url for _, url in (*base.default_js, *base.default_css)]
    assert links
    assert all(url.startswith("/assets/") for url in links)
    assert "http" not in streamlit_folium._get_map_string(base)


def test_a_view_names_the_shapes_of_its_year(dataset):
    drawn = dataset.boundaries(2020)
    other = replace(drawn, base_year=2015, levels={"normal": drawn.levels["overview"]})
    assert sent(dataset, View(year=2020))["ground"] == drawn.name != other.name
    address = webmap.geometry_routes.geometry_template()
    filled = address.replace("{set}", drawn.name).replace("{detail}", "fine")
    assert filled == webmap.geometry_routes.geometry_url(drawn, "fine")


def test_the_layer_defines_the_variable_that_the_library_adds_and_empties_its_list(dataset):
    script = script_of(dataset, View())
    assert "var feature_group_feature_group_0 = coverageMap.update(" in script
    assets = (webmap.geometry_routes.ASSETS / "map.js").read_text(encoding="utf-8")
    assert "window.feature_group = [];" in assets


def test_a_view_is_sent_in_a_few_kilobytes(dataset):
    sizes = [
        len(script_of(dataset, View(year=year, colour=colour, lines=True)))
        for year in dataset.choices.years
        for colour in COLOURS
    ]
    assert max(sizes) < 16_000


def test_sending_a_view_leaves_the_shared_base_map_untouched(dataset):
    base = webmap.base_map()
    before = len(base._children)
    for year in dataset.choices.years:
        script_of(dataset, View(year=year))
    assert len(base._children) == before


def test_hostile_text_stays_text():
    written = webmap._json({"name": HOSTILE})
    assert json.loads(written) == {"name": HOSTILE}
    for sign in ("<", ">", "\u2028", "{{"):
        assert sign not in written
    script = streamlit_folium._get_feature_group_string(
        webmap.ViewLayer(written), webmap.base_map()
    )
    assert written in script


def test_the_browser_never_sets_html_from_data():
    code = (webmap.geometry_routes.ASSETS / "map.js").read_text(encoding="utf-8")
    assert "innerHTML" not in code
    assert "document.write" not in code


@pytest.mark.parametrize("view", [View(), View(year=2020), View(evidence="documented", year=2024)])
def test_shapes_look_like_the_kommuner_they_stand_for(dataset, view):
    found, content = coverage(dataset, view), sent(dataset, view)
    kommuner, colours = found.of_view, looks.project_colours(dataset)
    for shape_id, members in dataset.boundaries(view.year).shapes["members"].items():
        look = dict(content["looks"][look_of(content).get(shape_id, content["rest"])])
        look.pop("label")
        each = [looks.kommune_look(kommuner[nr], view.colour, colours) for nr in members]
        if len(set(each)) == 1:
            assert look == each[0].as_json()
        elif any(kommuner[nr].covered for nr in members):
            assert look["pattern"] == PALE


def test_old_number_chooses_the_shape_that_shows_it_now(dataset):
    assert sent(dataset, View(year=2020, kommune="1636"))["chosen"] == ["5059"]


def test_a_shape_for_several_kommuner_says_so(dataset):
    content = sent(dataset, View(project=("kraftsenter-st",)))
    said = {mark[1]: content["looks"][mark[4]]["label"] for mark in content["marks"]}
    assert said["Rissa"] == "Kraftsenter Sør-Trøndelag: helt dekket, antatt"
    assert said["Leksvik"] == "Ikke med i disse prosjektene"
    assert "47" in content["notes"][0]
    assert sent(dataset, View(year=2020))["notes"] == []


def test_title_source_and_attribution_are_inside_the_picture(dataset):
    content = sent(dataset, View(project=("kraftsenter-st",)))
    assert content["title"] == (
        "Kraftsenter Sør-Trøndelag: 25 kommuner i 3 fylker, kommunestruktur 2015"
    )
    assert "SSB" in content["source"]
    assert "Data v2.0.0" in content["source"]
    assert content["attribution"] == "© Kartverket (CC BY 4.0)"


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_mode_has_a_legend_whose_counts_are_the_sums(dataset, colour):
    view = View(project=("kraftsenter-st",), colour=colour, year=2020)
    found = coverage(dataset, view)
    entries = {e.label: e.count for e in legend(dataset, found, view, messages("nb"))}
    assert entries["Delvis dekket (blek farge)"] == 2
    assert entries["Antatt (prikket)"] == 5
    assert entries["Ingen kilde funnet (spørsmålstegn)"] == 5
    assert entries["Ingen kilde for en del (blekt spørsmålstegn)"] == 1
    assert any("Fantes ikke" in label for label in entries)


def test_the_kinds_of_empty_look_different():
    empty = [looks.EMPTY_LOOKS[state] for state in c.STATES if state not in c.COVERED_STATES]
    assert len({(look.fill, look.pattern) for look in empty}) == len(empty) == 6


def test_texture_says_how_sure_and_pale_says_partly_whatever_the_colour():
    colours = {"a": "#111111"}
    for colour in COLOURS:
        seen = [
            looks.shape_look([member(c.WHOLE, level)], colour, colours)[1].pattern
            for level in c.EVIDENCE_LEVELS
        ]
        assert seen == [looks.LEGEND_LOOKS[level].pattern for level in c.EVIDENCE_LEVELS]
        assert len({*seen, PALE}) == 4
        for level in c.EVIDENCE_LEVELS:
            assert looks.shape_look([member(c.PARTLY, level)], colour, colours)[1].pattern == PALE


@pytest.mark.parametrize(
    "other",
    [
        member(c.NOT_COVERED, "", ()),
        member(c.WHOLE, c.ASSUMED),
        member(c.WHOLE, projects=("b",)),
        member(c.PARTLY),
    ],
    ids=["not covered", "less sure", "another project", "partly"],
)
def test_a_shape_whose_kommuner_differ_is_pale(other):
    state, look = looks.shape_look([member(c.WHOLE), other], "project", COLOURS_OF_TWO)
    assert (state, look.pattern) == (looks.MIXED, PALE)


def test_a_shape_whose_kommuner_agree_looks_like_each_of_them():
    for one in (member(c.WHOLE), member(c.WHOLE, c.ASSUMED), member(c.PARTLY)):
        together = looks.shape_look([one, one], "project", COLOURS_OF_TWO)
        assert together == looks.shape_look([one], "project", COLOURS_OF_TWO)
        assert together[0] == one.state


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("year", [2015, 2018, 2020, 2024])
def test_every_look_that_is_drawn_is_in_the_legend_and_no_other(dataset, colour, year):
    """By what a reader tells looks apart by: hue, and texture in whatever hue."""
    for project in ((), *((p,) for p in dataset.choices.projects)):
        view = View(project=project, colour=colour, year=year, points=False)
        content = sent(dataset, view)
        of_shape = look_of(content)
        shapes = dataset.boundaries(year).shapes.index
        drawn = [content["looks"][of_shape.get(str(i), content["rest"])] for i in shapes]
        lines = [
            content["looks"][line["look"]] if isinstance(line["look"], int) else line["look"]
            for line in content["legend"]
        ]
        drawn += [content["looks"][mark[4]] for mark in content["marks"]]
        explained = [line for line in lines if line.get("pattern") != NOT_DRAWN]
        hues = {look["fill"] for look in drawn}
        assert hues <= {line["fill"] for line in explained} <= hues | {ANY_HUE}
        textures = {look.get("pattern") for look in drawn}
        assert {line.get("pattern") for line in explained} == textures


def test_lines_go_from_seats_to_the_kommuner_served(dataset):
    content = sent(dataset, View(project=("voss",), lines=True))
    assert len(content["lines"]) == 2
    assert sent(dataset, View(project=("voss",)))["lines"] == []
    assert [hub[0] for hub in content["hubs"]] == ["Næringshagen på Voss"]
