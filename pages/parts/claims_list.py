"""Published claims with their verdicts: those that were tested, and the others folded away."""

from collections.abc import Iterable

import streamlit as st

from geo.columns import DEVIATES
from geo.report.claims import Check, split_tested
from geo.report.display_tables import claims_table, verdict
from geo.text.messages import Messages
from pages.parts import sheet
from pages.parts.plain import plain


def draw(claims: Iterable[Check], t: Messages) -> None:
    """Draw a table of the tested claims, then folded the others, and sentences to quote."""
    tested, others = split_tested(claims)
    if not tested:
        st.write(t("claims.none_tested"))
    sheet.draw(claims_table(tested, t.language), t("claims.tested"))
    for one in tested:
        if one.verdict == DEVIATES:
            st.warning(plain(one.explanation(t.language)))
    if others:
        heading = t.plural("claims.others", len(others))
        with st.expander(heading):
            sheet.draw(claims_table(others, t.language), heading)
    with st.expander(t("prosjekter.quotable")):
        for one in (*tested, *others):
            st.markdown(f"**{verdict(one, t)}:** {plain(one.explanation(t.language))}")
