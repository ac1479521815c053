"""Every page in every language, without a browser; the map itself is tested in stories/."""

import html
import itertools
import re
from xml.etree import ElementTree as ET

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Header, Subheader, Title

from geo import settings
from geo.brief.brief_files import KINDS
from geo.report.explain import FIGURES
from geo.settings import ROOT
from geo.text.languages import LANGUAGES
from tests import patience

PAGES = {
    "kart.py": {
        "nb": "50 kommuner i",
        "nn": "50 kommunar i",
        "en": "50 kommuner (municipalities) in",
    },
    "prosjekter.py": {"nb": "Prosjekter", "nn": "Prosjekt", "en": "Projects"},
    "fylker.py": {"nb": "Fylker", "nn": "Fylke", "en": "Counties"},
    "data_og_kilder.py": {
        "nb": "Data og kilder",
        "nn": "Data og kjelder",
        "en": "Data and sources",
    },
    "metode.py": {"nb": "Metode", "nn": "Metode", "en": "Method"},
    "brief.py": {"nb": "Lag bilde", "nn": "Lag bilete", "en": "Make a picture"},
}


def opened(page="kart.py", **query):
    at = AppTest.from_file(str(ROOT / "pages" / "app.py"), default_timeout=patience.SECONDS)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    if page != "kart.py":
        at.switch_page(page).run()
    assert not at.exception, at.exception
    return at


def asked(at, name):
    value = at.query_params[name]
    return value[0] if isinstance(value, list) else value


def texts(at):
    parts = [*at.title, *at.header, *at.subheader, *at.markdown, *at.caption, *at.warning, *at.info]
    return "\n".join(str(part.value) for part in parts)


def sheets(at):
    """Return the HTML tables of a page, each as rows of texts, the headings first."""
    found = [block.proto.body for block in at.get("html") if 'class="sheet"' in block.proto.body]
    return [
        [["".join(cell.itertext()) for cell in row] for row in ET.fromstring(body).iter("tr")]  # noqa: S314
        for body in found
    ]


def drawn(at, kind):
    """Return what the blocks of HTML with a class say."""
    found = [b.proto.body for b in at.get("html") if f'class="{kind}"' in b.proto.body]
    return html.unescape(re.sub(r"<[^>]+>", " ", " ".join(found)))


def headings(at):
    """Return the levels of a page's headings in reading order."""
    kinds = (Title, Header, Subheader)
    return [int(node.tag[1]) for node in walk(at.main) if isinstance(node, kinds)]


def walk(block):
    for child in block.children.values():
        yield child
        if hasattr(child, "children"):
            yield from walk(child)


def read_out(at):
    """Yield every text of a page in reading order: labels, headings, prose, tables, help."""
    for part in itertools.chain(walk(at.main), walk(at.sidebar)):
        proto = getattr(part, "proto", None)
        for name in ("label", "body", "value", "help"):
            text = getattr(part if name == "value" else proto, name, "")
            if isinstance(text, str) and text:
                yield re.sub(r"<[^>]+>", " ", text)


@pytest.mark.parametrize(
    ("page", "query"),
    [
        *((page, {}) for page in (*PAGES, "rettelser.py", "egne_data.py")),
        ("kart.py", {"year": "2024", "kommune": "5055"}),
        ("kart.py", {"fylke": "03"}),
        ("fylker.py", {"year": "2020", "fylke": "11"}),
    ],
)
def test_english_pages_explain_kommune_where_they_first_say_it(page, query):
    said = " | ".join(read_out(opened(page, lang="en", **query)))
    first = re.search(r"(?i)\bkommune\w*.{0,18}", said)
    assert first
    assert re.match(r"(?i)kommuner? \(municipalit(y|ies)\)", first[0]), first[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_every_language(page, language):
    assert PAGES[page][language] in opened(page, lang=language).title[0].value


def test_the_title_states_the_view_in_words():
    at = opened(project="kraftsenter-st")
    assert at.title[0].value == (
        ":small[Kraftsenter Sør-Trøndelag, kommunestruktur 2015] 25 kommuner i 3 fylker"
    )


def test_the_same_address_opens_the_same_view_in_english():
    at = opened(project="kraftsenter-st", lang="en", colour="evidence", evidence="documented")
    counted = "4 kommuner (municipalities) in 1 county, documented only"
    assert at.title[0].value == (
        f":small[Kraftsenter Sør-Trøndelag, kommune structure 2015] {counted}"
    )
    assert not at.warning


def test_nonsense_in_the_address_is_left_out_with_a_notice():
    at = opened(project="mars", year="1999", kommune="301", colour="<script>")
    assert "mars" in at.warning[0].value
    assert "1999" in at.warning[0].value
    assert "kommunestruktur 2015" in at.title[0].value


def test_a_link_of_another_data_version_says_so():
    assert "0.9" in opened(data="0.9").info[0].value
    assert not opened(data="2.0.0").info


def test_choosing_a_project_writes_its_code_into_the_address():
    at = opened()
    at.multiselect(key="filter-project").set_value(["voss"]).run()
    assert asked(at, "project") == "voss"
    assert at.title[0].value.endswith(" 2 kommuner i 1 fylke")


def test_a_change_of_year_takes_the_counties_along():
    at = opened(fylke="16,15")
    at.button_group(key="filter-year").set_value(2020).run()
    assert asked(at, "year") == "2020"
    assert asked(at, "fylke") == "15,50"


def test_the_language_switch_keeps_the_view():
    at = opened(project="voss", year="2020")
    at.selectbox(key="lang").set_value("en").run()
    assert asked(at, "project") == "voss"
    assert asked(at, "year") == "2020"
    assert "in the kommune structure of 2020" in at.title[0].value


def test_a_view_without_coverage_explains_itself_and_offers_a_way_out():
    at = opened(fylke="03")
    assert "Ingen kommuner er dekket" in at.info[0].value
    at.button(key="reset-empty").click().run()
    assert "fylke" not in at.query_params


def test_an_old_number_tells_the_story_of_what_it_became():
    shown = texts(opened(kommune="1636", year="2020"))
    assert ":small[Trøndelag, kommunenummer 5059, 2020] Orkland" in shown
    assert "Meldal" in shown


def test_search_finds_an_old_name_and_chooses_the_kommune():
    at = opened(year="2020")
    at.text_input(key="search").set_value("Meldal").run()
    hit = next(b for b in at.button if "Meldal" in b.label)
    assert "Orkland" in hit.label
    hit.click().run()
    assert "kommune" in at.query_params
    assert at.title[0].value == ":small[Trøndelag, kommunenummer 5059, 2020] Orkland"


def test_search_that_finds_nothing_says_so():
    at = opened()
    at.text_input(key="search").set_value("Atlantis").run()
    assert any("Atlantis" in info.value for info in at.info)


@pytest.mark.parametrize(("lang", "asks"), [("nb", "Mente du"), ("en", "Did you mean")])
def test_a_misspelt_kommune_is_offered_as_a_question(lang, asks):
    at = opened(lang=lang)
    at.text_input(key="search").set_value("Trondhiem").run()
    assert asks in texts(at)
    assert any("Trondheim" in button.label for button in at.button)
    at.text_input(key="search").set_value("Trondheim").run()
    assert asks not in texts(at)


@pytest.mark.parametrize(
    ("lang", "text", "says"),
    [
        ("nb", "Svalbard", "Svalbard er ikke en kommune"),
        ("en", "svalbard", "Svalbard is not a kommune"),
        ("nb", "Trøndelag", "Trøndelag er et fylke, ikke en kommune"),
        ("en", "Hordaland", "Hordaland was a county until the end of 2019"),
        ("en", "Sverige", "Sweden is a country"),
        ("nb", "Judaberg", "Judaberg er et sted i Finnøy"),
        ("nb", "xyzzy", "Ingen kommune"),
    ],
)
def test_what_is_no_kommune_is_told_apart_from_what_nobody_knows(lang, text, says):
    at = opened(lang=lang)
    at.text_input(key="search").set_value(text).run()
    assert any(says in info.value for info in at.info)


def test_one_sheet_explains_every_key_figure():
    at = opened(project="kraftsenter-st")
    assert not at.expander
    at.button(key="how").click().run()
    assert len(at.expander) == len(FIGURES)
    assert all(len(fold.dataframe) == 1 for fold in at.expander)
    assert "Fordelt på fylker: Hedmark 6" in texts(at)
    assert len(at.expander[0].dataframe[0].value) == 25


def test_the_table_is_sent_only_while_the_drawer_is_open():
    at = opened(project="kraftsenter-st")
    assert not at.dataframe
    at.button_group(key="drawer-choice").set_value("table").run()
    assert asked(at, "drawer") == "table"
    assert len(at.dataframe) == 1


def test_the_drawer_compares_the_structures_and_leads_to_another_year():
    at = opened(project="kraftsenter-st", drawer="years")
    label = "**2024**\n\n20 kommuner i 2 fylker\n\n:small[samme områder, 2 delvis]"
    assert at.button(key="structure-2024").label == label
    at.button(key="structure-2024").click().run()
    assert asked(at, "year") == "2024"


def test_a_chosen_kommune_takes_the_place_of_the_overview_and_gives_it_back():
    at = opened(kommune="1638")
    assert not at.multiselect
    at.button(key="unchoose").click().run()
    assert "kommune" not in at.query_params
    assert at.multiselect


def test_the_copied_link_spells_out_the_defaults():
    at = opened(project="voss")
    at.session_state["share"] = True
    at.run()
    link = at.code[0].value
    for part in ("lang=nb", "year=2015", "evidence=assumed", "project=voss", "data=2.0.0"):
        assert part in link
    at.radio(key="frozen").set_value("").run()
    assert "data=" not in at.code[0].value


def test_a_project_shows_its_claims_against_the_register_and_four_structures():
    page = opened("prosjekter.py", project="kraftsenter-st")
    cards = drawn(page, "card")
    assert "«25 kommuner»" in cards
    assert "Delvis bekreftet: 18 kan navngis, 7 er antatt" in cards
    cells = "\n".join(cell for table in sheets(page) for row in table for cell in row)
    for year in ("2015", "2018", "2020", "2024"):
        assert year in cells


def test_the_programme_shows_that_30_million_is_not_what_was_named():
    at = opened("prosjekter.py")
    assert "25,5" in texts(at)
    assert "30 millioner" in drawn(at, "card")


def test_a_county_lists_the_uncovered_first_with_people_and_nearest_hub():
    at = opened("fylker.py", fylke="16")
    first = sheets(at)[0][1]
    assert first[0].startswith("Trondheim 1601")
    assert "km" in first[-1]


@pytest.mark.parametrize(("year", "fylker"), [(2015, 19), (2018, 18), (2020, 11), (2024, 15)])
def test_every_year_lists_its_own_counties(year, fylker):
    assert len(sheets(opened("fylker.py", year=str(year)))[-1]) == fylker + 1


def test_tables_can_be_searched():
    at = opened("data_og_kilder.py")
    at.selectbox(key="table").set_value("hubs").run()
    at.text_input(key="table-search").set_value("Halti").run()
    assert len(at.dataframe[0].value) == 1
    at.text_input(key="table-search").set_value("finnes ikke").run()
    assert any("finnes ikke" in info.value for info in at.info)


def test_the_method_gives_the_reasoning_of_the_assumption_and_its_alternatives():
    shown = texts(opened("metode.py"))
    assert "Hemne og de seks på Fosen" in shown
    assert "Midtre Gauldal" in shown
    assert "Støtteregisteret" in shown


@pytest.mark.parametrize("page", PAGES)
def test_headings_never_skip_a_level(page):
    levels = headings(opened(page, project="kraftsenter-st", fylke="16", kommune="1636"))
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"year": "1999"}, "kan være 2015, 2018, 2020 og 2024"),
        ({"fylke": "16", "year": "2020"}, "ikke nummeret til et fylke i 2020"),
        ({"kommune": "301"}, "fire sifre"),
        ({"prosjekt": "voss"}, "ukjent valg"),
        ({"project": "mars"}, "finnes ikke"),
    ],
)
def test_the_notice_says_why_something_was_ignored(query, why):
    assert why in opened(**query).warning[0].value


def test_tags_that_others_hang_on_links_are_passed_over_in_silence():
    assert not opened(utm_source="avisa", fbclid="x", mc_cid="y", _="1").warning


def test_an_address_cannot_put_a_link_into_the_notice():
    shown = opened(project="[vinn](https://example.org)").warning[0].value
    assert re.search(r"(?<!\\)\[vinn", shown) is None


def test_a_searched_table_is_in_the_address_and_survives_the_language_switch():
    at = opened("data_og_kilder.py")
    at.selectbox(key="table").set_value("hubs").run()
    at.text_input(key="table-search").set_value("voss").run()
    assert (asked(at, "table"), asked(at, "find")) == ("hubs", "voss")
    at.selectbox(key="lang").set_value("en").run()
    assert (asked(at, "table"), asked(at, "find"), asked(at, "lang")) == ("hubs", "voss", "en")
    assert len(at.dataframe[0].value) == 1


def test_a_search_without_hits_offers_the_whole_table():
    at = opened("data_og_kilder.py", table="hubs", find="finnes ikke")
    next(b for b in at.button if b.label == "Vis hele tabellen").click().run()
    assert len(at.dataframe[0].value) == 13


def test_a_table_names_the_sources_of_its_rows():
    at = opened("data_og_kilder.py", table="population")
    assert "07459" in "".join(block.proto.body for block in at.get("html"))


def test_kommuner_that_share_a_shape_can_be_chosen_from_each_other():
    at = opened(kommune="1638")
    next(b for b in at.button if b.label == "Meldal").click().run()
    assert asked(at, "kommune") == "1636"
    assert at.title[0].value.endswith("kommunenummer 1636, 2015] Meldal")


def test_the_consortium_tells_seat_and_service_apart():
    shown = texts(opened("prosjekter.py", project="kraftsenter-st"))
    assert "Ligger her: Oppdal (1634, struktur 2015)" in shown
    assert "Dekning (utledet, struktur 2015): Oppdal og Rennebu" in shown
    assert "Dekning (antatt, struktur 2015): Hemne" in shown


def test_a_claim_that_only_holds_with_assumed_kommuner_says_so():
    at = opened("prosjekter.py", project="kraftsenter-st")
    card = drawn(at, "card").partition("«30")[0]
    assert "4 dokumentert, 14 utledet og 7 antatt" in card
    assert "Delvis bekreftet: 18 kan navngis, 7 er antatt fordi 25 kommuner ble kunngjort" in card
    assert "Stemmer" not in card


@pytest.mark.parametrize(
    ("page", "asked"),
    [("prosjekter.py", {}), ("prosjekter.py", {"project": "voss"}), ("data_og_kilder.py", {})],
)
def test_claims_that_were_tested_come_first_and_the_others_are_folded(page, asked):
    at = opened(page, **asked)
    [fold] = [fold for fold in at.expander if "som ikke prøver noe" in fold.label]
    folded = drawn(fold, "claims")
    assert "Gjentar kilden" in folded or "Kan ikke kontrolleres" in folded
    assert not any(word in folded for word in ("Stemmer", "Avviker", "Delvis"))


def test_the_programme_shows_its_projects_side_by_side():
    shown = drawn(opened("prosjekter.py"), "beside")
    assert shown.index("Kraftsenter Sør-Trøndelag") < shown.index("Næringshagene i Rogaland")
    assert "4 dokumentert, 14 utledet og 7 antatt" in shown


def test_the_reasons_why_structures_differ_are_told():
    shown = texts(opened("prosjekter.py", project="kraftsenter-st"))
    assert "Rindal flyttet fra Møre og Romsdal til Trøndelag i 2019" in shown


def test_a_county_lists_whom_it_covers_and_by_whom():
    covered = sheets(opened("fylker.py", fylke="16"))[1]
    assert len(covered) == 18 + 1
    assert covered[4][0].startswith("Hemne 1612")
    assert "Helt dekket, antatt" in covered[4][1]


def test_a_county_without_coverage_says_so():
    at = opened("fylker.py", fylke="03")
    assert any("Ingen kommuner i fylket er dekket" in info.value for info in at.info)


def test_what_is_not_known_about_the_programme_comes_from_its_package():
    assert "30 millioner kroner ble til 25,5" in texts(opened("metode.py"))


@pytest.mark.parametrize("page", ["kart.py", "prosjekter.py", "fylker.py", "brief.py"])
def test_every_page_with_a_view_offers_its_link(page):
    at = opened(page)
    at.session_state["share"] = True
    at.run()
    assert "year=2015" in at.code[0].value
    shown = "\n".join(block.value for block in at.code)
    for part in ("Kilder: ", "Sources: ", "Hentet ", "Retrieved ", "<iframe"):
        assert part in shown


def test_a_key_figure_can_be_quoted_where_it_is_explained():
    at = opened(project="kraftsenter-st")
    at.button(key="how").click().run()
    assert any(
        "25 kommuner (4 dokumentert, 14 utledet og 7 antatt" in block.value for block in at.code
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_brief_can_be_looked_at_and_taken(kind):
    at = opened("brief.py", project="voss")
    at.text_input(key="brief-title").set_value("Egen tittel").run()
    at.radio(key="brief-kind").set_value(kind).run()
    assert not at.exception
    assert at.get("image")
    (button,) = at.get("download_button")
    assert KINDS[kind].code in ("pptx", "pdf") or "PNG" in button.label or "SVG" in button.label


def test_the_map_can_stand_alone():
    at = opened(brief="1", project="voss")
    assert not at.title
    assert not at.get("page_link")
    assert not at.sidebar.children


def test_what_others_build_in_is_the_public_edition_where_there_is_one(monkeypatch):
    def snippet(**asked):
        at = opened(**asked)
        at.session_state["share"] = True
        blocks = [one.value for one in at.run().code]
        (found,) = (text for text in blocks if text.startswith("<iframe"))
        return found

    assert 'src="https://apen.example.no' not in snippet(project="voss")
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://apen.example.no/kart")
    assert 'src="https://apen.example.no/kart/?' in snippet(project="voss")
    assert 'src="https://apen.example.no/kart/en/?' in snippet(project="voss", lang="en")
