"""Reads uploaded tables as text: CSV in any common encoding, and the sheets of a workbook."""

import codecs
import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from geo.dataset.csv_accidents import BOM
from geo.text.messages import Messages
from geo.uploads import cleaning, workbook_scan
from geo.uploads.dropped import Dropped, weigh
from geo.uploads.limits import MOST_COLUMNS, Budget, CountedLines, TooMuch
from geo.validation.issue import Issue

_LONGEST_CELL = 100_000  # characters
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 65_536
# The bytes of æ, ø and å in the encodings that Norwegian files have, besides UTF-8.
_NORWEGIAN = {encoding: "æøåÆØÅ".encode(encoding) for encoding in ("cp1252", "cp865", "mac_roman")}
_SEPARATOR = re.compile(r'"?sep=(?P<sign>[,;\t])"?\s*', re.IGNORECASE)
_BEGINNING = 15  # lines searched for column names


@dataclass(frozen=True)
class Grid:
    """A table as text; `shown` is its name for users, `called` the names it may be matched by."""

    shown: str
    called: tuple[str, ...]
    path: str
    rows: list[list[str]] = field(repr=False)
    norwegian: bool = False  # semicolons and decimal commas, from a Norwegian spreadsheet
    exact: bytes = field(default=b"", repr=False)  # the file itself, where it needs no change
    above: int = 0  # rows above the header that were left out

    @property
    def header(self) -> list[str]:
        """The column names, from the header row."""
        place = cleaning.header_row(self.rows)
        return [cell.strip() for cell in self.rows[place]] if self.rows else []

    def written(self, numeric: set[str]) -> bytes:
        """Return the grid as CSV in UTF-8 with commas; columns in `numeric` get decimal points.

        Empty rows are written too, so that row numbers stay the same.
        """
        if self.exact:
            return self.exact
        places = {place for place, name in enumerate(self.header) if name in numeric}
        target = io.StringIO()
        writer = csv.writer(target, lineterminator="\n")
        for row in self.rows:
            cells = (_pointed(cell) if n in places else cell for n, cell in enumerate(row))
            writer.writerow(cells if self.norwegian else row)
        return target.getvalue().encode()


def _pointed(cell: str) -> str:
    return cell.replace(",", ".") if _DECIMAL_COMMA.fullmatch(cell.strip()) else cell


Read = tuple[list[Grid], list[str], list[Issue]]


def read(dropped: Dropped, budget: Budget, t: Messages) -> Read:
    """Return the tables of a CSV file or workbook, with notes and issues.

    Raises TooMuch as soon as the upload's budget is spent.
    """
    return _workbook(dropped, budget, t) if dropped.kind == "xlsx" else _csv(dropped, budget, t)


def mended(grid: Grid, table: str, t: Messages) -> tuple[Grid, list[str]]:
    """Return a corrected table, and a note on each kind of correction."""
    found = cleaning.cleaned(grid.rows, table)
    notes = [
        t(f"egne_data.read_{kind}", file=grid.shown, column=column, row=row, n=count)
        for kind, column, row, count in found.read
    ]
    if found.above:
        notes.append(t.plural("egne_data.above", found.above, file=grid.shown))
    same = found.rows == grid.rows and not found.read and not found.above
    exact = grid.exact if same else b""
    return replace(grid, rows=found.rows, above=grid.above + found.above, exact=exact), notes


def _csv(dropped: Dropped, budget: Budget, t: Messages) -> Read:
    content = dropped.content
    wide = content.startswith(_UTF16)
    if not wide and b"\x00" in content:
        return [], [], [_issue(dropped.name, t("validate.binary"))]
    encoding = "utf-16" if wide else _encoding(content)
    notes = []
    if encoding != "utf-8-sig":
        notes = [t("egne_data.encoding", file=dropped.name, encoding=encoding)]
    delimiter, above = _layout(content, encoding)
    csv.field_size_limit(_LONGEST_CELL)
    lines = CountedLines(_lines(content, encoding), delimiter)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            lines.begin_record()
            budget.spend(row)
            rows.append(row)
    except (csv.Error, UnicodeError):
        text = t("egne_data.no_table", row=len(rows) + 1)
        return [], [], [_issue(dropped.name, text)]
    as_is = delimiter == "," and not notes and not above and not content.startswith(BOM)
    if delimiter == ";":
        notes.append(t("egne_data.semicolons", file=dropped.name))
    grid = Grid(
        dropped.name,
        (dropped.stem,),
        dropped.name,
        rows[above:],
        norwegian=delimiter != ",",
        exact=content if as_is else b"",
        above=above,
    )
    return [grid], notes, []


def _encoding(content: bytes) -> str:
    """Return the encoding: UTF-8, or the one that gives the most Norwegian letters."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        for start in range(0, len(content), _CHUNK):
            decoder.decode(content[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        counts = {e: sum(map(content.count, map(_byte, s))) for e, s in _NORWEGIAN.items()}
        return max(counts, key=lambda encoding: counts[encoding])
    return "utf-8-sig"


def _byte(value: int) -> bytes:
    return bytes([value])


def _lines(content: bytes, encoding: str) -> Iterator[str]:
    """Yield lines for csv.reader without decoding the whole text at once."""
    errors = "strict" if encoding == "utf-8-sig" else "replace"
    with io.TextIOWrapper(io.BytesIO(content), encoding, errors, newline="") as text:
        while line := text.readline(2 * _CHUNK):
            yield line


def _layout(content: bytes, encoding: str) -> tuple[str, int]:
    """Return the separator, and the number of "sep=" lines before the table."""
    first = [line for line, _ in zip(_lines(content, encoding), range(_BEGINNING), strict=False)]
    named = _SEPARATOR.fullmatch(first[0]) if first else None
    if named:
        return named["sign"], 1
    return max(",;\t", key=lambda sign: (_columns(first, sign), *_counts(first, sign))), 0


def _columns(first: list[str], sign: str) -> int:
    """Return how many known columns the header has with this separator."""
    try:
        rows = list(csv.reader(first, delimiter=sign))
    except csv.Error:
        return 0
    return cleaning.known_columns(rows)


def _counts(first: list[str], sign: str) -> tuple[int, int]:
    counts = [line.count(sign) for line in first] or [0]
    return counts[0], max(counts)


def _workbook(dropped: Dropped, budget: Budget, t: Messages) -> Read:
    sheets: dict[str, list[list[str]]] = {}
    try:
        weigh(dropped.content)
        with zipfile.ZipFile(io.BytesIO(dropped.content)) as source:
            left = workbook_scan.scan(source)
        with warnings.catch_warnings():
            # openpyxl warns about unknown styles and extensions, which do not affect cells.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(dropped.content), read_only=True, data_only=True)
            for sheet in book.worksheets:
                sheets[sheet.title] = _cells(sheet, left, budget)
                left -= sum(map(bool, map(any, sheets[sheet.title])))
    except TooMuch:
        raise
    except Exception:  # noqa: BLE001 - openpyxl has no common error for bad workbooks
        return [], [], [_issue(dropped.name, t("egne_data.not_a_workbook"))]
    alone = len(sheets) == 1
    grids = [
        Grid(
            t("egne_data.sheet", file=dropped.name, sheet=title),
            (title, dropped.stem) if alone else (title,),
            f"{dropped.name}/{title}",
            rows,
        )
        for title, rows in sheets.items()
        if rows
    ]
    return grids, [], []


def _cells(sheet: Any, left: int, budget: Budget) -> list[list[str]]:
    """Return a sheet's cells as text, without empty rows and cells at the end.

    `left` is the number of rows in the file not yet read: a sheet listed twice must not be read
    twice. Raises TooMuch if a row has too many columns or the rows exceed `left` or the budget.
    """
    sheet.reset_dimensions()  # the declared size of a sheet may be wrong
    rows: list[list[str]] = []
    filled = 0
    for row in sheet.iter_rows(values_only=True):
        texts = [_text(cell) for cell in row]
        used = texts[: _used(texts)]
        if len(used) > MOST_COLUMNS:
            raise TooMuch
        budget.spend(used)
        rows.append(used)
        filled = len(rows) if used else filled
        left -= bool(used)
        if left < 0:
            raise TooMuch
    width = max((_used(row) for row in rows[:1]), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows[:filled]]


def _used(row: list[str]) -> int:
    return max((n + 1 for n, cell in enumerate(row) if cell), default=0)


def _text(cell: object) -> str:
    """Return a cell as CSV would hold it. A number that lost its leading zero stays as it is."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def _issue(file: str, text: str) -> Issue:
    return Issue(file, None, "", "", text)
