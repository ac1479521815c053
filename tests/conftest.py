"""What most tests start from: the data that ships, read once."""

import gc
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from starlette.testclient import TestClient
from streamlit.runtime import Runtime

from geo.coverage import dataset as datasets
from geo.coverage.dataset import Dataset
from geo.settings import ROOT
from tests import published

pytest_plugins = ["tests.clock"]

# How long an example takes says how busy the machine is.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

_SELDOM = (7_000, 10, 10)  # ten times as seldom as Python's own
gc.disable()  # while tests are collected, of which nothing is thrown away

SHARED_BOUNDARIES = ROOT.parent / "shared" / "boundaries"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the stories: none of their long files is then left when the rest is done."""
    items.sort(key=lambda item: "stories" not in item.path.parts)


def pytest_collection_finish() -> None:
    """Let Python's collector pass over what lives as long as the run, and come seldom.

    It took a fifth of the tests' time: half a million objects of libraries and tests, again and
    again. What tests leave behind is still collected.
    """
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    gc.enable()


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """The shipped programme with its registers and boundaries."""
    return datasets.load(ROOT / "data")


@pytest.fixture(scope="session")
def dashboard() -> Iterator[TestClient]:
    """The whole application, asked without a browser.

    Started once: Streamlit has one runtime per process, and a second start waits for ever.
    """
    from dashboard import app  # noqa: PLC0415 - builds Streamlit's application

    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as found:
        yield found


@pytest.fixture(scope="session")
def edition_files(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The whole public edition of the shipped programme at published.BASE, a pixel as pictures."""
    own = tmp_path_factory.getbasetemp()
    return published.once(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own, dataset)


@pytest.fixture(autouse=True)
def _runtime_stays() -> Iterator[None]:
    """Put back the dashboard's runtime, which Streamlit's AppTest takes away."""
    before = Runtime._instance
    yield
    if before is not None:
        Runtime._instance = before


@pytest.fixture(scope="session")
def real_boundaries() -> Path:
    """The folder of real boundary files, which are not part of the repository."""
    if not SHARED_BOUNDARIES.is_dir():
        pytest.skip(f"real boundary files are not at {SHARED_BOUNDARIES.name}/ beside the project")
    return SHARED_BOUNDARIES


TABLES = {
    "programmes": "p,Et program,A programme,2015,,1000000,2,,,Noen,,S1",
    "projects": "one,p,Ett,,1000000,2015,2,project,Formål,Purpose,,S1,,",
    "hubs": "h,Hage,,,,,Oslo,0301,2015,10.75,59.91,500,documented,,,,S1,,",
    "partners": "one,h,partner,documented,S1,,",
    "coverage": "h,0301,2015,documented,2015,,S1,,",
    "sources": "S1,En kilde,Noen,2015,,,https://example.org/,,",
}


def filled(table: str, head: str) -> str:
    """Return a table's only row under a head, which may offer more columns than it needs."""
    return TABLES[table] + "," * (head.count(",") - TABLES[table].count(","))


@pytest.fixture(scope="session")
def write_small_package() -> Callable[[Path], None]:
    """Write the smallest package that can be served: one project, one hub, Oslo."""

    def write(folder: Path) -> None:
        shipped = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
        resources = [r for r in shipped["resources"] if r["name"] in TABLES]
        for resource in resources:
            schema = resource["schema"]
            schema["foreignKeys"] = [
                key for key in schema["foreignKeys"] if key["reference"]["resource"] in TABLES
            ]
            header = ",".join(f["name"] for f in schema["fields"])
            text = f"{header}\n{TABLES[resource['name']]}\n"
            (folder / resource["path"]).write_text(text, encoding="utf-8")
        descriptor = {**shipped, "name": "small", "version": "0.1.0", "resources": resources}
        (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")

    return write


@pytest.fixture
def small_package(write_small_package: Callable[[Path], None]) -> Callable[[Path], None]:
    """Write the smallest package that can be served: one project, one hub, Oslo."""
    return write_small_package
