"""Which sets an assumption may stand for, and the ranges over them, against trying every set."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geo import columns as c
from geo.coverage.assumed import alternatives
from geo.coverage.carry_forward import carry_forward
from geo.coverage.counted import structure_year
from geo.coverage.money import people_counted, served
from geo.coverage.ranges import Ranges, ranges
from geo.coverage.selection import (
    Rows,
    Selection,
    candidate_rows,
    project_rows,
    select,
    selection_of,
)
from geo.coverage.states import people_covered
from geo.coverage.totals import totals
from tests import generated

PROJECT = ("kraftsenter-st",)
FOSEN = {"1621", "1624", "1627", "1630", "1632", "1633"}
OTHERS = {"1648", "1653", "1662", "1663", "1664", "1665"}


def with_table(dataset, name, table):
    tables = {**dataset.package.tables, name: table}
    return replace(dataset, package=replace(dataset.package, tables=tables))


def without_claims(dataset):
    return with_table(dataset, "claims", dataset.package["claims"].iloc[:0])


def test_any_7_of_the_13_candidates_may_be_those_of_kraftsenter(dataset):
    found = alternatives(dataset)
    assert {one.kommune.kommunenr for one in found.open} == {"1612"} | FOSEN | OTHERS
    assert {one.kommune.kommunenr for one in found.open if one.shown} == {"1612"} | FOSEN
    assert [one.count for one in found.conditions] == [7]


def test_without_claims_as_many_are_kept_as_are_assumed(dataset):
    bare = without_claims(dataset)
    for year in dataset.choices.years:
        selection = Selection(year, PROJECT)
        assert ranges(bare, selection) == ranges(dataset, selection)


def test_a_claim_that_the_coverage_does_not_meet_is_no_condition(dataset):
    claims = dataset.package["claims"]
    wrong = claims.assign(value=claims["value"].mask(claims["metric"] == "kommuner", 26))
    found = ranges(with_table(dataset, "claims", wrong), Selection(2015, PROJECT))
    assert found.kommuner.certain
    assert found == ranges(dataset, Selection(2015, PROJECT))


def test_a_claim_of_a_county_holds_for_the_county_only(dataset):
    """With one candidate in Hedmark, only the published 6 keeps it out."""
    candidates = dataset.package["candidates"]
    elsewhere = candidates.assign(
        kommunenr=candidates[c.KOMMUNENR].replace({"1665": "0434"})  # Engerdal, for Tydal
    )
    moved = with_table(dataset, "candidates", elsewhere)
    assert "0434" not in {one.kommune.kommunenr for one in alternatives(moved).open}
    claims = dataset.package["claims"]
    fewer = with_table(moved, "claims", claims[claims["metric"] != "kommuner_in_fylke"])
    assert "0434" in {one.kommune.kommunenr for one in alternatives(fewer).open}
    assert ranges(fewer, Selection(2015, PROJECT)).by_fylke["04"].high == 7


def test_an_assumption_without_other_candidates_leaves_no_choice(dataset):
    candidates = dataset.package["candidates"]
    alone = with_table(dataset, "candidates", candidates[~candidates[c.KOMMUNENR].isin(OTHERS)])
    assert alternatives(alone).open == ()
    assert ranges(alone, Selection(2015, PROJECT)).people.certain


def test_without_assumed_rows_nothing_is_open(dataset):
    for evidence in (c.DOCUMENTED, c.INFERRED):
        found = ranges(dataset, Selection(2015, PROJECT, evidence=evidence))
        assert found.people.certain


def test_the_people_of_kraftsenter_are_between_the_smallest_and_the_largest_seven(dataset):
    people = dataset.register.population(2015)
    open_ = sorted(int(people[nr]) for nr in ("1612", *FOSEN, *OTHERS))
    found = ranges(dataset, Selection(2015, PROJECT)).people
    firm = 95_548 - sum(int(people[nr]) for nr in ("1612", *FOSEN))
    assert (found.low, found.high) == (firm + sum(open_[:7]), firm + sum(open_[-7:]))
    assert (found.low, found.high) == (88_630, 127_804)


def test_in_2024_they_are_20_to_23_kommuner(dataset):
    found = ranges(dataset, Selection(2024, PROJECT))
    assert (found.kommuner.low, found.kommuner.high) == (20, 23)
    assert found.by_fylke["50"] == replace(found.kommuner, value=14, low=14, high=17)
    assert found.by_fylke["34"].certain


def every_set(dataset) -> Iterator[Rows]:
    """Yield the open rows of every set that the published totals of Kraftsenter allow."""
    shown = {row.kommune: row for row in project_rows(dataset) if row.assumption_id}
    others = {row.kommune: row for row in candidate_rows(dataset) if row.assumption_id}
    every = {**others, **shown}
    yield from combinations(every.values(), len(shown))


def tried(dataset, selection: Selection, sets: Iterator[Rows]) -> list[dict[str, int]]:
    """Return the people of each kommune of a selection's year with each set, one by one."""
    year = structure_year(dataset, selection.year)
    firm = [row for row in select(dataset, selection).counted if not row.assumption_id]
    return [
        people_covered(carry_forward(dataset.register, [*firm, *rows], selection.year), year)
        for rows in sets
    ]


def agree(dataset, selection: Selection, every: list[dict[str, int]], found: Ranges) -> None:
    fylke_of = structure_year(dataset, selection.year).inside(selection.fylke)
    here = [{nr: n for nr, n in one.items() if nr in fylke_of} for one in every]
    fylker = [[fylke_of[nr] for nr in one] for one in here]
    for range_, values in (
        (found.people, [sum(one.values()) for one in here]),
        (found.kommuner, [len(one) for one in here]),
        (found.fylker, [len(set(one)) for one in fylker]),
        *(
            (found.by_fylke.get(nr, found.kommuner), [one.count(nr) for one in fylker])
            for nr in {nr for one in fylker for nr in one}
        ),
    ):
        assert (range_.low, range_.high) == (min(values), max(values))
        assert range_.low <= range_.value <= range_.high


@pytest.mark.parametrize("year", [2015, 2024])
def test_the_ranges_of_kraftsenter_are_those_of_all_1716_sets(dataset, year):
    sets = list(every_set(dataset))
    assert len(sets) == 1716
    every = tried(dataset, Selection(year, PROJECT), iter(sets))
    trondelag = "16" if year == 2015 else "50"
    for fylke in ((), (trondelag,), ("04",)):
        selection = Selection(year, PROJECT, fylke=fylke)
        agree(dataset, selection, every, ranges(dataset, selection))


def test_kroner_per_inhabitant_are_those_of_all_sets(dataset):
    people = dataset.register.population(2015)
    firm = sum(
        people[row.kommunenr]
        for row in select(dataset, Selection(2015, PROJECT)).counted
        if not row.assumption_id
    )
    sums = [firm + sum(people[row.kommunenr] for row in rows) for rows in every_set(dataset)]
    found = totals(dataset, Selection(2024, PROJECT)).grant_per_inhabitant_year
    assert found.low == pytest.approx(2_000_000 / max(sums))
    assert found.high == pytest.approx(2_000_000 / min(sums))


@pytest.mark.parametrize("hub", ["tkk", "nasjonalparken", "orkdal"])
def test_a_kommune_without_a_hub_may_be_any_hubs_or_not(dataset, hub):
    """Hubless candidates join the hub or not, so the fewest and the most of each set are tried."""
    selection = Selection(2015, hub=(hub,))
    people = dataset.register.population(2015)
    firm = [r for r in select(dataset, selection).counted if not r.assumption_id]
    base = sum(people[row.kommunenr] for row in firm)
    fewest, most = [], []
    for rows in every_set(dataset):
        own = sum(people[row.kommunenr] for row in rows if row.hub_id == hub)
        fewest.append(base + own)
        most.append(base + own + sum(people[row.kommunenr] for row in rows if not row.hub_id))
    found = ranges(dataset, selection).people
    assert (found.low, found.high) == (min(fewest), max(most))


def allowed_rows(dataset, selection: Selection) -> Iterator[Rows]:
    """Yield the rows of a selection with every set that the conditions allow."""
    allowed = alternatives(dataset)
    partners = dataset.package["partners"]
    theirs = set(partners.loc[partners[c.HUB_ID].isin(selection.hub), c.PROJECT_ID])
    each = []
    for one in allowed.open:
        mine = [r for r in one.rows if not selection.project or r.project_id in selection.project]
        sure = [r for r in mine if not selection.hub or r.hub_id in selection.hub]
        perhaps = [r for r in mine if selection.hub and not r.hub_id and r.project_id in theirs]
        each.append((None, sure) if sure or not perhaps else (None, [], perhaps))
    keys = {(one.assumption_id, one.kommune) for one in allowed.open}
    firm = [r for r in select(dataset, selection).counted
            if (r.assumption_id, r.kommune) not in keys]  # fmt: skip
    for mix in product(*each):
        chosen = [place for place, rows in enumerate(mix) if rows is not None]
        if all(len(one.things(chosen)) == one.count for one in allowed.conditions):
            yield (*firm, *(row for rows in mix if rows for row in rows))


def brute(dataset, selection: Selection) -> list[dict[str, int]]:
    """Return what a selection covers with every set that the conditions allow, one by one."""
    year = structure_year(dataset, selection.year)
    return [
        people_covered(carry_forward(dataset.register, rows, year.year), year)
        for rows in allowed_rows(dataset, selection)
    ]


@pytest.fixture(scope="module")
def programmes(dataset) -> st.SearchStrategy:
    return generated.packages(generated.land_of(dataset))


def test_ranges_are_those_of_every_set_of_programmes_that_nobody_wrote(dataset, programmes):
    @settings(
        max_examples=15 * generated.TIMES, deadline=None, database=None,
        derandomize=generated.TIMES == 1, suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    @given(files=programmes, data=st.data())
    def check(files, data):
        found = generated.read(dataset, files)
        claimed = data.draw(st.sampled_from([0, 2015, 2020, 2024]))
        found = generated.claiming(found, claimed) if claimed else found
        selection = selection_of(data.draw(generated.views(found)).but(evidence=c.ASSUMED))
        agree(found, selection, brute(found, selection.everywhere), ranges(found, selection))
        projects = selection.project or found.choices.projects
        people = served(found, projects, c.ASSUMED).people
        anywhere = Selection(2015, projects)
        sums = [people_counted(found, rows) for rows in allowed_rows(found, anywhere)]
        assert (people.low, people.high) == (min(sums), max(sums))
        assert people.low <= people.value <= people.high

    check()


@pytest.mark.parametrize("evidence", c.EVIDENCE_LEVELS)
@pytest.mark.parametrize("year", [2015, 2024])
def test_the_parts_of_the_people_are_what_each_evidence_adds(dataset, year, evidence):
    for project in ((), PROJECT, ("troms",)):
        found = totals(dataset, Selection(year, project, evidence=evidence))
        alone = [
            totals(dataset, Selection(year, project, evidence=one)).population_covered.value
            for one in c.EVIDENCE_LEVELS[: c.EVIDENCE_LEVELS.index(evidence) + 1]
        ]
        parts = [found.population_by_evidence[one] for one in c.EVIDENCE_LEVELS]
        for place, people in enumerate(alone):
            assert sum(parts[: place + 1]) == people
        assert sum(parts) == found.population_covered.value
