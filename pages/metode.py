"""The method page: how coverage is counted, definitions, and limitations."""

import streamlit as st

from geo.columns import ASSUMPTION_ID, PROJECT_ID, SOURCE_IDS
from geo.dataset.package import split_ids
from geo.report.provenance import independent, limits, method_sections
from geo.report.sources import sources
from geo.report.wording import shortened
from geo.text import languages
from pages.parts import address, data_text, links
from pages.parts.plain import plain

PARTS = ("published", "missing", "assumed", "reasons", "alternatives", "against", "settled_by")

dataset, view, t, _ = address.read()
st.title(t("metode.title"), anchor=False)
for heading, text in method_sections(dataset, t):
    st.header(heading, anchor=False)
    st.markdown(text)
st.header(t("metode.assumptions"), anchor=False)
for assumption in dataset.package["assumptions"].to_dict("records"):
    project = dataset.project(str(assumption[PROJECT_ID]))
    name = plain(shortened(project["name"]))
    st.subheader(f"{assumption[ASSUMPTION_ID]}: {name}", anchor=False)
    for part in PARTS:
        said = languages.data_text(assumption, part, view.lang)
        data_text.paragraph(said, t, t(f"metode.{part}"))
    links.source_list(sources(dataset, split_ids(assumption[SOURCE_IDS])), t)
if dataset.package["assumptions"].empty:
    st.write(t("metode.no_assumptions"))
st.header(t("metode.limits"), anchor=False)
found = [data_text.line(said, t) for said in limits(dataset, view.lang)]
found += t("metode.limits_text").splitlines()
st.markdown("\n".join(f"- {line}" for line in found))
for heading in ("access", "privacy"):
    st.header(t(f"metode.{heading}"), anchor=False)
    st.markdown(t(f"metode.{heading}_text"))
if said := independent(dataset, t):
    st.header(t("metode.independent"), anchor=False)
    st.markdown(plain(said))
