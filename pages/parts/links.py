"""Links: to sources, and to the view itself."""

import html
from collections.abc import Iterable, Mapping

import streamlit as st

from geo.messages import Messages
from geo.sources import Source
from geo.view import View
from pages.parts import address

_SCHEMES = ("https://", "http://")


def source_list(
    found: Iterable[Source], t: Messages, says: Mapping[str, str] | None = None
) -> None:
    """Draw sources with their numbers, which tables and notes refer to, and what they say."""
    items = "".join(
        f"<li>{_item(source, t.language, (says or {}).get(source.source_id, ''))}</li>"
        for source in found
    )
    if items:
        st.html(f'<ul class="sources">{items}</ul>')


def _item(source: Source, language: str, says: str) -> str:
    text = html.escape(source.cite(language))
    if source.url.startswith(_SCHEMES):
        text = f'<a href="{html.escape(source.url)}">{text}</a>'
    return f"<b>{html.escape(source.source_id)}</b> {text}. {html.escape(says)}"


def source_line(text: str) -> None:
    """Draw the line that stands under a map or a table: sources, structure, version, date."""
    st.html(f'<p class="source">{html.escape(text)} © Kartverket (CC BY 4.0).</p>')


def copy(view: View, t: Messages) -> None:
    """Draw the address of the view with every choice spelled out, ready to be copied."""
    with st.popover(t("common.copy_link"), key="link"):
        st.write(t("common.link_help"))
        st.code(address.link(view), language=None, wrap_lines=True)
