"""What spreadsheets do to CSV files, found before anything else is read."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Accident:
    """A kind of accident (a message id) and where: row as a spreadsheet counts, header = 1."""

    kind: str
    row: int | None = None
    value: str = ""


@dataclass(frozen=True)
class Note:
    """What was read with certainty though it was not written so: a message id and where first."""

    kind: str
    row: int
    column: str
    count: int = 1


@dataclass(frozen=True)
class Sheet:
    """A CSV file as a spreadsheet shows it: a header and rows with their numbers.

    Spaces around names and values are taken off, and `notes` say where there were any.
    """

    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    accidents: list[Accident] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    surplus: dict[int, list[str]] = field(default_factory=dict)  # cells beyond the header, by row

    @property
    def readable(self) -> bool:
        """Whether cells can be trusted to stand in their columns."""
        return not any(a.kind in _UNREADABLE for a in self.accidents)

    def cleaned(self) -> bytes:
        """Return the table as CSV as it was understood; every row keeps its number."""
        target = io.StringIO()
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(self.header)
        last = 1
        for number, row in self.rows:
            target.write("\n" * (number - last - 1))
            # A row without cells would be taken for an empty line.
            writer.writerow([*row.values(), *self.surplus.get(number, ())] or [""])
            last = number
        return target.getvalue().encode()


_UNREADABLE = frozenset({"encoding", "semicolon", "binary", "empty", "broken", "header_twice"})
# What spreadsheets and web pages leave around a value without anybody seeing it.
_AROUND = re.compile(r"^[\s\u200b\u2060\ufeff]+|[\s\u200b\u2060\ufeff]+$")


def read(content: bytes) -> Sheet:
    """Read a file's content and note every accident. Never raises for what it holds."""
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
    # Not by splitlines, which takes signs for the end of a line that no reader of CSV does.
    yield from csv.reader(io.StringIO(text, newline=""))
