"""Undoes what spreadsheets do to cells where the meaning is certain, and reports each correction.

A row is a list of cell texts, the header first; row numbers are counted as in a spreadsheet.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from geo.columns import KOMMUNENR, NORWEGIAN_NAME, OTHER_NAMES, STRUCTURE_YEAR
from geo.dataset.cells import integer_or_none
from geo.dataset.package import known_fields, known_tables, needed_columns, product
from geo.places.register import Register

Rows = list[list[str]]
_SEARCHED = 15  # rows above a header, at most
_SPACES = " \u00a0\u202f\u2009"
_FORMULA = re.compile(r'="(?P<text>[^"]*)"')
_WHOLE = re.compile(r"(?P<whole>-?\d+)[.,]0+", re.ASCII)
_THOUSANDS = re.compile(rf"-?\d{{1,3}}([{_SPACES}]\d{{3}})+([.,]\d+)?", re.ASCII)
_WITH_PREFIX = re.compile(r"[Kk][-_ ]?(?P<nr>\d{4})", re.ASCII)
_WITH_NAME = re.compile(r"(?P<nr>\d{4})\s*[-–,:]?\s+(?P<name>\S.*)", re.ASCII)
_SERIAL = re.compile(r"[3-5]\d{4}", re.ASCII)
_EXCEL_DAY_0 = date(1899, 12, 30)
_STATBANK = re.compile(r"\d{4} \w|\d{5}: ", re.ASCII)


@dataclass
class Cleaned:
    """A corrected table; `above` counts the rows above its header.

    `read` lists the corrections: (kind, column, first row, count).
    """

    rows: Rows
    above: int = 0
    read: list[tuple[str, str, int, int]] = field(default_factory=list)


def cleaned(rows: Rows, table: str) -> Cleaned:
    """Return the rows with spreadsheet artefacts corrected; `table` gives the known columns."""
    above = header_row(rows)
    made = Cleaned(_without_empty_columns(rows[above:]), above)
    if not made.rows:
        return made
    header = made.rows[0]
    for place, column in enumerate(header):
        for kind, mend in _menders(table, column, header):
            _apply(made, place, column, kind, mend)
    return made


def header_row(rows: Rows) -> int:
    """Return the index of the header row; 0 if none is recognised."""
    for place, row in enumerate(rows[:_SEARCHED]):
        names = {cell.strip() for cell in row if cell.strip()}
        if len(names & _known_columns()) > 1 and len(names & _known_columns()) * 2 >= len(names):
            return place
    return 0


def known_columns(rows: Rows) -> int:
    """Return the largest number of known column names in one of the first rows."""
    named = ({cell.strip() for cell in row} & _known_columns() for row in rows[:_SEARCHED])
    return max(map(len, named), default=0)


def is_statbank(rows: Rows) -> bool:
    """Return whether a table has the layout of Statistics Norway's StatBank export."""
    first = [row[0] for row in rows[:_SEARCHED] if row and row[0]]
    return sum(bool(_STATBANK.match(cell)) for cell in first) > 1


def is_foreign(rows: Rows) -> bool:
    """Return whether a table has no known column and so does not belong to a programme."""
    return not any(_known_columns() & {cell.strip() for cell in row} for row in rows[:_SEARCHED])


def fits(header: Iterable[str], table: str) -> bool:
    """Return whether a header has at least half of the table's required columns."""
    needed = needed_columns(table)
    return 2 * len(set(needed) & {name.strip() for name in header}) >= len(needed)


@cache
def _known_columns() -> frozenset[str]:
    return frozenset(name for table in known_tables() for name in known_fields(table))


def _without_empty_columns(rows: Rows) -> Rows:
    """Return the rows without empty columns and empty trailing cells."""
    width = max(map(len, rows), default=0)
    used = [place for place in range(width) if any(len(row) > place and row[place] for row in rows)]
    if len(used) == width:
        return rows
    last = used[-1] + 1 if used else 0
    named = rows[0][:last]
    kept = [p for p in range(last) if p in set(used) or (p < len(named) and named[p])]
    return [[row[place] for place in kept if place < len(row)] for row in rows]


Mender = Callable[[list[str], str], str | None]


def _menders(table: str, column: str, header: list[str]) -> list[tuple[str, Mender]]:
    """Return the corrections for a column: (kind, function of row and cell text)."""
    about = known_fields(table).get(column.strip(), {})
    menders: list[tuple[str, Mender]] = [("formula", _formula)]
    if column.strip().endswith(KOMMUNENR):
        menders += [("whole", _whole), ("kommune", _kommune(header))]
    elif about.get("type") == "integer":
        menders += [("thousands", _thousands), ("whole", _whole)]
    elif about.get("type") == "number":
        menders += [("thousands", _thousands)]
    elif about.get("type") == "date" or column.strip() == "published":
        menders += [("serial", _serial)]
    return menders


def _apply(made: Cleaned, place: int, column: str, kind: str, mend: Mender) -> None:
    changed = []
    for number, row in enumerate(made.rows[1:], start=made.above + 2):
        if place < len(row) and (text := mend(row, row[place].strip())) is not None:
            row[place] = text
            changed.append(number)
    if changed:
        made.read.append((kind, column, changed[0], len(changed)))


def _formula(_row: list[str], text: str) -> str | None:
    found = _FORMULA.fullmatch(text)
    return found["text"] if found else None


def _whole(_row: list[str], text: str) -> str | None:
    found = _WHOLE.fullmatch(text)
    return found["whole"] if found else None


def _thousands(_row: list[str], text: str) -> str | None:
    if not _THOUSANDS.fullmatch(text):
        return None
    return re.sub(rf"[{_SPACES}]", "", text)


def _serial(_row: list[str], text: str) -> str | None:
    if not _SERIAL.fullmatch(text):
        return None
    return (_EXCEL_DAY_0 + timedelta(days=int(text))).isoformat()


def _kommune(header: list[str]) -> Mender:
    """Return the corrector of kommune numbers, which applies only if number and name agree."""
    names = [name.strip() for name in header]
    year_at = next((names.index(n) for n in (STRUCTURE_YEAR, "year") if n in names), None)

    def mend(row: list[str], text: str) -> str | None:
        found = _WITH_PREFIX.fullmatch(text) or _WITH_NAME.fullmatch(text)
        if not found:
            return None
        year_text = row[year_at] if year_at is not None and year_at < len(row) else ""
        year = integer_or_none(year_text.strip())
        name = found.groupdict().get("name", "")
        return found["nr"] if _is_called(found["nr"], year, name) else None

    return mend


@cache
def _register() -> Register:
    return Register.of(product())


def _is_called(nr: str, year: int | None, name: str) -> bool:
    """Return whether a number is a kommune in the year, and has the name if one is given."""
    years = [year] if year else list(_register().years_of(nr))
    for one in years:
        if one in _register().years_of(nr):
            row = _register().kommuner(one).loc[nr]
            names = (row["name"], row[NORWEGIAN_NAME], row["label"], *row[OTHER_NAMES])
            if not name or name.casefold() in {str(n).casefold() for n in names}:
                return True
            if any(part.strip().casefold() == str(row[NORWEGIAN_NAME]).casefold()
                   for part in name.split(" - ")):  # fmt: skip
                return True
    return False
