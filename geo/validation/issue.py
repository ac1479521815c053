"""One issue of a data package, and the grouping of similar ones."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from geo.text.messages import Messages

# The parts in which messages of one kind differ: quoted values, names, numbers.
_PARTICULAR = re.compile(r"\"[^\"]*\"|«[^»]*»|“[^”]*”|\([^()]*\)|\d+")
_FEW = 3  # similar issues still listed one by one
_MOST_LISTED = 8  # rows


@dataclass(frozen=True)
class Issue:
    """Where an issue is (row as spreadsheets count, header = 1) and what to do about it."""

    file: str
    row: int | None
    column: str
    value: str
    message: str

    @property
    def cells(self) -> tuple[tuple[str, int | None, str], ...]:
        """The cells concerned: (file, row, column); several columns are "lon, lat"."""
        return tuple((self.file, self.row, column) for column in self.column.split(", "))

    def place(self, t: Messages) -> str:
        """Return the location in the user's language: "coverage.csv, rad 2, kommunenr"."""
        row = t("egne_data.row", n=self.row) if self.row else ""
        return ", ".join(filter(None, (self.file, row, self.column)))

    def __str__(self) -> str:
        """Return "hubs.csv, row 7, kommunenr: ..."."""
        place = [self.file]
        if self.row:
            place.append(f"row {self.row}")
        if self.column:
            place.append(self.column)
        return f"{', '.join(place)}: {self.message}"


def grouped(issues: Iterable[Issue], t: Messages) -> tuple[Issue, ...]:
    """Return the issues, with similar ones of a column merged into one that lists their rows."""
    kinds: dict[tuple[str, str, str], list[Issue]] = {}
    for one in dict.fromkeys(issues):
        kind = (one.file, one.column, _PARTICULAR.sub("#", one.message) if one.row else one.message)
        kinds.setdefault(kind, []).append(one)
    found = []
    for alike in kinds.values():
        found += alike if len(alike) <= _FEW else [_together(alike, t)]
    return tuple(found)


def _together(alike: list[Issue], t: Messages) -> Issue:
    rows = ", ".join(str(one.row) for one in alike[1 : _MOST_LISTED + 1])
    more = ", …" if len(alike) > _MOST_LISTED + 1 else ""
    also = t("validate.also", n=len(alike) - 1, rows=rows + more)
    return replace(alike[0], message=f"{alike[0].message} {also}")
