"""The map page."""

import streamlit as st

from geo.coverage import coverage
from geo.titles import summary, title
from pages.parts import address, chart, filters

atlas, view, t, _ = address.read()
filters.draw(atlas, view, t)
found = coverage(atlas, view)
st.title(title(atlas, found, view))
st.write(summary(atlas, found, view))
with st.container(key="rows"):
    with st.container(key="list"):
        st.write("table")
    with st.container(key="map"):
        chart.draw(atlas, view)
