"""Finds cells that the loader would reject, although the schema accepts them or has no type."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from geo.dataset import cells
from geo.dataset.csv_accidents import Sheet
from geo.dataset.package import fields_of
from geo.text.messages import Messages
from geo.validation.issue import Issue

_NUMBERS = ("integer", "number")
_CHECKED = (*_NUMBERS, "boolean", "date")
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")


def check(
    sheets: Mapping[str, Sheet],
    resources: Mapping[str, Mapping[str, Any]],
    names: Mapping[str, str],
    t: Messages,
) -> Iterator[Issue]:
    """Yield every cell that cannot be loaded; `names` gives each table's file."""
    for table, sheet in sheets.items():
        kinds = {f["name"]: f.get("type", "string") for f in fields_of(resources[table])}
        for column in (c for c in sheet.header if kinds.get(c) in _CHECKED):
            for number, row in sheet.rows:
                try:
                    cells.value(row.get(column, ""), kinds[column])
                except cells.NotOfType:
                    value = row[column][:60]
                    comma = kinds[column] in _NUMBERS and _DECIMAL_COMMA.fullmatch(value)
                    key = "decimal_comma" if comma else f"not_{kinds[column]}"
                    text = t(f"validate.{key}", value=value)
                    yield Issue(names[table], number, column, value, text)
