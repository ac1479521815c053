"""Three figures side by side, and the key of drawings."""

import html
from collections.abc import Iterable

import streamlit as st

from geo.report.figures import KeyFigure
from geo.report.looks import Look
from geo.webmap.swatches import swatch


def three(shown: Iterable[KeyFigure]) -> None:
    """Draw figures with their names and details."""
    cells = "".join(
        f"<div><dt>{html.escape(one.title)}<dd>{html.escape(one.value)}"
        + (f"<dd>{html.escape(one.detail)}" if one.detail else "")
        + "</div>"
        for one in shown
    )
    st.html(f'<dl class="figures">{cells}</dl>')


def key(looks: Iterable[tuple[Look, str]]) -> None:
    """Draw what the looks of drawings mean."""
    items = "".join(f"<li>{swatch(look)} {html.escape(text)}</li>" for look, text in looks)
    st.html(f'<ul class="key">{items}</ul>')
