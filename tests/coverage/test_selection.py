"""Which rows of the package a view counts."""

from hypothesis import given
from hypothesis import strategies as st

from geo.columns import ASSUMED, DOCUMENTED, EVIDENCE_LEVELS, INFERRED
from geo.coverage.selection import (
    Selection,
    candidate_rows,
    data_view,
    project_rows,
    recorded_years,
    select,
    selection_of,
)
from geo.coverage.view import View
from tests.views import views

KRAFTSENTER = Selection(2015, ("kraftsenter-st",))


def kommuner(rows):
    return {row.kommunenr for row in rows}


def test_everything_is_selected_where_nothing_is_chosen(dataset):
    assert select(dataset, Selection(2015)).counted == project_rows(dataset)


def test_kraftsenter_sor_trondelag_serves_25_kommuner(dataset):
    rows = select(dataset, KRAFTSENTER).counted
    assert len(kommuner(rows)) == 25
    assert {row.year for row in rows} == {2015}
    assert {row.project_id for row in rows} == {"kraftsenter-st"}


def test_without_the_assumed_the_seven_are_those_without_source(dataset):
    every = select(dataset, KRAFTSENTER)
    sure = select(dataset, Selection(2015, ("kraftsenter-st",), evidence=INFERRED))
    hidden = kommuner(every.counted) - kommuner(sure.counted)
    assert len(hidden) == 7
    assert hidden <= kommuner(sure.without_source)
    assert set(sure.counted) | {r for r in sure.without_source if r in every.counted} == set(
        every.counted
    )


def test_inferred_rows_that_are_left_out_are_not_without_source(dataset):
    inferred = {row for row in project_rows(dataset) if row.rank == EVIDENCE_LEVELS.index(INFERRED)}
    sure = select(dataset, Selection(2015, evidence=DOCUMENTED))
    assert inferred
    assert not inferred & {*sure.counted, *sure.without_source}


def test_a_hub_keeps_its_own_candidates_and_those_that_name_no_hub(dataset):
    found = kommuner(select(dataset, Selection(2015, hub=("tkk",))).without_source)
    own = {one.kommunenr for one in candidate_rows(dataset) if one.hub_id == "tkk"}
    nameless = {one.kommunenr for one in candidate_rows(dataset) if not one.hub_id}
    assert found == own | nameless
    assert not select(dataset, Selection(2015, hub=("voss",))).without_source


def test_the_shipped_rows_are_recorded_in_2015(dataset):
    assert recorded_years(dataset) == (2015,)


def test_looks_and_language_are_no_part_of_the_selection():
    looks = View(lang="en", colour="grant", points=False, lines=True, kommune="1640")
    assert selection_of(looks) == selection_of(View())
    assert data_view(looks) == View(lang="en")


def test_counties_are_left_to_the_structure_year(dataset):
    chosen = Selection(2015, fylke=("16",))
    assert chosen.everywhere == Selection(2015)
    assert select(dataset, chosen) == select(dataset, Selection(2015))


@given(data=st.data())
def test_a_narrower_choice_never_adds_a_row(dataset, data):
    selection = selection_of(data.draw(views(dataset)))
    wider = Selection(selection.year, selection.project, evidence=ASSUMED)
    assert set(select(dataset, selection).counted) <= set(select(dataset, wider).counted)
    assert not set(select(dataset, selection).counted) & set(
        select(dataset, selection).without_source
    )
