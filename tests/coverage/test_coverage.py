"""What is covered: the figures everybody quotes, checked by hand, and rules for any view."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import columns as c
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.errors import UnknownYear
from geo.settings import ROOT
from tests.views import views

KRAFTSENTER = ("kraftsenter-st",)
FOSEN_AND_HEMNE = {"1612", "1621", "1624", "1627", "1630", "1632", "1633"}
OTHER_SET = {"1648", "1653", "1662", "1663", "1664", "1665"}


def kraftsenter(dataset: Dataset, year: int = 2015, evidence: str = c.ASSUMED):
    return coverage(dataset, View(year=year, project=KRAFTSENTER, evidence=evidence))


def test_kraftsenter_covers_25_kommuner_in_3_fylker_in_2015(dataset):
    totals = kraftsenter(dataset).totals
    assert (totals.kommuner, totals.whole, totals.partly) == (25, 25, 0)
    assert totals.kommuner_by_fylke == {"04": 6, "15": 1, "16": 18}


def test_kraftsenter_is_4_documented_14_inferred_and_7_assumed(dataset):
    totals = kraftsenter(dataset).totals
    assert totals.by_evidence == {c.DOCUMENTED: 4, c.INFERRED: 14, c.ASSUMED: 7}
    frame = kraftsenter(dataset).frame
    assert set(frame.index[frame[c.EVIDENCE] == c.ASSUMED]) == FOSEN_AND_HEMNE


def test_without_the_assumed_the_seven_are_no_source_and_not_not_covered(dataset):
    found = kraftsenter(dataset, evidence=c.INFERRED)
    assert found.totals.kommuner == 18
    nameless = set(found.frame.index[found.frame[c.STATE] == c.NO_SOURCE])
    assert nameless == FOSEN_AND_HEMNE | OTHER_SET


def test_the_whole_programme_is_11_documented_32_inferred_7_assumed(dataset):
    totals = coverage(dataset, View()).totals
    assert totals.by_evidence == {c.DOCUMENTED: 11, c.INFERRED: 32, c.ASSUMED: 7}
    assert totals.kommuner == 50
    assert totals.grant_nok == 25_500_000


def test_in_2018_indre_fosen_is_partly_covered_since_leksvik_is_not(dataset):
    found = kraftsenter(dataset, 2018)
    assert (found.totals.kommuner, found.totals.whole, found.totals.partly) == (25, 24, 1)
    assert found.totals.kommuner_by_fylke == {"04": 6, "15": 1, "50": 18}
    indre_fosen = found.frame.loc["5054"]
    assert indre_fosen[c.STATE] == c.PARTLY
    assert indre_fosen[c.COVERED_PREDECESSORS] == (("1624", 2015),)
    assert indre_fosen[c.UNCOVERED_PREDECESSORS] == (("1718", 2015),)


@pytest.mark.parametrize("year", [2020, 2024])
def test_since_2020_the_25_are_20_kommuner_in_2_fylker_of_which_2_partly(dataset, year):
    found = kraftsenter(dataset, year)
    assert (found.totals.kommuner, found.totals.whole, found.totals.partly) == (20, 18, 2)
    assert found.totals.kommuner_by_fylke == {"34": 6, "50": 14}
    assert found.totals.by_evidence == {c.DOCUMENTED: 3, c.INFERRED: 12, c.ASSUMED: 5}
    states = found.frame[c.STATE]
    assert states[["5056", "5059", "5057", "5058", "5061"]].eq(c.WHOLE).all()  # Hitra, Orkland...
    assert states[["5055", "5054"]].eq(c.PARTLY).all()  # Heim, Indre Fosen


def test_a_kommune_split_three_ways_reaches_all_three_successors(dataset):
    frame = kraftsenter(dataset, 2020).frame
    for successor in ("5055", "5056", "5059"):
        assert ("1613", 2015) in frame.loc[successor, c.COVERED_PREDECESSORS]


def test_merged_kommune_is_as_badly_documented_as_its_worst_covered_part(dataset):
    heim = kraftsenter(dataset, 2020).frame.loc["5055"]
    assert (heim[c.EVIDENCE], heim[c.EVIDENCE_STRONGEST]) == (c.ASSUMED, c.INFERRED)
    heim = kraftsenter(dataset, 2020, c.INFERRED).frame.loc["5055"]
    assert (heim[c.STATE], heim[c.EVIDENCE]) == (c.PARTLY, c.INFERRED)
    assert heim[c.NO_SOURCE_PREDECESSORS] == (("1612", 2015),)


def test_inhabitants_of_a_partly_covered_kommune_are_shared_by_the_last_counts(dataset):
    indre_fosen = kraftsenter(dataset, 2020).frame.loc["5054"]
    rissa, leksvik = (int(dataset.register.population(2017)[nr]) for nr in ("1624", "1718"))
    # A strip of Verran is in it too: 0.033 of its people, which moves the share a little.
    share = indre_fosen[c.POPULATION_COVERED] / indre_fosen[c.POPULATION]
    assert share == pytest.approx(rissa / (rissa + leksvik), abs=0.01)
    assert (indre_fosen[c.BASIS_COLUMN], indre_fosen[c.POPULATION_YEAR]) == ("predecessors", 2017)


def test_inhabitants_of_a_split_kommune_are_those_counted_in_its_districts(dataset):
    heim = kraftsenter(dataset, 2020).frame.loc["5055"]
    people = dataset.register.population(2019).astype(int)
    snillfjord = 0.2089 * people["5012"]
    share = (people["5011"] + snillfjord) / (people["5011"] + snillfjord + people["1571"])
    assert heim[c.POPULATION_COVERED] == pytest.approx(heim[c.POPULATION] * share, abs=1)
    assert heim[c.BASIS_COLUMN] == c.BASIS_DELOMRAADER
    assert not kraftsenter(dataset, 2020).totals.estimated


def test_people_of_a_strip_are_an_estimate_and_say_so(dataset):
    found = coverage(served_in(dataset, [("voss", "1520", 2015)]), View(year=2020))
    assert found.frame.loc["1577", c.BASIS_COLUMN] == c.BASIS_AREA  # Ørsta's strip in Volda
    assert found.totals.estimated


def test_figures_that_rest_on_the_assumption_show_the_range_over_every_allowed_set(dataset):
    people = kraftsenter(dataset).totals.population_covered
    counts = dataset.register.population(2015)
    named = kraftsenter(dataset, evidence=c.INFERRED).totals.population_covered
    fosen = counts[sorted(FOSEN_AND_HEMNE)].sum()
    others = counts[["1612", *sorted(OTHER_SET)]].sum()
    assert named.certain
    assert people.value == named.value + fosen == 95_548
    assert people.low == 88_630 < people.value
    assert people.high == 127_804 > named.value + others == 120_425


def test_the_range_of_kroner_runs_against_that_of_inhabitants(dataset):
    totals = kraftsenter(dataset).totals
    kroner = totals.grant_per_inhabitant_year
    assert kroner.value == pytest.approx(6_000_000 / 3 / 95_548)
    assert kroner.low == pytest.approx(6_000_000 / 3 / 127_804)
    assert kroner.high == pytest.approx(6_000_000 / 3 / 88_630)


def test_every_set_gives_25_in_2015_but_not_the_same_number_in_2020(dataset):
    assert kraftsenter(dataset).totals.kommuner_range.certain
    # By hand: Melhus, Malvik, Selbu, Tydal, Midtre Gauldal, Trondheim (with Klæbu) and Osen instead
    # of Ørland, Åfjord, Osen and Indre Fosen. Heim has a part of Snillfjord in any case.
    assert kraftsenter(dataset, 2020).totals.kommuner_range.high == 23


def test_a_hub_filter_keeps_the_candidates_of_other_hubs_out(dataset):
    people = coverage(dataset, View(hub=("tkk",))).totals.population_covered
    counts = dataset.register.population(2015)
    hitra_and_froya = counts[["1617", "1620"]].sum()
    assert people.low == hitra_and_froya
    # Any seven of those that name this hub or none; Hemne names another.
    seven = sorted(counts[[nr for nr in FOSEN_AND_HEMNE | OTHER_SET if nr != "1612"]])[-7:]
    assert people.high == hitra_and_froya + sum(seven)


def test_a_kommune_of_several_projects_gets_the_money_of_each(dataset):
    frame = coverage(dataset, View()).frame
    alone = kraftsenter(dataset).frame
    nr = "1640"
    assert frame.loc[nr, c.GRANT_PER_INHABITANT_YEAR] == alone.loc[nr, c.GRANT_PER_INHABITANT_YEAR]


def test_money_per_inhabitant_does_not_change_when_a_county_is_chosen(dataset):
    whole = kraftsenter(dataset).totals.grant_per_inhabitant_year
    part = coverage(dataset, View(project=KRAFTSENTER, fylke=("04",))).totals
    assert part.grant_per_inhabitant_year == whole
    assert part.kommuner == 6


def test_hubs_without_a_project_never_count_as_coverage(dataset):
    frame = coverage(dataset, View()).frame
    assert frame.loc["1234", c.STATE] == c.ELSEWHERE  # Granvin: Hardanger's hub has no project
    assert frame.loc["1234", c.HUB_IDS] == ()


def test_kommuner_served_only_by_another_project_are_outside_the_view(dataset):
    frame = kraftsenter(dataset).frame
    assert frame.loc["1235", c.STATE] == c.OUTSIDE_VIEW  # Voss
    assert frame.loc["0301", c.STATE] == c.NOT_COVERED  # Oslo: served by nobody


def test_inferred_rows_that_the_filter_hides_are_outside_the_view(dataset):
    frame = coverage(dataset, View(evidence=c.DOCUMENTED)).frame
    assert frame.loc["1931", c.STATE] == c.OUTSIDE_VIEW  # Lenvik


def test_candidates_of_another_projects_hub_are_not_this_hubs_unknowns(dataset):
    frame = coverage(dataset, View(hub=("voss",))).frame
    assert (frame[c.STATE] == c.NO_SOURCE).sum() == 0


def test_other_counties_are_outside_the_view(dataset):
    frame = coverage(dataset, View(fylke=("16",))).frame
    outside = frame[frame[c.FYLKESNR] != "16"]
    assert (outside[c.STATE] == c.OUTSIDE_VIEW).all()
    assert frame.loc["1601", c.STATE] == c.NOT_COVERED  # Trondheim


def test_gone_kommuner_name_their_successors_and_leave_out_names_that_live_on(dataset):
    gone = kraftsenter(dataset, 2020).gone
    assert set(gone[c.LABEL]) == {
        "Hemne", "Snillfjord", "Agdenes", "Meldal", "Orkdal", "Rissa", "Bjugn", "Roan",
    }  # fmt: skip
    assert gone.loc["1613", "successors"] == ("5059", "5056", "5055")
    assert kraftsenter(dataset, 2015).gone.empty


def test_looks_and_language_are_not_counted_again(dataset):
    plain = coverage(dataset, View(year=2018))
    looks = View(year=2018, lang="en", colour="grant", lines=True, points=False, kommune="1640")
    assert coverage(dataset, looks) is plain


def test_a_year_without_a_register_is_refused(dataset):
    with pytest.raises(UnknownYear, match="2013 to 2024"):
        coverage(dataset, View(year=1999))


def test_the_frame_speaks_degrees_and_has_a_shape_for_every_kommune(dataset):
    frame = coverage(dataset, View(year=2024)).frame
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.notna().all()
    assert frame.index.is_unique


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_kommune_of_the_year_has_exactly_one_state(dataset, data):
    view = data.draw(views(dataset))
    found = coverage(dataset, view)
    assert list(found.frame.index) == list(dataset.register.kommuner(view.year).index)
    assert found.frame[c.STATE].isin(set(c.STATES) - {c.DID_NOT_EXIST}).all()
    assert found.totals.whole + found.totals.partly == found.totals.kommuner
    assert sum(found.totals.by_evidence.values()) == found.totals.kommuner


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_nobody_is_counted_twice(dataset, data):
    found = coverage(dataset, data.draw(views(dataset)))
    people = found.totals.population_covered
    assert 0 <= people.low <= people.value <= people.high <= found.totals.population_total
    assert (found.frame[c.POPULATION_COVERED] <= found.frame[c.POPULATION]).all()


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_weaker_evidence_never_takes_a_kommune_away(dataset, data):
    view = data.draw(views(dataset))
    found = [set(coverage(dataset, view.but(evidence=e)).covered.index) for e in c.EVIDENCE_LEVELS]
    assert found[0] <= found[1] <= found[2]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_counties_add_up_to_the_country(dataset, data):
    view = data.draw(views(dataset)).but(fylke=())
    whole = coverage(dataset, view).totals
    parts = [
        coverage(dataset, view.but(fylke=(nr,))).totals for nr in dataset.choices.fylker[view.year]
    ]
    assert sum(part.kommuner for part in parts) == whole.kommuner
    assert sum(p.population_covered.value for p in parts) == whole.population_covered.value


def served_in(dataset: Dataset, rows: list[tuple[str, str, int]]) -> Dataset:
    """The dataset with other coverage: (hub_id, kommunenr, structure_year), all documented."""
    table = pd.DataFrame(rows, columns=["hub_id", "kommunenr", "structure_year"])
    silent = {"project_id": "", "assumption_id": "", "note_nb": "", "note_en": ""}
    table = table.assign(evidence=c.DOCUMENTED, source_ids="S01", **silent)
    tables = {**dataset.package.tables, "coverage": table}
    return replace(dataset, package=replace(dataset.package, tables=tables))


def test_coverage_recorded_in_todays_numbers_is_carried_back(dataset):
    found = coverage(served_in(dataset, [("tkk", "5056", 2024)]), View())
    states = found.frame[c.STATE]
    assert (states["1617"], states["1613"]) == (c.WHOLE, c.PARTLY)  # Hitra, Snillfjord
    assert found.frame.loc["1613", c.BASIS_COLUMN] == c.BASIS_DELOMRAADER


def test_coverage_recorded_in_two_years_counts_the_fuller_account(dataset):
    rows = [("tkk", "1624", 2015), ("tkk", "5054", 2020)]
    found = coverage(served_in(dataset, rows), View(year=2024))
    assert found.frame.loc["5054", c.STATE] == c.WHOLE
    assert found.totals.kommuner == 1


def test_what_two_years_numbers_cover_together_is_whole(dataset):
    # Rissa and Leksvik became Indre Fosen in 2018.
    rows = [("tkk", "1624", 2015), ("tkk", "1718", 2016)]
    row = coverage(served_in(dataset, rows), View(year=2018)).frame.loc["5054"]
    assert row[c.STATE] == c.WHOLE
    assert row[c.POPULATION_COVERED] == row[c.POPULATION]
    assert row[c.UNCOVERED_PREDECESSORS] == row[c.NO_SOURCE_PREDECESSORS] == ()
    assert row[c.COVERED_PREDECESSORS] == (("1624", 2015), ("1718", 2016))


def test_people_named_in_two_years_numbers_are_counted_once(dataset):
    once = coverage(served_in(dataset, [("tkk", "1624", 2015)]), View(year=2018)).frame.loc["5054"]
    rows = [("tkk", "1624", 2015), ("tkk", "1624", 2017)]
    twice = coverage(served_in(dataset, rows), View(year=2018)).frame.loc["5054"]
    columns = [c.STATE, c.POPULATION_COVERED, c.BASIS_COLUMN, c.POPULATION_YEAR]
    assert once[columns].to_list() == twice[columns].to_list()
    assert once[c.STATE] == c.PARTLY


def test_of_two_that_overlap_nobody_is_counted_twice(dataset):
    # Snillfjord was split between Orkland, Hitra and Heim in 2020.
    rows = [("tkk", "1613", 2015), ("tkk", "5059", 2020)]
    found = coverage(served_in(dataset, rows), View(year=2015)).frame
    assert found.loc["1613", c.STATE] == c.WHOLE
    assert found.loc["1613", c.POPULATION_COVERED] == found.loc["1613", c.POPULATION]
    # In Heim nothing but the strip of Snillfjord is covered, which Orkland does not hold.
    heim = coverage(served_in(dataset, rows), View(year=2020)).frame.loc["5055"]
    alone = coverage(served_in(dataset, rows[:1]), View(year=2020)).frame.loc["5055"]
    assert heim[c.POPULATION_COVERED] == alone[c.POPULATION_COVERED]
    # Ørskog of 2015 lies in Ålesund of 2024, which was counted whole: nothing is estimated.
    rows = [("tkk", "1523", 2015), ("tkk", "1508", 2024)]
    row = coverage(served_in(dataset, rows), View(year=2020)).frame.loc["1507"]
    alone = coverage(served_in(dataset, rows[1:]), View(year=2020)).frame.loc["1507"]
    assert row[c.POPULATION_COVERED] == alone[c.POPULATION_COVERED]
    assert (row[c.STATE], row[c.BASIS_COLUMN]) == (c.PARTLY, c.BASIS_PREDECESSORS)


def test_a_kommune_of_two_years_numbers_is_never_whole_and_without_source(dataset):
    """The row of the shipped package that once stopped the server: a candidate named again."""
    shipped = dataset.package["coverage"]
    one = shipped[shipped["hub_id"] == "orkdal"].iloc[0].to_dict()
    added = {**one, "kommunenr": "5027", "structure_year": 2020, "assumption_id": ""}
    table = pd.concat([shipped, pd.DataFrame([added])], ignore_index=True)
    tables = {**dataset.package.tables, "coverage": table}
    mixed = replace(dataset, package=replace(dataset.package, tables=tables))
    for year, nr in ((2015, "1648"), (2018, "5027"), (2020, "5027"), (2024, "5027")):
        row = coverage(mixed, View(year=year)).frame.loc[nr]
        assert row[c.STATE] == c.WHOLE
        assert row[c.NO_SOURCE_PREDECESSORS] == ()


def test_a_kommune_that_is_gone_counts_once_in_however_many_numbers_it_is_named(dataset):
    # Hemne was 1612 until 2017 and 5011 until it became part of Heim in 2020.
    rows = [("tkk", "1612", 2015), ("tkk", "1612", 2017), ("tkk", "5011", 2018)]
    gone = coverage(served_in(dataset, rows), View(year=2020)).gone
    assert list(gone.index) == ["1612"]
    assert list(gone[c.LABEL]) == ["Hemne"]


def test_a_kommune_is_as_well_documented_as_its_best_row_of_any_year(dataset):
    weak = served_in(dataset, [("tkk", "1624", 2015), ("tkk", "5054", 2020)])
    table = weak.package["coverage"].assign(evidence=[c.DOCUMENTED, c.INFERRED])
    tables = {**weak.package.tables, "coverage": table}
    mixed = replace(weak, package=replace(weak.package, tables=tables))
    row = coverage(mixed, View(year=2020)).frame.loc["5054"]
    assert (row[c.EVIDENCE], row[c.EVIDENCE_STRONGEST]) == (c.INFERRED, c.DOCUMENTED)
    rissa = coverage(mixed, View(year=2015)).frame.loc["1624"]
    assert (rissa[c.EVIDENCE], rissa[c.STATE]) == (c.DOCUMENTED, c.WHOLE)


def test_the_engine_names_no_project_and_no_hub(dataset):
    ids = [*dataset.choices.projects, *dataset.package["hubs"]["hub_id"]]
    for path in (ROOT / "geo").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert not [i for i in ids if f'"{i}"' in source], path.name
