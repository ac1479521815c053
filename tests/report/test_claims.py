"""Published claims: the verdicts that a journalist must be able to quote."""

from dataclasses import replace

import pytest

from geo import columns as c
from geo.columns import AGREES, DEVIATES, PARTLY_CONFIRMED, REPEATS, UNCHECKED, VERDICTS
from geo.report.claims import check, kommuner_by_year, split_tested
from geo.report.reasons import reasons


@pytest.fixture(scope="module")
def checks(dataset):
    return {one.claim_id: one for one in check(dataset)}


def test_every_claim_gets_a_verdict_and_sentences_in_every_language(dataset, checks):
    assert list(checks) == list(dataset.package["claims"]["claim_id"])
    for one in checks.values():
        assert one.verdict in VERDICTS
        assert one.explanation("nb") != one.explanation("en")
        assert one.text["nb"].text in one.explanation("nb")
        assert "bokmål" not in one.explanation("nb")
        assert one.text["nb"].text in one.explanation("nn")


def test_30_million_announced_against_25_5_named(checks):
    announced = checks["announced-total"]
    assert (announced.verdict, announced.claimed, announced.found) == (DEVIATES, 30e6, 25.5e6)
    assert announced.difference == -4.5e6
    said = announced.explanation("nb")
    assert "30 millioner kroner" in said
    assert "25,5 millioner kroner (6 + 6 + 6 + 3,5 + 4)" in said
    assert "Kommunal- og moderniseringsdepartementet" in said
    assert "Avisa Hordaland" in said
    assert "NOK 25.5 million (6 + 6 + 6 + 3.5 + 4)" in announced.explanation("en")


def test_the_newspaper_that_says_25_million_were_handed_out(checks):
    paid = checks["paid-out"]
    assert (paid.verdict, paid.claimed, paid.found) == (DEVIATES, 25e6, 25.5e6)
    assert [source.source_id for source in paid.claim_sources] == ["S05"]


def test_the_newspaper_that_says_six_million_each(checks):
    six = {claim_id: one.verdict for claim_id, one in checks.items() if claim_id.endswith("-six")}
    assert six == {
        "kraftsenter-st-grant-six": AGREES,
        "rogaland-grant-six": AGREES,
        "voss-grant-six": AGREES,
        "troms-grant-six": DEVIATES,
        "fabrikken-grant-six": DEVIATES,
    }
    assert "3,5 millioner kroner" in checks["troms-grant-six"].explanation("nb")


def test_25_kommuner_agree_only_with_the_assumed_ones_and_the_text_says_so(checks):
    kommuner = checks["kraftsenter-st-kommuner"]
    assert (kommuner.verdict, kommuner.found, kommuner.named) == (PARTLY_CONFIRMED, 25, 18)
    assert kommuner.documented == 4
    assert kommuner.rests_on_assumption
    said = kommuner.explanation("nb")
    assert "kommunestrukturen fra 2015" in said
    assert "4 dokumentert, 14 utledet og 7 antatt" in said
    partly = "Delvis bekreftet: 18 kan navngis, 7 er antatt fordi 25 kommuner ble kunngjort."
    assert partly in said
    assert "Det stemmer" not in said


@pytest.mark.parametrize(("fylke", "found", "named"), [("16", 18, 11), ("04", 6, 6), ("15", 1, 1)])
def test_the_split_by_county_is_18_6_and_1(checks, fylke, found, named):
    one = checks[f"kraftsenter-st-kommuner-{fylke}"]
    verdict = AGREES if found == named else PARTLY_CONFIRMED
    assert (one.verdict, one.found, one.named) == (verdict, found, named)


def test_three_counties_stand_on_named_kommuner_alone(checks):
    fylker = checks["kraftsenter-st-fylker"]
    assert (fylker.found, fylker.named) == (3, 3)
    assert fylker.verdict == AGREES


def test_a_number_from_the_claims_own_source_is_no_check(checks):
    repeats = {claim_id for claim_id, one in checks.items() if one.verdict == REPEATS}
    assert repeats == {
        "years",
        "funded",
        "kraftsenter-st-grant",
        "rogaland-grant",
        "voss-grant",
        "troms-grant",
        "fabrikken-grant",
        "kraftsenter-st-hubs",
        "rogaland-hubs",  # one of the four has another source too, the others have not
        "troms-hubs",
        "voss-kommuner",
    }
    assert "så det prøver ingenting" in checks["funded"].explanation("nb")


def test_another_source_of_every_row_makes_the_check_independent(dataset):
    partners = dataset.package["partners"]
    for ids, verdict in (("S01|S02", AGREES), ("S01", REPEATS)):
        tables = {**dataset.package.tables, "partners": partners.assign(source_ids=ids)}
        other = replace(dataset, package=replace(dataset.package, tables=tables))
        found = {one.claim_id: one.verdict for one in check(other)}
        assert found["troms-hubs"] == verdict


def test_tested_claims_come_first_in_their_own_order(checks):
    tested, others = split_tested(checks.values())
    assert {one.verdict for one in tested} == {AGREES, DEVIATES, PARTLY_CONFIRMED}
    assert {one.verdict for one in others} == {REPEATS, UNCHECKED}
    assert [*tested, *others] == sorted(checks.values(), key=lambda one: not one.tested)


@pytest.mark.parametrize("claim_id", ["applications", "hubs-2016", "deadline", "voss-staff-2015"])
def test_what_the_data_cannot_know_is_not_checked(checks, claim_id):
    assert checks[claim_id].verdict == UNCHECKED
    assert checks[claim_id].found is None


def test_every_known_deviation_is_told(dataset, checks):
    for row in dataset.package["deviations"].to_dict("records"):
        assert row["explanation_nb"] in checks[row["claim_id"]].explanation("nb")
        assert row["explanation_en"] in checks[row["claim_id"]].explanation("en")


def test_no_claim_deviates_without_an_explanation(checks):
    unexplained = [i for i, o in checks.items() if o.verdict == DEVIATES and not o.deviation["nb"]]
    assert not unexplained


def test_the_25_in_four_structures(dataset):
    table = kommuner_by_year(dataset, "kraftsenter-st")
    assert table["kommuner"].to_dict() == {2015: 25, 2018: 25, 2020: 20, 2024: 20}
    assert table[c.PARTLY].to_dict() == {2015: 0, 2018: 1, 2020: 2, 2024: 2}
    assert table.loc[2015, "fylker"] == ("Hedmark", "Møre og Romsdal", "Sør-Trøndelag")
    assert table.loc[2024, "fylker"] == ("Innlandet", "Trøndelag")


def test_every_difference_between_structures_has_a_reason_in_words(dataset):
    assert reasons(dataset, "kraftsenter-st", 2015, "nb") == []
    text = "\n".join(reasons(dataset, "kraftsenter-st", 2020, "nb"))
    assert "Rindal flyttet fra Møre og Romsdal til Trøndelag i 2019." in text
    assert "Orkland består av Agdenes, Meldal, Orkdal og en del av Snillfjord" in text
    assert "Heim består av" in text
    assert "Ikke regnet som dekket: Halsa." in text
    english = reasons(dataset, "kraftsenter-st", 2020, "en")
    assert "Rindal moved from Møre og Romsdal to Trøndelag in 2019." in english
