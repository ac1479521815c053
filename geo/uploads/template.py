"""Generates the empty package to start a programme from, as CSV files or as a workbook."""

import io
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from geo.dataset.package import DESCRIPTOR, OPTIONAL, REQUIRED, offered_fields, zipped
from geo.text.messages import Messages, messages
from geo.uploads.descriptors import descriptor

TABLES = (*REQUIRED, *OPTIONAL)
_VERSION = "0.1.0"
_WIDEST = 60  # characters
# A fixed date, so that the template is the same file every time.
_CREATED = date(2015, 1, 1)
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def demands() -> Iterator[tuple[str, str]]:
    """Yield each table with "required" or "optional"."""
    for table in TABLES:
        yield table, "required" if table in REQUIRED else "optional"


def _fields(table: str) -> list[Mapping[str, Any]]:
    return list(offered_fields(table))


def _header(table: str) -> list[str]:
    return [str(field["name"]) for field in _fields(table)]


def package(language: str) -> bytes:
    """Return a zip: datapackage.json, a CSV file with a header for each table, and a README."""
    t = messages(language)
    said = {"name": "my-programme", "title": t("egne_data.template_title"), "version": _VERSION}
    headers = {table: _header(table) for table in TABLES}
    paths = {table: f"{table}.csv" for table in TABLES}
    described = descriptor(said, headers, paths, _CREATED)
    contents = {DESCRIPTOR: json.dumps(described, ensure_ascii=False, indent=2) + "\n"}
    contents |= {paths[table]: ",".join(header) + "\n" for table, header in headers.items()}
    contents["README.md"] = _readme(t)
    return zipped({name: text.encode() for name, text in contents.items()})


def _readme(t: Messages) -> str:
    lines = [f"# {t('egne_data.template_title')}", "", t("egne_data.readme"), ""]
    for table, demand in demands():
        lines += [
            f"## {table}.csv ({t(f'egne_data.{demand}')})",
            "",
            t(f"egne_data.holds_{table}"),
            "",
        ]
        lines += [f"- `{name}`: {meaning}" for _, name, _, meaning, _ in _meanings(table, t)] + [""]
    return "\n".join(lines)


def _meanings(table: str, t: Messages) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield (table, column, title, meaning, required or optional) of each column."""
    for field in _fields(table):
        demands = field.get("constraints", {})
        needed = t("egne_data.required" if demands.get("required") else "egne_data.optional")
        values = " | ".join(demands.get("enum", ()))
        meaning = f"{field['description']}. {values}" if values else str(field["description"])
        yield table, str(field["name"]), str(field["title"]), meaning, needed


def workbook(language: str) -> bytes:
    """Return XLSX with a sheet for each table, and one with definitions of the columns."""
    t = messages(language)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        book.set_properties({"title": t("egne_data.template_title"), "created": _CREATED})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for table in TABLES:
            _table(book, book.add_worksheet(table), table, head)
        _definitions(book, book.add_worksheet("definitions"), head, t)
    return target.getvalue()


def _table(book: Workbook, sheet: Worksheet, table: str, head: Any) -> None:
    # Formatted as text, 0301 keeps its zero.
    text = book.add_format({"num_format": "@"})
    for place, field in enumerate(_fields(table)):
        kind = text if field["type"] == "string" else None
        sheet.set_column(place, place, max(12, len(field["name"]) + 2), kind)
        sheet.write_string(0, place, field["name"], head)
    sheet.freeze_panes(1, 0)


def _definitions(book: Workbook, sheet: Worksheet, head: Any, t: Messages) -> None:
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    headings = [t(f"egne_data.head_{n}") for n in ("table", "column", "title", "means", "needed")]
    lines = [headings, *(row for table in TABLES for row in _meanings(table, t))]
    for line, row in enumerate(lines):
        for place, cell in enumerate(row):
            sheet.write_string(line, place, cell, wrapped if line else head)
    for place, width in enumerate((14, 20, 24, _WIDEST, 12)):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)
