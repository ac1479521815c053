"""Kroner per inhabitant: one figure per grant, by the people of its first year."""

from dataclasses import replace

import pandas as pd
import pytest

from geo import columns as c
from geo.coverage.dataset import Dataset, choices
from geo.coverage.join import coverage
from geo.coverage.money import Grant, grants, money, served
from geo.coverage.selection import Selection
from geo.coverage.totals import totals
from geo.coverage.view import View
from geo.places.register import Register
from geo.places.year_links import KommuneOfYear, nearest_count
from geo.settings import STRUCTURE_YEARS

PROJECT = ("kraftsenter-st",)
SPLIT_IN_2020 = KommuneOfYear("1613", 2015)  # Snillfjord


def with_tables(dataset: Dataset, **tables: pd.DataFrame) -> Dataset:
    package = replace(dataset.package, tables={**dataset.package.tables, **tables})
    return replace(
        dataset, package=package, register=Register(package),
        choices=choices(package, dataset.register),
    )  # fmt: skip


def with_projects(dataset: Dataset, **columns: object) -> Dataset:
    return with_tables(dataset, projects=dataset.package["projects"].assign(**columns))


def test_a_grant_is_what_the_package_says(dataset):
    assert grants(dataset)[PROJECT[0]] == Grant(6_000_000, 3, 2015)


@pytest.mark.parametrize("evidence", c.EVIDENCE_LEVELS)
def test_a_grant_has_one_figure_in_every_structure_year(dataset, evidence):
    for project in ((), *((one,) for one in dataset.choices.projects)):
        first, *later = (
            totals(dataset, Selection(y, project, evidence=evidence)) for y in STRUCTURE_YEARS
        )
        for one in later:
            assert one.grant_per_inhabitant_year == first.grant_per_inhabitant_year
            assert one.grant_people_years == first.grant_people_years


def test_a_kommune_has_the_figure_of_its_grant_in_every_structure_year(dataset):
    figure = money(dataset, PROJECT, c.ASSUMED)
    for year in STRUCTURE_YEARS:
        shown = coverage(dataset, View(year=year, project=PROJECT)).covered
        assert set(shown[c.GRANT_PER_INHABITANT_YEAR]) == {figure.value}


def test_kroner_are_shared_by_year_and_by_the_inhabitants_of_the_first_year(dataset):
    found = money(dataset, PROJECT, c.ASSUMED)
    assert found.value == pytest.approx(6_000_000 / 3 / 95_548)
    assert served(dataset, PROJECT, c.ASSUMED).years == (2015,)


def test_kroner_of_nobody_are_none(dataset):
    assert money(dataset, (), c.ASSUMED) is None


def test_another_first_year_is_counted_for_the_same_kommuner(dataset):
    """Roros was 1640 in 2015 and 5025 in 2018."""
    in_2018 = dataset.register.population(2018)
    assert nearest_count(dataset.register, KommuneOfYear("1640", 2015), 2018) == (
        in_2018["5025"], 2018,
    )  # fmt: skip
    later = with_projects(dataset, year_from=2018)
    found = served(later, ("voss",), c.ASSUMED)
    assert (found.people.value, found.years) == (in_2018["1235"] + in_2018["1251"], (2018,))


def test_where_a_kommune_was_no_more_the_nearest_year_is_counted_and_said(dataset):
    """Snillfjord was split in 2020: its last count is of 2019."""
    assert nearest_count(dataset.register, SPLIT_IN_2020, 2022) == (
        dataset.register.population(2019)["5012"], 2019,
    )  # fmt: skip
    later = with_projects(dataset, year_from=2022)
    assert {2019, 2022} <= set(served(later, PROJECT, c.ASSUMED).years)


def test_without_a_count_of_the_first_year_the_nearest_year_is_used(dataset):
    counts = dataset.package["population"]
    fewer = with_tables(dataset, population=counts[counts[c.YEAR] != 2015])
    assert served(fewer, PROJECT, c.ASSUMED).years == (2014,)


def test_without_any_count_there_is_no_figure(dataset):
    counts = dataset.package["population"]
    none = with_tables(dataset, population=counts[~counts[c.KOMMUNENR].isin(["1640", "5025"])])
    assert served(none, PROJECT, c.ASSUMED) is None
    assert money(none, PROJECT, c.ASSUMED) is None
    assert money(none, ("voss",), c.ASSUMED) is not None


def test_a_kommune_named_in_two_years_numbers_has_its_people_counted_once(dataset):
    rows = dataset.package["coverage"]
    same = rows[rows[c.KOMMUNENR] == "1640"].assign(kommunenr="5025", structure_year=2018)
    twice = with_tables(dataset, coverage=pd.concat([rows, same], ignore_index=True))
    assert served(twice, PROJECT, c.ASSUMED).people.value == 95_548


def test_a_kommune_of_two_grants_is_counted_once_in_the_first_year_of_the_earliest(dataset):
    years = dataset.package["projects"][c.PROJECT_ID].map({PROJECT[0]: 2016}).fillna(2018)
    partners = dataset.package["partners"]
    again = partners[partners[c.HUB_ID] == "roros"].assign(project_id="voss")
    both = with_tables(
        with_projects(dataset, year_from=years.astype(int)),
        partners=pd.concat([partners, again], ignore_index=True),
    )
    together, first, only_voss = (
        served(both, projects, c.ASSUMED) for projects in ((PROJECT[0], "voss"), PROJECT, ("voss",))
    )
    counts = both.register.population(2018)
    voss = counts["1235"] + counts["1251"]
    assert only_voss.people.value > voss
    assert together.people.value == first.people.value + voss
    assert together.years == (2016, 2018)
