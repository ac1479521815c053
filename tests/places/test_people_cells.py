"""People of a year, divided by the borders of other years: nobody is lost or counted twice."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.columns import BASIS_AREA, BASIS_DELOMRAADER, BASIS_PREDECESSORS
from geo.coverage.carry_forward import CarriedRow
from geo.coverage.selection import CoverageRow
from geo.coverage.states import StructureYear, people_covered
from geo.dataset import package
from geo.places.people_cells import cells, in_whole
from geo.places.register import Register
from geo.places.year_links import KommuneOfYear, parts_of, population
from geo.settings import ROOT

SHIPPED = package.load(ROOT / "data")
REGISTER = Register(SHIPPED)
YEARS = list(REGISTER.years)
years = st.sampled_from(YEARS)


def people_shares(nr, year, in_year):
    return {p.kommunenr: round(p.people, 2) for p in parts_of(REGISTER, nr, year, in_year)}


@pytest.mark.parametrize("year", [2020, 2024])
def test_the_people_of_split_kommuner_go_where_they_were_counted(year):
    assert people_shares("1613", 2015, year) == {"5055": 0.21, "5056": 0.34, "5059": 0.45}
    assert people_shares("1850", 2019, 2020) == {"1806": 0.47, "1875": 0.53}  # Tysfjord
    assert people_shares("1507", 2023, 2024) == {"1508": 0.86, "1580": 0.14}


def by_predecessor(nr, own, year):
    return {cell.of[0].kommunenr: cell for cell in cells(REGISTER, (own,), year)[nr]}


def test_cells_say_how_their_people_are_known():
    heim, volda = by_predecessor("5055", 2015, 2020), by_predecessor("1577", 2015, 2020)
    assert (heim["1612"].basis, heim["1612"].counted) == (BASIS_PREDECESSORS, 2019)
    assert heim["1613"].basis == BASIS_DELOMRAADER
    assert volda["1520"].basis == BASIS_AREA  # a strip: whole districts did not move


def test_volda_is_hornindal_old_volda_and_a_strip_of_orsta():
    found = {nr: cell.people for nr, cell in by_predecessor("1577", 2015, 2020).items()}
    assert sum(found.values()) == population(REGISTER, 2020)["1577"] == 10_473
    assert found["1520"] == pytest.approx(274, abs=10)  # counted as 1,951 by area


@pytest.mark.parametrize("year", YEARS)
def test_the_cells_of_every_kommune_hold_its_people_whatever_years_divide_it(year):
    counts = population(REGISTER, year)
    for recorded in [(own,) for own in YEARS] + [(2015, 2018, 2020, 2024)]:
        found = cells(REGISTER, recorded, year)
        assert {nr: sum(cell.people for cell in there) for nr, there in found.items()} == counts


def structure(own, year):
    counts = population(REGISTER, year)
    found = cells(REGISTER, own, year)
    return StructureYear(year, dict.fromkeys(counts, "00"), counts, found, frozenset())


def covering(year, olds):
    """Return the people covered in each kommune of `year` when these kommuner are served."""
    carried = {}
    for old in olds:
        row = CoverageRow("p", "h", old, 0, "", ())
        for part in parts_of(REGISTER, *old, year.year):
            one = CarriedRow(row, old, part.kommunenr, part.share, part.strip)
            carried.setdefault(part.kommunenr, []).append(one)
    return people_covered(carried, year)


@given(data=st.data(), own=years, year=years)
def test_any_set_of_kommuner_and_the_others_make_all_people_of_every_kommune(data, own, year):
    numbers = list(REGISTER.kommuner(own).index)
    chosen = data.draw(st.sets(st.sampled_from(numbers)))
    of_year = structure((own,), year)
    covered = covering(of_year, [KommuneOfYear(nr, own) for nr in chosen])
    rest = covering(of_year, [KommuneOfYear(nr, own) for nr in numbers if nr not in chosen])
    sums = {nr: covered.get(nr, 0) + rest.get(nr, 0) for nr in of_year.people}
    assert sums == of_year.people


@given(total=st.integers(0, 10_000), weights=st.lists(st.floats(0, 1e6), min_size=1))
def test_persons_stay_whole_and_none_is_lost(total, weights):
    parts = in_whole(total, weights)
    assert sum(parts) == total
    assert min(parts) >= 0


def test_without_the_table_last_counts_are_divided_by_area_as_before():
    tables = {**SHIPPED.tables, "split_people": SHIPPED["split_people"].iloc[:0]}
    register = Register(replace(SHIPPED, tables=tables))
    of = {cell.of[0].kommunenr: cell for cell in cells(register, (2015,), 2020)["5055"]}
    counts = population(register, 2019)
    assert of["1612"][1:] == (counts["5011"], BASIS_PREDECESSORS, 2019)
    assert of["1613"].people == pytest.approx(counts["5012"] * 0.11)
    assert of["1613"].basis == BASIS_AREA
