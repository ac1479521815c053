"""The bar of every page: name, pages and language; on the map page also search, year and links."""

from collections.abc import Sequence

import streamlit as st
from streamlit import Page

from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.text.languages import LANGUAGES, language
from geo.text.messages import Messages
from pages.parts import address, filters, links, search


def draw(pages: Sequence[Page], dataset: Dataset, view: View, t: Messages, *, on_map: bool) -> None:
    """Draw the bar; its links keep the view."""
    query = address.query(view)
    with st.container(key="header", horizontal=True, vertical_alignment="center", gap="small"):
        menu = f'<button type="button" class="open-pages" aria-expanded="false">{t("common.pages")}'
        st.html(f'<span class="brand">{t("common.name")}</span>{menu}</button>')
        with st.container(key="pages", horizontal=True, gap=None):
            for page in pages:
                st.page_link(page, label=page.title, query_params=query)
        if on_map:
            search.draw(dataset, view, t)
            filters.year(dataset, view, t, label="collapsed")
        _language(view, t)
        if on_map:
            links.share(dataset, view, t)


def _language(view: View, t: Messages) -> None:
    st.session_state["lang"] = view.lang
    st.selectbox(
        t("common.language"),
        LANGUAGES,
        format_func=lambda code: language(code).heading,
        key="lang",
        label_visibility="collapsed",
        filter_mode=None,
        width=112,
        on_change=lambda: address.go(lang=st.session_state["lang"]),
    )
