"""Figures from Statistics Norway: every kommune has one, and the country its usual size."""

import resource
from pathlib import Path

import pytest

from geo.errors import AnswerRefused, FetchFailed
from geo.fetch import differences, population, steady
from geo.settings import ROOT
from tests import services
from tests.official_figures import PXWEB, Office
from tests.services import HASTY, IMPATIENT, Given, as_json, hasty

SPARE = 1_000_000_000  # bytes


@pytest.fixture
def local():
    with services.running() as running:
        yield running


@pytest.fixture(autouse=True)
def office(local, dataset):
    found = Office(dataset, 2024)
    found.serve(local)
    return found


def fetch(dataset, tmp_path, *years, waits=HASTY):
    return population.fetch(hasty(tmp_path, waits=waits), dataset, years)


def test_the_same_answer_gives_the_same_table_and_nothing_to_tell(dataset, tmp_path, local):
    staged = fetch(dataset, tmp_path)
    assert staged.files["population.csv"] == (ROOT / "data" / "population.csv").read_bytes()
    assert (staged.report("nb"), staged.replaces) == ([], False)
    assert len(local.asked) == 1


def test_one_year_leaves_the_others_as_they_are(office, dataset, tmp_path):
    office.people["0301", 2015] = 650_000
    office.people["0301", 2016] = 1
    staged = fetch(dataset, tmp_path, 2015)
    after = differences.with_tables(dataset, staged.files).register
    assert after.population(2015)["0301"] == 650_000
    assert after.population(2016)["0301"] == dataset.register.population(2016)["0301"]


def test_changed_figures_are_told_with_what_follows_from_them(office, dataset, tmp_path):
    office.people["1638", 2015] += 1000  # Orkdal, which is served
    office.people["0301", 2015] += 10
    lines = fetch(dataset, tmp_path).report("en")
    assert "2 population figures change, most Orkdal 2015: 11,722 → 12,722" in lines
    assert any("Kraftsenter" in one and "inhabitants covered" in one for one in lines)
    norwegian = fetch(dataset, tmp_path).report("nb")
    assert "2 befolkningstall endres, mest Orkdal 2015: 11\u00a0722 → 12\u00a0722" in norwegian


def test_new_years_of_a_longer_register_are_added(dataset, tmp_path, local):
    office = Office(dataset, 2025)
    numbers = dataset.register.kommuner(2024).index
    office.people |= {(nr, 2025): office.people[nr, 2024] + 1 for nr in numbers}
    office.serve(local)
    longer = {"registers.json": b'{"registers_to": 2025}'}
    staged = fetch(differences.with_tables(dataset, longer), tmp_path)
    assert "New population figures for 2025" in staged.report("en")


# -- answers that cannot be true -----------------------------------------------------------------


def a_kommune_without_people(office):
    office.people["0301", 2015] = 0
    return office.cube(list(range(2013, 2025)))


def fewer_than_none(office):
    office.people["0301", 2015] = -5
    return office.cube(list(range(2013, 2025)))


def half_people(office):
    office.people["0301", 2015] = 0.5
    return office.cube(list(range(2013, 2025)))


def too_many_people(office):
    office.people["0301", 2015] = 6_000_000
    return office.cube(list(range(2013, 2025)))


def a_leap(office):
    office.people["0301", 2015] = 1_000_000
    return office.cube(list(range(2013, 2025)))


def exchange(office, one, other, years):
    for year in years:
        both = office.people[one, year], office.people[other, year]
        office.people[other, year], office.people[one, year] = both
    return office.cube(list(range(2013, 2025)))


def oslo_and_stavanger_exchanged(office):
    return exchange(office, "0301", "1103", range(2013, 2025))


def oslo_and_stavanger_exchanged_in_one_year(office):
    return exchange(office, "0301", "1103", [2020])


def two_of_a_size_exchanged(office):
    return exchange(office, "1101", "1119", [2024])


def a_small_kommune_without_most_of_its_people(office):
    office.people["1151", 2024] = 21
    return office.cube(list(range(2013, 2025)))


def a_year_missing(office):
    return office.cube([2013, 2014, 2015])


def another_table(office):
    cube = office.cube(list(range(2013, 2025)))
    cube["id"] = ["Region", "Alder", "Tid"]
    return cube


def too_few_values(office):
    cube = office.cube(list(range(2013, 2025)))
    return {**cube, "value": cube["value"][:-1]}


def words(office):
    cube = office.cube(list(range(2013, 2025)))
    return {**cube, "value": ["mange"] * len(cube["value"])}


def a_number_twice(office):
    cube = office.cube(list(range(2013, 2025)))
    region = cube["dimension"]["Region"]["category"]
    first, _, *others = region["index"]
    region["index"] = [first, first, *others]
    return cube


def two_figures(office):
    cube = office.cube([2015])
    cube["dimension"]["ContentsCode"]["category"]["index"] = ["Personer1", "Doede"]
    return {**cube, "value": cube["value"] * 2}


def years_beyond_counting(office):
    cube = office.cube(list(range(2013, 2025)))
    cube["dimension"]["Tid"]["category"]["index"] = [str(10**30 + n) for n in range(12)]
    return cube


def not_a_cube(_office):
    return {"error": "busy"}


@pytest.mark.parametrize(
    "fault",
    [a_kommune_without_people, fewer_than_none, half_people, too_many_people, a_leap,
     oslo_and_stavanger_exchanged, oslo_and_stavanger_exchanged_in_one_year,
     two_of_a_size_exchanged, a_small_kommune_without_most_of_its_people,
     a_year_missing, another_table, too_few_values, words, a_number_twice, two_figures,
     years_beyond_counting, not_a_cube],
)  # fmt: skip
def test_what_cannot_be_true_is_refused(office, local, dataset, tmp_path, fault):
    local.put(PXWEB, as_json(fault(office)))
    with pytest.raises(AnswerRefused, match="Nothing was replaced"):
        fetch(dataset, tmp_path)


def test_kommuner_with_each_others_figures_are_named(office, local, dataset, tmp_path):
    local.put(PXWEB, as_json(oslo_and_stavanger_exchanged_in_one_year(office)))
    reason = "0301 Oslo and 1103 Stavanger have each other's figure in 2020"
    with pytest.raises(AnswerRefused, match=reason):
        fetch(dataset, tmp_path)


def test_a_new_year_is_compared_with_the_year_before(dataset, tmp_path, local):
    office = Office(dataset, 2025)
    numbers = dataset.register.kommuner(2024).index
    office.people |= {(nr, 2025): office.people[nr, 2024] + 1 for nr in numbers}
    exchange(office, "0301", "1103", [2025])
    office.serve(local)
    longer = differences.with_tables(dataset, {"registers.json": b'{"registers_to": 2025}'})
    with pytest.raises(AnswerRefused, match=r"0301 Oslo goes from 717,\d{3} in 2024 to 14"):
        fetch(longer, tmp_path)


def test_no_kommune_has_changed_so_much_that_its_figures_would_be_refused(dataset):
    counts = population._counts(dataset.package["population"])
    assert steady.unsteady(counts, {}, dataset.register) == ""


def test_the_largest_change_of_a_year_is_the_measured_one(dataset):
    """What the limits rest on; a package with other figures asks for another look at them."""
    counts = population._counts(dataset.package["population"])
    changes = [
        abs(sum(counts[n, y + 1] for n in there) / sum(counts[n, y] for n in here) - 1)
        for y in dataset.register.years[:-1]
        for here, there in steady._same_land(dataset.register, y, y + 1)
    ]
    assert max(changes) == pytest.approx(20 / 188)


def test_a_small_answer_that_names_a_huge_cube_takes_no_memory(office, local, dataset, tmp_path):
    cube = office.cube([2015])
    many = [str(n) for n in range(60_000)]
    for name in ("Region", "Tid"):
        cube["dimension"][name]["category"]["index"] = many
    local.put(PXWEB, as_json(cube))
    limits = resource.getrlimit(resource.RLIMIT_AS)
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + SPARE, limits[1]))
    try:
        with pytest.raises(AnswerRefused, match="another number of values"):
            fetch(dataset, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


@pytest.mark.parametrize(
    "answer",
    [as_json({}, status=404), as_json({}, status=503), Given(b"<html>", media="text/html"),
     Given(b"{" * 5000, cut_after=300), Given(b"{" * 2000, pause=0.1, piece=1)],
)  # fmt: skip
def test_a_service_in_trouble_changes_nothing(local, dataset, tmp_path, answer):
    local.put(PXWEB, answer)
    with pytest.raises(FetchFailed):
        fetch(dataset, tmp_path, waits=IMPATIENT)
