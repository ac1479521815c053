"""A start does what is needed before the first reader, and not what an earlier start did."""

import subprocess
import sys
from datetime import timedelta

import pytest

from geo import settings
from geo.__main__ import main
from geo.base.clock import now
from geo.server import health, startup
from geo.settings import ROOT
from geo.uploads import last_valid, trial
from geo.versions import reload
from tests import clock

# Large, and of no use to somebody who looks at the map.
FOR_FILES = ("matplotlib", "fontTools", "frictionless", "rdflib", "openpyxl", "pptx", "typst")


@pytest.fixture
def package(tmp_path, small_package, monkeypatch):
    """A small package in service, and nothing kept from earlier starts."""
    package = tmp_path / "package"
    package.mkdir()
    small_package(package)
    monkeypatch.setattr(settings, "CACHE_DIR", tmp_path / "cache")
    monkeypatch.setattr(settings, "DATA_DIR", package)
    monkeypatch.setattr(health, "_state", health._State())
    return package


@pytest.fixture
def checks(monkeypatch):
    """The names of the checks that were made."""
    found = []

    def counted(name, function):
        def count(*given):
            found.append(name)
            return function(*given)

        return count

    monkeypatch.setattr(health, "validate", counted("validate", health.validate))
    monkeypatch.setattr(trial, "faults", counted("try", trial.faults))
    return found


def _started():
    reload.reloader()._serving = None
    health._state.faulty = None
    health.check()
    startup.warm()


@pytest.mark.usefixtures("package")
def test_data_that_were_found_valid_are_not_checked_at_the_next_start(checks):
    _started()
    assert set(checks) == {"validate", "try"}
    checks.clear()
    _started()
    assert not checks
    assert health.ready()


def test_data_that_changed_are_checked_again(package, checks):
    _started()
    coverage = package / "coverage.csv"
    good = coverage.read_text(encoding="utf-8")
    coverage.write_text(good.replace("documented", "guessed"), encoding="utf-8")
    for _ in range(2):  # what is not valid is never remembered
        checks.clear()
        _started()
        assert "validate" in checks
        assert not health.ready()
    coverage.write_text(good, encoding="utf-8")
    _started()
    assert health.ready()


def test_data_are_checked_again_on_another_day_and_with_other_texts(package, tmp_path, monkeypatch):
    found = [last_valid.stamp_of(package)]
    with clock.travel(now() + timedelta(days=1)):
        found.append(last_valid.stamp_of(package))
    monkeypatch.setattr(settings, "LOCALE_DIR", tmp_path)
    found.append(last_valid.stamp_of(package))
    assert len(set(found)) == len(found)


def test_what_the_command_found_valid_is_known_to_the_server(package, checks):
    assert main(["validate", str(package)]) == 0
    checks.clear()
    _started()
    assert not checks


def test_the_command_itself_checks_every_time(package, checks):
    for _ in range(2):
        checks.clear()
        main(["validate", str(package)])
        assert checks


def test_a_start_imports_nothing_that_only_files_need():
    program = f"""
import sys
import dashboard, geo.server.serve, geo.server.workers
from geo.server import startup
startup.warm()
print([name for name in {FOR_FILES} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip().endswith("[]"), done.stdout + done.stderr
