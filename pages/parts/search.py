"""The search in the bar, for a kommune by any name it ever had; it answers while one types."""

import streamlit as st

from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.places.search import Hit
from geo.report.wording import shortened
from geo.text.messages import Messages
from pages.parts import address
from pages.parts.plain import plain

MOST_HITS = 8  # certain hits, and as many uncertain ones
_LONGEST_HIT = 160  # characters: two names, a number and a year
_FIELD, _CHOSEN = "search", "search-chosen"


@st.fragment
def draw(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw the field and the list of hits; typing redraws nothing else."""
    if st.session_state.pop(_CHOSEN, False):
        st.rerun()  # the whole page, no longer this fragment alone
    text = st.text_input(
        t("kart.search"),
        key=_FIELD,
        placeholder=t("kart.search_short"),
        max_chars=60,
        label_visibility="collapsed",
    )
    if text:
        with st.container(key="hits"):
            _found(dataset, view, t, text)


def _found(dataset: Dataset, view: View, t: Messages, text: str) -> None:
    hits = dataset.search.find(text, view.year, limit=MOST_HITS)
    other = dataset.search.other(text)
    if other is not None:
        name = plain(shortened(other.names[t.language]))
        st.info(t(other.message, name=name, beside=plain(other.beside)))
    elif not hits:
        st.info(t("kart.search_nothing", text=plain(text), **dataset.register.span))
    _hits(dataset, view, [hit for hit in hits if hit.certain], t)
    near = [hit for hit in hits if not hit.certain]
    if near:
        st.write(t("kart.perhaps"))
        _hits(dataset, view, near, t)


def _hits(dataset: Dataset, view: View, hits: list[Hit], t: Messages) -> None:
    """Draw a button for each kommune found."""
    for hit in hits:
        st.button(
            plain(shortened(_label(dataset, view, hit, t), _LONGEST_HIT)),
            key=f"hit-{hit.kommunenr}",
            on_click=_choose,
            args=(hit.kommunenr,),
            type="tertiary",
            width="stretch",
        )


def _choose(kommunenr: str) -> None:
    st.session_state[_FIELD] = ""
    st.session_state[_CHOSEN] = True
    address.go(kommune=kommunenr)


def _label(dataset: Dataset, view: View, hit: Hit, t: Messages) -> str:
    now = dataset.register.label(hit.now[0], view.year)
    if hit.kommunenr in hit.now:
        return f"{now} ({hit.kommunenr})"
    return t("kart.search_now", old=hit.name, number=hit.kommunenr, now=now, year=view.year)
