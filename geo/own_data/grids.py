"""Tables as people keep them: CSV from anywhere, and the sheets of a workbook, all as text."""

import csv
import io
import re
import warnings
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from geo.csv_accidents import BOM
from geo.messages import Messages
from geo.own_data.dropped import Dropped, TooMuch, weigh
from geo.problem import Problem

MOST_ROWS = 50_000  # of all tables together; the whole country's registers are 7,000
_MOST_COLUMNS = 200
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Grid:
    """A header and rows of text; `shown` is what people know it by, `called` its own names."""

    shown: str
    called: tuple[str, ...]
    path: str
    rows: list[list[str]] = field(repr=False)
    norwegian: bool = False  # written by a Norwegian spreadsheet: semicolons, decimal commas
    exact: bytes = field(default=b"", repr=False)  # the file itself, where it can be used as it is

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        return [cell.strip() for cell in self.rows[0]] if self.rows else []

    def written(self, numeric: set[str]) -> bytes:
        """Return the grid as CSV in UTF-8 with commas; numbers in `numeric` get a decimal point.

        Row numbers stay what they were: empty rows are written too.
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


Read = tuple[list[Grid], list[str], list[Problem]]


def read(dropped: Dropped, t: Messages) -> Read:
    """Return the tables of a CSV file or a workbook, what to know of them, and what is wrong."""
    return _workbook(dropped, t) if dropped.kind == "xlsx" else _csv(dropped, t)


def _csv(dropped: Dropped, t: Messages) -> Read:
    content = dropped.content
    if b"\x00" in content[:4096] and not content.startswith(_UTF16):
        return [], [], [_problem(dropped.name, t("validate.binary"))]
    try:
        text, notes = content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        encoding = "utf-16" if content.startswith(_UTF16) else "cp1252"
        text = content.decode(encoding, errors="replace")
        notes = [t("egne_data.encoding", file=dropped.name, encoding=encoding)]
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        csv.field_size_limit(10_000_000)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        return [], [], [_problem(dropped.name, t("egne_data.no_table", error=error))]
    as_is = delimiter == "," and not notes and not content.startswith(BOM)
    if delimiter == ";":
        notes.append(t("egne_data.semicolons", file=dropped.name))
    grid = Grid(
        dropped.name,
        (dropped.stem,),
        dropped.name,
        rows,
        norwegian=delimiter != ",",
        exact=content if as_is else b"",
    )
    return _sound([grid], notes, t)


def _workbook(dropped: Dropped, t: Messages) -> Read:
    try:
        weigh(dropped.content)
        with warnings.catch_warnings():
            # Styles and extensions that openpyxl does not know change no cell.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(dropped.content), read_only=True, data_only=True)
            sheets = {sheet.title: _cells(sheet) for sheet in book.worksheets}
    except TooMuch:
        return [], [], [_problem(dropped.name, t("egne_data.too_large"))]
    except Exception:  # noqa: BLE001 - openpyxl has no one error for what is not a workbook
        return [], [], [_problem(dropped.name, t("egne_data.not_a_workbook"))]
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
    return _sound(grids, [], t)


def _cells(sheet: Any) -> list[list[str]]:
    """Return a sheet as text, without the empty rows that spreadsheets keep at the end."""
    sheet.reset_dimensions()  # what a sheet says of its own size may be wrong
    rows: list[list[str]] = []
    filled = 0
    for row in sheet.iter_rows(values_only=True):
        if len(rows) > MOST_ROWS + 1:
            raise TooMuch
        rows.append([_text(cell) for cell in row[:_MOST_COLUMNS]])
        filled = len(rows) if any(rows[-1]) else filled
    width = max((n + 1 for row in rows[:1] for n, cell in enumerate(row) if cell), default=0)
    return [[*row, *[""] * width][: max(width, _used(row))] for row in rows[:filled]]


def _used(row: list[str]) -> int:
    return max((n + 1 for n, cell in enumerate(row) if cell), default=0)


def _text(cell: object) -> str:
    """Return a cell as a CSV file would hold it. A number that lost its zero stays as it is."""
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


def _sound(grids: list[Grid], notes: list[str], t: Messages) -> Read:
    """Refuse tables that are larger than any programme's."""
    wrong = [
        _problem(grid.shown, t("egne_data.too_large"))
        for grid in grids
        if len(grid.rows) > MOST_ROWS or any(len(row) > _MOST_COLUMNS for row in grid.rows)
    ]
    return ([], notes, wrong) if wrong else (grids, notes, [])


def _problem(file: str, text: str) -> Problem:
    return Problem(file, None, "", "", text)
