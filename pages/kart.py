"""The map page: who serves which kommune."""

import html
import time

import streamlit as st

from geo.coverage.join import coverage
from geo.report.titles import credit, summary, title
from pages.parts import address, chart, figures, filters, links, panel, rows
from pages.parts.plain import plain

BREATH_SECONDS = 0.1

dataset, view, t, _ = address.read()
if address.alone():
    with st.container(key="alone"):
        chart.draw(dataset, view)
    st.stop()
found = coverage(dataset, view)

# The list comes first, so that keyboard and phone users get to it before the map; on wide screens
# the style sheet puts the map on top.
top = st.container()
with st.container(key="stage"):
    listed, panel_place, shown = (st.container(key=key) for key in ("list", "story", "map"))

# Users wait for the map, so it is sent first. Browsers render in one step what arrives together;
# the pause before the rest shows the map 0.1 s earlier (measured).
with shown:
    chart.draw(dataset, view)
time.sleep(BREATH_SECONDS)
filters.draw(dataset, view, t)
with top:
    st.title(plain(title(dataset, found, view)), anchor=False)
    st.html(f'<a class="skip" href="#tabell">{html.escape(t("kart.skip"))}</a>')
    st.write(plain(summary(dataset, found, view)))
    if not found.totals.kommuner:
        st.info(t("kart.empty"))
        st.button(t("filters.reset"), key="reset-empty", on_click=filters.reset, args=(view.lang,))
    figures.draw(dataset, view, t)
    panel.search(dataset, view, t)
with listed:
    st.html(f'<p class="phone-only">{html.escape(t("kart.press"))}</p>')
    rows.draw(dataset, view, t)
with panel_place:
    panel.draw(dataset, view, t)
links.source_line(credit(dataset, view))
links.share(dataset, view, t)
