"""The header of every page: navigation and language switch."""

from collections.abc import Sequence

import streamlit as st
from streamlit import Page

from geo.coverage.view import View
from geo.settings import LANGUAGES
from geo.text.messages import Messages
from pages.parts import address


def draw(pages: Sequence[Page], view: View, t: Messages) -> None:
    """Draw the navigation, which keeps the view, and the language switch."""
    query = address.query(view)
    with st.container(key="header", horizontal=True, vertical_alignment="center", gap="small"):
        for page in pages:
            st.page_link(page, label=page.title, query_params=query)
        st.space("stretch")
        _language(view, t)


def _language(view: View, t: Messages) -> None:
    other = next(language for language in LANGUAGES if language != view.lang)
    st.button(
        t("common.other_language"),
        key="lang",
        type="tertiary",
        on_click=address.go,
        kwargs={"lang": other},
    )
