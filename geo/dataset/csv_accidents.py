"""Reads CSV tables and reports spreadsheet accidents: encoding, separators, duplicates."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Accident:
    """The kind of an accident (a message id) and its row as spreadsheets count, header = 1."""

    kind: str
    row: int | None = None
    value: str = ""


@dataclass(frozen=True)
class Note:
    """A harmless correction made while reading (a message id), with its first row and column."""

    kind: str
    row: int
    column: str
    count: int = 1


@dataclass(frozen=True)
class Sheet:
    """A CSV file as a header and numbered rows.

    Surrounding spaces are stripped from names and values; `notes` records where.
    """

    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    accidents: list[Accident] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    surplus: dict[int, list[str]] = field(default_factory=dict)  # cells beyond the header, by row

    @property
    def readable(self) -> bool:
        """Whether cells are reliably assigned to columns."""
        return not any(a.kind in _UNREADABLE for a in self.accidents)

    def cleaned(self) -> bytes:
        """Return the corrected table as CSV in UTF-8; rows keep their numbers."""
        target = io.StringIO()
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(self.header)
        last = 1
        for number, row in self.rows:
            target.write("\n" * (number - last - 1))
            # An empty record would be read back as a blank line.
            writer.writerow([*row.values(), *self.surplus.get(number, ())] or [""])
            last = number
        return target.getvalue().encode()


_UNREADABLE = frozenset({"encoding", "semicolon", "binary", "empty", "broken", "header_twice"})
# Whitespace and invisible characters that spreadsheets and web pages leave around a value.
_AROUND = re.compile(r"^[\s\u200b\u2060\ufeff]+|[\s\u200b\u2060\ufeff]+$")


def read(content: bytes) -> Sheet:
    """Read CSV content and collect every accident. Never raises because of the content."""
    accidents = [Accident("bom", 1)] if content.startswith(BOM) else []
    if b"\x00" in content:
        return Sheet(accidents=[Accident("binary")])
    try:
        text = content.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        line = content.split(b"\n")[row - 1].decode("cp1252", errors="replace").strip()
        return Sheet(accidents=[*accidents, Accident("encoding", row, line[:60])])
    if not text.strip():
        return Sheet(accidents=[*accidents, Accident("empty")])
    first = text.split("\n", 1)[0]
    if first.count(";") > first.count(","):
        return Sheet(accidents=[*accidents, Accident("semicolon", 1, first.strip()[:60])])
    try:
        lines = list(enumerate(_cells(text), start=1))
    except csv.Error as error:
        return Sheet(accidents=[*accidents, Accident("broken", None, str(error))])
    return _parsed(lines, accidents)


def _parsed(lines: list[tuple[int, list[str]]], accidents: list[Accident]) -> Sheet:
    header = [_AROUND.sub("", cell) for cell in lines[0][1]]
    notes = [
        Note("header_spaces", 1, name)
        for name, cell in zip(header, lines[0][1], strict=True)
        if name != cell
    ]
    twice = [name for name, n in Counter(header).items() if n > 1]
    sheet = Sheet(header, [], [*accidents, *(Accident("header_twice", 1, n) for n in twice)], notes)
    seen: dict[tuple[str, ...], int] = {}
    trimmed: dict[str, list[int]] = {}
    last = max((n for n, cells in lines if any(c.strip() for c in cells)), default=1)
    for number, raw in lines[1:]:
        cells = [_AROUND.sub("", cell) for cell in raw]
        if not any(cells):
            sheet.accidents.append(Accident("blank_end" if number > last else "blank", number))
            continue
        if tuple(cells) in seen:
            sheet.accidents.append(Accident("duplicate", number, str(seen[tuple(cells)])))
        seen.setdefault(tuple(cells), number)
        sheet.rows.append((number, dict(zip(header, cells, strict=False))))
        if len(cells) > len(header):
            sheet.surplus[number] = cells[len(header) :]
        for name, cell, was in zip(header, cells, raw, strict=False):
            if cell != was:
                trimmed.setdefault(name, []).append(number)
    notes += [Note("spaces", rows[0], name, len(rows)) for name, rows in trimmed.items()]
    return sheet


def _cells(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(10_000_000)
    # Not splitlines(), which also splits at characters that do not end a CSV line.
    yield from csv.reader(io.StringIO(text, newline=""))
