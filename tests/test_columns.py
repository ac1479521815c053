"""Column names are typed once, in geo/columns.py."""

import ast
from collections.abc import Iterator
from pathlib import Path

from geo import columns
from geo.settings import ROOT

# These words name other things too: settings, keys of JSON, parts of a date, headings, codes.
EVERYDAY = {
    "fylke", "label", "name", "orgnr", "population", "state", "year",
    "assumed", "documented", "inferred",
    "did_not_exist", "elsewhere", "no_source", "not_covered", "outside_view",
    "partly", "partly_unknown", "whole",
    "area", "delomraader", "predecessors", "register",
}  # fmt: skip
# Here "evidence" is a colour mode, a filter, a kind of correction, a section of a
# page or a part of a template.
NO_COLUMNS = {
    ("geo/api/models.py", "applied"),
    ("geo/api/models.py", "evidence"),
    ("geo/api/parameters.py", "evidence"),
    ("geo/coverage/view.py", "evidence"),
    ("geo/exports/map_looks.py", "evidence"),
    ("geo/publish/front.py", "evidence"),
    ("geo/publish/kommune_pages.py", "evidence"),
    ("geo/report/legend.py", "evidence"),
    ("geo/report/looks.py", "evidence"),
    ("geo/report/provenance.py", "evidence"),
    ("pages/parts/filters.py", "evidence"),
}
OWN = ROOT / "geo" / "columns.py"


def names() -> set[str]:
    """Column names that mean nothing but the column."""
    found = {value for name, value in vars(columns).items() if name.isupper()}
    return {one for one in found if isinstance(one, str)} - EVERYDAY


def files() -> list[Path]:
    found = [*(ROOT / "geo").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    return [file for file in found if file != OWN]


def strings(file: Path) -> Iterator[str]:
    """Every text that a file types, but docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def typed() -> set[tuple[str, str]]:
    """Which file types which column name."""
    listed = names()
    return {
        (str(file.relative_to(ROOT)), text)
        for file in files()
        for text in strings(file)
        if text in listed
    }


def test_no_column_name_is_typed_outside_its_module():
    assert {"source_ids", "project_id", "hub_id", "kommunenr", "structure_year"} <= names()
    assert typed() - NO_COLUMNS == set()


def test_what_is_excepted_is_still_there():
    assert typed() >= NO_COLUMNS


def test_the_module_of_names_imports_nothing_of_ours():
    imports = [
        node
        for node in ast.walk(ast.parse(OWN.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert imports == []
