"""The drawer under the map: the table of kommuner, or the view in every structure year."""

import html

import streamlit as st

from geo.coverage.dataset import Dataset
from geo.coverage.join import Coverage
from geo.coverage.view import View
from geo.report.titles import source_line
from geo.text.messages import Messages
from geo.text.numbers import number
from pages.parts import address, four_years, rows

_KEY = "drawer-choice"
TABLE, YEARS = PARTS = ("table", "years")


def draw(dataset: Dataset, found: Coverage, view: View, t: Messages) -> None:
    """Draw the handles, the source of the borders, and what lies open; closed it sends no table."""
    n = found.totals.kommuner
    names = {
        TABLE: t.plural("kart.open_table", n, number(n, view.lang)),
        YEARS: t.plural("kart.open_years", len(dataset.choices.years)),
    }
    asked = st.query_params.get(address.DRAWER, "")
    st.session_state[_KEY] = asked if asked in PARTS else None
    with st.container(key="foot", horizontal=True, vertical_alignment="center", gap=None):
        st.segmented_control(
            t("kart.drawer"),
            PARTS,
            format_func=names.__getitem__,
            key=_KEY,
            label_visibility="collapsed",
            on_change=lambda: address.put(address.DRAWER, st.session_state[_KEY] or ""),
        )
        said = source_line(dataset, view), dataset.boundaries(view.year).credit_line(t)
        parts = "".join(f"<span>{html.escape(text)}</span> " for text in said)
        st.html(f'<p class="source">{parts}</p>')
    if asked in PARTS:
        with st.container(key="drawer"):
            if asked == TABLE:
                rows.draw(dataset, view, t)
            else:
                four_years.draw(dataset, view, t)
