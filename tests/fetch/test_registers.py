"""Registers from Statistics Norway: the good answer is what we have, a bad one changes nothing."""

import json

import pytest

from geo.base.clock import today
from geo.errors import AnswerRefused, FetchFailed
from geo.fetch import differences, registers
from geo.settings import ROOT
from tests import services
from tests.official_figures import KLASS, Office
from tests.services import HASTY, IMPATIENT, Given, as_json, hasty

LAST = 2024  # the last year of the shipped register


@pytest.fixture
def local():
    with services.running() as running:
        yield running


@pytest.fixture(autouse=True)
def office(local, dataset):
    found = Office(dataset, today().year)
    found.serve(local)
    return found


def fetch(dataset, tmp_path, *years, waits=HASTY):
    return registers.fetch(hasty(tmp_path, waits=waits), dataset, years)


def sentences(staged):
    return " | ".join(staged.report("en"))


def test_the_same_answer_gives_the_same_tables_and_nothing_to_tell(dataset, tmp_path):
    staged = fetch(dataset, tmp_path, *dataset.register.years)
    tables = {n: content for n, content in staged.files.items() if n.endswith(".csv")}
    assert len(tables) == 4
    for name, content in tables.items():
        assert content == (ROOT / "data" / name).read_bytes()
    assert staged.report("nb") == staged.report("en") == []
    assert not staged.replaces


def test_every_file_names_what_it_was_made_of(dataset, tmp_path, local):
    staged = fetch(dataset, tmp_path, 2015, 2024)
    dates = [origin.address.partition("date=")[2][:10] for origin in staged.origins["kommuner.csv"]]
    assert dates == ["2015-01-01", "2024-01-01"]
    assert len(local.asked) == 6
    assert all(staged.origins[name] for name in staged.files)


@pytest.mark.dates
def test_later_years_reach_further_without_changing_anything_else(dataset, tmp_path):
    staged = fetch(dataset, tmp_path)
    assert staged.report("en") == [f"The register reaches {today().year} (before: {LAST})"]
    after = differences.with_tables(dataset, staged.files)
    assert after.register.years[-1] == today().year
    assert len(after.register.kommuner(today().year)) == 357
    for year in dataset.choices.years:
        assert after.register.kommuner(year).equals(dataset.register.kommuner(year))


@pytest.mark.dates
def test_a_merger_and_a_new_name_are_told_and_counted(office, dataset, tmp_path):
    year = today().year
    rest = office.kommuner[year]
    del rest["5061"]  # Rindal goes into Heim
    rest["5055"] = "Heim - Hïejme"
    office.change(f"{year}-01-01", "5061", "5055")
    staged = fetch(dataset, tmp_path)
    assert f"Kommuner in {year}: 356 (the year before: 357)" in sentences(staged)
    assert staged.replaces
    after = differences.with_tables(dataset, staged.files).register
    assert after.kommuner(year)["norwegian_name"]["5055"] == "Heim"
    assert after.kommuner(year)["other_names"]["5055"] == ("Hïejme",)
    [kind] = after.changes.loc[after.changes["from_kommunenr"] == "5061", "kind"]
    assert kind == "merged"
    links = after.links(LAST, year)
    assert set(links.loc[links["to_kommunenr"] == "5055", "from_kommunenr"]) == {"5055", "5061"}


@pytest.mark.dates
def test_a_kommune_that_is_moved_to_another_fylke_is_so_recorded(office, dataset, tmp_path):
    year = today().year
    names = office.kommuner[year]
    names["3461"] = names.pop("5061")
    office.change(f"{year}-01-01", "5061", "3461")
    after = differences.with_tables(dataset, fetch(dataset, tmp_path).files).register
    row = after.changes[after.changes["to_kommunenr"] == "3461"].iloc[0]
    assert (row["kind"], bool(row["county_changed"])) == ("county-changed", True)


@pytest.mark.dates
def test_a_split_without_shares_says_that_they_are_not_known(office, dataset, tmp_path):
    year = today().year
    names = office.kommuner[year]
    del names["5061"]
    for nr in ("5055", "5059"):
        office.change(f"{year}-01-01", "5061", nr)
    after = differences.with_tables(dataset, fetch(dataset, tmp_path).files).register
    rows = after.changes[after.changes["from_kommunenr"] == "5061"]
    assert list(rows["kind"]) == ["split", "split"]
    assert set(rows["note"]) == {"share of the land not known"}


def test_a_name_that_changes_in_a_known_year_is_told(office, dataset, tmp_path):
    office.kommuner[2015]["1601"] = "Trondhjem"
    staged = fetch(dataset, tmp_path, 2015)
    assert "2015: new name 1601 Trondheim → Trondhjem" in sentences(staged)
    assert "2015: nytt navn 1601" in " ".join(staged.report("nb"))
    assert staged.replaces


def test_coverage_that_changes_is_told_first(office, dataset, tmp_path):
    # Rindal was never served by itself: in 2024 it lies in a kommune that is.
    office.kommuner[2024].pop("5061")
    office.change("2024-01-01", "5061", "5055")
    lines = fetch(dataset, tmp_path, 2024).report("en")
    assert lines[0].startswith("The whole programme, structure 2024:")
    assert any("Kraftsenter" in line for line in lines)


def test_what_was_found_out_by_hand_stays(office, dataset, tmp_path):
    office.changes = [one for one in office.changes if one["oldCode"] != "5012"]
    staged = fetch(dataset, tmp_path, 2015)
    content = staged.files["kommune_changes.csv"].decode()
    assert content == (ROOT / "data" / "kommune_changes.csv").read_text(encoding="utf-8")
    assert "changes in use are not in KLASS and stay" in sentences(staged)


# -- answers that cannot be true -----------------------------------------------------------------


def wrong_year(office, _local):
    office.kommuner[2015] = office.kommuner[2020]


def too_few(office, _local):
    office.kommuner[2015] = dict(list(office.kommuner[2015].items())[:200])


def gone_without_a_change(office, _local):
    del office.kommuner[2024]["5061"]


def a_number_that_nobody_was_counted_in(office, _local):
    office.kommuner[2024]["5063"] = office.kommuner[2024].pop("5061")
    office.change("2024-01-01", "5061", "5063")


def changes_without_end(office, _local):
    for old in range(1900, 2000):
        for new in range(1800, 1900):
            office.change("2024-01-01", str(old), str(new))


def without_fylke(office, _local):
    del office.fylker[2015]["16"]


def nameless(office, _local):
    office.kommuner[2015]["1601"] = " "


def a_web_page(_office, local):
    local.put(f"{KLASS}/131/codesAt", Given(b"<html>", media="text/html"))


def another_list(_office, local):
    local.put(f"{KLASS}/131/codesAt", as_json({"versions": []}))


def numbers_for_texts(_office, local):
    local.put(f"{KLASS}/131/codesAt", as_json({"codes": [{"code": 101, "name": "Halden"}]}))


def nothing(_office, local):
    local.put(f"{KLASS}/131/codesAt", as_json({"codes": []}))


def changes_of_another_kind(_office, local):
    local.put(f"{KLASS}/131/changes", as_json({"codeChanges": [{"oldCode": "1", "newCode": "2"}]}))


@pytest.mark.parametrize(
    "fault",
    [wrong_year, too_few, gone_without_a_change,
     a_number_that_nobody_was_counted_in, changes_without_end, without_fylke,
     nameless, a_web_page, another_list, numbers_for_texts, nothing, changes_of_another_kind],
)  # fmt: skip
def test_what_cannot_be_true_is_refused(office, local, dataset, tmp_path, fault):
    fault(office, local)
    with pytest.raises(AnswerRefused, match="Nothing was replaced"):
        fetch(dataset, tmp_path, 2015, 2024)


@pytest.mark.parametrize(
    "answer",
    [as_json({}, status=404), as_json({}, status=500), as_json({}, status=429),
     Given(json.dumps({"codes": []}).encode() + b" " * 500, cut_after=300),
     Given(b"{" + b" " * 2000, pause=0.1, piece=1)],
)  # fmt: skip
def test_a_service_in_trouble_changes_nothing(local, dataset, tmp_path, answer):
    local.put(f"{KLASS}/131/codesAt", answer)
    with pytest.raises(FetchFailed):
        fetch(dataset, tmp_path, 2015, waits=IMPATIENT)
