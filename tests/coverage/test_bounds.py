"""Lowest and highest over every choice that keeps some counts, against trying them all."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage.bounds import (
    Condition,
    Outcome,
    Range,
    by_thing,
    connected,
    counts,
    ends,
    exactly,
    picks,
)


def test_a_range_that_can_have_one_value_is_certain():
    assert exactly(3).certain
    assert not Range(3, 3, 4).certain


def test_a_share_of_nothing_is_nothing():
    assert Range(1, 0, 2).over(0) == Range(0, 0, 0)
    assert Range(1, 0, 2).over(4) == Range(0.25, 0, 0.5)


def test_a_quotient_is_lowest_where_its_divisor_is_highest():
    assert Range(2, 1, 4).map(lambda value: 1 / value) == Range(0.5, 0.25, 1)


def test_what_a_link_names_hangs_together_over_several_links():
    assert connected([[1], [2, 3], [4], [3, 5, 1]]) == [{1, 2, 3, 5}, {4}]


def test_choices_are_made_in_every_way_or_not_at_all():
    assert list(picks([1, 0], {0: 1, 1: 2})) == [
        (), ((1, 0),), ((1, 1),), ((0, 0),), ((0, 0), (1, 0)), ((0, 0), (1, 1)),
    ]  # fmt: skip


def test_a_thing_that_two_choices_reach_counts_once():
    condition = Condition(1, {0: frozenset("a"), 1: frozenset("ab")})
    assert counts([condition], ((0, 0), (1, 0))) == (2,)
    assert list(by_thing([condition])) == [[0, 1], [1]]


def test_counts_that_nothing_comes_to_are_an_error():
    with pytest.raises(ValueError, match="No combination"):
        ends([[Outcome((0,), (1,), frozenset())]], (1,))


small = st.integers(0, 3)
outcomes = st.builds(
    Outcome, st.tuples(small, small), st.tuples(st.integers(-9, 9), small),
    st.frozensets(st.sampled_from("xyz"), max_size=2),
)  # fmt: skip


@given(groups=st.lists(st.lists(outcomes, min_size=1, max_size=4), min_size=1, max_size=4),
       data=st.data())  # fmt: skip
def test_ends_are_those_of_all_combinations(groups, data):
    every = list(product(*groups))
    totals = [tuple(map(sum, zip(*(one.counts for one in mix), strict=True))) for mix in every]
    wanted = data.draw(st.sampled_from(totals))
    kept = frozenset("x")
    fitting = [mix for mix, total in zip(every, totals, strict=True) if total == wanted]
    figures = [tuple(map(sum, zip(*(one.figures for one in mix), strict=True))) for mix in fitting]
    marks = [len(kept.union(*(one.marks for one in mix))) for mix in fitting]
    found = ends(groups, wanted, kept)
    assert found.low == tuple(map(min, zip(*figures, strict=True)))
    assert found.high == tuple(map(max, zip(*figures, strict=True)))
    assert found.marks == (min(marks), max(marks))
