# ruff: noqa: E501 - the zoo is a table
"""Uploads that would take a server's memory or time: stopped while they are read, and measured."""

import io
import json
import random
import subprocess
import sys
import zipfile

import pytest

from geo.server.middleware import upload_limits
from geo.server.middleware.upload_limits import UploadLimits
from geo.settings import ROOT
from geo.uploads.limits import MOST_CELLS, MOST_ROWS
from tests.loops import run

MOST_MEMORY, MOST_SECONDS = 200_000_000, 10.0  # above the base, of one upload

# Everything is imported once; each upload is read in a process of its own that branches off there.
MEASURED = """
import json, os, sys, time
from pathlib import Path
from geo.uploads.dropped import Dropped
from geo.uploads.opened import opened
status = lambda key: next(int(l.split()[1]) * 1024 for l in open("/proc/self/status") if l.startswith(key))
def measured(path):
    files = [Dropped(path.name, path.read_bytes())]
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    base, began = status("VmRSS"), time.process_time()
    found = opened(files, "nb")
    messages = [one.message for one in found.issues]
    return [status("VmHWM") - base, time.process_time() - began, found.dataset is not None, messages]
example, folder = map(Path, sys.argv[1:])
opened([Dropped(p.name, p.read_bytes()) for p in sorted(example.iterdir())], "nb")  # the base
for path in sorted(folder.glob("*/*")):
    if not (child := os.fork()):
        print(json.dumps([path.parent.name, *measured(path)]), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


def zipped(members, method=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(sheet, sheets=1, strings="", styles=""):
    """Return a workbook of one part that is listed as so many sheets."""
    listed = "".join(
        f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, sheets + 1)
    )
    kinds = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{OFFICE}.{kind}+xml"/>'
        for part, kind in (
            ("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"),
            ("sharedStrings", "sharedStrings"), ("styles", "styles"),
        )
    )  # fmt: skip
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/{kind}" Target="{part}.xml"/>'
        for n, (kind, part) in enumerate(
            (("worksheet", "worksheets/sheet1"), ("sharedStrings", "sharedStrings"),
             ("styles", "styles")), start=1)
    )  # fmt: skip
    package = "http://schemas.openxmlformats.org/package/2006"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{kinds}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}"><sheets>{listed}'
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{sheet}'
            "</sheetData></worksheet>",
            "xl/sharedStrings.xml": f'<sst xmlns="{SPREADSHEET}">{strings}</sst>',
            "xl/styles.xml": f'<styleSheet xmlns="{SPREADSHEET}">{styles}</styleSheet>',
        }
    )


def row(n, cells=8):
    inside = "".join(f'<c t="inlineStr"><is><t>v{n}</t></is></c>' for _ in range(cells))
    return f"<row>{inside}</row>"


HEADER = "hub_id,kommunenr,structure_year,evidence,assumption_id,source_ids,note_nb,note_en"


def honest(rows):
    """Return a coverage table as large as the limits allow, valid or not."""
    lines = (
        f"h{n},{random.Random(n).randint(100, 9999):04d},2015,documented,,S1,n{n},n"
        for n in range(rows)
    )
    return "\n".join([HEADER, *lines]).encode()


ZOO = {
    "line ends in a zip": ("a.zip", lambda: zipped({"coverage.csv": b"\n" * 19_000_000})),
    "line ends after a header": ("a.zip", lambda: zipped({"coverage.csv": HEADER.encode() + b"\r\n" * 9_000_000})),
    "a line of commas": ("a.csv", lambda: b"," * 9_900_000),
    "commas in a zip": ("a.zip", lambda: zipped({"coverage.csv": b"," * 19_000_000})),
    "commas over quoted lines": ("a.csv", lambda: (b'"\n"' + b"," * 5000) * 1900),
    "one line of ten million letters": ("a.csv", lambda: b"x" * 9_900_000),
    "a quotation mark and no other": ("a.csv", lambda: HEADER.encode() + b'\n"' + b"x\n" * 4_900_000),
    "rows of empty texts": ("a.csv", lambda: (b",,,,,,,\n") * 1_200_000),
    "wide letters": ("a.zip", lambda: zipped({"coverage.csv": "🦆\n" .encode() * 3_900_000})),
    "UTF-16": ("a.zip", lambda: zipped({"a.csv": "\ufeffæ,ø\n".encode("utf-16-le") * 1_800_000})),
    "many files": ("a.zip", lambda: zipped({f"{n}.csv": b"a\n" * 90_000 for n in range(100)})),
    "a zip in a zip": ("a.zip", lambda: zipped({"b.zip": zipped({"c.csv": b"\n" * 19_000_000})})),
    "a descriptor of brackets": ("datapackage.json", lambda: b"[" * 9_900_000),
    "a descriptor of lists": ("datapackage.json", lambda: b"[" + b"[]," * 3_000_000 + b"[]]"),
    "a sheet that is listed twenty times": ("a.xlsx", lambda: workbook("".join(map(row, range(14_000))), 20)),
    "a small sheet that is listed a thousand times": ("a.xlsx", lambda: workbook("".join(map(row, range(2000))), 1000)),
    "a row of empty cells": ("a.xlsx", lambda: workbook(f"<row>{'<c/>' * 4_500_000}</row>")),
    "a row that ends far out": ("a.xlsx", lambda: workbook('<row><c r="XFD1"><v>1</v></c></row>' * 14_000)),
    "rows of empty cells": ("a.xlsx", lambda: workbook(f"<row>{'<c/>' * 150}</row>" * 14_000)),
    "shared strings": ("a.xlsx", lambda: workbook(row(1), strings="<si><t>x</t></si>" * 1_000_000)),
    "styles": ("a.xlsx", lambda: workbook(row(1), styles=f"<cellXfs>{'<xf/>' * 3_000_000}</cellXfs>")),
    "deep nesting": ("a.xlsx", lambda: workbook("<row>" * 100_000 + "</row>" * 100_000)),
    "merged cells": ("a.xlsx", lambda: workbook(row(1) + "</sheetData><mergeCells>" + '<mergeCell ref="A1:B2"/>' * 500_000 + "</mergeCells><sheetData>")),
    "a long inline text": ("a.xlsx", lambda: workbook(f'<row><c t="inlineStr"><is><t>{"x" * 18_000_000}</t></is></c></row>')),
    "a far row number": ("a.xlsx", lambda: workbook('<row r="1048576"><c><v>1</v></c></row>')),
    "a table at the limit": ("coverage.csv", lambda: honest(MOST_ROWS - 2000)),
    "a workbook at the limit": ("coverage.xlsx", lambda: workbook("".join(map(row, range(MOST_CELLS // 9))))),
}  # fmt: skip


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """What each upload of the zoo took: memory, seconds, whether it is shown, its messages."""
    if not sys.platform.startswith("linux"):
        pytest.skip("memory is read from /proc")
    folder = tmp_path_factory.mktemp("zoo")
    for number, (name, make) in enumerate(ZOO.values()):
        path = folder / f"{number:02}" / name
        path.parent.mkdir()
        path.write_bytes(make())
        assert path.stat().st_size < 10_000_000
    example = ROOT / "data" / "examples" / "nummer-2024"
    command = [sys.executable, "-c", MEASURED, str(example), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    found = {int(number): rest for number, *rest in map(json.loads, done.stdout.splitlines())}
    return dict(zip(ZOO, (found.get(number) for number in range(len(ZOO))), strict=True))


@pytest.mark.parametrize("one", ZOO)
def test_no_upload_takes_more_than_is_promised(one, measured):
    assert measured[one], "its process died"
    memory, seconds, shown, messages = measured[one]
    assert not shown
    assert messages
    assert memory < MOST_MEMORY, f"{memory / 1e6:.0f} MB: {messages[:1]}"
    assert seconds < MOST_SECONDS, f"{seconds:.1f} s of the processor: {messages[:1]}"


# -- before they are kept --------------------------------------------------------------------


class Store:
    """Streamlit's store as the middleware sees it, and an application that puts files into it."""

    def __init__(self):
        self.kept = {}
        self.app = UploadLimits(self.take, lambda: self.kept)

    async def take(self, scope, _receive, send):
        session = scope["path"].split("/")[3]
        length = int(dict(scope["headers"])[b"content-length"])
        self.kept.setdefault(session, []).append(length)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def put(self, session, size, address="192.0.2.1", *, length=True):
        answers = []
        scope = {
            "type": "http", "method": "PUT", "path": f"/_stcore/upload_file/{session}/f",
            "client": (address, 1), "query_string": b"",
            "headers": [(b"content-length", str(size).encode())] if length else [],
        }  # fmt: skip

        async def send(message):
            answers.append(message)

        await self.app(scope, None, send)
        return answers[0]["status"], answers[-1].get("body", b"").decode()


def test_thirty_files_of_ten_megabytes_are_not_kept():
    store = Store()
    statuses = [run(store.put("a", 10_000_000))[0] for _ in range(30)]
    assert statuses == [204, 204] + [413] * 28
    assert sum(store.kept["a"]) <= upload_limits.MOST_OF_SESSION


def test_files_are_limited_in_number_and_the_refusal_says_what_to_do():
    store = Store()
    answers = [run(store.put("a", 10)) for _ in range(upload_limits.MOST_FILES + 1)]
    assert [status for status, _ in answers] == [204] * upload_limits.MOST_FILES + [413]
    assert "20 filer" in answers[-1][1]
    assert "20 files" in answers[-1][1]


def test_one_address_and_all_together_are_limited_too():
    store = Store()
    mine = [run(store.put(f"a{n}", 10_000_000))[0] for n in range(12)]
    assert mine.count(204) == upload_limits.MOST_OF_ADDRESS // 10_000_000
    others = [run(store.put(f"b{n}", 10_000_000, f"192.0.2.{n + 2}"))[0] for n in range(30)]
    assert mine.count(204) + others.count(204) == upload_limits.MOST_OF_ALL // 10_000_000


def test_what_is_deleted_or_gone_counts_no_more():
    store = Store()
    for _ in range(2):
        run(store.put("a", 10_000_000))
    assert run(store.put("a", 10))[0] == 413
    store.kept["a"].pop()
    assert run(store.put("a", 10))[0] == 204
    store.kept.clear()
    assert run(store.put("a", 10_000_000))[0] == 204


def test_an_upload_of_unknown_length_is_refused():
    assert run(Store().put("a", 10, length=False))[0] == 411
