"""Writes the descriptor of an uploaded package, keeping only harmless text from the user's own.

A descriptor can name files, addresses and patterns that would be opened or executed here. Known
tables get the schema the program expects, others plain columns.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from geo.base.links import web
from geo.dataset.package import (
    OPTIONAL,
    PROFILE,
    day_of,
    keys_of,
    known_fields,
    known_tables,
    needed_columns,
)
from geo.settings import STRUCTURE_YEARS
from geo.text.languages import LANGUAGES

NAME = "egne-data"
_TYPES = ("string", "integer", "number")
_NUMBERS = ("integer", "number")
_LONGEST = 300  # characters of a text
_MOST = 50  # entries of a list
_NOT_IN_NAMES = re.compile(r"[^a-z0-9._-]+")


def descriptor(
    given: Mapping[str, Any] | None,
    headers: Mapping[str, list[str]],
    paths: Mapping[str, str],
    today: date,
) -> dict[str, Any]:
    """Return a descriptor for tables with these headers, with texts from the given one.

    If it has no version or no day of its own, that is today's date.
    """
    said = given or {}
    year = said.get("default_year")
    return {
        "$schema": PROFILE,
        "name": _NOT_IN_NAMES.sub("-", _text(said.get("name")).lower()).strip("-.") or NAME,
        **_given("id", _text(said.get("id"))),
        "title": _text(said.get("title")),
        "description": _text(said.get("description")),
        **_given("homepage", web(_text(said.get("homepage")))),
        "version": _text(said.get("version"))[:40] or today.isoformat(),
        "created": f"{day_of(said.get('created')) or today}T00:00:00Z",
        **({"default_year": year} if year in STRUCTURE_YEARS else {}),
        "limits": _limits(said.get("limits")),
        **_given("contributors", _contributors(said.get("contributors"))),
        **_given("licenses", _licences(said.get("licenses"))),
        "resources": [
            _resource(name, header, paths[name], _declared(said, name), set(headers))
            for name, header in headers.items()
        ],
    }


def numbers(table: str) -> set[str]:
    """Return the numeric columns of a table."""
    return {name for name, field in known_fields(table).items() if field["type"] in _NUMBERS}


def _resource(
    name: str, header: list[str], path: str, declared: Mapping[str, str], at_hand: set[str]
) -> dict[str, Any]:
    known = known_tables().get(name)
    own = known_fields(name)
    # A column neither known nor declared is probably misspelt; leaving it out lets validation
    # report it.
    columns = [c for c in header if c in own or c in declared]
    columns += [c for c in needed_columns(name) if c not in columns]
    schema: dict[str, Any] = {
        "fields": [own.get(c) or {"name": c, "type": declared[c]} for c in dict.fromkeys(columns)],
        "missingValues": [""],
    }
    if known:
        schema["primaryKey"], foreign = keys_of(name, columns)
        schema["foreignKeys"] = [
            key
            for key in foreign
            if set(key["fields"]) <= set(columns)
            and key["reference"]["resource"] in at_hand.union(OPTIONAL)
        ]
    about = {key: known[key] for key in ("title", "description")} if known else {}
    kinds = {"type": "table", "format": "csv", "mediatype": "text/csv"}
    return {"name": name, **about, "path": path, **kinds, "encoding": "utf-8", "schema": schema}


def _declared(said: Mapping[str, Any], table: str) -> dict[str, str]:
    """Return the declared columns of a table with a plain type."""
    resources = (r for r in said.get("resources", ()) if isinstance(r, dict))
    schema = next((r.get("schema") for r in resources if r.get("name") == table), None)
    fields = schema.get("fields") if isinstance(schema, dict) else None
    named = [f for f in fields or () if isinstance(f, dict) and isinstance(f.get("name"), str)]
    return {f["name"]: f["type"] if f.get("type") in _TYPES else "string" for f in named}


def _text(value: object) -> str:
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""


def _texts(values: object) -> list[str]:
    found: Iterable[object] = values if isinstance(values, list) else ()
    return [text for text in map(_text, found) if text][:_MOST]


def _limits(given: object) -> dict[str, list[str]]:
    by_language = given if isinstance(given, dict) else {}
    return {language: _texts(by_language.get(language)) for language in LANGUAGES}


def _given(key: str, value: object) -> dict[str, object]:
    """Return an entry, or none where nothing was given: the profile allows no empty lists."""
    return {key: value} if value else {}


def _contributors(given: object) -> list[dict[str, object]]:
    """Return who made a package: names and roles of version 2, or the one role of version 1."""
    listed = given if isinstance(given, list) else []
    found = []
    for one in (one for one in listed[:_MOST] if isinstance(one, dict)):
        roles = _texts(one.get("roles")) or _texts([one.get("role")])
        words = ("title", "givenName", "familyName")
        names = {word: text for word in words if (text := _text(one.get(word)))}
        found += [names | _given("roles", roles)] if names else []
    return found


def _licences(given: object) -> list[dict[str, str]]:
    listed = given if isinstance(given, list) else []
    words = ("name", "title", "path")
    entries = (one for one in listed[:_MOST] if isinstance(one, dict))
    found = [{word: text for word in words if (text := _text(one.get(word)))} for one in entries]
    return [one for one in found if one]
