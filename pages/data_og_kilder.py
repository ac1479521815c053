"""Data and sources: every table, where it comes from, what to beware of, and the package."""

import streamlit as st

from geo import reports
from geo.atlas import Atlas
from geo.claims import check
from geo.messages import Messages
from geo.package import archive
from geo.sources import sources
from pages.parts import address
from pages.parts.figures import source_link


def tables(atlas: Atlas, t: Messages) -> None:
    """Draw one table of the package, with a search over all its cells."""
    resources = {r["name"]: r for r in atlas.package.descriptor["resources"]}
    name = st.selectbox(
        t("data.table"),
        list(resources),
        format_func=lambda one: f"{resources[one]['title']} ({resources[one]['path']})",
        key="table",
    )
    search = st.text_input(t("data.search"), key="table-search", placeholder=t("data.search_hint"))
    found = reports.data_table(atlas, name, search)
    st.caption(t("data.rows", rows=len(found), total=len(atlas.package[name])))
    if found.empty:
        st.info(t("data.nothing", text=search))
        return
    headings = {f["name"]: f.get("title", f["name"]) for f in resources[name]["schema"]["fields"]}
    config = {key: st.column_config.Column(title) for key, title in headings.items()}
    st.dataframe(
        found, hide_index=True, column_config=config, placeholder="", alt=resources[name]["title"]
    )


def deviations(atlas: Atlas, t: Messages) -> None:
    """Draw what does not add up."""
    for one in check(atlas):
        if one.verdict == "deviates":
            st.warning(one.explanation(t.language))


def boundaries(atlas: Atlas, t: Messages) -> None:
    """Draw which boundary set serves which year, and which files were refused."""
    for year, drawn in atlas.library.by_year.items():
        key = "data.boundary_exact" if drawn.exact else "data.boundary_shared"
        source = t("data.embedded") if drawn.source == "embedded" else drawn.source
        st.markdown(
            "- " + t(key, year=year, source=source, base=drawn.base_year, n=len(drawn.shared))
        )
    for refusal in atlas.library.refusals.values():
        st.warning(t("data.refused", why=refusal))


atlas, view, t, _ = address.read()
st.title(t("data.title"), anchor=False)
st.write(t("data.intro", version=atlas.data_version))
st.download_button(
    t("data.download", version=atlas.data_version),
    data=lambda: archive(atlas.package),
    file_name=f"{atlas.package.descriptor['name']}-{atlas.data_version}.zip",
    mime="application/zip",
    on_click="ignore",
)
st.header(t("data.tables"), anchor=False)
tables(atlas, t)
st.header(t("data.deviations"), anchor=False)
deviations(atlas, t)
st.header(t("data.flags"), anchor=False)
for flag in reports.quality_flags(atlas, view.lang):
    st.markdown(f"- {flag}")
st.header(t("data.sources"), anchor=False)
ids = list(atlas.package["sources"]["source_id"])
says = dict(zip(ids, atlas.package["sources"][f"says_{view.lang}"], strict=True))
with st.expander(t("data.all_sources", n=len(ids))):
    for source in sources(atlas, ids):
        link = source_link(source.cite(view.lang), source.url)
        st.markdown(f"**{source.source_id}** {link}. {says[source.source_id]}")
st.header(t("data.boundaries"), anchor=False)
boundaries(atlas, t)
st.header(t("data.licence"), anchor=False)
st.markdown(t("data.licences"))
