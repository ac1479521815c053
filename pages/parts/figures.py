"""The key figures, each with the reason why it is what it is."""

import html

import streamlit as st

from geo.alternatives import Range
from geo.atlas import Atlas
from geo.columns import GRANT_PER_INHABITANT_YEAR, POPULATION_COVERED
from geo.coverage import Coverage
from geo.explain import FIGURES, Explanation, explain
from geo.messages import Messages
from geo.titles import between, evidence_text
from geo.view import View
from pages.parts import links


def draw(atlas: Atlas, found: Coverage, view: View, t: Messages) -> None:
    """Draw the key figures in a row that wraps on narrow screens."""
    details = _details(found, view, t)
    with st.container(key="figures"):
        for figure in FIGURES:
            _figure(explain(atlas, view, figure), details.get(figure, ""), t)


def _details(found: Coverage, view: View, t: Messages) -> dict[str, str]:
    sums = found.sums
    structure = t("kart.structure", year=view.year)
    details = dict.fromkeys(FIGURES[:2], structure)
    if sums.kommuner:
        details[FIGURES[0]] = f"({evidence_text(found, view.lang)}), {structure}"

    def span(figure: str, values: Range | None, unit: str, decimals: int = 0) -> None:
        if values is not None and not values.certain:
            details[figure] = between(values, view.lang, unit, decimals)

    span(POPULATION_COVERED, sums.population_covered, t("titles.inhabitants"))
    span("share", sums.share.map(lambda share: share * 100), "%", 1)
    span(GRANT_PER_INHABITANT_YEAR, sums.grant_per_inhabitant_year, t("kart.kroner"), 2)
    return details


def _figure(why: Explanation, detail: str, t: Messages) -> None:
    st.html(
        f'<dl class="figure"><dt>{html.escape(why.title)}<dd>{html.escape(why.value)}'
        + (f"<dd>{html.escape(detail)}" if detail else "")
        + "</dl>"
    )
    # Drawn when it is opened: six tables that nobody reads would slow every change.
    popover = st.popover(t("kart.why"), type="tertiary", key=f"why-{why.figure}", on_change="rerun")
    if popover.open:
        with popover:
            explanation(why, t)


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
