"""What differs between the tables of two data versions."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.dataset.package import Package, known_tables


@dataclass(frozen=True)
class CellChange:
    """A cell of a row that both versions have; `key` holds the values of the table's key."""

    key: tuple[str, ...]
    column: str
    old: str
    new: str


@dataclass(frozen=True)
class TableChange:
    """How a table differs from an earlier version.

    `changed` counts the rows that have another value in some column; columns that the earlier
    version did not have are listed in `new_columns` and not compared. `is_new` says that it did not
    have the table.
    """

    table: str
    is_new: bool
    added: int
    removed: int
    changed: int
    new_columns: tuple[str, ...]
    cells: tuple[CellChange, ...]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.is_new or self.added or self.removed or self.cells or self.new_columns)

    @property
    def by_column(self) -> dict[str, int]:
        """How many cells changed, by column."""
        return dict(Counter(cell.column for cell in self.cells))


def compared(old: Package, new: Package, without: tuple[str, ...] = ()) -> tuple[TableChange, ...]:
    """Return the tables of `new` that differ from those of `old`, in the order of the descriptor.

    Only tables that the program knows are compared, since their keys are known.
    """
    keys = {name: one["schema"].get("primaryKey", []) for name, one in known_tables().items()}
    names = [str(one["name"]) for one in new.descriptor["resources"]]
    found = (
        _compared(name, keys[name], old, new)
        for name in names
        if keys.get(name) and name not in without
    )
    return tuple(one for one in found if one)


def _compared(name: str, key: list[str], old: Package, new: Package) -> TableChange:
    had, has = _columns(old).get(name, ()), _columns(new)[name]
    now = _rows(new[name], key)
    if not had:
        return TableChange(name, True, len(now), 0, 0, (), ())
    before = _rows(old[name], key)
    shared = [column for column in has if column in had and column not in key]
    cells = tuple(
        CellChange(row, column, before[row][column], now[row][column])
        for row in now
        if row in before
        for column in shared
        if before[row][column] != now[row][column]
    )
    return TableChange(
        name,
        False,
        len(now.keys() - before.keys()),
        len(before.keys() - now.keys()),
        len({cell.key for cell in cells}),
        tuple(column for column in has if column not in had),
        cells,
    )


def _columns(package: Package) -> Mapping[str, tuple[str, ...]]:
    """Return the columns of each table as its own descriptor lists them."""
    return {
        str(one["name"]): tuple(str(field["name"]) for field in one["schema"]["fields"])
        for one in package.descriptor["resources"]
    }


def _rows(table: pd.DataFrame, key: list[str]) -> dict[tuple[str, ...], dict[str, str]]:
    """Return the rows of a table as text by column, by the values of its key."""
    columns = {str(column): [_text(value) for value in table[column]] for column in table}
    keys = zip(*(columns[one] for one in key), strict=True)
    rows = zip(*columns.values(), strict=True)
    return {one: dict(zip(columns, row, strict=True)) for one, row in zip(keys, rows, strict=True)}


def _text(value: Any) -> str:
    if pd.isna(value):
        return ""
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)
