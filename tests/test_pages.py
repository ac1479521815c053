"""Every page in both languages, without a browser; the map itself is tested in stories/."""

import pytest
from streamlit.testing.v1 import AppTest

from geo.explain import FIGURES
from geo.settings import LANGUAGES, ROOT

PAGES = {
    "kart.py": "50 kommuner",
    "prosjekter.py": {"nb": "Prosjekter", "en": "Projects"},
    "fylker.py": {"nb": "Fylker", "en": "Counties"},
    "data_og_kilder.py": {"nb": "Data og kilder", "en": "Data and sources"},
    "metode.py": {"nb": "Metode", "en": "Method"},
}


def opened(page="kart.py", **query):
    at = AppTest.from_file(str(ROOT / "pages" / "app.py"), default_timeout=60)
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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_both_languages(page, language):
    title = PAGES[page] if isinstance(PAGES[page], str) else PAGES[page][language]
    assert title in opened(page, lang=language).title[0].value


def test_the_title_states_the_view_in_words():
    at = opened(project="kraftsenter-st")
    assert at.title[0].value == (
        "Kraftsenter Sør-Trøndelag: 25 kommuner i 3 fylker, kommunestruktur 2015"
    )


def test_the_same_address_opens_the_same_view_in_english():
    at = opened(project="kraftsenter-st", lang="en", colour="evidence", evidence="documented")
    assert at.title[0].value.startswith("Kraftsenter Sør-Trøndelag: 18 kommuner in 3 counties")
    assert not at.warning


def test_nonsense_in_the_address_is_left_out_with_a_notice():
    at = opened(project="mars", year="1999", kommune="301", colour="<script>")
    assert "mars" in at.warning[0].value
    assert "1999" in at.warning[0].value
    assert at.title[0].value.endswith("kommunestruktur 2015")


def test_a_link_of_another_data_version_says_so():
    assert "0.9" in opened(data="0.9").info[0].value
    assert not opened(data="1.0.0").info


def test_choosing_a_project_writes_its_code_into_the_address():
    at = opened()
    at.multiselect(key="filter-project").set_value(["voss"]).run()
    assert asked(at, "project") == "voss"
    assert at.title[0].value.startswith("Næringshagen på Voss: 2 kommuner")


def test_changing_the_year_keeps_only_counties_that_the_year_has():
    at = opened(fylke="16,15")
    at.button_group(key="filter-year").set_value(2020).run()
    assert asked(at, "year") == "2020"
    assert asked(at, "fylke") == "15"


def test_the_language_switch_keeps_the_view():
    at = opened(project="voss", year="2020")
    at.button(key="lang").click().run()
    assert asked(at, "project") == "voss"
    assert asked(at, "year") == "2020"
    assert "kommune structure 2020" in at.title[0].value


def test_a_view_without_coverage_explains_itself_and_offers_a_way_out():
    at = opened(fylke="03")
    assert "Ingen kommuner er dekket" in at.info[0].value
    at.button(key="reset-empty").click().run()
    assert "fylke" not in at.query_params


def test_an_old_number_tells_the_story_of_what_it_became():
    told = texts(opened(kommune="1636", year="2020"))
    assert "Orkland (5059, 2020)" in told
    assert "Meldal" in told


def test_search_finds_an_old_name_and_chooses_the_kommune():
    at = opened(year="2020")
    at.text_input(key="search").set_value("Meldal").run()
    hit = next(b for b in at.button if "Meldal" in b.label)
    assert "Orkland" in hit.label
    hit.click().run()
    assert "kommune" in at.query_params
    assert "Orkland (5059, 2020)" in texts(at)


def test_search_that_finds_nothing_says_so():
    at = opened()
    at.text_input(key="search").set_value("Atlantis").run()
    assert any("Atlantis" in info.value for info in at.info)


@pytest.mark.parametrize("figure", FIGURES)
def test_every_key_figure_can_be_asked_why(figure):
    at = opened(project="kraftsenter-st")
    before = len(at.dataframe)
    at.session_state[f"why-{figure}"] = True
    at.run()
    assert len(at.dataframe) == before + 1
    assert "Kilder" in texts(at)
    if figure == "kommuner":
        assert len(at.dataframe[0].value) == 25


def test_the_copied_link_spells_out_the_defaults():
    link = opened(project="voss").code[0].value
    for part in ("lang=nb", "year=2015", "evidence=assumed", "project=voss", "data=1.0.0"):
        assert part in link


def test_a_project_shows_its_claims_against_the_register_and_four_structures():
    told = opened("prosjekter.py", project="kraftsenter-st")
    tables = [table.value.reset_index() for table in told.table]
    cells = "\n".join(table.to_string() for table in tables)
    assert "25 kommuner" in cells
    assert "Stemmer" in cells
    for year in ("2015", "2018", "2020", "2024"):
        assert year in cells


def test_the_programme_shows_that_30_million_is_not_what_was_named():
    told = texts(opened("prosjekter.py"))
    assert "25,5" in told
    assert "30 millioner" in told


def test_a_county_lists_the_uncovered_first_with_people_and_nearest_hub():
    at = opened("fylker.py", fylke="16")
    first = at.table[0].value.reset_index()
    assert first.iloc[0].tolist()[0] == "1601"
    assert "km" in first.iloc[0].tolist()[-1]


@pytest.mark.parametrize(("year", "fylker"), [(2015, 19), (2018, 18), (2020, 11), (2024, 15)])
def test_every_year_lists_its_own_counties(year, fylker):
    assert len(opened("fylker.py", year=str(year)).table[-1].value) == fylker


def test_tables_can_be_searched():
    at = opened("data_og_kilder.py")
    at.selectbox(key="table").set_value("hubs").run()
    at.text_input(key="table-search").set_value("Sápmi").run()
    assert len(at.dataframe[0].value) == 1
    at.text_input(key="table-search").set_value("finnes ikke").run()
    assert any("finnes ikke" in info.value for info in at.info)


def test_the_method_gives_the_reasoning_of_the_assumption_and_its_alternatives():
    told = texts(opened("metode.py"))
    assert "Hemne og de seks på Fosen" in told
    assert "Midtre Gauldal" in told
    assert "Støtteregisteret" in told
