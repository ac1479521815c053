"""What we depend on is declared, locked, licensed and audited; the citation names this version."""

import ast
import json
import re
import sys
from importlib.metadata import packages_distributions

import pytest
import yaml

from geo.settings import ROOT, TOOL_VERSION
from tests import audit, licences

FREE = re.compile("MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Mozilla|MPL|Artistic")


def test_the_list_of_licences_is_that_of_what_is_installed():
    assert licences.PAGE.read_text(encoding="utf-8") == licences.page(), "run: make licences"


def test_every_licence_lets_a_ministry_and_a_newsroom_run_it():
    rows = re.findall(r"^\| (\S+) \| (\d\S*) \| (.+) \|$", licences.page(), re.MULTILINE)
    assert len(rows) > 80
    assert [row for row in rows if not FREE.search(row[2])] == []


GOOD = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
NOT_KNOWN = {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "code", "text"),
    [
        ([GOOD, NOT_KNOWN], 0, "1 of 2 packages audited, 0 vulnerabilities."),
        ([GOOD, BAD], 1, "b 2: PYSEC-1, cured in 2.1"),
        ([NOT_KNOWN], 0, audit.NO_DATABASE),
        ([], 0, audit.NO_DATABASE),
    ],
)
def test_an_audit_fails_where_a_vulnerability_is_known(packages, code, text):
    report, failed = audit.summary(packages)
    assert text in report
    assert failed == code


def _names(path):
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return {re.match(r"[\w-]+", line)[0].lower() for line in lines if line[:1].isalpha()}


def _imported():
    """Return the third-party modules that the program imports."""
    files = [ROOT / "dashboard.py", *(ROOT / "geo").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    nodes = [n for f in files for n in ast.walk(ast.parse(f.read_text(encoding="utf-8")))]
    plain = {a.name for n in nodes if isinstance(n, ast.Import) for a in n.names}
    whole = {n.module for n in nodes if isinstance(n, ast.ImportFrom) and not n.level}
    tops = {name.partition(".")[0] for name in plain | whole}
    return tops - set(sys.stdlib_module_names) - {"geo", "pages"}


def test_what_the_program_imports_is_declared():
    brought_by = packages_distributions()
    declared = {name.replace("_", "-") for name in _names("requirements.in")}
    missing = {
        module
        for module in _imported()
        if declared.isdisjoint(one.lower().replace("_", "-") for one in brought_by[module])
    }
    assert missing == set()


def test_what_is_declared_is_locked():
    assert _names("requirements.in") <= _names("requirements.txt")


def test_the_citation_and_the_newest_release_in_the_changelog_are_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == TOOL_VERSION
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\d\S*) - (\S+)$", changelog, re.MULTILINE)
    assert newest.groups() == (TOOL_VERSION, citation["date-released"])
    shipped = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    (data,) = citation["references"]
    assert (data["title"], data["version"]) == (shipped["title"], shipped["version"])
    assert data["date-released"] == shipped["created"][:10]
