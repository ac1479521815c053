"""A view in words: title, summary and source line, in every language."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.columns import EVIDENCE_LEVELS
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.report.explain import KOMMUNER, explain
from geo.report.figures import key_figures
from geo.report.provenance import method_sections, window
from geo.report.titles import all_projects, source_line, summary, title
from geo.text.languages import LANGUAGES
from geo.text.messages import messages
from tests.views import views


def titled(dataset, view):
    return title(dataset, coverage(dataset, view), view)


def text_of(dataset, view):
    return summary(dataset, coverage(dataset, view), view)


def test_the_title_states_the_view_in_words(dataset):
    view = View(project=("kraftsenter-st",))
    assert titled(dataset, view) == (
        "Kraftsenter Sør-Trøndelag: 25 kommuner i 3 fylker, kommunestruktur 2015"
    )


def test_the_title_carries_its_year_and_the_partly_covered(dataset):
    text = titled(dataset, View(project=("kraftsenter-st",), year=2020))
    assert "20 kommuner" in text
    assert "2 delvis" in text
    assert text.endswith("2020")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("nb", "samme område er i dag 42 kommuner i 6 fylker (derav 4 delvis)"),
        ("en", "the same area is 42 kommuner (municipalities) in 6 counties (of which 4 partly)"),
    ],
)
def test_in_the_structure_of_today_the_same_area_is_so_many_kommuner(dataset, lang, said):
    assert said in titled(dataset, View(year=2024, lang=lang))


def test_the_english_title_says_the_same(dataset):
    text = titled(dataset, View(project=("kraftsenter-st",), lang="en"))
    assert "25 kommuner (municipalities) in 3 counties" in text
    assert "2015" in text


def test_the_title_names_the_chosen_county(dataset):
    assert "Nordland" in titled(dataset, View(fylke=("18",)))


def test_the_title_says_when_only_some_evidence_counts(dataset):
    text = titled(dataset, View(project=("kraftsenter-st",), evidence="documented"))
    assert "4 kommuner" in text
    assert "bare dokumentert" in text


def test_the_summary_spreads_the_kommuner_over_counties(dataset):
    text = text_of(dataset, View(project=("kraftsenter-st",)))
    assert "Hedmark 6, Møre og Romsdal 1 og Sør-Trøndelag 18" in text
    assert "6 millioner kroner" in text


def test_the_summary_counts_the_assumed_apart_and_gives_the_range(dataset):
    text = text_of(dataset, View(project=("kraftsenter-st",))).replace("\u00a0", " ")
    assert "4 dokumentert" in text
    assert "7 antatt" in text
    assert "minst 88 630, høyst 127 804 innbyggere" in text


@pytest.mark.parametrize(
    ("lang", "projects"),
    [
        ("nb", "Prosjektene i Ekstrasatsing på næringshager 2015 betjente 50 kommuner ("),
        ("nn", "Prosjekta i Ekstrasatsing på næringshager 2015 betente 50 kommunar ("),
        ("en", "The projects under Extra grants to næringshager 2015 served 50 kommuner ("),
    ],
)
def test_not_the_grants_but_their_projects_serve(dataset, lang, projects):
    assert text_of(dataset, View(lang=lang)).startswith(projects)


def test_a_programme_of_one_project_has_one(dataset):
    one = replace(dataset, choices=replace(dataset.choices, projects=("voss",)))
    programme = "Ekstrasatsing på næringshager 2015"
    assert all_projects(one, "nb") == f"Prosjektet i {programme}"
    assert all_projects(dataset, "nb") == f"Prosjektene i {programme}"


def test_in_a_county_the_projects_that_serve_there_are_named_and_the_county_is(dataset):
    text = text_of(dataset, View(year=2020, fylke=("11",)))
    assert text.startswith("Næringshagene i Rogaland betjente i 2015–2017 et område")
    assert "er 4 kommuner i Rogaland (4 dokumentert)." in text
    assert text_of(dataset, View(fylke=("19",))).startswith(
        "Tre næringshager i Troms betjente 13 kommuner i Troms ("
    )


def test_an_empty_view_explains_itself(dataset):
    assert "ingen kommuner" in text_of(dataset, View(fylke=("03",)))


def test_the_source_line_names_year_and_data_version(dataset):
    text = source_line(dataset, View(year=2018))
    assert "2018" in text
    assert dataset.data_version in text


def test_the_source_line_names_the_original_source_first(dataset):
    text = source_line(dataset, View())
    assert text.startswith("Kilder: tilskudd: Kommunal- og moderniseringsdepartementet")
    assert "august 2015" in text


@pytest.mark.parametrize("lang", LANGUAGES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_view_has_a_title_and_a_summary(dataset, lang, data):
    view = data.draw(views(dataset)).but(lang=lang)
    for text in (titled(dataset, view), text_of(dataset, view)):
        assert str(view.year) in text
        assert "{" not in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nb", "18 av 25 er navngitt av en kilde; resten er antatt."),
        ("nn", "18 av 25 er namngitte av ei kjelde; resten er føresett."),
        ("en", "18 of 25 are named by some source; the rest are assumed."),
    ],
)
def test_the_count_of_kraftsenter_says_how_many_a_source_names(dataset, language, said):
    view = View(lang=language, project=("kraftsenter-st",))
    assert said in explain(dataset, view, KOMMUNER).notes
    all_of_them = explain(dataset, view.but(project=()), KOMMUNER).notes
    assert not any(said in note for note in all_of_them)  # some have a source of a region only
    without = explain(dataset, view.but(project=("voss",)), KOMMUNER)
    assert not any("25" in note for note in without.notes)


def test_the_explanation_of_the_count_has_the_years_of_the_sources(dataset):
    rows = explain(dataset, View(project=("kraftsenter-st",)), KOMMUNER).rows
    years = dict(zip(rows["Kommunenummer"], rows["Kildenes år"], strict=True))
    assert years["0432"] == "2014 (plan), 2015 (antall) og 2020"
    assert (years["1617"], years["1612"]) == ("2015", "")


def test_the_definition_of_documented_has_the_years_of_the_package(dataset):
    programmes = dataset.package["programmes"].assign(year_from=2018, grant_years=1)
    projects = dataset.package["projects"].assign(year_from=2018, grant_years=2)
    tables = {**dataset.package.tables, "programmes": programmes, "projects": projects}
    later = replace(dataset, package=replace(dataset.package, tables=tables))
    for found, years in ((dataset, "2014–2017"), (later, "2017–2019")):
        for language in LANGUAGES:
            assert window(found, language) == years
            text = dict(method_sections(found, messages(language)))
            assert any(years in said for said in text.values())


@pytest.mark.parametrize(
    ("lang", "kommuner", "people"),
    [
        ("nb", "minst 20, høyst 23 kommuner", "minst 92 449, høyst 134 868 innbyggere"),
        ("nn", "minst 20, høgst 23 kommunar", "minst 92 449, høgst 134 868 innbyggjarar"),
        ("en", "at least 20, at most 23 kommuner", "at least 92,449, at most 134,868 inhabitants"),
    ],
)
def test_figures_that_rest_on_an_assumption_say_least_and_most_and_their_parts(
    dataset, lang, kommuner, people
):
    view = View(lang=lang, year=2024, project=("kraftsenter-st",))
    told = {one.figure: one.detail.replace("\u00a0", " ") for one in key_figures(dataset, view)}
    assert kommuner in told["kommuner"]
    assert people in told["population_covered"]
    parts = [messages(lang)(f"coverage.{level}_count", n="") for level in EVIDENCE_LEVELS]
    for figure in ("population_covered", "share"):
        assert all(part.strip() in told[figure] for part in parts)
    assert all(number in told["grant_per_inhabitant_year"].replace(".", ",") for number in
               ("118,98", "28,78", "15,65", "22,57"))  # fmt: skip
    text = text_of(dataset, view).replace("\u00a0", " ")
    assert kommuner in text
    assert people in text
