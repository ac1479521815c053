"""The address holds the whole view, as codes; nonsense is left out and told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage.view import COLOURS, View, from_query, permalink, to_query
from geo.text.languages import LANGUAGES


def some(options):
    return st.lists(st.sampled_from(options), unique=True).map(
        lambda chosen: tuple(o for o in options if o in chosen)
    )


@pytest.fixture(scope="module")
def choices(dataset):
    return dataset.choices


@given(data=st.data())
def test_every_view_survives_the_way_through_the_address(choices, data):
    year = data.draw(st.sampled_from(choices.years))
    view = View(
        lang=data.draw(st.sampled_from(LANGUAGES)),
        year=year,
        project=data.draw(some(choices.projects)),
        hub=data.draw(some(choices.hubs)),
        fylke=data.draw(some(choices.fylker[year])),
        evidence=data.draw(st.sampled_from(["documented", "inferred", "assumed"])),
        colour=data.draw(st.sampled_from(COLOURS)),
        points=data.draw(st.booleans()),
        lines=data.draw(st.booleans()),
        uncovered=data.draw(st.booleans()),
        kommune=data.draw(st.sampled_from(["", "1636", "0301"])),
    )
    assert from_query(to_query(view), choices) == (view, [])


@given(
    st.dictionaries(
        st.sampled_from([*vars(View()), "junk", "data"]), st.text(max_size=40), max_size=6
    )
)
def test_nonsense_in_an_address_is_told_and_never_obeyed(choices, query):
    view, ignored = from_query(query, choices)
    assert view.year in choices.years
    assert set(view.project) <= set(choices.projects)
    assert view.lang in LANGUAGES
    assert all(part.parameter in query for part in ignored)


def test_what_was_ignored_is_named(choices):
    view, ignored = from_query({"year": "1999", "project": "voss,mars", "lines": "ja"}, choices)
    assert view == View(project=("voss",))
    assert {(i.parameter, i.value) for i in ignored} == {
        ("year", "1999"),
        ("project", "mars"),
        ("lines", "ja"),
    }


def test_a_link_made_in_one_language_opens_the_same_view_in_the_other(choices):
    query = to_query(View(project=("voss",), colour="evidence", year=2020))
    norwegian, _ = from_query(query, choices)
    english, ignored = from_query({**query, "lang": "en"}, choices)
    assert ignored == []
    assert english == norwegian.but(lang="en")


def test_the_copied_link_spells_out_every_choice_and_the_data_version():
    link = permalink(View(), "https://example.org/", "1.0.0")
    assert all(f"{name}=" in link for name in vars(View()))
    assert "year=2015" in link
    assert link.endswith("data=1.0.0")


def test_old_numbers_are_accepted_in_any_year(choices):
    view, ignored = from_query({"kommune": "1636", "year": "2024"}, choices)
    assert (view.kommune, ignored) == ("1636", [])
