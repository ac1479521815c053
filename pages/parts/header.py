"""The header of every page: navigation and language switch."""

from collections.abc import Sequence

import streamlit as st
from streamlit import Page

from geo.coverage.view import View
from geo.text.languages import LANGUAGES, language
from geo.text.messages import Messages
from pages.parts import address


def draw(pages: Sequence[Page], view: View, t: Messages) -> None:
    """Draw the navigation, which keeps the view, and the choice of language."""
    query = address.query(view)
    with st.container(key="header", horizontal=True, vertical_alignment="center", gap="small"):
        for page in pages:
            st.page_link(page, label=page.title, query_params=query)
        st.space("stretch")
        _language(view, t)


def _language(view: View, t: Messages) -> None:
    st.session_state["lang"] = view.lang
    st.selectbox(
        t("common.language"),
        LANGUAGES,
        format_func=lambda code: language(code).heading,
        key="lang",
        label_visibility="collapsed",
        filter_mode=None,
        width=125,
        on_change=lambda: address.go(lang=st.session_state["lang"]),
    )
