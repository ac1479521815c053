"""Small tables as real HTML tables, which every screen reader can walk."""

import html
import re

import pandas as pd
import streamlit as st

# What is written in digits stands to the right, so that sizes can be compared.
_FIGURE = re.compile(r"(NOK\s)?-?\d([\d\s.,%–()]|kr|mill\.|NOK|m)*|-")


def draw(table: pd.DataFrame, name: str) -> None:
    """Draw a table of texts under its name; the first column heads its rows."""
    if table.empty:
        return
    figures = [all(map(_FIGURE.fullmatch, table[column])) for column in table.columns]
    head = "".join(
        _cell("th", str(column), "col", figure=figure and place > 0)
        for place, (column, figure) in enumerate(zip(table.columns, figures, strict=True))
    )
    body = "".join(_row(row, figures) for row in table.itertuples(index=False, name=None))
    # It can be wider than a telephone; then it scrolls, with the keyboard too.
    st.html(
        f'<div class="sheet" role="region" tabindex="0" aria-label="{html.escape(name)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: tuple[str, ...], figures: list[bool]) -> str:
    first, *rest = row
    cells = "".join(
        _cell("td", text, figure=figure) for text, figure in zip(rest, figures[1:], strict=True)
    )
    return f"<tr>{_cell('th', first, 'row')}{cells}</tr>"


def _cell(tag: str, text: str, scope: str = "", *, figure: bool = False) -> str:
    attributes = (f' scope="{scope}"' if scope else "") + (' class="number"' if figure else "")
    return f"<{tag}{attributes}>{html.escape(text)}</{tag}>"
