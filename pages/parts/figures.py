"""The key figures, each with its explanation."""

import html

import streamlit as st

from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.report.explain import Explanation, explain
from geo.report.figures import KeyFigure, key_figures
from geo.text.messages import Messages
from pages.parts import links


def draw(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw the key figures in a row that wraps on narrow screens."""
    with st.container(key="figures"):
        for figure in key_figures(dataset, view):
            _figure(dataset, view, figure, t)


def _figure(dataset: Dataset, view: View, shown: KeyFigure, t: Messages) -> None:
    st.html(
        f"<dl><dt>{html.escape(shown.title)}<dd>{html.escape(shown.value)}"
        + (f"<dd>{html.escape(shown.detail)}" if shown.detail else "")
        + "</dl>"
    )
    # Computed when opened: six tables that nobody reads would slow down every rerun.
    key = f"why-{shown.figure}"
    popover = st.popover(t("kart.why"), type="tertiary", key=key, on_change="rerun")
    if popover.open:
        with popover:
            explanation(explain(dataset, view, shown.figure), t)
            links.figure(dataset, view, shown, t)


def explanation(why: Explanation, t: Messages) -> None:
    """Draw rows, sum, sources and evidence of a figure."""
    st.markdown(f"**{why.title}: {why.value}**")
    st.write(why.method)
    for note in why.notes:
        st.write(note)
    st.write(why.total)
    if len(why.rows):
        st.dataframe(why.rows, hide_index=True, alt=why.title, height="auto")
    if why.sources:
        st.markdown(f"**{t('common.sources')}**")
        links.source_list(why.sources, t)
