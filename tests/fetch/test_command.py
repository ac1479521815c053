"""`python -m geo fetch` as people run it: it tells, it asks, and only then it replaces."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from geo.coverage.dataset import load
from geo.official import fetched
from geo.settings import ROOT
from tests import patience, services
from tests.official_figures import PXWEB, Office
from tests.services import Given, as_json


@pytest.fixture
def local():
    with services.running() as running:
        yield running


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    kept = shutil.ignore_patterns("examples", "fetched", "editions")
    shutil.copytree(ROOT / "data", folder, ignore=kept)
    return folder


@pytest.fixture
def office(local, dataset):
    found = Office(dataset, 2024)
    found.people["0301", 2015] = 650_000
    found.serve(local)
    return found


def start(data, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "geo", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(data)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def geo(data, *arguments):
    process = start(data, *arguments)
    out, err = process.communicate(timeout=patience.SECONDS)
    assert "Traceback" not in err, err
    return process.returncode, out, err


def oslo(data):
    return load(data).register.population(2015)["0301"]


@pytest.mark.usefixtures("office")
def test_differences_are_told_and_nothing_is_replaced_without_a_yes(data):
    code, out, _ = geo(data, "fetch", "population")
    assert code == 1
    assert "1 population figure changes: Oslo 2015 from 647,676 to 650,000" in out
    assert "Nothing was replaced" in out
    assert oslo(data) == 647_676


@pytest.mark.usefixtures("office")
def test_with_a_yes_it_is_in_use_and_restore_goes_back(data):
    code, out, _ = geo(data, "fetch", "population", "--yes", "--lang", "nb")
    assert (code, "Tatt i bruk" in out) == (0, True)
    assert oslo(data) == 650_000
    [entry] = fetched.fetched(data).lock.files
    assert entry.origins[0].address.startswith("https://data.ssb.no/api/pxwebapi/v2/")
    assert geo(data, "restore")[0] == 0
    assert oslo(data) == 647_676


@pytest.mark.usefixtures("office")
def test_what_has_not_changed_is_not_sent_a_second_time(data, local):
    cube = as_json(Office(load(data), 2024).cube(list(range(2013, 2025))), headers={"ETag": '"a"'})
    local.put(PXWEB, lambda q: Given(status=304) if q.headers.get("If-None-Match") else cube)
    for _ in range(2):
        assert geo(data, "fetch", "population", "--yes")[0] == 0
    assert local.asked[-1].headers["If-None-Match"] == '"a"'


def test_a_service_in_trouble_leaves_everything_and_says_so(data, local):
    local.put(PXWEB, Given(b"<html>", media="text/html"))
    code, _, err = geo(data, "fetch", "population", "--yes")
    assert code == 1
    assert "goes on with the data it has" in err
    assert fetched.fetched(data).tables() == {}


def test_interrupted_with_the_keyboard_the_old_data_stay(data, local):
    local.put(PXWEB, Given(b"{" * 100_000, pause=0.05, piece=100))
    process = start(data, "fetch", "population", "--yes")
    patience.until(lambda: local.asked)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=patience.SECONDS)
    assert process.returncode == 130
    assert "Nothing was replaced" in err
    assert "Traceback" not in err
    assert oslo(data) == 647_676


def test_restore_with_nothing_fetched_says_so(data):
    code, _, err = geo(data, "restore")
    assert (code, "nothing to go back to" in err) == (1, True)
