"""Cards, bars, lists, time lines and still maps: that they draw what they say."""

import html
import re
from xml.etree import ElementTree as ET

import pytest

from geo import columns as c
from geo.coverage.bounds import Range
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.drawings import bars, county_bars, side_by_side, still_map, timeline_svg, verdicts
from geo.drawings.dress import as_it_is, packed
from geo.drawings.keys import legend_of
from geo.drawings.timeline import Timeline, timeline
from geo.report.claims import check
from geo.report.story import story
from geo.text.languages import LANGUAGES
from geo.text.messages import messages
from tests.drawings import rows_of, said_in

NB = messages("nb")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own


def widths(bar: str) -> list[float]:
    """Return the widths of a bar's parts, without its ground."""
    return [float(one.get("width")) for one in drawn(bar).iter(f"{SVG}rect") if one.get("y")]


# -- bars ---------------------------------------------------------------------------------------


def test_a_bar_is_as_long_as_what_it_shows_and_its_range_stands_beneath():
    parts = bars.by_evidence("#2C5AB0", (10, 0, 30))
    bar = bars.bar(parts, 80, (160, 10), Range(40, 20, 60))
    assert widths(bar) == [19, 59]  # 20 and 60 pixels, a gap between
    assert drawn(bar).get("height") == str(10 + bars.BRACKET)
    ends = re.findall(r"[MH]([\d.]+) ", drawn(bar).findall(f"{SVG}path")[-1].get("d"))
    assert {float(end) for end in ends} == {40.0, 120.0}
    assert 'height="10"' in bars.bar(parts, 80, (160, 10), Range(40, 40, 40))
    assert widths(bars.bar([], 0, (160, 10))) == []


def test_what_is_missing_of_a_sum_is_a_dashed_box():
    boxes = [bars.Box("#111111", 6e6, "6"), bars.Box("#222222", 4e6, "4")]
    picture = drawn(bars.boxes(boxes, 2e6, "2", 120))
    assert [one.text for one in picture.iter(f"{SVG}text")] == ["6", "4", "2"]
    assert [bool(one.get("stroke-dasharray")) for one in picture.iter(f"{SVG}rect")] == [
        False, False, True,
    ]  # fmt: skip


# -- claims -------------------------------------------------------------------------------------


def test_a_card_says_the_claim_who_made_it_and_the_verdict_as_shape_and_word(dataset):
    [one] = [one for one in check(dataset) if one.text["nb"].text == "25 kommuner"]
    card = verdicts.card(dataset, one, NB, as_it_is)
    assert "«25 kommuner»" in said_in(card)
    assert any(text.startswith("Delvis bekreftet: 18 kan navngis") for text in said_in(card))
    squares = drawn(card).findall(f".//div/{SVG}svg/{SVG}rect")
    assert len(squares) == 25
    assert verdicts.mark(c.PARTLY_CONFIRMED) in card


def test_every_verdict_has_a_shape_of_its_own_and_green_is_for_independent_sources():
    shapes = {verdict: verdicts.mark(verdict) for verdict in c.VERDICTS}
    assert len(set(shapes.values())) == len(c.VERDICTS)
    green = re.search(r'fill="(#\w+)"', shapes[c.AGREES])[1]
    assert [verdict for verdict, shape in shapes.items() if green in shape] == [c.AGREES]


def test_a_projects_cards_are_its_kommuner_and_the_programmes_sum(dataset):
    shown = verdicts.of_project(dataset, "kraftsenter-st")
    assert [one.text["nb"].text for one in shown.cards] == [
        "25 kommuner", "30 millioner kroner til sammen",
    ]  # fmt: skip
    everything = [one for one in check(dataset) if one.project_id == "kraftsenter-st"]
    own = [*shown.cards[:1], *shown.lines, *shown.others]
    assert sorted(one.claim_id for one in own) == sorted(one.claim_id for one in everything)
    assert not any(one.tested for one in shown.others)


# -- projects and counties ----------------------------------------------------------------------


def test_projects_stand_beside_each_other_on_common_scales(dataset):
    links = {project: f"{project}/" for project in dataset.choices.projects}
    shown = side_by_side.articles(dataset, View(), NB, links, as_it_is)
    articles = drawn(shown).findall("article")
    assert [one.find("h3/a").get("href") for one in articles] == list(links.values())
    grants = [widths(ET.tostring(one.findall(".//dd")[1][0])) for one in articles]
    assert [one[0] for one in grants] == [229, 229, 229, 133.2, 152.3]  # 6, 6, 6, 3.5 and 4
    assert "minst 88\u00a0630, høyst 127\u00a0804 innbyggere" in said_in(shown)
    looks = [look for look, _ in side_by_side.key(dataset, View(), NB)]
    assert len(looks) == len(set(looks)) > 5


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_countys_bar_is_all_its_people(dataset, lang):
    view = View(lang=lang, year=2024, fylke=("50",))
    totals = coverage(dataset, view).totals
    shown = county_bars.people_bar(dataset, view, messages(lang), as_it_is)
    numbers = [int(re.sub(r"\D", "", one.text)) for one in drawn(shown).findall("dl/div/dd[1]")]
    assert sum(numbers) == totals.population_total
    assert numbers[:2] == [totals.population_covered.value, totals.population_unknown]


def test_the_list_of_counties_has_every_one_and_a_dash_for_none(dataset):
    view = View(year=2024)
    _, *rows = rows_of(county_bars.county_list(dataset, view, NB, {"50": "x/"}, as_it_is))
    assert len(rows) == len(dataset.choices.fylker[2024])
    [agder] = [row for row in rows if row[0].startswith("Agder")]
    assert agder[2:5] == ["– av 25", "–", "–"]
    assert not any(re.match(r"0[,.]0", row[4]) for row in rows)


def test_a_county_says_who_is_not_in_and_how_far_it_is_to_a_hub(dataset):
    view = View(year=2024, fylke=("50",))
    _, first, *rest = rows_of(
        county_bars.uncovered_list(dataset, view, NB, {"5001": "5001/"}, as_it_is)
    )
    assert first[0].startswith("Trondheim 5001")
    assert first[3] == "6\u00a0446"
    assert "Næringshagen i Orkdalsregionen AS, ca. 30" in first[4]
    assert any("Nærmeste næringshage i prosjektene" in row[4] for row in rest)
    covered = rows_of(county_bars.covered_list(dataset, view, NB, {}, as_it_is))
    assert len(covered) == 14 + 1
    heim = next(row for row in covered if row[0].startswith("Heim"))
    assert " av " in heim[2]


# -- time ---------------------------------------------------------------------------------------


def of(dataset, nr: str, year: int) -> Timeline:
    return timeline(dataset, story(dataset, nr, View(year=year)), NB)


def test_a_merged_kommune_has_a_row_for_each_it_is_made_of(dataset):
    found = of(dataset, "5059", 2024)
    assert found.rows == 4
    assert [(box.first, box.last, box.said) for box in found.boxes if box.own] == [
        (2020, found.years[-1], "Orkland 5059"),
    ]  # fmt: skip
    before = {(box.said, box.first, box.last) for box in found.boxes if not box.own}
    assert {("Orkdal 1638", 2013, 2017), ("5024", 2018, 2019)} <= before
    [bar] = found.bars
    assert (bar.first, bar.last, bar.said) == (2015, 2017, "Kraftsenter Sør-Trøndelag, utledet")


def test_a_divided_kommune_has_a_row_for_each_that_took_over(dataset):
    after = [box for box in of(dataset, "5012", 2018).boxes if box.first == 2020]
    assert [box.said for box in after] == ["Orkland 5059", "Hitra 5056", "Heim 5055"]


@pytest.mark.parametrize("year", [2015, 2024])
def test_the_boxes_of_a_kommune_fill_every_year_once(dataset, year):
    for nr in dataset.register.kommuner(year).index[::9]:
        found = of(dataset, str(nr), year)
        for one in found.years:
            here = [box for box in found.boxes if box.first <= one <= box.last]
            assert sum(box.bottom - box.top for box in here) == pytest.approx(1), (nr, one)


@pytest.mark.parametrize("wide", [timeline_svg.WIDE, timeline_svg.NARROW])
def test_nothing_of_a_time_line_is_outside_it_and_no_dot_covers_another(dataset, wide):
    for nr in ("5059", "1640", "1620", "1228", "0301"):
        picture = drawn(timeline_svg.drawn(of(dataset, nr, 2015), wide, NB))
        for rect in picture.iter(f"{SVG}rect"):
            left, long = float(rect.get("x", 0)), float(rect.get("width"))
            assert -0.1 <= left <= left + long <= wide + 0.1
        dots = [(one.get("cx"), one.get("cy")) for one in picture.iter(f"{SVG}circle")]
        assert len(dots) == len(set(dots))
        texts = [float(one.get("x")) for one in picture.iter(f"{SVG}text")]
        assert all(0 <= x <= wide for x in texts)


def test_an_event_of_unknown_length_is_a_dot(dataset):
    found = of(dataset, "1228", 2015)  # Odda: a source of one year names the hub that serves it
    assert found.bars == ()
    assert [dot.said for dot in found.dots] == ["Næringshagen i Odda 2015, dokumentert"]
    assert all(dot.when in (2015.5, 2017.5) for dot in found.dots)


# -- maps ---------------------------------------------------------------------------------------


def test_a_still_map_shows_the_kommune_in_its_middle_with_its_name(dataset):
    found = still_map.scene(dataset, View(year=2024))
    ids = found.drawn.shapes_of["5059"]
    frame = still_map.around(found.drawn, ids, (760, 800), 0.4, (60, 900))
    picture = drawn(still_map.still(found, frame, "Orkland", ids))
    assert picture.get("aria-label") == "Orkland"
    assert len([one for one in picture.iter(f"{SVG}path") if one.get("fill") == "none"]) == 2
    names = still_map.names(found, frame, ids, "5059")
    assert [one.text for one in names if one.kind == still_map.CHOSEN] == ["Orkland"]
    assert "Hitra" in {one.text for one in names}
    assert abs(names[0].x - 380) < 100


def test_every_look_on_a_still_map_is_in_its_key_and_nothing_else(dataset):
    found = still_map.scene(dataset, View(year=2024))
    frame = still_map.around(found.drawn, found.drawn.shapes_of["5059"], (760, 800), 0.4, (60, 900))
    looks = still_map.shown(found, frame)
    keyed = [look for look, _ in legend_of(looks, NB)]
    assert set(keyed) == set(looks)


def test_islands_are_drawn_too(dataset):
    found = still_map.scene(dataset, View(year=2024))
    ids = found.drawn.shapes_of["1144"]  # Kvitsøy
    frame = still_map.around(found.drawn, ids, (760, 800), 0.4, (60, 900))
    outline = next(
        one for one in drawn(still_map.still(found, frame, "", ids)).iter(f"{SVG}path")
        if one.get("fill") == "none"
    )  # fmt: skip
    assert outline.get("d").count("M") > 1


def test_streamlit_gets_a_drawing_as_text():
    assert packed("<svg><rect/></svg>").startswith('<i class="drawn" data-drawn="&lt;svg')
    for drawn in ('<svg aria-label="A &amp; B"/>', """<svg aria-label="Ola's"/>""", "<svg a='b'/>"):
        (value,) = re.findall('data-drawn="([^"]*)"', packed(drawn))
        assert ET.fromstring(html.unescape(value)).attrib == ET.fromstring(drawn).attrib  # noqa: S314
