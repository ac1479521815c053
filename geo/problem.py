"""One thing that is wrong with a data package."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Where it is (row as a spreadsheet counts, header = 1) and what to do about it."""

    file: str
    row: int | None
    column: str
    value: str
    message: str

    @property
    def cells(self) -> tuple[tuple[str, int | None, str], ...]:
        """The cells that it speaks of: (file, row, column); several columns are "lon, lat"."""
        return tuple((self.file, self.row, column) for column in self.column.split(", "))

    def __str__(self) -> str:
        """Return "hubs.csv, row 7, kommunenr: ..."."""
        place = [self.file]
        if self.row:
            place.append(f"row {self.row}")
        if self.column:
            place.append(self.column)
        return f"{', '.join(place)}: {self.message}"
