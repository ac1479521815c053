"""What state a kommune of the structure year has, on land that fits on a hand."""

from geo import columns as c
from geo.coverage.carry_forward import CarriedRow
from geo.coverage.selection import CoverageRow
from geo.coverage.states import (
    StructureYear,
    covered_kommune,
    every_state,
    left,
    people_covered,
    people_unknown,
)
from geo.places.people_cells import Cell
from geo.places.year_links import KommuneOfYear

ONE, TWO = KommuneOfYear("0001", 2015), KommuneOfYear("0002", 2015)
BOTH = KommuneOfYear("0003", 2018)  # as they were called when coverage was recorded again
# In 2020 kommune 0009 is made of One (60 people) and Two (40); nobody looks at 0008.
CELLS = (
    Cell((ONE, BOTH), 60, c.BASIS_PREDECESSORS, 2017),
    Cell((TWO, BOTH), 40, c.BASIS_DELOMRAADER, 2018),
)
YEAR = StructureYear(
    2020,
    {"0008": "01", "0009": "01", "0010": "02", "0011": "02", "0012": "02"},
    {"0008": 50, "0009": 100, "0011": 60, "0012": 100},
    {"0009": CELLS, "0011": CELLS[:1], "0012": CELLS},
    frozenset({"0009", "0010"}),
)


def carried(kommune, rank=0, hub="h"):
    row = CoverageRow("p", hub, kommune, rank, "", ("S1",))
    return CarriedRow(row, kommune, "0009", 1.0, strip=False)


def covered(*rows):
    return covered_kommune("0009", rows, YEAR)


def test_a_kommune_is_whole_when_all_it_is_made_of_is_covered():
    found = covered(carried(ONE), carried(TWO))
    assert (found.state, found.uncovered) == (c.WHOLE, ())
    assert (found.people, found.basis, found.people_year) == (100, c.BASIS_REGISTER, 2020)


def test_it_is_partly_covered_when_one_predecessor_is_not():
    found = covered(carried(ONE))
    assert (found.state, found.covered, found.uncovered) == (c.PARTLY, (ONE,), (TWO,))
    assert (found.people, found.basis, found.people_year) == (60, c.BASIS_PREDECESSORS, 2017)


def test_what_is_said_twice_of_the_same_land_is_counted_once():
    found = covered(carried(ONE), carried(TWO), carried(BOTH))
    assert found.state == c.WHOLE
    assert found.covered == (ONE, TWO, BOTH)
    assert people_covered({"0009": (carried(ONE), carried(ONE))}, YEAR) == {"0009": 60}


def test_the_weakest_count_and_the_oldest_are_named():
    found = covered(carried(TWO))
    assert (found.people, found.basis, found.people_year) == (40, c.BASIS_DELOMRAADER, 2018)


def test_no_more_people_are_covered_than_live_there():
    # As last counts may have it, in packages without split people.
    cells = {"0009": (Cell((ONE,), 140.2, c.BASIS_AREA, 2017), Cell((TWO,), 3, c.BASIS_AREA, 2017))}
    assert people_covered({"0009": (carried(ONE),)}, YEAR._replace(cells=cells)) == {"0009": 100}


def test_land_is_as_sure_as_its_best_row_and_a_kommune_as_its_worst_land():
    found = covered(carried(ONE, rank=2), carried(ONE, rank=0), carried(TWO, rank=1))
    assert (found.evidence, found.evidence_strongest) == (c.INFERRED, c.DOCUMENTED)


def test_hubs_are_named_once_each_in_the_order_of_their_rows():
    rows = [carried(ONE, hub="b"), carried(TWO, hub="a"), carried(ONE, hub="b")]
    assert covered(*rows).hub_ids == ("b", "a")
    assert covered(*rows).source_ids == ("S1",)


def test_land_that_no_row_names_is_left_in_every_years_numbers():
    assert left(CELLS, {ONE}) == {TWO, BOTH}
    assert left(CELLS, {BOTH}) == frozenset()


def test_the_kinds_of_empty():
    nameless = dict.fromkeys(("0009", "0011", "0012"), (carried(ONE).row,))
    states = every_state(YEAR, {"0009": covered(carried(ONE))}, nameless)
    assert states == {
        "0008": c.NOT_COVERED, "0009": c.PARTLY, "0010": c.OUTSIDE_VIEW, "0011": c.NO_SOURCE,
        "0012": c.PARTLY_UNKNOWN,
    }  # fmt: skip
    # One is covered in 0009, so that nobody there is unknown.
    found = {"0009": covered(carried(ONE))}
    assert people_unknown(YEAR, found, nameless, states) == {"0009": 0, "0011": 60, "0012": 60}
    elsewhere = {**states, "0012": c.ELSEWHERE}
    assert people_unknown(YEAR, found, nameless, elsewhere) == {"0009": 0, "0011": 60}


def test_counties_choose_the_kommuner_inside():
    assert set(YEAR.inside(("02",))) == {"0010", "0011", "0012"}
    assert YEAR.inside(()) == YEAR.fylke_of
