"""A view in several structures: what is drawn small, what is drawn beside it, what changed."""

import json

import pytest

from geo.coverage.dataset import Dataset
from geo.coverage.fylke_years import in_year
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.report.titles import headline
from geo.text.messages import messages
from geo.webmap import structures, webmap
from tests.views import look_of

KRAFTSENTER = View(project=("kraftsenter-st",))


def test_only_what_concerns_the_view_is_told_first(dataset: Dataset):
    found = structures.changes_of(dataset, KRAFTSENTER, 2024)
    assert (found.first, found.last) == (2015, 2024)
    names = {one.kommune.label for one in found.here}
    assert {"Orkland", "Heim", "Snillfjord"} <= names
    assert "Kristiansand" in {one.kommune.label for one in found.elsewhere}
    every = structures.every_change(dataset, 2015, 2024)
    assert sorted((*found.here, *found.elsewhere)) == sorted(every)
    covered = {
        (str(nr), view.year)
        for view in (KRAFTSENTER, in_year(dataset, KRAFTSENTER, 2024))
        for nr in coverage(dataset, view).covered.index
    }
    for one in every:
        numbers = {(k.kommunenr, k.year) for k in (one.kommune, *(p for p, _ in one.pieces))}
        assert (one in found.here) == bool(numbers & covered)
    later = KRAFTSENTER.but(year=2024)
    assert structures.changes_of(dataset, later, 2015) == found


def test_a_view_is_compared_with_the_recorded_year_or_seen_from_there_with_the_last(
    dataset: Dataset,
):
    assert structures.compared(dataset, View(), 0) == 2024
    assert structures.compared(dataset, View(year=2020), 0) == 2015
    assert structures.compared(dataset, View(year=2020), 2018) == 2018


@pytest.mark.parametrize(
    ("asked", "year"), [("2024", 2024), ("2015", 0), ("", 0), ("1999", 0), ("<b>", 0)]
)
def test_only_another_structure_year_can_be_shown_beside(dataset: Dataset, asked: str, year: int):
    assert structures.swiped(dataset, View(), asked) == year


@pytest.mark.parametrize("year", [2015, 2020])
def test_a_small_map_has_the_looks_of_the_map(dataset: Dataset, year: int):
    view = KRAFTSENTER.but(year=year)
    small = json.loads(structures.small_map(dataset, view))
    large = json.loads(webmap.payload(dataset, view))
    assert (small["bounds"], small["rest"]) == (large["bounds"], large["rest"])
    assert look_of(small) == look_of(large)
    for mine, sent in zip(small["looks"], large["looks"], strict=True):
        assert mine.items() <= sent.items()
        assert "label" not in mine


def test_the_other_side_is_what_the_map_of_that_year_draws(dataset: Dataset):
    view = View(fylke=("16",))
    beside = structures.beside(dataset, view, 2024)
    there = json.loads(webmap.payload(dataset, view.but(year=2024, fylke=("50",))))
    assert all(beside[name] == there[name] for name in structures.SIDE)
    assert set(beside["said"]) == {2015, 2024}


def test_swiping_is_paid_for_only_by_who_swipes(dataset: Dataset):
    assert '"beside"' not in webmap.layer(dataset, View())._template.script(None)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_a_structure_counts_what_its_own_title_counts(dataset: Dataset, language: str):
    t = messages(language)
    for year in dataset.choices.years:
        view = View(lang=language, year=year, evidence="inferred")
        said, same = structures.counted(dataset, view)
        assert said == headline(coverage(dataset, view), view)
        assert same.startswith(t(f"structures.{'recorded' if year == 2015 else 'same'}"))


def test_the_name_stands_in_the_middle_of_what_is_said_of_a_piece():
    assert structures.around(messages("nb"), "part") == ("del av ", "")


def test_the_legend_explains_what_is_drawn_on_the_other_side_only(dataset: Dataset):
    more = structures.more_lines(dataset, KRAFTSENTER, 2024)
    assert [entry.label for entry in more] == [
        messages("nb")("map.partly"),
        messages("nb")("map.partly_unknown"),
    ]
    assert all(entry.count is None for entry in more)
    assert structures.more_lines(dataset, KRAFTSENTER.but(year=2020), 2024) == []
