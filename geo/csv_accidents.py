"""What spreadsheets do to CSV files, found before anything else is read."""

import csv
import io
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
class Sheet:
    """A CSV file as a spreadsheet shows it: a header and rows with their numbers."""

    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    accidents: list[Accident] = field(default_factory=list)

    @property
    def readable(self) -> bool:
        """Whether cells can be trusted to stand in their columns."""
        return not any(a.kind in _UNREADABLE for a in self.accidents)


_UNREADABLE = frozenset({"encoding", "semicolon", "binary", "empty"})


def read(content: bytes) -> Sheet:
    """Read a file's content and note every accident."""
    if b"\x00" in content[:4096]:
        return Sheet(accidents=[Accident("binary")])
    accidents = [Accident("bom", 1)] if content.startswith(BOM) else []
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
    return _parsed(text, accidents)


def _parsed(text: str, accidents: list[Accident]) -> Sheet:
    lines = [(number, cells) for number, cells in enumerate(_cells(text), start=1)]
    header = [cell.strip() for cell in lines[0][1]]
    sheet = Sheet(header, [], accidents)
    seen: dict[tuple[str, ...], int] = {}
    last = max((n for n, cells in lines if any(c.strip() for c in cells)), default=1)
    for number, cells in lines[1:]:
        if not any(cell.strip() for cell in cells):
            sheet.accidents.append(Accident("blank_end" if number > last else "blank", number))
            continue
        if tuple(cells) in seen:
            sheet.accidents.append(Accident("duplicate", number, str(seen[tuple(cells)])))
        seen.setdefault(tuple(cells), number)
        sheet.rows.append((number, dict(zip(header, cells, strict=False))))
    return sheet


def _cells(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(10_000_000)
    # Not by splitlines, which takes signs for the end of a line that no reader of CSV does.
    yield from csv.reader(io.StringIO(text, newline=""))
