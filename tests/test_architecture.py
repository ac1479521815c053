"""docs/architecture.md and its picture are true."""

import importlib
import re
from collections import Counter

import pytest

from geo.settings import ROOT
from tests import architecture

PAPER = (ROOT / "docs" / "architecture.md").read_text("utf-8")
MOST_MODULES = 17  # in one folder of geo/


def test_the_picture_is_drawn_from_the_imports_of_today():
    assert architecture.PICTURE.read_text("utf-8") == architecture.drawn(), "make picture"


def test_every_room_is_in_the_paper_and_no_other():
    named = {name for row in re.findall(r"^\| (`.+?`) \|", PAPER, re.MULTILINE)
             for name in re.findall(r"`(\w+)`", row)}  # fmt: skip
    folders = {path.parent.name for path in (ROOT / "geo").glob("*/__init__.py")}
    assert named == folders


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:geo|pages)\.[\w.]+)`", PAPER))))
def test_what_the_paper_names_exists(name):
    module, last = name.rpartition(".")[::2]
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        assert hasattr(importlib.import_module(module), last)


def test_no_folder_holds_more_modules_than_can_be_taken_in():
    files = (ROOT / "geo").rglob("*.py")
    counted = Counter(path.parent for path in files if path.stem != "__init__")
    assert {folder.name: n for folder, n in counted.items() if n > MOST_MODULES} == {}


def test_no_two_modules_have_the_same_name():
    counted = Counter(path.stem for path in (ROOT / "geo").rglob("*.py"))
    assert [name for name, n in counted.items() if n > 1 and name != "__init__"] == []


PAPERS = [
    *("README.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile"),
    *(".streamlit/config.toml", ".pre-commit-config.yaml", "data/README.md"),
    *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
    *(f"tests/{path.name}" for path in (ROOT / "tests").glob("*.js")),
    *(str(p.relative_to(ROOT)) for p in (ROOT / "deploy").rglob("*") if p.is_file()),
]
# A path of the project, not the end of an address or of another path, and not "85 pages/s".
NAMED = re.compile(
    r"(?<![\w./*-])(?:geo|pages(?!/s\b)|tests|bench|locale|docs)/(?:[\w./*-]*[\w/*])?"
)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_files_that_papers_name_exist(paper):
    text = (ROOT / paper).read_text("utf-8")
    named = set(NAMED.findall(text)) | set(re.findall(r"`(data/[\w./*-]+)`", text))
    made = {"data/fetched/", "tests/stories/screenshots"}  # by `geo fetch`, and by the tests
    assert {one for one in named - made if not list(ROOT.glob(one))} == set()
