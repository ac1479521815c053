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
    body = "".join(_row(row, kinds) for row in table.itertuples(index=False, name=None))
    # On a phone it may be too wide: then it scrolls, with the keyboard too.
    st.html(
        f'<div class="sheet" role="region" tabindex="0" aria-label="{html.escape(name)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: tuple[str, ...], kinds: list[str]) -> str:
    heading = _cell("th", row[0], kinds[0], "row")
    rest = (_cell("td", text, kind) for text, kind in zip(row[1:], kinds[1:], strict=True))
    return f"<tr>{heading}{''.join(rest)}</tr>"


def _cell(tag: str, text: str, kind: str, scope: str = "") -> str:
    attributes = (f' scope="{scope}"' if scope else "") + (f' class="{kind}"' if kind else "")
    return f"<{tag}{attributes}>{html.escape(text)}</{tag}>"
