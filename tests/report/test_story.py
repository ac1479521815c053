"""The story of a kommune: what it was and became, who serves it, and how that is known."""

import pytest

from geo import columns as c
from geo.coverage.view import View
from geo.errors import UnknownKommune
from geo.report.story import COVERED, story
from geo.report.story_text import sentences
from geo.text.languages import LANGUAGES


def text_of(dataset, kommunenr, view):
    return "\n".join(sentences(dataset, story(dataset, kommunenr, view), view.lang))


def test_an_old_number_is_answered_by_what_the_kommune_is_now(dataset):
    found = story(dataset, "1636", View(year=2020))
    assert (found.asked_label, found.kommunenr, found.label) == ("Meldal", "5059", "Orkland")
    assert "Meldal (1636, 2013–2017) er i 2020 del av Orkland (5059)." in text_of(
        dataset, "1636", View(year=2020)
    )


def test_a_kommune_that_was_split_names_the_others_that_got_land(dataset):
    found = story(dataset, "1613", View(year=2024))
    assert set(found.also) == {"5055", "5056"}
    assert "Noe av arealet ligger i Hitra og Heim" in text_of(dataset, "1613", View(year=2024))


def test_heim_tells_what_is_covered_and_what_is_not(dataset):
    text = text_of(dataset, "5055", View(year=2020))
    assert "Antatt delvis dekket: ingen kilde nevner Hemne som betjent i 2015–2017 (Heim" in text
    assert "Dekket: Hemne og en del av Snillfjord (11" in text
    assert "Ikke med i disse prosjektene: Halsa." in text
    assert "Folk i en delt kommune er telt i delområdene" in text
    assert "21\N{NO-BREAK SPACE}% av innbyggerne" in text


def test_heim_without_assumptions_says_that_hemne_has_no_source(dataset):
    text = text_of(dataset, "5055", View(year=2020, evidence=c.INFERRED))
    assert "Ingen kilde funnet: Hemne." in text
    assert text.count("Ingen kilde oppgir dekning for Hemne (2015).") == 1


def test_the_story_names_project_hub_evidence_and_source(dataset):
    text = text_of(dataset, "1640", View())
    assert "Rørosregionen Næringshage AS betjente kommunen i prosjektet Kraftsenter" in text
    assert "dokumentert" in text
    assert "18. juni 2014" in text
    assert "Rørosregionen Næringshage AS har sete her." in text


def test_seat_and_service_are_two_things(dataset):
    froya = story(dataset, "1620", View())
    hitra = story(dataset, "1617", View())
    assert froya.seats == ("tkk",)
    assert hitra.seats == ()
    assert [service.hub_id for service in hitra.services] == ["tkk"]


def test_hubs_without_a_project_are_told_but_not_counted(dataset):
    found = story(dataset, "1234", View())
    assert found.state == c.ELSEWHERE
    assert [service.hub_id for service in found.others] == ["hardanger"]
    text = text_of(dataset, "1234", View())
    assert "Næringshagen i Hardanger, utenfor disse prosjektene, betjente Granvin" in text


def test_a_renumbered_kommune_is_not_told_as_a_merger(dataset):
    text = text_of(dataset, "1640", View())
    assert "I 2024 har Røros nummer 5025." in text
    assert "består av" not in text


def test_the_pieces_of_a_kommune_carry_their_states(dataset):
    states = {p.label: p.state for p in story(dataset, "5055", View(year=2020)).was}
    assert states == {"Hemne": COVERED, "Halsa": c.NOT_COVERED, "Snillfjord": COVERED}


def test_all_official_names_are_part_of_the_story(dataset):
    assert "Gáivuotna" in story(dataset, "1940", View()).other_names


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("year", [2015, 2018, 2020, 2024])
def test_every_kommune_of_every_year_has_a_story(dataset, lang, year):
    view = View(year=year, lang=lang)
    for nr in dataset.register.kommuner(year).index[LANGUAGES.index(lang) :: 10]:
        lines = sentences(dataset, story(dataset, nr, view), lang)
        assert len(lines) >= 2
        assert not any("{" in line for line in lines)


def test_a_number_that_never_was_is_refused(dataset):
    with pytest.raises(UnknownKommune):
        story(dataset, "9999", View())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nb", "Kildene gjelder 2014 (plan), 2015 (antall) og 2020."),
        ("nn", "Kjeldene gjeld 2014 (plan), 2015 (tal) og 2020."),
        ("en", "The sources speak of 2014 (plan), 2015 (count) and 2020."),
    ],
)
def test_the_story_says_which_years_the_sources_speak_of(dataset, language, said):
    assert said in text_of(dataset, "0432", View(lang=language))
    assert "Kilden gjelder 2014." in text_of(dataset, "1640", View())
    assert "gjelder" not in text_of(dataset, "1612", View())  # Hemne: assumed
