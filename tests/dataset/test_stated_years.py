"""The years that sources speak of, and the years of a programme that they have to meet."""

import pytest

from geo.dataset.stated_years import (
    BadStatedYears,
    StatedYears,
    parse,
    windows,
    windows_of_package,
)

WINDOW = range(2014, 2018)


def test_years_spans_and_words_are_read_in_their_order():
    assert parse("2014 plan|2015-2017|2020") == (
        StatedYears(2014, 2014, "plan"),
        StatedYears(2015, 2017, ""),
        StatedYears(2020, 2020, ""),
    )
    assert parse("") == ()


@pytest.mark.parametrize(
    "cell", ["15", "2015 (plan)", "2015-", "2017-2015", "2015;2016", "2015 | 2016", "2015 rumour"]
)
def test_anything_else_is_refused_with_the_part_that_is_wrong(cell):
    with pytest.raises(BadStatedYears) as error:
        parse(f"2014|{cell}")
    assert str(error.value) in cell


@pytest.mark.parametrize(
    ("cell", "documents"),
    [
        ("2014", True),
        ("2017", True),
        ("2013", False),
        ("2018", False),
        ("2010-2014", True),
        ("2018-2020", False),
        ("2015 seat", True),
        ("2015 plan", False),
        ("2015 count", False),
        ("2015 region", False),
    ],
)
def test_only_a_source_of_the_window_that_names_the_kommune_or_the_seat_documents(cell, documents):
    assert parse(cell)[0].documents(WINDOW) is documents


def test_the_window_runs_from_the_year_before_the_first_grant_year_to_the_last():
    programmes = [
        {"programme_id": "a", "year_from": 2015, "grant_years": 3},
        {"programme_id": "b", "year_from": "2014", "year_to": "2018", "grant_years": "2"},
        {"programme_id": "c", "year_from": "soon"},
    ]
    projects = [{"programme_id": "a", "project_id": "p", "year_from": 2016, "grant_years": 4}]
    assert windows(programmes, projects) == {"a": range(2014, 2020), "b": range(2013, 2019)}


def test_a_row_is_held_against_the_programmes_of_its_project_or_hub_or_against_all():
    programmes = [
        {"programme_id": "a", "year_from": 2015, "grant_years": 3},
        {"programme_id": "b", "year_from": 2020, "grant_years": 1},
    ]
    projects = [
        {"programme_id": one["programme_id"], "project_id": f"p{one['programme_id']}"}
        for one in programmes
    ]
    partners = [{"project_id": "pb", "hub_id": "h"}]
    found, later = windows_of_package(programmes, projects, partners), range(2019, 2021)
    assert found.of({"hub_id": "other"}) == (WINDOW, later)
    assert found.of({"hub_id": "h"}) == (later,)
    assert found.of({"hub_id": "", "project_id": "pa"}) == (WINDOW,)
    assert found.of({"hub_id": "h", "project_id": "pa"}) == (WINDOW,)
