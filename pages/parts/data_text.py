"""Texts of the data package, marked where they are in another language than the page."""

import html

import streamlit as st

from geo.report.wording import marked
from geo.text.languages import DataText
from geo.text.messages import Messages
from pages.parts.plain import plain


def paragraph(said: DataText, t: Messages, label: str = "") -> None:
    """Draw a text of the data as a paragraph, after a label if there is one; nothing if empty."""
    if not said:
        return
    if said.language == t.language:
        st.markdown(f"**{label}:** {plain(said.text)}" if label else plain(said.text))
        return
    # Markdown cannot say that a text is in another language.
    before = f"<strong>{html.escape(label)}:</strong> " if label else ""
    st.html(f'<p class="data-text">{before}{span(said, t)}</p>')


def span(said: DataText, t: Messages) -> str:
    """Return a text of the data as HTML, which says its language where it is another one."""
    text = html.escape(said.text)
    return text if said.language == t.language else f'<span lang="{said.language}">{text}</span>'


def line(said: DataText, t: Messages) -> str:
    """Return a text of the data as Markdown, which names its language where it is another one."""
    return plain(marked(said, t.language))
