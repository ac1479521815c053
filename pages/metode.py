"""The method: how it is counted, what the words mean, and where it ends."""

import streamlit as st

from geo.package import split_ids
from geo.sources import sources
from pages.parts import address
from pages.parts.figures import source_link

SECTIONS = ("counting", "states", "evidence", "people", "money", "borders")
PARTS = ("published", "missing", "assumed", "reasons", "alternatives", "against", "settled_by")

atlas, view, t, _ = address.read()
st.title(t("metode.title"), anchor=False)
for section in SECTIONS:
    st.header(t(f"metode.{section}"), anchor=False)
    st.markdown(t(f"metode.{section}_text"))
st.header(t("metode.assumptions"), anchor=False)
for assumption in atlas.package["assumptions"].to_dict("records"):
    project = atlas.project(str(assumption["project_id"]))
    st.subheader(f"{assumption['assumption_id']}: {project['name']}", anchor=False)
    for part in PARTS:
        st.markdown(f"**{t('metode.' + part)}:** {assumption[f'{part}_{view.lang}']}")
    cited = sources(atlas, split_ids(assumption["source_ids"]))
    links = "; ".join(source_link(source.cite(view.lang), source.url) for source in cited)
    st.markdown(f"**{t('kart.sources')}:** {links}")
st.header(t("metode.limits"), anchor=False)
st.markdown(t("metode.limits_text"))
