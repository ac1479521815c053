"""Small tables as real HTML tables, which every screen reader can walk."""

import pandas as pd
import streamlit as st


def draw(table: pd.DataFrame) -> None:
    """Draw a table of texts; the first column heads its rows."""
    if table.empty:
        return
    texts = table.map(_plain)
    st.table(texts.set_index(texts.columns[0]), border="horizontal")


def _plain(text: object) -> str:
    """Keep data from being read as Markdown."""
    escaped = str(text)
    for sign in "\\`*_[]$<>#|~:":
        escaped = escaped.replace(sign, f"\\{sign}")
    return escaped
