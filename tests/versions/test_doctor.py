"""The doctor tells what is embedded, fetched, stale or damaged, and what to do."""

import argparse
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from geo.coverage import dataset as datasets
from geo.fetch import store
from geo.fetch.staged import Staged
from geo.official import fetched, hub_status
from geo.official.origin import LOCK, Origin
from geo.settings import ROOT
from geo.text.messages import messages
from geo.validation.validate import validate
from geo.versions import doctor, versions
from geo.versions.doctor import ABSENT, DAMAGED, EMBEDDED, FETCHED, OWN, STALE
from tests import clock

SHIPPED = ROOT / "data"
THEN, NOW = date(2024, 6, 1), date(2026, 11, 24)
ORIGIN = Origin(
    address="https://data.ssb.no/api/x",
    fetched_at="2026-11-24T00:00:00Z",
    size=3,
    sha256="0" * 64,
    media_type="application/json",
    service="Statistisk sentralbyrå",
    licence="CC BY 4.0",
    credit="Statistisk sentralbyrå",
)


@pytest.fixture
def data_dir(tmp_path):
    return shutil.copytree(SHIPPED, tmp_path / "data", ignore=shutil.ignore_patterns("fetched"))


def put(data_dir, *names):
    """Let the shipped tables count as fetched, on the day that is NOW."""
    files = {name: (SHIPPED / name).read_bytes() for name in names}
    staged = Staged("register", files, dict.fromkeys(files, (ORIGIN,)), lambda _: [], replaces=True)
    with clock.travel(datetime(NOW.year, NOW.month, NOW.day, tzinfo=UTC)):
        store.commit(data_dir, [staged])


def found(data_dir, now=NOW, dataset=None, issues=()):
    """What is found, by subject: state, text, advice in English."""
    t = messages("en")
    dataset = dataset or datasets.load(data_dir)
    return {
        one.subject.text(t): (
            one.state,
            one.found.text(t),
            one.advice.text(t) if one.advice else "",
        )
        for one in doctor.examine(data_dir, dataset, issues, now)
    }


def test_what_ships_is_embedded_and_says_where_it_falls_short(dataset):
    findings = found(SHIPPED, THEN, dataset)
    assert findings["Data package"] == (EMBEDDED, "version 2.0.0, no problems", "")
    assert findings["Kommune register"] == (EMBEDDED, "2013–2024", "")
    assert findings["Population"][0] == EMBEDDED
    assert findings["Boundaries 2015"] == (
        EMBEDDED,
        "borders of 2020; 47 shapes stand for several kommuner",
        "run `python -m geo fetch boundaries --year 2015`",
    )
    assert findings["Boundaries 2020"] == (
        EMBEDDED,
        "borders of 2020; each kommune has its own shape",
        "",
    )
    assert findings["Hubs in the Central Coordinating Register"][0] == ABSENT


@pytest.mark.parametrize(
    ("now", "state"),
    [(date(2024, 12, 31), EMBEDDED), (date(2025, 1, 1), STALE)],
)
def test_register_is_stale_from_the_day_there_is_a_newer_one(dataset, now, state):
    assert found(SHIPPED, now, dataset)["Kommune register"][0] == state


@pytest.mark.parametrize(
    ("now", "state"), [(date(2025, 2, 28), EMBEDDED), (date(2025, 3, 1), STALE)]
)
def test_population_is_stale_when_the_next_count_is_out(dataset, now, state):
    assert found(SHIPPED, now, dataset)["Population"][0] == state


def test_fetched_tables_say_when_and_where_from_and_grow_stale_after_a_year(data_dir):
    put(data_dir, "kommuner.csv", "population.csv")
    register = found(data_dir, NOW)["Kommune register"]
    assert register[0] == FETCHED
    assert register[1].startswith("Statistisk sentralbyrå, ")
    later = found(data_dir, NOW.replace(year=NOW.year + 2))
    assert later["Kommune register"][0] == STALE
    assert later["Population"][2] == "run `python -m geo fetch population`"


def test_altered_file_is_damaged_and_what_shipped_takes_its_place(data_dir):
    put(data_dir, "population.csv")
    fetched.fetched(data_dir).tables()["population"].write_text("x")
    findings = found(data_dir)
    assert findings["fetched/population.csv"] == (
        DAMAGED,
        "is not as it was fetched; what shipped is used in its place",
        "fetch again with `python -m geo fetch`, or go back with `python -m geo restore`",
    )
    assert findings["Population"][1].startswith("2013–2024")


def test_lock_and_state_that_cannot_be_read_are_damaged(data_dir):
    put(data_dir, "population.csv")
    (fetched.fetched(data_dir).folder / LOCK).write_text("{")
    assert found(data_dir)["fetched/lock.json"][0] == DAMAGED
    (data_dir / "fetched" / "state.json").write_text("{")
    assert found(data_dir)["fetched/state.json"][0] == DAMAGED


def test_refused_boundary_file_is_damaged_and_says_why(data_dir):
    (data_dir / "boundaries" / "kommuner-2015.geojson").write_text("{}")
    state, text, advice = found(data_dir)["kommuner-2015.geojson"]
    assert state == DAMAGED
    assert "cannot be read as a map file" in text
    assert advice == "replace the file or remove it"


def test_own_boundary_file_is_told_apart_from_fetched_ones(data_dir, real_boundaries):
    name = "kommuner-2017.geojson"
    shutil.copyfile(real_boundaries / name, data_dir / "boundaries" / name)
    own = found(data_dir)["Boundaries 2015"]
    assert own[:2] == (OWN, "borders of 2017; 1 shape stands for several kommuner")


def test_invalid_package_is_damaged(data_dir):
    (data_dir / "projects.csv").write_text("project_id\n")
    issues = [str(one) for one in validate(data_dir)]
    state, text, advice = next(
        (one.state, one.found.text(messages("en")), one.advice.text(messages("en")))
        for one in doctor.examine(data_dir, None, issues, NOW)
    )
    assert state == DAMAGED
    assert issues[0] in text
    assert advice == "run `python -m geo validate data`"


def test_hubs_that_were_asked_are_counted(data_dir, dataset):
    rows = [
        dict.fromkeys(hub_status.COLUMNS, "") | {"hub_id": str(i), "status": status}
        for i, status in enumerate(("active", "bankrupt", "not_found", "ambiguous"))
    ]
    table = hub_status.empty()
    table = table.from_records(rows, columns=list(hub_status.COLUMNS))
    content = {"hub_status.csv": table.to_csv(index=False).encode()}
    store.commit(data_dir, [Staged("hubs", content, {}, lambda _: [], replaces=False)])
    findings = found(data_dir, dataset=replace(dataset, hub_status=table))
    state, text, _ = findings["Hubs in the Central Coordinating Register"]
    assert state == FETCHED
    assert text.startswith("2 of 4 found, 1 active, checked ")


def test_kept_versions_are_listed_and_a_broken_one_is_damaged(data_dir):
    kept = versions.keep_version(data_dir)
    shutil.copytree(kept, kept.with_name("0.9.0"))
    findings = found(data_dir)
    assert findings["Kept data versions"] == (OWN, "1.0.0, 2.0.0", "")
    assert findings["editions/0.9.0"][0] == DAMAGED
    (kept / "hubs.csv").unlink()
    assert found(data_dir)["editions/2.0.0"][0] == DAMAGED


def test_answers_on_disk_are_measured(data_dir):
    folder = data_dir / "fetched" / "answers"
    folder.mkdir(parents=True)
    (folder / "a.body").write_bytes(b"x" * 2_000_000)
    (folder / "a.json").write_bytes(b"x" * 1000)
    assert found(data_dir)["Answers of the services on disk"] == (FETCHED, "1 answer, 2,001 kB", "")


def test_exit_code_says_whether_something_is_damaged(data_dir, capsys):
    assert doctor.run(argparse.Namespace(folder=data_dir, lang="en")) == 0
    assert "-> run `python -m geo fetch hubs`" in capsys.readouterr().out
    (data_dir / "boundaries" / "kommuner-2015.geojson").write_text("{}")
    assert doctor.run(argparse.Namespace(folder=data_dir, lang="nb")) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "Skadet: kommuner-2015.geojson."
