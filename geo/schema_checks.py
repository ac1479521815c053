"""What the schemas say of a package's tables, checked with frictionless, in plain words."""

from collections.abc import Iterator, Mapping
from typing import Any

from frictionless import Package as FrictionlessPackage
from frictionless import Schema
from frictionless.resources import TableResource

from geo.files import Files
from geo.messages import messages
from geo.package import DESCRIPTOR, OPTIONAL, known_tables, needed_columns
from geo.problem import Problem

# Reported by csv_accidents with better advice.
_TOLD_ALREADY = frozenset({"blank-row", "duplicate-row", "encoding-error", "source-error"})


def check(
    files: Files, resources: Mapping[str, Mapping[str, Any]], language: str
) -> Iterator[Problem]:
    """Yield every breach of the schemas of the readable tables; `resources` are these, by name."""
    t = messages(language)
    if not resources:
        return
    absent = [name for name in OPTIONAL if name not in resources]
    try:
        tables = [_table(files, r, {*resources, *absent}) for r in resources.values()]
        checked = FrictionlessPackage(resources=[*tables, *map(_empty, absent)])
        report = checked.validate()
    except Exception as error:  # noqa: BLE001 - frictionless has no one error for bad descriptors
        text = t("validate.descriptor", error=getattr(error, "error", error))
        yield Problem(DESCRIPTOR, None, "", "", text)
        return
    for fault in report.errors:
        yield Problem(DESCRIPTOR, None, "", "", fault.message)
    for task in report.tasks:
        for fault in task.errors:
            if fault.type not in _TOLD_ALREADY:
                yield _plain(fault, str(resources[task.name]["path"]), language)


def _table(files: Files, resource: Mapping[str, Any], at_hand: set[str]) -> TableResource:
    """Return a table for frictionless: its content from memory, nothing else of its resource.

    A descriptor may name files and addresses in many places; of a stranger's, none is followed.
    """
    schema = {**resource["schema"], "fields": _fields(resource)}
    # A table that cannot be read is told once, not again by every table that points at it.
    keys = [k for k in schema.get("foreignKeys", []) if k["reference"]["resource"] in at_hand]
    return TableResource(
        name=resource["name"],
        data=files.read(resource["path"]),
        scheme="buffer",
        format="csv",
        encoding="utf-8",
        schema=Schema.from_descriptor({**schema, "foreignKeys": keys}),
    )


def _fields(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the fields to check: of columns that the engine knows, as the engine needs them."""
    known = known_tables().get(resource["name"])
    own = {f["name"]: f for f in known["schema"]["fields"]} if known else {}
    declared = resource["schema"]["fields"]
    named = {f["name"] for f in declared}
    missing = [own[name] for name in needed_columns(resource["name"]) if name not in named]
    return [*(own.get(f["name"], f) for f in declared), *missing]


def _empty(table: str) -> TableResource:
    """Return a table without rows in the place of one that was left out."""
    schema = known_tables()[table]["schema"]
    header = ",".join(field["name"] for field in schema["fields"])
    fields = Schema.from_descriptor({"fields": schema["fields"]})
    data = f"{header}\n".encode()
    return TableResource(name=table, data=data, scheme="buffer", format="csv", schema=fields)


def _plain(fault: Any, file: str, language: str) -> Problem:
    """Return a frictionless error in plain words."""
    t = messages(language)
    row, column = getattr(fault, "row_number", None), getattr(fault, "field_name", "") or ""
    value = str(getattr(fault, "cell", "") or "")
    advice = _advice(fault, column, value)
    text = t(f"validate.{advice}", value=value, column=column, note=fault.note)
    return Problem(file, row, column, value, text)


def _advice(fault: Any, column: str, value: str) -> str:
    """Return the id of the message that helps most."""
    is_number = value.replace(",", "", 1).replace(".", "").lstrip("-").isdigit()
    if fault.type == "type-error" and "," in value and is_number:
        return "decimal_comma"
    if column.endswith("kommunenr") and value.isdigit() and len(value) < 4:
        return "leading_zero"
    known = {
        "type-error": "type",
        "primary-key": "primary_key",
        "foreign-key": "foreign_key",
        "missing-label": "missing_column",
        "incorrect-label": "missing_column",
        "extra-label": "extra_column",
        "missing-cell": "missing_cell",
        "extra-cell": "extra_cell",
    }
    if fault.type == "constraint-error":
        return "required" if not value else "constraint"
    return known.get(fault.type, "other")
