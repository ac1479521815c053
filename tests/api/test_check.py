"""A stated figure against the register: the rule of the claims page, for anybody's figure."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from geo import columns as c
from geo.api import api_routes
from geo.base.links import API
from geo.report.claims import FIGURES, FINDERS, Figure, check, check_figure
from geo.text.languages import LANGUAGES

KRAFTSENTER = "about=kraftsenter-st"


@pytest.fixture(scope="module")
def client():
    with TestClient(Starlette(routes=api_routes.routes())) as found:
        yield found


def checked(client, query):
    answer = client.get(f"{API}/check?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(client, query, status=422):
    answer = client.get(f"{API}/check?{query}&lang=en")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return {one["parameter"]: one["detail"] for one in answer.json()["errors"]}


def test_25_kommuner_in_three_counties_is_told_apart(client):
    answer = checked(client, f"{KRAFTSENTER}&claim=kommuner:25,fylker:3&year=2015&lang=en")
    kommuner, fylker = answer["data"]
    assert answer["meta"]["structure_year"] == kommuner["structure_year"] == 2015
    assert (kommuner["found"], kommuner["verdict"]) == (25, c.PARTLY_CONFIRMED)
    assert kommuner["by_evidence"] == {"documented": 4, "inferred": 14, "assumed": 7}
    assert kommuner["evidence"] == c.ASSUMED
    assert "18 can be named, 7 are assumed" in kommuner["explanation"]
    assert (fylker["found"], fylker["verdict"]) == (3, c.AGREES)
    assert len(kommuner["found_source_ids"]) == len(kommuner["found_sources"]) > 1


def test_the_same_figure_deviates_in_another_structure(client):
    (one,) = checked(client, f"{KRAFTSENTER}&claim=kommuner:25&year=2020&lang=en")["data"]
    assert (one["found"], one["difference"], one["verdict"]) == (20, -5, c.DEVIATES)
    assert "kommune structure of 2020" in one["explanation"]


def test_a_county_narrows_the_kommuner(client):
    query = f"{KRAFTSENTER}&claim=kommuner:18&in_fylke=16&year=2015"
    (one,) = checked(client, query)["data"]
    assert (one["metric"], one["fylkesnr"], one["found"]) == (c.KOMMUNE_METRICS[1], "16", 18)
    assert "Sør-Trøndelag" in one["explanation"]


def test_repeated_claims_are_joined_ones(client):
    joined = checked(client, f"{KRAFTSENTER}&claim=kommuner:25,hubs:4")
    assert checked(client, f"{KRAFTSENTER}&claim=kommuner:25&claim=hubs:4") == joined


def test_a_whole_programme_is_asked_about_by_its_id(client, dataset):
    (programme,) = dataset.package["programmes"][c.PROGRAMME_ID]
    sums, funded = checked(client, f"about={programme}&claim=grant:1,projects_funded:5")["data"]
    assert sums["found"] == dataset.package["projects"][c.GRANT_NOK].sum()
    assert (sums["project_id"], funded["found"]) == (None, len(dataset.choices.projects))


def test_what_the_data_have_from_the_named_source_alone_confirms_nothing(client):
    query = "about=voss&claim=projects_funded:1"
    (free,) = checked(client, query)["data"]
    (own,) = checked(client, f"{query}&source={','.join(free['found_source_ids'])}")["data"]
    assert (free["verdict"], own["verdict"]) == (c.AGREES, c.REPEATS)


def test_every_published_figure_gets_the_verdict_that_it_has_on_the_page(dataset):
    published = [one for one in check(dataset) if one.metric in FIGURES and one.project_id]
    assert published
    for one in published:
        year = one.structure_year or dataset.choices.default_year
        stated = Figure(
            one.programme_id, one.project_id, one.metric, one.claimed, year, one.fylkesnr
        )
        found = check_figure(dataset, stated)
        assert found.claim_sources
        assert found.found == one.found
        assert found.verdict in {one.verdict, c.REPEATS}
        ids = tuple(source.source_id for source in one.claim_sources)
        sourced = Figure(*(getattr(stated, n) for n in list(vars(stated))[:-1]), ids)
        assert check_figure(dataset, sourced).verdict == one.verdict


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_answer_is_in_the_language_asked_for(client, lang):
    answer = checked(client, f"{KRAFTSENTER}&claim=fylker:3&lang={lang}")
    assert answer["data"][0]["text"] == {"en": "3 counties"}.get(
        lang, "3 fylker" if lang == "nb" else "3 fylke"
    )


def test_every_mistake_is_told_with_what_would_do(client):
    found = refused(client, "claim=mars:25,kommuner:x&in_fylke=Oslo&source=S0&year=1999")
    assert set(found) == {"about", "claim", "in_fylke", "source", "year"}
    assert "kommuner:25" in found["claim"]
    assert "kraftsenter-st" in found["about"]
    assert set(refused(client, KRAFTSENTER)) == {"claim"}
    assert set(refused(client, "about=voss,troms&claim=hubs:1")) == {"about"}
    assert set(refused(client, f"{KRAFTSENTER}&claim=hubs:1&project=voss")) == {"project"}


def test_a_county_of_another_year_is_not_found(client):
    query = f"{KRAFTSENTER}&claim=kommuner:1&in_fylke=16&year=2020"
    assert "50" in refused(client, query, 404)["in_fylke"]


def test_figures_that_can_be_asked_about_are_those_that_the_rule_knows():
    assert set(FIGURES) <= set(FINDERS) == set(c.CHECKED_METRICS)
