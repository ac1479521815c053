"""Ranges over what an assumption might as well have been."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage.alternatives import Range, options, spread
from geo.coverage.selection import Candidate, CoverageRow, Selection, candidate_rows, select

DOCUMENTED, ASSUMED = 0, 2


def row(kommunenr, assumption="", hub="h"):
    rank = ASSUMED if assumption else DOCUMENTED
    return CoverageRow("p", hub, kommunenr, 2015, rank, assumption, ())


def numbers(rows):
    return "".join(sorted(one.kommunenr for one in rows))


def mixes(rows, candidates, hubs=()):
    return [numbers(option) for option in options(tuple(rows), candidates, hubs)]


def test_without_an_assumption_there_is_one_option():
    assert mixes([row("1"), row("2")], ()) == ["12"]


def test_a_set_takes_the_place_of_all_rows_of_its_assumption():
    rows = [row("1"), row("2", "A1"), row("3", "A1")]
    candidates = [
        Candidate(row("2", "A1"), ("A", "B")),
        Candidate(row("3", "A1"), ("A",)),
        Candidate(row("4", "A1"), ("B",)),
    ]
    # As it is shown, then what is shown again, set A and set B.
    assert mixes(rows, candidates) == ["123", "123", "123", "124"]


def test_two_assumptions_are_mixed_each_with_each():
    rows = [row("1", "A1"), row("2", "A2")]
    candidates = [Candidate(row("3", "A1"), ("A",)), Candidate(row("4", "A2"), ("A",))]
    assert mixes(rows, candidates)[1:] == ["12", "14", "23", "34"]


def test_candidates_of_an_assumption_that_nothing_rests_on_are_left_alone():
    assert mixes([row("1")], [Candidate(row("2", "A1"), ("A",))]) == ["1"]


def test_of_a_hub_filter_kommuner_without_a_hub_may_be_its_or_not():
    candidates = [
        Candidate(row("2", "A1", hub="h"), ("A",)),
        Candidate(row("3", "A1", hub=""), ("A",)),
        Candidate(row("4", "A1", hub="other"), ("A",)),
    ]
    assert mixes([row("1", "A1")], candidates, ("h",))[1:] == ["1", "2", "23"]


def test_kraftsenter_serves_25_with_either_alternative(dataset):
    rows = select(dataset, Selection(2015, ("kraftsenter-st",))).counted
    shown, again, fosen, others = options(rows, candidate_rows(dataset))
    assert [len(one) for one in (shown, again, fosen, others)] == [25, 25, 25, 25]
    assert numbers(shown) == numbers(fosen)
    swapped = {r.kommunenr for r in fosen} ^ {r.kommunenr for r in others}
    assert swapped == {
        "1621", "1624", "1627", "1630", "1632", "1633",
        "1648", "1653", "1662", "1663", "1664", "1665",
    }  # fmt: skip


def test_a_range_shows_the_first_value():
    assert spread([3, 1, 2]) == Range(3, 1, 3)
    assert spread([3, 3]).certain
    assert not spread([3, 4]).certain


def test_a_share_of_nothing_is_nothing():
    assert Range(1, 0, 2).over(0) == Range(0, 0, 0)
    assert Range(1, 0, 2).over(4) == Range(0.25, 0, 0.5)


amounts = st.integers(1, 10**6)


@given(values=st.lists(amounts, min_size=1))
def test_the_value_shown_lies_within_its_range_also_of_a_quotient(values):
    for found in (spread(values), spread(values).map(lambda value: 1 / value)):
        assert found.low <= found.value <= found.high
    assert spread(values).map(lambda value: 1 / value).low == pytest.approx(1 / max(values))
