"""How much an upload may hold, counted while it is read: what is too much is never built.

Chosen so that no upload takes more than 200 MB or 10 seconds of a processor, validation included
(tests/uploads/test_upload_limits.py measures it). The country's registers are 7,000 rows, 45,000
cells.
"""

from collections.abc import Iterator

MOST_ROWS = 15_000  # of all tables together, empty rows too
MOST_CELLS = 120_000
MOST_CHARACTERS = 8_000_000
MOST_COLUMNS = 200  # of one table
LONGEST_LINE = 500_000  # characters; a cell may hold 20,000


class TooMuch(Exception):
    """An upload holds more than anybody's programme needs."""


class Budget:
    """What is left for the files of one upload."""

    def __init__(self) -> None:
        self._rows, self._cells, self._characters = MOST_ROWS, MOST_CELLS, MOST_CHARACTERS

    def spend(self, row: list[str]) -> None:
        """Count a row. Raises TooMuch."""
        self._rows -= 1
        self._cells -= len(row)
        self._characters -= sum(map(len, row))
        if len(row) > MOST_COLUMNS or min(self._rows, self._cells, self._characters) < 0:
            raise TooMuch


class CountedLines:
    """The lines of a text, for csv.reader: stops before one record has too many cells.

    csv.reader builds a whole record before anybody can count it, and a record may have many lines.
    """

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        self._lines, self._delimiter = lines, delimiter
        self._seen = 0

    def __iter__(self) -> "CountedLines":
        """Return itself."""
        return self

    def __next__(self) -> str:
        """Return the next line. Raises TooMuch."""
        line = next(self._lines)
        self._seen += len(line) + 50 * line.count(self._delimiter)
        if self._seen > LONGEST_LINE:
            raise TooMuch
        return line

    def begin_record(self) -> None:
        """Count anew: what came before is a record of its own."""
        self._seen = 0
