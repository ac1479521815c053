"""The data page: every table with its sources, data quality, and the package to download."""

import streamlit as st

from geo.base.links import API, base_url, own_path
from geo.coverage.dataset import Dataset
from geo.dataset.licence import is_ours, licence
from geo.dataset.package import archive
from geo.drawings.verdicts import Shown
from geo.report import display_tables, provenance
from geo.report.claims import check
from geo.report.sources import said_by, sources
from geo.text.messages import Messages
from geo.versions.reload import current
from pages.parts import address, claims_list, downloads, fetching, links
from pages.parts.plain import plain


def choose(dataset: Dataset, t: Messages) -> tuple[str, str]:
    """Draw the choice of a table and its search field; both are in the URL."""
    names = [str(one["name"]) for one in dataset.package.descriptor["resources"]]
    asked = st.query_params.get(address.TABLE, names[0])
    st.session_state["table"] = asked if asked in names else names[0]
    st.session_state["table-search"] = st.query_params.get(address.FIND, "")
    name = st.selectbox(
        t("data.table"),
        names,
        format_func=lambda one: (
            f"{provenance.table_name(dataset, one, t.language)} "
            f"({provenance.table_file(dataset, one)})"
        ),
        filter_mode=None,
        key="table",
        on_change=lambda: address.put(address.TABLE, st.session_state["table"]),
    )
    search = st.text_input(
        t("data.search"),
        key="table-search",
        placeholder=t("data.search_hint"),
        max_chars=60,
        on_change=lambda: address.put(address.FIND, st.session_state["table-search"]),
    )
    return str(name), search


def table(dataset: Dataset, name: str, search: str, t: Messages) -> None:
    """Draw a table of the package, only rows that contain the search text, and its sources."""
    found = display_tables.data_table(dataset, name, search)
    st.caption(t.plural("data.rows", len(dataset.package[name]), rows=len(found)))
    if found.empty and not search:
        st.info(t("data.no_rows"))
    elif found.empty:
        st.info(t("data.nothing", text=plain(search)))
        st.button(t("data.show_all"), on_click=address.put, args=(address.FIND, ""))
    else:
        headings = provenance.table_headings(dataset, name, t.language)
        st.dataframe(
            found,
            hide_index=True,
            column_config={key: st.column_config.Column(head) for key, head in headings.items()},
            placeholder="",
            alt=provenance.table_name(dataset, name, t.language),
        )
    behind = provenance.table_sources(dataset, name)
    if behind:
        with st.expander(t.plural("data.table_sources", len(behind))):
            links.source_list(behind, t)


def claims(dataset: Dataset, t: Messages) -> None:
    """Draw the claims that the data were held against, if any."""
    found = check(dataset)
    if found:
        st.header(t("prosjekter.claims"), anchor=False)
        claims_list.draw(dataset, Shown.of(found), t)


def boundaries(dataset: Dataset, t: Messages) -> None:
    """Draw which boundary set serves which year, and which files were refused."""
    lines = []
    for year, drawn in dataset.library.by_year.items():
        source = t("data.embedded") if drawn.source == "embedded" else plain(drawn.source)
        line = t("data.boundary", year=year, source=source, base=drawn.base_year)
        shared = len(drawn.shared)
        lines.append(f"- {line} " + t.plural("data.shared", shared, str(shared)))
        if drawn.exact:
            lines[-1] = f"- {line} {t('data.exact')}"
    st.markdown("\n".join(lines))
    owners = dict.fromkeys(drawn.credit_line(t) for drawn in dataset.library.by_year.values())
    st.write(t("data.credit", credits=plain(", ".join(owners))))
    for file, why in dataset.library.refusals.items():
        st.warning(t("data.refused", file=plain(file), why=plain(why)))


def all_sources(dataset: Dataset, t: Messages) -> None:
    """Draw every source with a summary of what it says."""
    says = said_by(dataset, t.language)
    with st.expander(t("data.all_sources", n=len(says))):
        links.source_list(sources(dataset, says), t, says)


dataset, view, t, _ = address.read()
st.title(t("data.title"), anchor=False)
st.write(t("data.intro", version=plain(dataset.data_version)))
downloads.download(
    dataset,
    t("data.download", version=plain(dataset.data_version)),
    lambda: archive(dataset.package, "" if dataset.package.private else base_url()),
    f"{dataset.package.descriptor['name']}-{dataset.data_version}.zip",
    "application/zip",
)
if dataset.package.private:
    st.caption(t("egne_data.no_api"))
else:
    st.link_button(t("data.api"), own_path(f"{API}/"), type="tertiary")
st.header(t("data.tables"), anchor=False)
table(dataset, *choose(dataset, t), t)
claims(dataset, t)
st.header(t("data.flags"), anchor=False)
st.markdown(
    "\n".join(f"- {plain(flag)}" for flag in display_tables.quality_flags(dataset, view.lang))
)
st.header(t("common.sources"), anchor=False)
all_sources(dataset, t)
st.header(t("data.boundaries"), anchor=False)
boundaries(dataset, t)
if not dataset.package.private:
    fetching.draw(current(), t)
st.header(t("data.licence"), anchor=False)
ours = is_ours(dataset.package)
st.markdown(t("data.licences") if ours else plain(licence(dataset.package, view.lang)))
