"""Counts the XML of a workbook before openpyxl builds it, and refuses XML bombs.

openpyxl holds a whole row, all styles and all shared strings in memory; a workbook of two kilobytes
can make it allocate gigabytes.
"""

import zipfile
from typing import Any
from xml.parsers import expat

from geo.uploads.limits import MOST_CELLS, MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, TooMuch

MOST_SHEETS = 40
# Root elements of parts that can be listed as sheets.
_SHEETS = frozenset({"worksheet", "chartsheet", "dialogsheet"})
# Elements that make up tables; all others are styles, settings and names.
_OF_TABLES = frozenset({"row", "c", "v", "f", "is", "si", "t", "r"})
_MOST_OF_TABLES = 4 * MOST_CELLS
_MOST_OTHERS = 20_000
_DEEPEST = 60
_CHUNK = 65_536


class _Counter:
    """Counts the elements of one workbook over all its parts."""

    def __init__(self) -> None:
        self.of_tables = self.others = self.cells = self.rows = self.characters = 0
        self.in_row = self.depth = self.sheets = self.listed = 0

    def start(self, name: str, _attributes: object) -> None:
        plain = name.rpartition(":")[2]
        self.depth += 1
        if plain in _OF_TABLES:
            self.of_tables += 1
        else:
            self.others += 1
        if plain == "row":
            self.rows, self.in_row = self.rows + 1, 0
        elif plain == "c":
            self.cells, self.in_row = self.cells + 1, self.in_row + 1
        elif plain == "sheet":
            self.listed += 1
        elif plain in _SHEETS:
            self.sheets += 1
        self.check()

    def end(self, _name: str) -> None:
        self.depth -= 1

    def text(self, text: str) -> None:
        self.characters += len(text)
        if self.characters > 2 * MOST_CHARACTERS:
            raise TooMuch

    def check(self) -> None:
        if (
            self.of_tables > _MOST_OF_TABLES
            or self.others > _MOST_OTHERS
            or self.cells > MOST_CELLS
            or self.rows > MOST_ROWS
            or self.in_row > MOST_COLUMNS
            or self.depth > _DEEPEST
            or self.listed > MOST_SHEETS
        ):
            raise TooMuch


def scan(source: zipfile.ZipFile) -> int:
    """Return the number of rows in a workbook's parts.

    Raises TooMuch if it exceeds a limit, and expat.ExpatError or zipfile.BadZipFile if malformed.
    """
    counter = _Counter()
    for member in source.infolist():
        if member.filename.endswith((".xml", ".rels")):
            parser = _parser(counter)
            with source.open(member) as part:
                while chunk := part.read(_CHUNK):
                    parser.Parse(chunk, False)
            parser.Parse(b"", True)
            counter.depth = 0
    # openpyxl reads a part again each time it is listed.
    if counter.listed > counter.sheets:
        raise TooMuch
    return counter.rows


def _parser(counter: _Counter) -> Any:
    parser = expat.ParserCreate()
    parser.StartElementHandler = counter.start
    parser.EndElementHandler = counter.end
    parser.CharacterDataHandler = counter.text
    parser.EntityDeclHandler = _no_entities
    return parser


def _no_entities(*_declared: object) -> None:
    raise TooMuch
