"""Counties: what is covered, and for what is not, how many people and which hub is nearest."""

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from geo import columns as c
from geo.coverage.counties import UNCOVERED, nearest_hub, summary, uncovered
from geo.coverage.hub_seats import guessed
from geo.coverage.view import View
from geo.places.centres import centres
from geo.places.register import Register
from geo.report.wording import distance
from geo.settings import CRS_DEGREES, CRS_METRES
from geo.text.messages import messages


@pytest.mark.parametrize("year", [2015, 2018, 2020, 2024])
def test_the_counties_hold_all_kommuner_and_all_people_of_the_year(dataset, year):
    table = summary(dataset, View(year=year))
    assert list(table.index) == list(dataset.register.fylker(year).index)
    assert table["kommuner"].sum() == len(dataset.register.kommuner(year))
    assert table[c.POPULATION].sum() == dataset.register.population(year).sum()
    states = table[[s for s in c.STATES if s != c.DID_NOT_EXIST]]
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
    assert table.iloc[0][UNCOVERED] == dataset.register.population(2015)["1201"]
    assert table[UNCOVERED].is_monotonic_decreasing
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
    assert 0 < indre_fosen[UNCOVERED] < everybody


def test_uncovered_people_and_covered_people_make_the_county(dataset):
    county = summary(dataset, View(year=2020)).loc["50"]
    assert county[UNCOVERED] == uncovered(dataset, View(year=2020), "50")[UNCOVERED].sum()
    known = county[UNCOVERED] + county[c.POPULATION_COVERED]
    assert known + county[c.POPULATION_UNKNOWN] == county[c.POPULATION]


def test_trondheim_is_not_unknown_for_the_sake_of_little_klaebu(dataset):
    table = uncovered(dataset, View(year=2024), "50")
    trondheim, everybody = table.iloc[0], dataset.register.population(2024)["5001"]
    klaebu = trondheim[c.POPULATION_UNKNOWN]
    assert (table.index[0], trondheim[c.STATE]) == ("5001", c.PARTLY_UNKNOWN)
    assert dataset.register.population(2019)["5030"] * 0.95 < klaebu < 7000
    assert trondheim[UNCOVERED] + klaebu == everybody == 214_565
    assert [old.kommunenr for old in trondheim[c.NO_SOURCE_PREDECESSORS]] == ["1662"]


def test_nesset_is_86_km_from_its_nearest_project_hub(dataset):
    # From Eidsvåg, where the people live; from the middle of the drawn shape of 2020 it was 149 km.
    near = nearest_hub(dataset, View(), "1543")
    assert 80 < near.km < 92
    assert near.from_people


def test_a_hub_in_the_kommune_is_in_the_kommune(dataset):
    assert nearest_hub(dataset, View(), "1640").inside  # Røros
    assert not nearest_hub(dataset, View(), "1543").inside


@pytest.mark.parametrize("nr", ["1638", "1942", "1924", "1931", "1149"])
def test_seats_that_are_guesses_are_about(dataset, nr):
    # Orkanger, Storslett, Rustahøgda, Finnsnes and Avaldsnes.
    near = nearest_hub(dataset, View(), nr)
    assert near.inside
    assert near.about


def test_seats_that_a_source_names_are_no_guesses(dataset):
    hubs = dataset.package["hubs"]
    in_projects = hubs[hubs["hub_id"].isin(dataset.package["partners"]["hub_id"])]
    sure = in_projects[~guessed(in_projects)]
    assert set(sure["hub_id"]) == {
        "roros", "tkk", "nasjonalparken", "suldal", "medvind", "ryfylke", "voss", "fabrikken",
    }  # fmt: skip


@pytest.mark.parametrize("year", [2015, 2018, 2020, 2024])
def test_every_kommune_is_measured_from_where_its_people_live(dataset, year):
    known = centres(dataset.register, year)
    assert set(known) == set(dataset.register.kommuner(year).index)


def test_a_year_between_has_the_centre_of_the_nearest_structure_in_which_it_is_the_same(dataset):
    before, after = centres(dataset.register, 2016), centres(dataset.register, 2023)
    assert before["1543"] == centres(dataset.register, 2015)["1543"]
    assert after["1507"].year == 2020  # Ålesund with Haram, which was split in 2024
    assert after["0301"].year == 2024


def test_without_centres_a_point_in_the_shape_is_used_and_said(dataset):
    tables = {**dataset.package.tables}
    tables["kommune_centres"] = tables["kommune_centres"].iloc[:0]
    package = replace(dataset.package, tables=tables)
    bare = replace(dataset, package=package, register=Register(package))
    near = nearest_hub(bare, View(year=2020), "0301")
    assert not near.from_people
    assert near.km > 0
    assert "fra et punkt i kommunen" in distance(near, messages("nb"), whole=False)


@pytest.mark.parametrize("year", [2018, 2020])
def test_no_distance_is_impossible_from_anywhere_in_the_kommune(dataset, year):
    shapes = dataset.boundaries(year).shapes.to_crs(CRS_METRES)
    hubs = dataset.package["hubs"].set_index("hub_id")
    points = gpd.GeoSeries.from_xy(hubs[c.LON], hubs[c.LAT], index=hubs.index, crs=CRS_DEGREES)
    points = points.to_crs(CRS_METRES)
    for nr, ids in dataset.boundaries(year).shapes_of.items():
        near = nearest_hub(dataset, View(year=year), nr)
        west, south, east, north = shapes.loc[list(ids)].total_bounds
        seat = points[near.hub_id]
        away = shapely.box(west, south, east, north)
        farthest = max(seat.distance(shapely.Point(corner)) for corner in away.exterior.coords)
        # The drawn coast is simplified, and the hub may lie in the kommune.
        assert away.distance(seat) - 2000 <= near.km * 1000 <= farthest + 2000, nr
