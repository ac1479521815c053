"""Render HTML from autoescaping Jinja templates, with helpers for tables and text."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from geo.base.links import web

_TEMPLATES = Path(__file__).parent / "templates"
# Cells that are figures; their columns are right-aligned so that sizes can be compared.
_FIGURE = re.compile(r"(NOK\s)?-?\d([\d\s.,%–()]|kr|mill\.|NOK|m)*|-")
_LONG = 24  # characters; longer cells may wrap on a phone
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")


@dataclass(frozen=True)
class HtmlSheet:
    """A small HTML table: columns as (heading, CSS class), rows of (text, link or "") cells."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]


def sheet(
    table: pd.DataFrame, name: str, links: Mapping[str, Callable[[tuple[str, ...]], str]] = {}
) -> HtmlSheet:
    """Return a table of text for the templates; `links` maps a column to the link of its cells.

    A link is computed from the texts of the whole row. The index of `table` is ignored.
    """
    kinds = [_kind(table[column], heads=place == 0) for place, column in enumerate(table.columns)]
    named = [str(column) for column in table.columns]
    rows = [tuple(map(str, row)) for row in table.itertuples(index=False, name=None)]
    return HtmlSheet(
        name,
        tuple(zip(named, kinds, strict=True)),
        tuple(
            tuple(
                (text, links[column](row) if column in links else "")
                for column, text in zip(named, row, strict=True)
            )
            for row in rows
        ),
    )


def _kind(texts: "pd.Series[str]", *, heads: bool) -> str:
    if not heads and len(texts) and all(map(_FIGURE.fullmatch, texts)):
        return "number"
    return "long" if texts.str.len().max() > _LONG else ""


def prose(text: str) -> Markup:
    """Convert a catalogue text to HTML: paragraphs, lists, bold, web links in Markdown."""
    parts: list[str] = []
    for block in re.split(r"\n\n|\n(?!- )", text):
        lines = block.split("\n- ")
        if block.startswith("- "):
            lines[0] = lines[0].removeprefix("- ")
            parts.append("<ul>" + "".join(f"<li>{_inline(line)}</li>" for line in lines) + "</ul>")
        elif block.strip():
            parts.append(f"<p>{_inline(block)}</p>")
    return Markup("".join(parts))  # noqa: S704 - _inline escaped every text in it


def _inline(text: str) -> str:
    bold = _BOLD.sub(r"<strong>\1</strong>", str(escape(text)))
    return _LINK.sub(r'<a href="\2">\1</a>', bold)


def attribute(content: Any) -> str:
    """Return compact JSON for an HTML attribute; the template escapes it."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(prose=prose, web=web, attribute=attribute)
    return environment


def render(template: str, **content: Any) -> bytes:
    """Return a page rendered from a template, in UTF-8."""
    return _environment().get_template(template).render(**content).encode("utf-8")
