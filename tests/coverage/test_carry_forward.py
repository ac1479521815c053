"""Rows of coverage in the kommuner of another year: numbers, land and people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage.carry_forward import carry_forward, without_strips
from geo.coverage.selection import CoverageRow, project_rows
from geo.errors import UnknownKommune, UnknownYear
from geo.places.year_links import KommuneOfYear


def row(kommunenr, year=2015, hub="h"):
    return CoverageRow("p", hub, KommuneOfYear(kommunenr, year), 0, "", ())


def shares(carried):
    return {nr: round(one.share, 2) for nr, (one,) in carried.items()}


def test_in_its_own_year_a_row_stays_where_it_is(dataset):
    (one,) = carry_forward(dataset.register, [row("1624")], 2015)["1624"]
    assert one == (row("1624"), ("1624", 2015), "1624", 1.0, False)


def test_snillfjord_is_split_three_ways_in_2020(dataset):
    carried = carry_forward(dataset.register, [row("1613")], 2020)
    assert shares(carried) == {"5055": 0.11, "5056": 0.12, "5059": 0.77}


def test_rissa_is_all_in_indre_fosen(dataset):
    (one,) = carry_forward(dataset.register, [row("1624")], 2024)["5054"]
    assert (one.share, one.kommune) == (1, ("1624", 2015))


def test_rows_are_carried_back_too(dataset):
    carried = carry_forward(dataset.register, [row("5054", 2020)], 2015)
    assert {"1624", "1718"} <= set(carried)


def test_the_rows_of_a_kommune_keep_their_order(dataset):
    rows = [row("1718", hub="b"), row("1624", hub="a"), row("1718", hub="a")]
    there = carry_forward(dataset.register, rows, 2018)["5054"]
    assert [one.row for one in there] == rows


def test_a_strip_is_carried_but_speaks_for_nobody(dataset):
    # A strip of Verran of 2019 went to Indre Fosen in 2020, the rest to Steinkjer.
    carried = carry_forward(dataset.register, [row("5039", 2019)], 2020)
    assert [one.strip for one in carried["5054"]] == [True]
    assert set(without_strips(carried)) == {"5006"}


def test_unknown_kommuner_and_years_are_refused(dataset):
    with pytest.raises(UnknownKommune):
        carry_forward(dataset.register, [row("9999")], 2020)
    with pytest.raises(UnknownYear):
        carry_forward(dataset.register, [row("1624")], 1999)


@given(data=st.data())
def test_nothing_of_a_kommune_is_lost_or_doubled_on_the_way(dataset, data):
    register = dataset.register
    own, year = (data.draw(st.sampled_from(list(register.years))) for _ in range(2))
    nr = data.draw(st.sampled_from(list(register.kommuner(own).index)))
    carried = [one for (one,) in carry_forward(register, [row(nr, own)], year).values()]
    assert sum(one.share for one in carried) == pytest.approx(1)


@given(year=st.sampled_from([2015, 2018, 2020, 2024]))
def test_every_row_of_the_programme_lies_in_some_kommune_of_the_year(dataset, year):
    carried = carry_forward(dataset.register, project_rows(dataset), year)
    assert set(carried) <= set(dataset.register.kommuner(year).index)
    assert {one.row for there in carried.values() for one in there} == set(project_rows(dataset))
