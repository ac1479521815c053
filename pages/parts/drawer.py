"""The drawer under the map: the table of kommuner, or the view in every structure year."""

import html

import streamlit as st

from geo.coverage.dataset import Dataset
from geo.coverage.fylke_years import carried
from geo.coverage.join import Coverage, coverage
from geo.coverage.view import View
from geo.report.titles import headline, source_line
from geo.text.messages import Messages
from geo.text.numbers import number
from pages.parts import address, rows
from pages.parts.plain import plain

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
                _structures(dataset, view)


def _structures(dataset: Dataset, view: View) -> None:
    """Draw a button for each structure year with what the view counts there."""
    with st.container(key="structures", horizontal=True, gap="small"):
        for year in dataset.choices.years:
            fylke = carried(dataset, view.fylke, view.year, year)
            there = view.but(year=year, fylke=fylke)
            counted = plain(headline(coverage(dataset, there), there))
            st.button(
                f"**{year}**\n\n{counted}",
                key=f"structure-{year}",
                on_click=address.go,
                kwargs={"year": year},
                type="primary" if year == view.year else "secondary",
                width="stretch",
            )
