"""Checks tables against their schemas with frictionless and explains errors in plain words."""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, TypeAlias

from geo.columns import KOMMUNENR
from geo.dataset.csv_accidents import Sheet, read
from geo.dataset.package import (
    DESCRIPTOR,
    is_shipped,
    product,
    read_descriptor,
    referred_to,
)
from geo.text.messages import messages
from geo.validation.issue import Issue

Resources: TypeAlias = Mapping[str, Mapping[str, Any]]

_CONSTRAINT = re.compile(r'constraint "(?P<kind>\w+)" is "(?P<limit>.*)"', re.DOTALL)
_SAME_ROW = re.compile(r'the same as in the row at position "?(?P<row>\d+)')
_CONSTRAINTS = ("minimum", "maximum", "enum", "pattern")
_ADVICE = {
    "type-error": "type",
    "unique-error": "unique",
    "primary-key": "primary_key",
    "foreign-key": "foreign_key",
    "missing-label": "missing_column",
    "incorrect-label": "missing_column",
    "extra-label": "extra_column",
    "blank-label": "blank_label",
    "missing-cell": "missing_cell",
    "extra-cell": "extra_cell",
}
# Reported by csv_accidents with better advice.
_CHECKED_ELSEWHERE = frozenset({"blank-row", "duplicate-row", "encoding-error", "source-error"})


def check(
    sheets: Mapping[str, Sheet],
    resources: Resources,
    shipped: AbstractSet[str],
    language: str,
) -> Iterator[Issue]:
    """Yield every schema violation in the readable tables; `resources` are theirs, by name.

    Tables named in `shipped` are the shipped ones, which are checked once per process.
    """
    t = messages(language)
    if not resources:
        return
    in_order = _settled(resources, shipped & _in_order()) if shipped else set()
    try:
        errors, faults = _faults(sheets, resources, resources.keys() - in_order)
    except Exception as error:  # noqa: BLE001 - frictionless has no common error for bad descriptors
        text = t("validate.descriptor", error=getattr(error, "error", error))
        yield Issue(DESCRIPTOR, None, "", "", text)
        return
    for fault in errors:
        yield Issue(DESCRIPTOR, None, "", "", fault.message)
    for name, fault in faults:
        if fault.type not in _CHECKED_ELSEWHERE:
            yield _plain(fault, str(resources[name]["path"]), language)


def _settled(resources: Resources, unchanged: AbstractSet[str]) -> set[str]:
    """Return the tables that are unchanged, as are all that they refer to."""
    return {name for name in unchanged if unchanged >= referred_to(resources[name]) - {""}}


def _faults(
    sheets: Mapping[str, Sheet], resources: Resources, asked: AbstractSet[str]
) -> tuple[list[Any], list[tuple[str, Any]]]:
    """Return what frictionless finds in the descriptor, and in each table that is asked for."""
    # Imported when it is needed, since a server that knows its data starts without it.
    from geo.validation import frictionless_report  # noqa: PLC0415

    return frictionless_report.faults(sheets, resources, asked)


@cache
def _in_order() -> frozenset[str]:
    """Return the shipped tables without a schema violation, checked once."""
    files = product().files
    listed = {r["name"]: r for r in read_descriptor(files)["resources"]}
    there = {name: r for name, r in listed.items() if files.has(r["path"])}
    contents = {name: files.read(r["path"]) for name, r in there.items()}
    # Of files that were changed or deleted since the package was read nothing is known.
    resources = {name: r for name, r in there.items() if is_shipped(r, contents[name])}
    sheets = {name: read(contents[name]) for name in resources}
    errors, faults = _faults(sheets, resources, resources.keys())
    return frozenset(() if errors else resources.keys() - {name for name, _ in faults})


def _plain(fault: Any, file: str, language: str) -> Issue:
    """Return a frictionless error as an issue in the user's language."""
    t = messages(language)
    row = getattr(fault, "row_number", None)
    column = getattr(fault, "field_name", "") or getattr(fault, "label", "") or ""
    value = str(getattr(fault, "cell", "") or "")
    words = {"value": value[:60], "column": column, "limit": "", "row": "", "table": ""}
    if (found := _CONSTRAINT.search(fault.note)) is not None:
        words["limit"] = found["limit"]
    if (found := _SAME_ROW.search(fault.note)) is not None:
        words["row"] = found["row"]
    if fault.type == "foreign-key":
        column, value = ", ".join(fault.field_names), ", ".join(fault.field_cells)
        words |= {"value": value[:60], "column": column, "table": fault.reference_name}
    text = t(f"validate.{_advice(fault, column, value)}", **words, note=fault.note)
    return Issue(file, row, column, value, text)


def _advice(fault: Any, column: str, value: str) -> str:
    """Return the id of the most helpful message."""
    if column.endswith(KOMMUNENR) and value.isdigit() and len(value) < 4:
        return "leading_zero"
    if fault.type == "constraint-error":
        found = _CONSTRAINT.search(fault.note)
        kind = found["kind"] if found else ""
        if not value:
            return "required"
        return kind if kind in _CONSTRAINTS else "constraint"
    return _ADVICE.get(fault.type, "other")
