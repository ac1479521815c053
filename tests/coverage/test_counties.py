"""Counties: what is covered, and for what is not, how many people and which hub is nearest."""

import pytest

from geo import columns as c
from geo.coverage.counties import nearest_hub, summary, uncovered
from geo.coverage.view import View


@pytest.mark.parametrize("year", [2015, 2018, 2020, 2024])
def test_the_counties_hold_all_kommuner_and_all_people_of_the_year(dataset, year):
    table = summary(dataset, View(year=year))
    assert list(table.index) == list(dataset.register.fylker(year).index)
    assert table["kommuner"].sum() == len(dataset.register.kommuner(year))
    assert table[c.POPULATION].sum() == dataset.register.population(year).sum()
    states = table[[c.WHOLE, c.PARTLY, c.NOT_COVERED, c.NO_SOURCE, c.OUTSIDE_VIEW]]
    assert (states.sum(axis=1) == table["kommuner"]).all()


def test_sor_trondelag_has_18_covered_6_without_source_and_trondheim(dataset):
    county = summary(dataset, View()).loc["16"]
    assert (county[c.WHOLE], county[c.NO_SOURCE], county[c.NOT_COVERED]) == (18, 6, 1)
    assert county["share_low"] < county["share_high"]


def test_a_county_filter_does_not_shorten_the_list_of_counties(dataset):
    assert len(summary(dataset, View(fylke=("16",)))) == 19


def test_uncovered_kommuner_come_with_people_the_largest_first(dataset):
    table = uncovered(dataset, View(), "12")
    assert table.index[0] == "1201"  # Bergen
    assert table.iloc[0]["uncovered_population"] == dataset.register.population(2015)["1201"]
    assert table["uncovered_population"].is_monotonic_decreasing
    assert "1235" not in table.index  # Voss is covered


def test_the_nearest_hub_belongs_to_the_view_and_other_hubs_are_named(dataset):
    granvin = uncovered(dataset, View(), "12").loc["1234"]
    assert granvin["nearest_hub_id"] == "voss"
    assert 5 < granvin["distance_km"] < 25
    assert granvin["other_hub_ids"] == ("hardanger",)
    only_rogaland = uncovered(dataset, View(project=("rogaland",)), "12")
    assert set(only_rogaland["nearest_hub_id"]) <= {"suldal", "medvind", "avaldsnes", "ryfylke"}


def test_distance_is_measured_in_metres_not_degrees(dataset):
    # Oslo to Vossevangen is about 250 km in a straight line.
    oslo = nearest_hub(dataset, View(project=("voss",)), "0301")
    assert 230 < oslo.km < 270


def test_partly_covered_kommuner_count_the_people_outside_the_covered_part(dataset):
    indre_fosen = uncovered(dataset, View(year=2020), "50").loc["5054"]
    everybody = dataset.register.population(2020)["5054"]
    assert indre_fosen[c.STATE] == c.PARTLY
    assert 0 < indre_fosen["uncovered_population"] < everybody


def test_uncovered_people_and_covered_people_make_the_county(dataset):
    county = summary(dataset, View(year=2020)).loc["50"]
    assert (
        county["uncovered_population"]
        == uncovered(dataset, View(year=2020), "50")["uncovered_population"].sum()
    )
    assert county["uncovered_population"] + county[c.POPULATION_COVERED] == county[c.POPULATION]
