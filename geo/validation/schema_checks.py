"""Checks tables against their schemas with frictionless and explains errors in plain words."""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, TypeAlias

from frictionless import FrictionlessException, Schema
from frictionless import Package as FrictionlessPackage
from frictionless.resources import TableResource

from geo.columns import KOMMUNENR
from geo.dataset.csv_accidents import Sheet, read
from geo.dataset.package import (
    DESCRIPTOR,
    OPTIONAL,
    fields_of,
    is_shipped,
    known_fields,
    known_tables,
    needed_columns,
    product,
    read_descriptor,
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
    return {name for name in unchanged if unchanged >= _referred_to(resources[name]) - {""}}


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


def _referred_to(resource: Mapping[str, Any]) -> set[str]:
    """Return the tables that a table's foreign keys name; "" is itself."""
    keys = resource["schema"].get("foreignKeys") or ()
    # Version 2 of Data Package lets a reference to the table itself say nothing.
    return {key["reference"].get("resource", "") for key in keys}


def _faults(
    sheets: Mapping[str, Sheet], resources: Resources, asked: AbstractSet[str]
) -> tuple[list[Any], list[tuple[str, Any]]]:
    """Return frictionless' errors about the descriptor, and those in each table that is asked for.

    Raises what frictionless raises for a descriptor that it cannot read.
    """
    if not asked:
        return [], []
    absent = [name for name in OPTIONAL if name not in resources]
    at_hand = {*resources, *absent}
    needed = set(asked).union(*(_referred_to(resources[name]) for name in asked))
    tables = [_table(sheets[name], r, at_hand) for name, r in resources.items() if name in needed]
    empty = [_empty(name) for name in absent if name in needed]
    checked = FrictionlessPackage(resources=[*tables, *empty])
    try:
        checked.to_descriptor(validate=True)
    except FrictionlessException as wrong:
        return wrong.to_errors(), []
    faults = []
    for name in (name for name in resources if name in asked):
        report = checked.get_resource(name).validate()
        faults += [(name, fault) for task in report.tasks for fault in task.errors]
    return [], faults


def _table(sheet: Sheet, resource: Mapping[str, Any], at_hand: set[str]) -> TableResource:
    """Return the corrected table for frictionless, with nothing else of its resource.

    Descriptors can name files and addresses in many places; those of an upload are never followed.
    """
    schema = {**resource["schema"], "fields": _fields(resource)}
    # An unreadable table is reported once, not again by every table that refers to it.
    keys = [
        {**key, "reference": {"resource": "", **key["reference"]}}
        for key in schema.get("foreignKeys") or []
        if key["reference"].get("resource", "") in {"", *at_hand}
    ]
    return TableResource(
        name=resource["name"],
        data=sheet.cleaned(),
        scheme="buffer",
        format="csv",
        encoding="utf-8",
        schema=Schema.from_descriptor({**schema, "foreignKeys": keys}),
    )


def _fields(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the declared fields, and required ones that are not declared."""
    fields = fields_of(resource)
    named = {f["name"] for f in fields}
    own = known_fields(resource["name"])
    missing = [own[name] for name in needed_columns(resource["name"]) if name not in named]
    return [{"type": "string", **field} for field in (*fields, *missing)]


def _empty(table: str) -> TableResource:
    """Return an empty table in place of one that was left out."""
    schema = known_tables()[table]["schema"]
    header = ",".join(field["name"] for field in schema["fields"])
    fields = Schema.from_descriptor({"fields": schema["fields"]})
    data = f"{header}\n".encode()
    return TableResource(name=table, data=data, scheme="buffer", format="csv", schema=fields)


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
