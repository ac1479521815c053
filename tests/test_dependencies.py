"""What we depend on: its licences are listed and fit, and an audit says what it found."""

import re

import pytest

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
