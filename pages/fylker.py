"""The counties: how much is covered, and above all who is not."""

import streamlit as st

from geo import counties, reports
from geo.atlas import Atlas
from geo.columns import NAME
from geo.coverage import coverage
from geo.messages import Messages
from geo.titles import source_line, summary, title
from geo.view import View
from pages.parts import address, chart, filters, sheet


def county(atlas: Atlas, view: View, fylkesnr: str, t: Messages) -> None:
    """Draw one county: the uncovered first, then the map."""
    own = view.but(fylke=(fylkesnr,), kommune="")
    found = coverage(atlas, own)
    st.header(title(atlas, found, own), anchor=False)
    st.write(summary(atlas, found, own))
    left = counties.uncovered(atlas, own, fylkesnr)
    st.subheader(t.plural("fylker.uncovered", len(left)), anchor=False)
    if left.empty:
        st.success(t("fylker.all_covered"))
    else:
        sheet.draw(reports.uncovered_table(atlas, own, fylkesnr))
        st.caption(t("fylker.distance"))
    chart.draw(atlas, own, key="county-map", selects=False)
    st.html(f'<p class="source">{source_line(atlas, own)} © Kartverket (CC BY 4.0).</p>')


atlas, view, t, _ = address.read()
st.title(t("fylker.title", year=view.year), anchor=False)
filters.year(atlas, view, t)
filters.one_fylke(atlas, view, t)
for fylkesnr in view.fylke:
    county(atlas, view, fylkesnr, t)
if not view.fylke:
    st.write(t("fylker.how", n=len(atlas.register.fylker(view.year)[NAME]), year=view.year))
st.subheader(t("fylker.all", year=view.year), anchor=False)
sheet.draw(reports.county_table(atlas, view))
