"""The counties page: coverage of each fylke, uncovered kommuner first."""

import streamlit as st

from geo.columns import NAME
from geo.coverage import counties
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.drawings import county_bars as drawn
from geo.drawings.dress import packed
from geo.report.titles import absence, credit, lead, summary, title
from geo.text.messages import Messages
from pages.parts import address, chart, filters, links
from pages.parts.plain import plain


def county(dataset: Dataset, view: View, fylkesnr: str, t: Messages) -> None:
    """Draw one county: all its people, uncovered kommuner, covered ones, then the map."""
    own = view.but(fylke=(fylkesnr,), kommune="")
    found = coverage(dataset, own)
    st.header(plain(title(dataset, found, own)), anchor=False)
    st.write(plain(lead(dataset, found, own)))
    st.html(drawn.people_bar(dataset, own, t, packed))
    with st.expander(t("kart.how")):
        st.write(plain(summary(dataset, found, own)))
    uncovered(dataset, own, fylkesnr, t)
    covered(dataset, own, found.totals.kommuner, t)
    with st.spinner(t("common.drawing")):
        chart.draw(dataset, own, key=f"county-map-{fylkesnr}", selects=False)
    links.source_line(credit(dataset, own))


def uncovered(dataset: Dataset, own: View, fylkesnr: str, t: Messages) -> None:
    """Draw the uncovered kommuner, how many people live there, and the nearest hub."""
    left = counties.uncovered(dataset, own, fylkesnr)
    st.subheader(t.plural("fylker.uncovered", len(left)), anchor=False)
    if left.empty:
        st.success(t("fylker.all_covered"))
        return
    st.html(drawn.uncovered_list(dataset, own, t, {}, packed))
    if not dataset.without_hubs:
        st.caption(f"{t('fylker.distance')} {absence(dataset, t.language)}")


def covered(dataset: Dataset, own: View, kommuner: int, t: Messages) -> None:
    """Draw the covered kommuner, wholly or partly, with hubs and evidence."""
    st.subheader(t.plural("fylker.covered", kommuner), anchor=False)
    if not kommuner:
        st.info(t("fylker.none_covered"))
        return
    st.html(drawn.covered_list(dataset, own, t, {}, packed))


dataset, view, t, _ = address.read()
st.title(t("fylker.title", year=view.year), anchor=False)
filters.year(dataset, view, t)
filters.one_fylke(dataset, view, t)
for fylkesnr in view.fylke:
    county(dataset, view, fylkesnr, t)
if not view.fylke:
    st.write(t("fylker.how", n=len(dataset.register.fylker(view.year)[NAME]), year=view.year))
st.header(t("fylker.all", year=view.year), anchor=False)
st.html(drawn.county_list(dataset, view, t, {}, packed))
links.source_line(credit(dataset, view))
links.share(dataset, view, t)
