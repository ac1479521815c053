"""The registers and the translation between any two years."""

import shutil
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.dataset import package
from geo.errors import UnknownKommune, UnknownYear
from geo.places.register import Register
from geo.settings import ROOT

REGISTER = Register(package.load(ROOT / "data"))
KOMMUNER = {
    **dict.fromkeys(range(2013, 2017), 428),
    2017: 426,
    **dict.fromkeys(range(2018, 2020), 422),
    **dict.fromkeys(range(2020, 2024), 356),
    2024: 357,
}
FYLKER = {
    **dict.fromkeys(range(2013, 2018), 19),
    **dict.fromkeys(range(2018, 2020), 18),
    **dict.fromkeys(range(2020, 2024), 11),
    2024: 15,
}
# Statistics Norway's totals, table 07459.
PEOPLE = {2015: 5_165_802, 2018: 5_295_619, 2020: 5_367_580, 2024: 5_550_203}
years = st.sampled_from(list(REGISTER.years))


@pytest.mark.parametrize("year", list(KOMMUNER))
def test_every_year_has_the_published_number_of_kommuner_and_fylker(year):
    assert len(REGISTER.kommuner(year)) == KOMMUNER[year]
    assert len(REGISTER.fylker(year)) == FYLKER[year]


@pytest.mark.parametrize("year", list(KOMMUNER))
def test_every_kommune_has_people_land_a_unique_label_and_a_fylke_of_its_year(year):
    kommuner = REGISTER.kommuner(year)
    assert REGISTER.population(year).notna().all()
    assert (REGISTER.area_km2(year) > 0).all()
    assert kommuner["label"].is_unique
    assert set(kommuner["fylkesnr"]) == set(REGISTER.fylker(year).index)


@pytest.mark.parametrize(("year", "people"), PEOPLE.items())
def test_national_population_is_the_published_total(year, people):
    assert REGISTER.population(year).sum() == people


@pytest.mark.parametrize("year", list(KOMMUNER))
def test_national_area_is_close_to_the_published_total_in_every_year(year):
    assert REGISTER.area_km2(year).sum() == pytest.approx(323_800, rel=0.0005)


@settings(max_examples=60, deadline=None)
@given(from_year=years, to_year=years)
def test_nothing_is_lost_or_counted_twice_between_any_two_years(from_year, to_year):
    links = REGISTER.links(from_year, to_year)
    assert set(links["from_kommunenr"]) == set(REGISTER.kommuner(from_year).index)
    assert set(links["to_kommunenr"]) == set(REGISTER.kommuner(to_year).index)
    assert not links.duplicated(["from_kommunenr", "to_kommunenr"]).any()
    shares = links.groupby("from_kommunenr")["share"].sum()
    assert shares.between(1 - 1e-9, 1 + 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(from_year=years, to_year=years)
def test_people_and_land_add_up_to_the_same_total_when_carried_along_the_links(from_year, to_year):
    links = REGISTER.links(from_year, to_year)
    for amounts in (REGISTER.population(from_year).astype(float), REGISTER.area_km2(from_year)):
        carried = (links["share"] * links["from_kommunenr"].map(amounts)).sum()
        assert carried == pytest.approx(amounts.sum())


@settings(max_examples=60, deadline=None)
@given(year=years, other=years)
def test_links_there_and_back_join_the_same_kommuner(year, other):
    there = REGISTER.links(year, other)[["from_kommunenr", "to_kommunenr"]]
    back = REGISTER.links(other, year)[["to_kommunenr", "from_kommunenr"]]
    assert set(map(tuple, there.to_numpy())) == set(map(tuple, back.to_numpy()))


def test_snillfjord_lies_in_hitra_heim_and_orkland_in_2020():
    links = REGISTER.links(2015, 2020)
    snillfjord = links[links["from_kommunenr"] == "1613"]
    parts = snillfjord.set_index("to_kommunenr")["share"]
    assert parts.round(2).to_dict() == {"5055": 0.11, "5056": 0.12, "5059": 0.77}


def test_rindal_moves_to_trondelag_and_changes_number_in_2019():
    assert REGISTER.now("1567", 2018) == ("1567",)
    assert REGISTER.now("1567", 2019) == ("5061",)
    assert REGISTER.kommuner(2018).at["1567", "fylke"] == "Møre og Romsdal"
    assert REGISTER.kommuner(2019).at["5061", "fylke"] == "Trøndelag"


def test_tysfjord_is_split_between_narvik_and_hamaroy():
    assert set(REGISTER.now("1850", 2020)) == {"1806", "1875"}


def test_alesund_and_haram_part_again_along_the_old_border_in_2024():
    assert REGISTER.now("1507", 2024) == ("1508", "1580")
    links = REGISTER.links(2015, 2024)
    haram = links[links["to_kommunenr"] == "1580"]
    assert list(haram["from_kommunenr"]) == ["1534"]
    assert haram["share"].iloc[0] == pytest.approx(1)


def test_a_strip_that_moved_is_known_as_a_strip():
    links = REGISTER.links(2019, 2020).set_index(["from_kommunenr", "to_kommunenr"])
    assert links.at[("5039", "5054"), "strip"]
    assert not links.at[("5012", "5055"), "strip"]


def test_two_kommuner_of_one_name_are_told_apart_by_their_fylke():
    labels = REGISTER.kommuner(2015)["label"]
    assert labels["0441"] == "Os (Hedmark)"
    assert labels["1243"] == "Os (Hordaland)"


def test_a_lost_leading_zero_gets_advice():
    with pytest.raises(UnknownKommune, match=r'try "0301" \(Oslo\)'):
        REGISTER.require("301", 2015)


def test_a_number_of_another_year_tells_what_it_is_now():
    with pytest.raises(UnknownKommune, match="Meldal had that number 2013–2017; 2020: 5059"):
        REGISTER.label("1636", 2020)


def test_a_year_without_register_is_refused_by_name():
    with pytest.raises(UnknownYear, match="2013 to 2024"):
        REGISTER.kommuner(1999)


def test_suspect_areas_are_replaced_where_the_borders_did_not_change():
    areas = REGISTER.area_km2(2015)
    assert areas["1903"] == 445.27
    assert areas["1224"] == 1090.74


def test_packages_with_the_shipped_tables_have_one_register(tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "data", copy, ignore=shutil.ignore_patterns("boundaries"))
    (copy / "coverage.csv").write_bytes((copy / "coverage.csv").read_bytes() + b"\n")
    shared = Register.of(package.load(copy))
    assert shared is Register.of(package.load(ROOT / "data"))
    people = copy / "population.csv"
    people.write_text(people.read_text("utf-8").replace(",2418,", ",2419,", 1), encoding="utf-8")
    own = Register.of(package.load(copy))
    assert own is not shared
    assert (own.population(2015)["0438"], shared.population(2015)["0438"]) == (2419, 2418)


def test_a_package_that_asks_for_later_years_has_a_register_of_its_own():
    shipped = package.product()
    later = replace(shipped, descriptor={**shipped.descriptor, package.TO_YEAR: 2030})
    assert Register.of(later).years[-1] == 2030
    assert Register.of(shipped).years[-1] < 2030
