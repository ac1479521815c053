"""The panel beside the map when no kommune is chosen: headline, figures, legend, filters."""

import streamlit as st

from geo.coverage.dataset import Dataset
from geo.coverage.join import Coverage
from geo.coverage.view import View
from geo.report.explain import Explanation, explain
from geo.report.figures import key_figures, main_figures
from geo.report.titles import credit, headline, kicker, lead, summary
from geo.text.messages import Messages
from geo.webmap import webmap
from pages.parts import figures, filters, legend, links
from pages.parts.plain import plain

_OPEN = "how-open"


# In the session, since a rerun that the map asks for would lose a press and close the sheet.
def _open(view: View | None = None) -> None:
    st.session_state[_OPEN] = view


def draw(dataset: Dataset, found: Coverage, view: View, t: Messages) -> None:
    """Draw what the map shows in words and numbers, and what can be chosen."""
    small = plain(kicker(dataset, found, view))
    st.title(f":small[{small}] {plain(headline(found, view))}", anchor=False)
    if found.totals.kommuner:
        st.write(plain(lead(dataset, found, view)))
    else:
        st.info(t("kart.empty"))
        st.button(t("filters.reset"), key="reset-empty", on_click=filters.reset, args=(view.lang,))
    figures.three(main_figures(dataset, view))
    st.button(t("kart.how"), key="how", type="tertiary", on_click=_open, args=(view,))
    # Computed when opened: six tables that nobody reads would slow down every rerun.
    if st.session_state.get(_OPEN) == view:
        _reckoned(dataset, found, view, t)
    legend.draw(dataset, found, view, t)
    filters.draw(dataset, view, t)


def _reckoned(dataset: Dataset, found: Coverage, view: View, t: Messages) -> None:
    """Open the sheet that explains every figure of the view."""

    @st.dialog(t("kart.how"), width="large", on_dismiss=_open)
    def sheet() -> None:
        st.write(plain(summary(dataset, found, view)))
        st.write(t("filters.year_help", year=dataset.choices.default_year))
        for figure in key_figures(dataset, view):
            why = explain(dataset, view, figure.figure)
            with st.expander(f"**{plain(why.title)}: {plain(why.value)}**"):
                st.write(plain(figure.detail))
                _explanation(why, t)
                links.figure(dataset, view, figure, t)
        for note in webmap.notes(found, dataset.boundaries(view.year), t):
            st.write(plain(note))
        links.source_line(credit(dataset, view))

    sheet()


def _explanation(why: Explanation, t: Messages) -> None:
    """Draw rows, sum, sources and evidence of a figure."""
    st.write(why.method)
    for note in why.notes:
        st.write(note)
    st.write(why.total)
    if len(why.rows):
        st.dataframe(why.rows, hide_index=True, alt=why.title, height="auto")
    if why.sources:
        st.markdown(f"**{t('common.sources')}**")
        links.source_list(why.sources, t)
