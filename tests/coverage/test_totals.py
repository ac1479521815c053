"""What a selection adds up to, against figures known from the programme itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import columns as c
from geo.coverage.bounds import Range
from geo.coverage.counted import counted
from geo.coverage.money import grants
from geo.coverage.selection import Selection, selection_of
from geo.coverage.totals import totals
from geo.errors import UnknownYear
from tests.views import views

PROJECT = ("kraftsenter-st",)
KRAFTSENTER = Selection(2015, PROJECT)


def test_kraftsenter_sor_trondelag_adds_up_to_25_kommuner_in_2015(dataset):
    found = totals(dataset, KRAFTSENTER)
    assert (found.kommuner, found.whole, found.partly) == (25, 25, 0)
    assert found.kommuner_by_fylke == {"04": 6, "15": 1, "16": 18}
    assert found.projects == PROJECT
    assert not found.estimated


def test_people_are_shown_with_the_range_over_every_allowed_set(dataset):
    found = totals(dataset, KRAFTSENTER)
    assert found.population_covered == Range(95_548, 88_630, 127_804)
    assert found.kommuner_range == Range(25, 25, 25)


def test_after_the_split_of_snillfjord_people_are_counted_not_estimated(dataset):
    found = totals(dataset, Selection(2020, PROJECT))
    assert (found.kommuner, found.partly) == (20, 2)
    assert not found.estimated


def test_a_county_holds_its_kommuner_and_people_and_all_of_the_grant(dataset):
    found = totals(dataset, Selection(2015, PROJECT, fylke=("04",)))
    assert (found.kommuner, found.fylker) == (6, ("04",))
    counts, kommuner = dataset.register.population(2015), dataset.register.kommuner(2015)
    assert found.population_total == counts[kommuner[c.FYLKESNR] == "04"].sum()
    assert found.grant_nok == grants(dataset)[PROJECT[0]].nok == 6_000_000


def test_where_nothing_is_covered_nothing_is_shared_out(dataset):
    found = totals(dataset, Selection(2015, PROJECT, fylke=("03",)))
    assert (found.kommuner, found.grant_nok, found.grant_per_inhabitant_year) == (0, 0, None)
    assert found.share == Range(0, 0, 0)


def test_a_year_without_register_is_refused(dataset):
    with pytest.raises(UnknownYear):
        totals(dataset, Selection(1999))


def test_counties_share_one_count(dataset):
    assert counted(dataset, KRAFTSENTER) is counted(
        dataset, Selection(2015, PROJECT, fylke=("16",))
    )


@given(data=st.data())
def test_totals_add_up_what_each_kommune_says(dataset, data):
    selection = selection_of(data.draw(views(dataset)))
    found = totals(dataset, selection)
    fylker = dataset.register.kommuner(selection.year)[c.FYLKESNR].to_dict()
    covered = [
        one
        for nr, one in counted(dataset, selection).covered.items()
        if not selection.fylke or fylker[nr] in selection.fylke
    ]
    assert found.kommuner == len(covered)
    assert found.population_covered.value == sum(one.people for one in covered)
    assert found.partly == sum(one.state == c.PARTLY for one in covered)
