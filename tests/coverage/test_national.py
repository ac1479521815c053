"""Hubs outside the projects: which are known, whom they serve, and what is said of it."""

import csv
from dataclasses import replace

import pytest

from geo import columns as c
from geo.coverage import counties
from geo.coverage.counted import counted
from geo.coverage.join import coverage, totals_of
from geo.coverage.national import known_hubs, named, period
from geo.coverage.selection import selection_of
from geo.coverage.view import View
from geo.dataset.package import NATIONAL
from geo.report.legend import legend
from geo.report.story import story
from geo.report.story_text import sentences
from geo.report.titles import absence, summary
from geo.settings import ROOT
from geo.text.languages import LANGUAGES
from geo.text.messages import messages

KVAM, TANA, NESSET, OSLO, MOLDE = "1238", "2025", "1543", "0301", "1506"


@pytest.fixture(scope="module")
def without(dataset):
    """The programme that ships, without the tables of the national one."""
    package = dataset.package
    empty = {name: package[name].iloc[:0] for name in NATIONAL}
    return replace(dataset, package=replace(package, tables={**package.tables, **empty}))


def elsewhere(dataset, view):
    frame = coverage(dataset, view).frame
    return frame[frame[c.STATE] == c.ELSEWHERE]


def test_32_of_46_to_47_hubs_of_2015_can_be_named(dataset):
    found = named(dataset)
    assert (found.year, found.named, found.documented) == (2015, 32, 27)
    assert (found.low, found.high, found.complete) == (46, 47, False)


def test_a_hub_has_one_row_and_fyresdal_has_none(dataset):
    hubs, others = (set(dataset.package[name][c.HUB_ID]) for name in ("hubs", "other_hubs"))
    assert hubs == set(dataset.choices.hubs)
    assert not hubs & others
    assert (len(hubs), len(others)) == (13, 27)
    assert not any("Fyresdal" in name for name in dataset.package["other_hubs"][c.NAME])


def test_a_point_needs_a_kommune_and_says_how_far_off_it_may_be(dataset):
    others = dataset.package["other_hubs"]
    assert (others[c.LON].notna() == (others[c.KOMMUNENR] != "")).all()
    assert others.loc[others[c.LON].notna(), c.POINT_ACCURACY_M].ge(1000).all()


def test_hubs_that_only_other_years_tell_of_count_nowhere(dataset):
    assert list(period(dataset)) == [2015, 2016, 2017]
    known = known_hubs(dataset)
    assert {"hardanger", "kirkenes", "solor", *dataset.choices.hubs} <= known
    assert not {"fi", "blatt", "nordfjordeid", "sokere-2022"} & known


def test_kommuner_of_other_hubs_have_a_state_of_their_own_and_count_nothing(dataset, without):
    view = View(year=2015)
    rows = elsewhere(dataset, view)
    assert len(rows) == 33
    assert rows[c.EVIDENCE].value_counts().to_dict() == {c.DOCUMENTED: 22, c.INFERRED: 11}
    assert rows.at[KVAM, c.ELSEWHERE_HUB_IDS] == ("hardanger",)
    assert rows[c.HUB_IDS].map(len).sum() == rows[c.POPULATION_COVERED].sum() == 0
    assert totals_of(dataset, view) == totals_of(without, view)


def test_the_evidence_that_counts_is_the_same_for_them(dataset):
    rows = elsewhere(dataset, View(year=2015, evidence=c.DOCUMENTED))
    assert set(rows[c.EVIDENCE]) == {c.DOCUMENTED}
    assert "1820" not in rows.index  # Alstahaug: one of the places of a hub, in another year


def test_a_package_without_the_tables_shows_nothing_of_them(without):
    assert elsewhere(without, View(year=2015)).empty
    assert all(absence(without, language) == "" for language in LANGUAGES)
    both = [coverage(without, View(year=2015, scope=scope)).frame for scope in ("projects", "all")]
    assert both[0][c.STATE].equals(both[1][c.STATE])


def test_the_switch_counts_all_known_hubs(dataset):
    totals = totals_of(dataset, View(year=2015, scope="all"))
    ours = totals_of(dataset, View(year=2015))
    assert totals.kommuner == ours.kommuner + 33
    assert totals.population_covered.value > ours.population_covered.value
    assert totals.grant_nok == ours.grant_nok
    assert elsewhere(dataset, View(year=2015, scope="all")).empty


@pytest.mark.parametrize("chosen", [{"project": ("voss",)}, {"hub": ("voss",)}])
def test_the_switch_changes_nothing_where_projects_or_hubs_are_chosen(dataset, chosen):
    first, second = (View(year=2015, scope=scope, **chosen) for scope in ("projects", "all"))
    assert totals_of(dataset, first) == totals_of(dataset, second)
    states = [counted(dataset, selection_of(view)).states for view in (first, second)]
    assert states[0] == states[1]


@pytest.mark.parametrize("nr", [KVAM, TANA])
def test_a_kommune_with_a_hubs_seat_is_told_so_and_not_that_it_is_far_from_one(dataset, nr):
    found = story(dataset, nr, View(year=2015))
    (own,) = found.seats
    assert (found.state, found.nearest_known.hub_id) == (c.ELSEWHERE, own)
    text = " ".join(sentences(dataset, found, "nb"))
    assert "har sete her" in text
    assert "Nærmeste kjente" not in text
    assert "utenfor disse prosjektene" in text


def test_the_nearest_hub_is_the_nearest_of_all_and_beside_it_that_of_the_projects(dataset):
    table = counties.uncovered(dataset, View(year=2015), "12")
    ulvik = table.loc["1233"]
    assert (ulvik[counties.KNOWN], ulvik[counties.NEAREST]) != ("", "")
    assert (table[counties.KNOWN_KM] <= table[counties.DISTANCE_KM]).all()
    assert table.at[KVAM, counties.KNOWN] == "hardanger"
    assert table.at[KVAM, counties.NEAREST] == "voss"


def test_of_a_merged_kommune_the_part_that_is_served_is_named(dataset):
    found = story(dataset, MOLDE, View(year=2020))
    assert found.state == c.ELSEWHERE
    assert sentences(dataset, found, "nb")[0].startswith("En del av Molde (Nesset) ble betjent")
    assert NESSET in [service.kommunenr for service in found.others]


@pytest.mark.parametrize("language", LANGUAGES)
def test_absence_is_said_to_prove_nothing(dataset, language):
    view = View(lang=language, year=2015)
    said = absence(dataset, language)
    assert "46–47" in said
    assert "32" in said
    assert said in summary(dataset, coverage(dataset, view), view)
    assert said in sentences(dataset, story(dataset, OSLO, view), language)


@pytest.mark.parametrize("colour", ["project", "state", "grant", "evidence"])
def test_the_legend_counts_every_kommune_of_theirs(dataset, colour):
    t = messages("nb")
    for scope, label in (("projects", "map.elsewhere"), ("all", "map.no_project")):
        view = View(year=2015, scope=scope, colour=colour)
        counts = {e.label: e.count for e in legend(dataset, coverage(dataset, view), view, t)}
        if scope == "projects" or colour in ("project", "grant"):
            assert counts[t(label)] == 33


def test_every_kommune_of_the_table_is_one_of_its_year(dataset):
    with (ROOT / "data" / "other_coverage.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert all(dataset.register.exists(r["kommunenr"], int(r["structure_year"])) for r in rows)
    assert {row["evidence"] for row in rows} == {c.DOCUMENTED, c.INFERRED}
