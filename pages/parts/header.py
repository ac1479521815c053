"""What stands on top of every page: the way around, the language, and notices."""

from collections.abc import Sequence

import streamlit as st
from streamlit import Page

from geo.atlas import Atlas
from geo.messages import Messages
from geo.settings import LANGUAGES
from geo.view import Ignored, View, to_query
from pages.parts import address


def draw(
    pages: Sequence[Page], atlas: Atlas, view: View, t: Messages, ignored: Sequence[Ignored]
) -> None:
    """Draw the navigation, which keeps the view, the language switch and the notices."""
    query = to_query(view)
    with st.container(key="header", horizontal=True, vertical_alignment="center", gap="small"):
        for page in pages:
            st.page_link(page, label=page.title, query_params=query)
        st.space("stretch")
        _language(view, t)
    _notices(atlas, ignored, t)


def _language(view: View, t: Messages) -> None:
    other = next(language for language in LANGUAGES if language != view.lang)
    st.button(
        t("common.other_language"),
        key="lang",
        type="tertiary",
        on_click=address.go,
        kwargs={"lang": other},
    )


def _notices(atlas: Atlas, ignored: Sequence[Ignored], t: Messages) -> None:
    if ignored:
        parts = ", ".join(f"{part.parameter}={part.value[:40]}" for part in ignored)
        st.warning(t("common.ignored", parts=parts).replace("`", "'"))
    asked = st.query_params.get("data")
    if asked and asked != atlas.data_version:
        st.info(t("common.other_version", asked=asked[:20], now=atlas.data_version))
