"""The counties: how much is covered, and above all who is not."""

import streamlit as st

from geo.columns import NAME
from geo.coverage import counties
from geo.coverage.dataset import Atlas
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.report import display_tables
from geo.report.titles import credit, summary, title
from geo.text.messages import Messages
from pages.parts import address, chart, filters, links, sheet
from pages.parts.plain import plain


def county(atlas: Atlas, view: View, fylkesnr: str, t: Messages) -> None:
    """Draw one county: the uncovered first, then the covered, then the map."""
    own = view.but(fylke=(fylkesnr,), kommune="")
    found = coverage(atlas, own)
    st.header(plain(title(atlas, found, own)), anchor=False)
    st.write(plain(summary(atlas, found, own)))
    uncovered(atlas, own, fylkesnr, t)
    covered(atlas, own, found.sums.kommuner, t)
    with st.spinner(t("common.drawing")):
        chart.draw(atlas, own, key=f"county-map-{fylkesnr}", selects=False)
    links.source_line(credit(atlas, own))


def uncovered(atlas: Atlas, own: View, fylkesnr: str, t: Messages) -> None:
    """Draw who has no hub, how many people that is, and which hub is nearest."""
    left = counties.uncovered(atlas, own, fylkesnr)
    heading = t.plural("fylker.uncovered", len(left))
    st.subheader(heading, anchor=False)
    if left.empty:
        st.success(t("fylker.all_covered"))
        return
    sheet.draw(display_tables.uncovered_table(atlas, own, fylkesnr), heading)
    st.caption(t("fylker.distance"))


def covered(atlas: Atlas, own: View, kommuner: int, t: Messages) -> None:
    """Draw who is served, wholly or partly, by whom, and on what grounds."""
    heading = t.plural("fylker.covered", kommuner)
    st.subheader(heading, anchor=False)
    if not kommuner:
        st.info(t("fylker.none_covered"))
        return
    sheet.draw(display_tables.covered_table(atlas, own), heading)


atlas, view, t, _ = address.read()
st.title(t("fylker.title", year=view.year), anchor=False)
filters.year(atlas, view, t)
filters.one_fylke(atlas, view, t)
for fylkesnr in view.fylke:
    county(atlas, view, fylkesnr, t)
if not view.fylke:
    st.write(t("fylker.how", n=len(atlas.register.fylker(view.year)[NAME]), year=view.year))
st.header(t("fylker.all", year=view.year), anchor=False)
sheet.draw(display_tables.county_table(atlas, view), t("fylker.all", year=view.year))
links.source_line(credit(atlas, view))
links.share(atlas, view, t)
