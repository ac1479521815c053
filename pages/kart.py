"""The map page: who serves which kommune."""

import html

import streamlit as st

from geo.coverage import coverage
from geo.titles import source_line, summary, title
from pages.parts import address, chart, figures, filters, panel, rows

atlas, view, t, _ = address.read()
filters.draw(atlas, view, t)
found = coverage(atlas, view)

st.title(title(atlas, found, view), anchor=False)
st.html(f'<a class="skip" href="#tabell">{html.escape(t("kart.skip"))}</a>')
st.write(summary(atlas, found, view))
if not found.sums.kommuner:
    st.info(t("kart.empty"))
    st.button(t("filters.reset"), key="reset-empty", on_click=filters.reset, args=(view.lang,))
figures.draw(atlas, found, view, t)
panel.search(atlas, view, t)

# The list stands first, so that a keyboard and a phone meet it before the map; on a wide screen
# the style sheet puts the map on top.
with st.container(key="stage"):
    with st.container(key="list"):
        st.html(f'<p class="phone-only">{html.escape(t("kart.press"))}</p>')
        rows.draw(atlas, view, t)
    with st.container(key="story"):
        panel.draw(atlas, view, t)
    with st.container(key="map"), st.spinner(t("kart.drawing")):
        chart.draw(atlas, view)
st.html(f'<p class="source">{html.escape(source_line(atlas, view))} © Kartverket (CC BY 4.0).</p>')
with st.popover(t("kart.copy_link"), key="link"):
    st.write(t("kart.link_help"))
    st.code(address.link(view), language=None, wrap_lines=True)
