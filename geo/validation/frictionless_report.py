"""What frictionless reports of tables and their schemas."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from frictionless import FrictionlessException, Schema
from frictionless import Package as FrictionlessPackage
from frictionless.resources import TableResource

from geo.dataset.csv_accidents import Sheet
from geo.dataset.package import (
    OPTIONAL,
    fields_of,
    known_fields,
    known_tables,
    needed_columns,
    referred_to,
)


def faults(
    sheets: Mapping[str, Sheet], resources: Mapping[str, Mapping[str, Any]], asked: AbstractSet[str]
) -> tuple[list[Any], list[tuple[str, Any]]]:
    """Return frictionless' errors about the descriptor, and those in each table that is asked for.

    Raises what frictionless raises for a descriptor that it cannot read.
    """
    if not asked:
        return [], []
    absent = [name for name in OPTIONAL if name not in resources]
    at_hand = {*resources, *absent}
    needed = set(asked).union(*(referred_to(resources[name]) for name in asked))
    tables = [_table(sheets[name], r, at_hand) for name, r in resources.items() if name in needed]
    empty = [_empty(name) for name in absent if name in needed]
    checked = FrictionlessPackage(resources=[*tables, *empty])
    try:
        checked.to_descriptor(validate=True)
    except FrictionlessException as wrong:
        return wrong.to_errors(), []
    found = []
    for name in (name for name in resources if name in asked):
        report = checked.get_resource(name).validate()
        found += [(name, fault) for task in report.tasks for fault in task.errors]
    return [], found


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
