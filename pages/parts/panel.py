"""The search for a kommune by any name it ever had, and the story of the selected one."""

import streamlit as st

from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.places.search import Hit
from geo.report.sources import Source
from geo.report.story import Story, story
from geo.report.story_text import sentences
from geo.report.wording import shortened
from geo.text.messages import Messages
from pages.parts import address, links
from pages.parts.plain import plain

MOST_HITS = 8  # certain hits, and as many uncertain ones
_LONGEST_HIT = 160  # characters: two names, a number and a year


def search(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw the search field and its hits."""
    text = st.text_input(
        t("kart.search"), key="search", placeholder=t("kart.search_hint"), max_chars=60
    )
    if not text:
        return
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
    with st.container(horizontal=True, gap="small"):
        for hit in hits:
            st.button(
                plain(shortened(_label(dataset, view, hit, t), _LONGEST_HIT)),
                key=f"hit-{hit.kommunenr}",
                on_click=_choose,
                args=(hit.kommunenr,),
            )


def _choose(kommunenr: str) -> None:
    st.session_state["search"] = ""
    address.go(kommune=kommunenr)


def _label(dataset: Dataset, view: View, hit: Hit, t: Messages) -> str:
    now = dataset.register.label(hit.now[0], view.year)
    if hit.kommunenr in hit.now:
        return f"{now} ({hit.kommunenr})"
    return t("kart.search_now", old=hit.name, number=hit.kommunenr, now=now, year=view.year)


def draw(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw the selected kommune's story, or how to select one."""
    if not view.kommune:
        st.caption(t("kart.choose"))
        return
    shown = story(dataset, view.kommune, view)
    with st.container(border=True, key="panel"):
        st.header(
            f"{plain(shortened(shown.label))} ({shown.kommunenr}, {shown.year})", anchor=False
        )
        if shown.other_names:
            st.caption(plain(", ".join(shown.other_names)))
        st.markdown("\n\n".join(plain(s) for s in sentences(dataset, shown, view.lang)))
        _same_shape(dataset, shown, view, t)
        _sources([s for service in shown.services + shown.no_source for s in service.sources], t)
        st.button(t("kart.unchoose"), on_click=address.go, kwargs={"kommune": ""}, key="unchoose")


def _sources(found: list[Source], t: Messages) -> None:
    if found:
        st.markdown(f"**{t('common.sources')}**")
        links.source_list(dict.fromkeys(found), t)


def _same_shape(dataset: Dataset, shown: Story, view: View, t: Messages) -> None:
    """Offer the kommuner that share this one's shape, which a click on the map cannot select."""
    others = dataset.boundaries(view.year).drawn_with(shown.kommunenr)
    if not others:
        return
    st.write(t("kart.same_shape", label=plain(shortened(shown.label))))
    with st.container(horizontal=True, gap="small"):
        for nr in others:
            label = plain(shortened(dataset.register.label(nr, view.year)))
            go = {"kommune": nr}
            st.button(label, key=f"beside-{nr}", on_click=address.go, kwargs=go)
