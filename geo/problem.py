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

    def __str__(self) -> str:
        """Return "hubs.csv, row 7, kommunenr: ..."."""
        place = [self.file]
        if self.row:
            place.append(f"row {self.row}")
        if self.column:
            place.append(self.column)
        return f"{', '.join(place)}: {self.message}"
