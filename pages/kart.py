"""The map page: who serves which kommune."""

import html
import time

import streamlit as st

from geo.coverage.join import coverage
from geo.webmap import tiles
from pages.parts import address, chart, drawer, overview, panel, report_error

BREATH_SECONDS = 0.1
_PAINTED = "map-painted"

dataset, view, t, _ = address.read()
if address.alone():
    with st.container(key="alone"):
        chart.draw(dataset, view)
    st.stop()
found = coverage(dataset, view)

# Panel and table come first, so that keyboard users get to them before the map; the style sheet
# puts the table under the map at a desk, and both into a sheet over it on a phone.
with st.container(key="room"):
    with st.container(key="sheet"):
        with st.container(key="grip"):  # shell.js lets it be dragged, on a phone
            st.html(
                f'<button type="button" class="grip" aria-label="{html.escape(t("kart.grip"))}">'
            )
        panel_place, list_place = (st.container(key=key) for key in ("panel", "list"))
    shown = st.container(key="map")

# Users wait for the map, so it is sent first. Browsers render in one step what arrives together;
# the pause before the rest shows the map 0.1 s earlier (measured). Later it only changes colours.
with shown:
    chart.draw(dataset, view, bare=True)
if not st.session_state.get(_PAINTED):
    time.sleep(BREATH_SECONDS)
    st.session_state[_PAINTED] = True
with panel_place:
    if view.kommune:
        panel.draw(dataset, view, t)
    else:
        overview.draw(dataset, found, view, t)
    if tiles.on():  # who else sees the reader is said where it cannot be missed
        st.caption(tiles.note(t))
    report_error.draw(dataset, view, t)
with list_place:
    drawer.draw(dataset, found, view, t)
