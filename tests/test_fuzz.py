"""Addresses and files that nobody would make: no error, no traceback, no foreign file is read.

The API against its own description, with schemathesis, is in test_api.py; `make fuzz` goes on for
longer.
"""

import io
import os
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from geo.base import fonts
from geo.coverage.view import View, from_query
from geo.settings import ROOT
from geo.uploads.dropped import Dropped
from geo.uploads.opened import opened
from geo.versions import reload
from tests import patience

BOUNDED = settings(
    derandomize=True, deadline=None, max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
# Where a request may read: the project, Python and its packages, the fonts that were cut out of one
# of them, and the system's own tables.
ALLOWED = (
    str(ROOT), os.path.realpath(fonts.folder()),
    os.path.realpath(sys.prefix), sys.prefix, sys.base_prefix,
    "/usr/share/zoneinfo", "/dev/null", "/dev/urandom", "/etc/mime.types", "/proc/self",
)  # fmt: skip
_READING = {"open", "os.listdir", "os.scandir"}
_opened: list[str] | None = None


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _opened is not None and event in _READING and isinstance(arguments[0], str | bytes | Path):
        _opened.append(os.fsdecode(arguments[0]))


sys.addaudithook(_watch)


@contextmanager
def reading():
    """Yield the files and folders that are opened meanwhile."""
    global _opened  # noqa: PLW0603 - an audit hook can never be taken away
    _opened = []
    try:
        yield _opened
    finally:
        _opened = None


def foreign(paths):
    """Those paths that lie where no request has any business."""
    found = {os.path.realpath(path) for path in paths}
    return [path for path in found if not path.startswith(ALLOWED)]


PREFIXES = (
    "", "geo/", "assets/", "assets/0/", "static/", "static/js/", "api/", "api/v1/", "picture/",
    "media/", "component/", "component/streamlit_folium.st_folium/", "_stcore/", "app/static/",
    "_stcore/upload_file/", "data/", "editions/",
)  # fmt: skip
UP = ("../", "..\\", "%2e%2e/", "%2e%2e%2f", "..%2f", "%252e%252e%252f", "..%5c", "%c0%ae%c0%ae/",
      "....//", "/", "//", ";/", "%00", ".%2e/")  # fmt: skip
GOALS = ("etc/passwd", "requirements.txt", "data/datapackage.json", "geo/settings.py", "x" * 3000,
         ".git/config", "proc/self/environ", "", "index.html", "C:/Windows/win.ini")  # fmt: skip
paths = st.one_of(
    st.builds(
        lambda prefix, ups, goal: prefix + "".join(ups) + goal,
        st.sampled_from(PREFIXES),
        st.lists(st.sampled_from(UP), max_size=6),
        st.sampled_from(GOALS),
    ),
    st.builds(
        lambda prefix, text: prefix + quote(text),
        st.sampled_from(PREFIXES),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    ),
)
NAMES = (
    "year", "project", "hub", "fylke", "kommune", "evidence", "colour", "lang", "data", "lines",
    "points", "uncovered", "brief", "format", "table", "find", "frozen", "drawer",
    "swipe", "nothing",
)  # fmt: skip
VALUES = (
    "0", "-1", "2012.5", "99999999999999999999", "２０１５", "1e3", "NaN", "", "2015,2018", "None",
    "../../etc/passwd", "%00", "\x00", "{}", "[]", "' OR 1=1", "<script>", "=1+1", "1.0.0",
    "a" * 5000,
    "kraftsenter-st", "|" * 500, "\u202e", "0301", "5001",
)  # fmt: skip
values = st.one_of(
    st.sampled_from(VALUES), st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
)
queries = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=8)


def answered(dashboard, path, query=()):
    with reading() as seen:
        answer = dashboard.get(f"/{path}", params=list(query), follow_redirects=False)
    assert answer.status_code < 500, (path, query)
    assert "Traceback" not in answer.text
    assert str(ROOT) not in answer.text
    assert "root:x:0" not in answer.text
    assert foreign(seen) == []
    return answer


def test_the_watch_sees_what_is_opened_elsewhere():
    with reading() as seen:
        Path("/etc/passwd").read_bytes()
        (ROOT / "README.md").read_bytes()
    assert foreign(seen) == [os.path.realpath("/etc/passwd")]


@BOUNDED
@given(paths)
@example("static/" + "x" * 3000)
@example("static/../../../../../etc/passwd")
@example("assets/0/%2e%2e%2f%2e%2e%2fsettings.py")
def test_no_path_leads_out_of_what_is_served(dashboard, path):
    answered(dashboard, path)


@BOUNDED
@given(st.sampled_from(("", "fylker", "picture/preview.png", "api/v1/coverage", "api/v1/kommuner",
                        "api/v1/claims")), queries)  # fmt: skip
@example("api/v1/coverage", [("year", "２０１５")])
@example("", [("year", "2015")] * 2000)
def test_no_query_makes_the_server_fail(dashboard, path, query):
    answered(dashboard, path, query)


@settings(BOUNDED, max_examples=400)
@given(st.dictionaries(st.sampled_from(NAMES), values, max_size=8))
def test_every_address_is_a_view(query):
    view, ignored = from_query(query, reload.current().choices)
    assert isinstance(view, View)
    assert view.year in reload.current().choices.years
    assert all(part.parameter in query for part in ignored)


@settings(BOUNDED, max_examples=8)
@given(st.dictionaries(st.sampled_from(NAMES), values, max_size=5))
def test_every_address_is_a_page_without_an_error(query):
    at = AppTest.from_file(str(ROOT / "pages" / "app.py"), default_timeout=patience.SECONDS)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception, at.exception


# -- what is dropped -------------------------------------------------------------------------------

EXAMPLE = {
    path.name: path.read_bytes() for path in (ROOT / "data" / "examples" / "nummer-2024").iterdir()
    if path.suffix in {".csv", ".json"}
}  # fmt: skip


def zipped(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def nameless():
    """Return a zip whose only member has no name: its letters count as an extra field."""
    content = zipped({"ZZAAcsvx": b"x"}).replace(b"ZZAAcsvx", b"ZZ\x04\x00csvx")
    at = content.index(b"PK\x01\x02") + 28
    return content[:at] + b"\x00\x00\x08\x00" + content[at + 4 :]


WHOLE = zipped(EXAMPLE)


@settings(BOUNDED, max_examples=12)
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=9)
)
def test_a_damaged_zip_is_opened_or_told_but_never_fails(changes):
    content = bytearray(WHOLE)
    for place, value in changes:
        content[place] = value
    issues_of([Dropped("egne.zip", bytes(content))])


@settings(BOUNDED, max_examples=12)
@given(st.sampled_from(sorted(EXAMPLE)), st.integers(0, 4000), st.binary(max_size=12))
def test_a_damaged_table_is_opened_or_told_but_never_fails(name, place, junk):
    content = EXAMPLE[name]
    place %= len(content) + 1
    damaged = content[:place] + junk + content[place + len(junk) // 2 :]
    files = EXAMPLE | {name: damaged}
    issues_of([Dropped(one, content) for one, content in files.items()])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", nameless()),
        ("a.zip", zipped({"../../a.csv": b"x"})),
        ("a.zip", zipped({"a.zip": WHOLE})),
        ("a.zip", WHOLE[: len(WHOLE) // 2]),
        ("a.zip", zipped({"claims.csv": b"0" * 300_000_000})),
        ("a.xlsx", zipped({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})),
        ("a.xlsx", b"not a workbook"),
        ("a.csv", b"\x00" * 100),
        ("a.json", b"[" * 100_000),
        ("a.exe", b"MZ"),
        ("", b""),
    ],
    ids=["nameless", "climbing", "nested", "cut", "bomb", "entity", "no workbook", "zeros",
         "deep", "program", "nothing"],
)  # fmt: skip
def test_what_is_no_data_is_told(name, content):
    assert issues_of([Dropped(name, content)])


def issues_of(dropped):
    """Open what was dropped; return the problems that were told."""
    found = opened(dropped, "en")
    issues = list(found.issues)
    assert issues or found.dataset is not None
    assert all(str(ROOT) not in str(one) for one in issues)
    return issues


@pytest.mark.parametrize(
    "target", ["sent-zip", "sent-gml", "map", "table", "zip", "xlsx", "csv", "json"]
)
def test_bytes_led_by_the_code_they_reach_are_read_or_refused(tmp_path, target):
    pytest.importorskip("atheris")  # not made for the newest Python yet
    command = [sys.executable, "-m", "tests.fuzz", target, str(tmp_path / target)]
    done = subprocess.run(
        [*command, "-runs=3000", "-seed=1"], cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done 3000 runs" in done.stderr
