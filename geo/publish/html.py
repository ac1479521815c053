"""Render HTML from autoescaping Jinja templates, with helpers for tables and text."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from geo.base.links import web
from geo.report.display_tables import column_kind
from geo.text.languages import DataText

_TEMPLATES = Path(__file__).parent / "templates"
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")


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
    kinds = [
        column_kind(table[column], heads=place == 0) for place, column in enumerate(table.columns)
    ]
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


def prose(text: str) -> Markup:
    """Return a text of our own catalogues, in Markdown, as HTML; HTML in it is escaped."""
    return Markup(_MARKDOWN.render(text))  # noqa: S704 - markdown-it escapes every text


def written(said: DataText, language: str) -> Markup:
    """Return a text of the data for a page in a language; one in another language says in which."""
    if not said or said.language == language:
        return escape(said.text)
    return Markup('<span lang="{}">{}</span>').format(said.language, said.text)


def drawn(fragment: str) -> Markup:
    """Return a fragment of geo.drawings, which escape every text, as HTML."""
    return Markup(fragment)  # noqa: S704


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
    environment.filters.update(prose=prose, web=web, written=written, attribute=attribute)
    return environment


def render(template: str, **content: Any) -> bytes:
    """Return a page rendered from a template, in UTF-8."""
    return _environment().get_template(template).render(**content).encode("utf-8")
