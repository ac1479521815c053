"""Marks: everything covered can be pointed at, and nothing whole is drawn as partly."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo import columns as c
from geo.brief.member_marks import spread
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.places.boundaries import MEMBERS
from geo.report.looks import kommune_look, project_colours
from geo.webmap import webmap
from geo.webmap.marks import Mark, marks

KRAFTSENTER = View(project=("kraftsenter-st",))


def marks_of(dataset: Dataset, view: View) -> list[Mark]:
    return marks(dataset, coverage(dataset, view), view)


def of_parts(dataset: Dataset, view: View) -> dict[str, tuple[str, str, str]]:
    """The kommune that each mark of a part stands in, its state and its evidence, by name."""
    found = [mark for mark in marks_of(dataset, view) if mark.part]
    return {one.name: (one.kommunenr, one.member.state, one.member.evidence) for one in found}


def with_exact_borders(dataset: Dataset, year: int) -> Dataset:
    """The dataset with a shape of its own for every kommune of a year."""
    drawn = dataset.boundaries(year)
    own = drawn.shapes.loc[[ids[0] for ids in drawn.shapes_of.values()]].copy()
    own.index = pd.Index(list(drawn.shapes_of), name=own.index.name)
    own[MEMBERS] = [(nr,) for nr in own.index]
    exact = {year: replace(drawn, source="exact.geojson", shapes=own)}
    return replace(dataset, library=replace(dataset.library, by_year=exact))


@pytest.mark.parametrize("year", [2015, 2018, 2020, 2024])
def test_every_covered_kommune_has_a_shape_to_itself_or_a_mark(dataset, year):
    view = View(year=year)
    marked = {mark.kommunenr for mark in marks_of(dataset, view)}
    for nr in coverage(dataset, view).covered.index:
        assert nr in marked or not dataset.boundaries(year).drawn_with(nr)


@pytest.mark.parametrize("colour", ["project", "evidence", "grant", "state"])
def test_a_mark_looks_like_its_kommune_alone(dataset, colour):
    view = View(colour=colour)
    kommuner = coverage(dataset, view).of_view
    content = json.loads(webmap.payload(dataset, view))
    assert len(content["marks"]) > 20
    for nr, *_, look, _shapes, part in content["marks"]:
        expected = kommune_look(kommuner[nr], colour, project_colours(dataset)).as_json()
        assert not part
        assert {k: v for k, v in content["looks"][look].items() if k != "label"} == expected


def test_a_kommune_in_several_shapes_has_one_mark_that_all_of_them_know(dataset):
    (snillfjord,) = [mark for mark in marks_of(dataset, KRAFTSENTER) if mark.name == "Snillfjord"]
    assert set(snillfjord.shape_ids) == {"5055", "5056", "5059"}


def test_shapes_where_nobody_is_covered_and_all_are_alike_have_no_marks(dataset):
    view = View()
    kommuner = coverage(dataset, view).of_view
    drawn, colours = dataset.boundaries(2015), project_colours(dataset)
    marked = {mark.kommunenr for mark in marks_of(dataset, view)}
    quiet = [
        numbers
        for numbers in drawn.shared.values()
        if len({kommune_look(kommuner[nr], "project", colours) for nr in numbers}) == 1
        and not kommuner[numbers[0]].covered
    ]
    assert len(quiet) > 20
    assert all(marked.isdisjoint(numbers) for numbers in quiet)


@pytest.mark.parametrize("year", [2020, 2024])
def test_parts_of_a_partly_covered_kommune_look_like_themselves(dataset, year):
    found = of_parts(dataset, View(year=year))
    assert found["Hemne (2015)"] == ("5055", c.WHOLE, c.ASSUMED)
    assert found["Halsa (2015)"] == ("5055", c.NOT_COVERED, "")
    assert found["Granvin (2015)"] == ("4621", c.ELSEWHERE, "")
    # Of Trondheim, a part has no source.
    assert found["Klæbu (2015)"] == ("5001", c.NO_SOURCE, "")
    assert found["Trondheim (2015)"] == ("5001", c.NOT_COVERED, "")
    # Part of it came to Heim, but its people live in Orkland now.
    assert "Snillfjord (2015)" not in found


def test_exact_borders_need_no_marks(dataset):
    exact = with_exact_borders(dataset, 2015)
    assert marks_of(exact, View()) == []
    assert marks_of(dataset, View())


def test_marks_are_pushed_apart_and_off_seats():
    points = np.array([[0.0, 0.0], [0.0, 0.0], [3.0, 1.0], [40.0, 40.0]])
    moved = spread(points, 10, np.array([[1.0, 5.0]]), 12)
    gaps = [np.hypot(*(a - b)) for i, a in enumerate(moved) for b in moved[:i]]
    assert min(gaps) > 9
    assert min(np.hypot(*(moved - [1.0, 5.0]).T)) > 11
    assert moved[3].tolist() == [40, 40]
