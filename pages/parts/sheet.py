"""Small tables as plain HTML tables, for screen readers."""

import html

import pandas as pd
import streamlit as st

from geo.report.display_tables import column_kind


def draw(table: pd.DataFrame, name: str) -> None:
    """Draw a table of text with an accessible name; the first column has the row headings."""
    if table.empty:
        return
    kinds = [
        column_kind(table[column], heads=place == 0) for place, column in enumerate(table.columns)
    ]
    head = "".join(
        _cell("th", str(column), kind, "col")
        for column, kind in zip(table.columns, kinds, strict=True)
    )
    names = [str(column) for column in table.columns]
    body = "".join(_row(row, kinds, names) for row in table.itertuples(index=False, name=None))
    # On a phone each row is a block, its cells with their headings.
    st.html(
        f'<div class="sheet" role="region" tabindex="0" aria-label="{html.escape(name)}">'
        f'<table class="stack"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(row: tuple[str, ...], kinds: list[str], names: list[str]) -> str:
    heading = _cell("th", row[0], kinds[0], "row")
    cells = zip(row[1:], kinds[1:], names[1:], strict=True)
    rest = (_cell("td", text, kind, name=name) for text, kind, name in cells)
    return f"<tr>{heading}{''.join(rest)}</tr>"


def _cell(tag: str, text: str, kind: str, scope: str = "", name: str = "") -> str:
    given = {"scope": scope, "class": kind, "data-label": name}
    attributes = "".join(f' {key}="{html.escape(one)}"' for key, one in given.items() if one)
    return f"<{tag}{attributes}>{html.escape(text)}</{tag}>"
