"""Published claims with their verdicts: cards, lines, and what tests nothing folded away."""

import streamlit as st

from geo.coverage.dataset import Dataset
from geo.drawings.dress import packed
from geo.drawings.verdicts import Shown, cards, lines
from geo.report.display_tables import verdict
from geo.text.messages import Messages
from pages.parts.plain import plain


def draw(dataset: Dataset, shown: Shown, t: Messages) -> None:
    """Draw the tested claims as cards and lines, then the rest."""
    if shown.cards:
        st.html(cards(dataset, shown.cards, t, packed))
    rest(shown, t)


def rest(shown: Shown, t: Messages) -> None:
    """Draw the claims that are no cards, and sentences to quote."""
    if not shown.cards:
        st.write(t("claims.none_tested"))
    if shown.lines:
        st.html(lines(shown.lines, t, packed))
    if shown.others:
        with st.expander(t.plural("claims.others", len(shown.others))):
            st.html(lines(shown.others, t, packed))
    with st.expander(t("prosjekter.quotable")):
        for one in (*shown.cards, *shown.lines, *shown.others):
            st.markdown(f"**{verdict(one, t)}:** {plain(one.explanation(t.language))}")
