"""The story of the chosen kommune, which takes the place of the overview in the panel."""

import streamlit as st

from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.drawings import timeline_svg
from geo.drawings.dress import packed
from geo.drawings.timeline import timeline
from geo.report.story import Story, story
from geo.report.story_text import behind, sentences
from geo.report.wording import shortened
from geo.text.messages import Messages
from pages.parts import address, links
from pages.parts.plain import plain


def draw(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw the story of the view's kommune, with the way back to the overview."""
    shown = story(dataset, view.kommune, view)
    small = t("kart.kommune", fylke=shown.of_year.fylke, number=shown.kommunenr, year=shown.year)
    st.title(f":small[{plain(small)}] {plain(shortened(shown.label))}", anchor=False)
    # After the name, which replaces the headline; the style sheet puts it above.
    back = {"kommune": ""}
    st.button(t("kart.back"), on_click=address.go, kwargs=back, key="unchoose", type="tertiary")
    if shown.other_names:
        st.caption(plain(", ".join(shown.other_names)))
    texts = sentences(dataset, shown, view.lang, listed_below=True)
    st.markdown("\n\n".join(plain(text) for text in texts))
    st.header(t("story.timeline_heading"), anchor=False)
    st.html(packed(timeline_svg.drawn(timeline(dataset, shown, t), timeline_svg.NARROW, t)))
    _same_shape(dataset, shown, view, t)
    if found := behind(shown):
        st.header(t("common.sources"), anchor=False)
        links.source_list(found, t)


def _same_shape(dataset: Dataset, shown: Story, view: View, t: Messages) -> None:
    """Offer the kommuner that share this one's shape, which a click on the map cannot select."""
    others = dataset.boundaries(view.year).drawn_with(shown.kommunenr)
    if not others:
        return
    st.header(t("kart.same_shape"), anchor=False)
    with st.container(key="beside", horizontal=True, gap="small"):
        for nr in others:
            label = plain(shortened(dataset.register.label(nr, view.year)))
            go = {"kommune": nr}
            st.button(label, key=f"beside-{nr}", on_click=address.go, kwargs=go)
