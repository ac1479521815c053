"""What stands on top of every page: the way around, the language, and notices."""

from collections.abc import Sequence

import streamlit as st
from streamlit import Page

from geo.atlas import Atlas
from geo.messages import Messages
from geo.settings import LANGUAGES
from geo.view import Ignored, View, to_query
from pages.parts import address

STYLE = """
<style>
.block-container, [data-testid="stMainBlockContainer"] { padding-top: 1.2rem; max-width: 1320px; }
[data-testid="stHeader"] { background: transparent; }
h1 { font-size: 1.75rem !important; line-height: 1.25 !important; padding: .4rem 0 !important; }
h2 { font-size: 1.3rem !important; }
h3 { font-size: 1.08rem !important; }
:focus-visible { outline: 3px solid #0b5cad !important; outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { position: static; }
.st-key-figures { display: grid !important; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: .6rem; }
.st-key-figures > * { width: auto !important; min-width: 0; }
dl.figure { border-left: 4px solid #0b5cad; padding: 0 0 0 .6rem; margin: 0 0 .1rem !important; }
.figure dt { font-size: .86rem; color: #3c3c3c; font-weight: 400; }
.figure dd { margin: 0 !important; }
.figure .value { font-size: 1.45rem; font-weight: 650; line-height: 1.25; }
.figure .detail { font-size: .84rem; color: #3c3c3c; line-height: 1.35; }
.source { font-size: .82rem; color: #3c3c3c; }
[data-testid="stSidebar"] [data-testid="stButtonGroup"] button { padding: .25rem .6rem; }
@media (min-width: 641px) {
  :has(> .st-key-map) { order: 1; } :has(> .st-key-story) { order: 2; } :has(> .st-key-list) { order: 3; }
  .phone-only { display: none; }
}
@media (max-width: 640px) {
  h1 { font-size: 1.35rem !important; }
  .st-key-header { padding-left: 2.2rem; }
  .st-key-figures { grid-template-columns: 1fr 1fr; }
}
@media print { [data-testid="stSidebar"], .st-key-header { display: none; } }
</style>
"""


def draw(
    pages: Sequence[Page], atlas: Atlas, view: View, t: Messages, ignored: Sequence[Ignored]
) -> None:
    """Draw the navigation, which keeps the view, the language switch and the notices."""
    st.html(STYLE)
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
