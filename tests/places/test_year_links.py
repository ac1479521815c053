"""A kommune looked up in another year: where its land lies, what it is called, who lived there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.dataset import package
from geo.errors import UnknownKommune, UnknownYear
from geo.places.register import Register
from geo.places.year_links import (
    KommuneOfYear,
    itself,
    lives_on,
    on_its_own,
    overlaps,
    parts_of,
    successors,
)
from geo.settings import ROOT

REGISTER = Register(package.load(ROOT / "data"))
years = st.sampled_from(list(REGISTER.years))
SNILLFJORD, HEMNE = KommuneOfYear("1613", 2015), KommuneOfYear("1612", 2015)


def test_snillfjord_lies_in_orkland_hitra_and_heim_the_largest_part_first():
    assert successors(REGISTER, SNILLFJORD, 2020) == ("5059", "5056", "5055")
    shares = {
        part.kommunenr: round(part.share, 2) for part in parts_of(REGISTER, "1613", 2015, 2020)
    }
    assert shares == {"5055": 0.11, "5056": 0.12, "5059": 0.77}


def test_heim_is_made_of_hemne_halsa_and_a_part_of_snillfjord():
    assert overlaps(REGISTER, 2015, 2020).made_of["5055"] == ("1571", "1612", "1613")


def test_a_renumbered_kommune_stays_itself_until_it_is_merged():
    assert itself(REGISTER, HEMNE, 2018) == ("5011", 2018)
    assert itself(REGISTER, HEMNE, 2024) == ("5011", 2019)
    assert itself(REGISTER, KommuneOfYear("5011", 2018), 2024) == ("5011", 2019)


def test_a_name_that_lives_on_is_not_gone():
    assert lives_on(REGISTER, KommuneOfYear("1617", 2015), 2020)  # Hitra
    assert not lives_on(REGISTER, HEMNE, 2020)


def test_a_kommune_is_on_its_own_until_the_year_before_the_merger():
    rissa = KommuneOfYear("1624", 2015)
    assert on_its_own(REGISTER, rissa, 2024) == ("1624", 2017)
    assert on_its_own(REGISTER, rissa, 2016) == ("1624", 2016)
    # A strip came in 2020.
    assert on_its_own(REGISTER, KommuneOfYear("5054", 2020), 2015) == ("5054", 2020)


def test_what_is_not_there_is_refused():
    with pytest.raises(UnknownKommune):
        parts_of(REGISTER, "9999", 2015, 2020)
    with pytest.raises(UnknownYear):
        overlaps(REGISTER, 2015, 1999)


@given(data=st.data(), own=years, year=years)
def test_shares_are_of_the_whole_kommune(data, own, year):
    nr = data.draw(st.sampled_from(list(REGISTER.kommuner(own).index)))
    parts = parts_of(REGISTER, nr, own, year)
    assert sum(part.share for part in parts) == pytest.approx(1)
    assert sum(part.people for part in parts) == pytest.approx(1)
    assert all(nr in overlaps(REGISTER, own, year).made_of[part.kommunenr] for part in parts)


@given(data=st.data(), own=years, year=years)
def test_itself_is_the_same_from_wherever_it_is_asked(data, own, year):
    nr = data.draw(st.sampled_from(list(REGISTER.kommuner(own).index)))
    end = itself(REGISTER, KommuneOfYear(nr, own), year)
    assert itself(REGISTER, end, year) == end
