"""Kommuner are found by every name and number they ever had."""

import pytest

from geo import package
from geo.register import Register
from geo.search import KommuneSearch
from geo.settings import ROOT

SEARCH = KommuneSearch(Register(package.load(ROOT / "data")))


@pytest.mark.parametrize(
    ("text", "year", "found"),
    [
        ("Meldal", 2020, "5059"),
        ("1636", 2020, "5059"),
        ("rissa", 2018, "5054"),
        ("Gáivuotna", 2015, "1940"),
        ("gaivuotna", 2024, "5540"),
        ("Kaivuono", 2024, "5540"),
        ("Omasvuotna", 2015, "1939"),
        ("Ráisa", 2024, "5544"),
        ("raisa", 2015, "1942"),
        ("Tråante", 2015, "1601"),
        ("alesund", 2024, "1508"),
        ("ålesund", 2015, "1504"),
        ("royrvik", 2015, "1739"),
        ("ØRLAND", 2020, "5057"),
    ],
)
def test_any_official_name_or_number_finds_the_kommune_of_the_year(text, year, found):
    assert SEARCH.find(text, year)[0].now[0] == found


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("Os", {"0441", "1243"}),
        ("Bø", {"0821", "1867"}),
        ("Nes", {"0236", "0616"}),
        ("Herøy", {"1515", "1818"}),
        ("Sande", {"0713", "1514"}),
        ("Våler", {"0137", "0426"}),
    ],
)
def test_a_name_of_two_kommuner_finds_both(name, numbers):
    assert numbers <= {nr for hit in SEARCH.find(name, 2015) for nr in hit.now}


@pytest.mark.parametrize("text", ["", "   ", "Atlantis", "99999", "%", "${alert(1)}"])
def test_nonsense_finds_nothing(text):
    assert SEARCH.find(text, 2015) == []
