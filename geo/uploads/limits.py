"""Limits the size of uploads, counted while reading so that nothing oversized is ever built.

Chosen so that no upload takes more than 200 MB or 10 seconds of CPU time, validation included
(measured by tests/uploads/test_upload_limits.py). The registers of all Norway have 7,000 rows and
45,000 cells.
"""

from collections.abc import Iterator

MOST_ROWS = 15_000  # all tables together, empty rows included
MOST_CELLS = 120_000
MOST_CHARACTERS = 8_000_000
MOST_COLUMNS = 200  # of one table
LONGEST_LINE = 500_000  # characters; a cell may hold 20,000


class TooMuch(Exception):
    """An upload exceeds a limit."""


class Budget:
    """The remaining rows, cells and characters of one upload."""

    def __init__(self) -> None:
        self._rows, self._cells, self._characters = MOST_ROWS, MOST_CELLS, MOST_CHARACTERS

    def spend(self, row: list[str]) -> None:
        """Count a row. Raises TooMuch if a limit is exceeded."""
        self._rows -= 1
        self._cells -= len(row)
        self._characters -= sum(map(len, row))
        if len(row) > MOST_COLUMNS or min(self._rows, self._cells, self._characters) < 0:
            raise TooMuch


class CountedLines:
    """Lines for csv.reader that stop before one record grows too large.

    csv.reader builds a record, which may span many lines, before it can be counted.
    """

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        self._lines, self._delimiter = lines, delimiter
        self._seen = 0

    def __iter__(self) -> "CountedLines":
        """Return the iterator itself."""
        return self

    def __next__(self) -> str:
        """Return the next line. Raises TooMuch if the record is too long."""
        line = next(self._lines)
        self._seen += len(line) + 50 * line.count(self._delimiter)
        if self._seen > LONGEST_LINE:
            raise TooMuch
        return line

    def begin_record(self) -> None:
        """Reset the count at the start of a record."""
        self._seen = 0
