"""`pip install .`: the wheel alone is a whole program, wherever it is started from."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZipFile

import pytest

from bench.client import rerun, session
from geo import settings
from geo.settings import ROOT
from geo.webmap.geometry_routes import geometry_url
from tests import loops, patience
from tests.replicas import free_port, get

COMMAND = "naeringshagekart"
HOOK = ROOT / "tests" / "installed" / "sitecustomize.py"
# The command, of an edition with one year and one kommune: the rest is made in the same way.
FEW = """
from dataclasses import replace
from geo.__main__ import main
from geo.publish import site
whole = site.reload.current()
few = replace(whole.choices, years=(2015,), kommuner=frozenset({"0301"}), fylker={2015: ()})
few = replace(whole, choices=few)
site.reload.current = lambda: few
raise SystemExit(main(["publish", "out"]))
"""
READ_CHECKOUT = 70  # the exit code of tests/installed/sitecustomize.py


def _pip(*arguments: str | Path) -> None:
    """Run pip without the network and without the settings of this machine."""
    command = [sys.executable, "-m", "pip", "--isolated", "--quiet", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _pip("wheel", ROOT, "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder)
    (built,) = folder.glob("*.whl")
    return built


@dataclass(frozen=True)
class Installed:
    """Where the wheel was unpacked, and the folder that it is started from."""

    site: Path
    elsewhere: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(self.site),
            "TEST_CHECKOUT": str(ROOT),
            "TEST_TOOLS": sys.prefix,
        }

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [str(self.site / "bin" / COMMAND), *arguments],
            cwd=self.elsewhere,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def python(self, code: str, **environment: str) -> str:
        """Return what a piece of code says that runs with what is installed and nothing else."""
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.elsewhere,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Return the exit code of a command, and what it said."""
        process = self.start(*arguments, **environment)
        said = process.communicate(timeout=patience.SECONDS)[0]
        return process.returncode, said


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory, write_small_package) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    _pip("install", wheel, "--no-deps", "--no-index", "--target", folder / "site")
    shutil.copy(HOOK, folder / "site")
    small = folder / "elsewhere" / "small"
    small.mkdir(parents=True)
    write_small_package(small)
    return Installed(folder / "site", folder / "elsewhere")


def _metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("/METADATA"))
        return HeaderParser().parsestr(archive.read(name).decode("utf-8"))


def test_a_wheel_says_what_it_is_and_needs_what_is_listed_once(wheel):
    about = _metadata(wheel)
    assert (about["Name"], about["Version"]) == ("naeringshage-kart", settings.TOOL_VERSION)
    listed = (ROOT / "requirements.in").read_text(encoding="utf-8")
    names = {re.match(r"[\w-]+", line)[0] for line in listed.splitlines() if line[:1].isalpha()}
    assert len(names) > 20
    needed = [re.match(r"[\w-]+", line)[0] for line in about.get_all("Requires-Dist")]
    assert sorted(needed) == sorted(names)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(project["dynamic"]) == {"version", "dependencies"}


def test_a_wheel_holds_what_is_tracked_and_nothing_of_this_machine(wheel):
    with ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"geo", COMMAND}
    assert "geo/py.typed" in names
    assert not [name for name in names if name.startswith(f"{COMMAND}/data/fetched/")]
    assert not [name for name in names if name.endswith(".pyc")]
    ours = {
        path.relative_to(ROOT).as_posix()
        for folder in ("geo", "pages", "locale", "data/editions")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    unpacked = {name.removeprefix(f"{COMMAND}/") for name in names}
    assert ours - unpacked == set()


def test_the_wheel_that_is_built_from_the_source_archive_is_the_same_file(wheel, tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (archive,) = tmp_path.glob("*.tar.gz")
    again = tmp_path / "again"
    _pip("wheel", archive, "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", again)
    assert (again / wheel.name).read_bytes() == wheel.read_bytes()


def test_what_reads_from_the_checkout_is_found_out(installed):
    code = f"open({str(ROOT / 'README.md')!r})"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=installed.environment, capture_output=True, check=False)
    assert done.returncode == READ_CHECKOUT


def test_the_installed_program_validates_the_data_that_ship(installed):
    code, said = installed.run("validate")
    assert (code, said) == (0, "data: the data package is in order.\n")


def test_the_installed_program_publishes_a_package_beside_it(installed):
    assert installed.run("validate", "small")[0] == 0
    installed.python(FEW, DATA_DIR="small")
    assert (installed.elsewhere / "out" / "index.html").is_file()


@pytest.fixture(scope="module")
def served(installed) -> Iterator[str]:
    """The address of the installed program, serving."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = installed.start("serve", "--port", str(port))

    def ready() -> bool:
        assert process.poll() is None, process.communicate()[0]
        try:
            return get(f"{address}/readyz")[0] == 200
        except OSError:
            return False

    try:
        patience.until(ready, "the installed program")
        yield address
    finally:
        process.terminate()
        said = process.communicate(timeout=patience.SECONDS)[0]
    assert process.returncode == 0, said
    # From its first line to its last: the process was the server's from the beginning.
    assert all(line.startswith("{") for line in said.splitlines())


async def _drawn(address: str) -> int:
    async with session(address) as socket:
        return (await rerun(socket, {"year": "2020"})).content


def test_the_installed_program_serves_pages_geometry_and_data(served, dataset):
    assert get(f"{served}/healthz")[0] == 200
    status, page = get(f"{served}/", Accept="text/html")
    assert status == 200
    assert "Næringshagekartet" in page.decode("utf-8")
    geometry = geometry_url(dataset.boundaries(2015), "overview")
    assert get(served + geometry)[0] == 200
    shipped = (ROOT / "data" / "coverage.csv").read_bytes()
    assert get(f"{served}/data/coverage.csv") == (200, shipped)


def test_the_installed_program_serves_the_data_versions_that_were_kept(served):
    status, answer = get(f"{served}/api/v1/programmes?data=1.0.0")
    assert (status, json.loads(answer)["meta"]["data_version"]) == (200, "1.0.0")


def test_the_installed_program_draws_a_page_without_an_error(served):
    assert loops.run(_drawn(served)) > 10_000
    counts = get(f"{served}/metrics")[1].decode()
    assert re.search(r"^geo_rerun_seconds_count [1-9]", counts, re.MULTILINE)
    assert re.search(r"^geo_rerun_failures_total 0", counts, re.MULTILINE)


def test_streamlit_keeps_to_our_settings_when_it_is_installed(installed):
    code = (
        "from geo.server.serve import enter; enter(); import dashboard; "
        "from streamlit import config; print(config.get_option('browser.gatherUsageStats'))"
    )
    assert installed.python(code) == "False\n"
