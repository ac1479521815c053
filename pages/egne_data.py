"""The upload page: open your own data package, see its issues, and use it on every page."""

import html
from collections.abc import Sequence

import streamlit as st

from geo.coverage.view import View
from geo.dataset.package import DESCRIPTOR
from geo.text.messages import Messages
from geo.uploads import template
from geo.uploads.dropped import Dropped
from geo.uploads.opened import Opened, opened
from geo.validation.issue import Issue
from pages.parts import address
from pages.parts.plain import plain

KINDS = ("zip", "csv", "xlsx", "json")
MOST_SHOWN = 100
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_READ = "own-data-read"


def drop(t: Messages) -> None:
    """Draw the upload field; new files are validated at once and used if they are valid."""
    files = st.file_uploader(
        t("egne_data.drop"), type=KINDS, accept_multiple_files=True, key="own-data-files"
    )
    seen = tuple(file.file_id for file in files)
    if not files or seen == st.session_state.get(_READ, ((), None))[0]:
        return
    # A corrected file is uploaded again: of two files with one name the later counts, and a zip
    # replaces everything uploaded before it.
    latest: dict[str, Dropped] = {}
    for file in files:
        if file.name.lower().endswith(".zip"):
            latest.clear()
        latest[file.name] = Dropped(file.name, file.getvalue())
    with st.spinner(t("egne_data.reading")):
        result = opened(list(latest.values()), t.language)
    st.session_state[_READ] = seen, Opened(None, result.issues, result.notes)
    if result.dataset is not None:
        address.take(result.dataset)
        st.rerun()


def outcome(view: View, t: Messages) -> None:
    """Draw the result of the last upload: that the data are in use, or their issues."""
    result: Opened | None = st.session_state.get(_READ, ((), None))[1]
    if result is None:
        return
    if result.issues:
        issues(result.issues, t)
        if address.own() is not None:
            st.info(t("egne_data.kept"))
    elif address.own() is not None:
        st.success(t("egne_data.fine"))
        st.page_link("kart.py", label=t("egne_data.to_map"), query_params=address.query(view))
    if result.notes:
        st.markdown(f"**{t('egne_data.read_as')}**")
        st.markdown("\n".join(f"- {plain(note)}" for note in result.notes))


def issues(found: Sequence[Issue], t: Messages) -> None:
    """Draw every issue with file, row and column, and advice."""
    st.error(t.plural("egne_data.found", len(found)))
    items = "".join(
        f"<li><b>{html.escape(one.place(t))}</b> {html.escape(one.message)}</li>"
        for one in found[:MOST_SHOWN]
    )
    st.html(f'<ul class="problems">{items}</ul>')
    if len(found) > MOST_SHOWN:
        st.caption(t("egne_data.more", n=MOST_SHOWN, total=len(found)))


def begin(t: Messages) -> None:
    """Draw the empty template, and what its tables contain."""
    st.header(t("egne_data.start"), anchor=False)
    st.write(t("egne_data.start_how"))
    name = t("egne_data.file_template")
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            t("egne_data.template_zip"),
            data=lambda: template.package(t.language),
            file_name=f"{name}.zip",
            mime="application/zip",
            on_click="ignore",
            key="template-zip",
        )
        st.download_button(
            t("egne_data.template_xlsx"),
            data=lambda: template.workbook(t.language),
            file_name=f"{name}.xlsx",
            mime=_XLSX,
            on_click="ignore",
            key="template-xlsx",
        )
    with st.expander(t("egne_data.tables")):
        lines = (
            f"- **{table}** ({t(f'egne_data.{demand}')}): {t(f'egne_data.holds_{table}')}"
            for table, demand in template.demands()
        )
        st.markdown("\n".join([*lines, f"- **{DESCRIPTOR}**: {t('egne_data.holds_descriptor')}"]))


_, view, t, _ = address.read()
st.title(t("egne_data.title"), anchor=False)
st.write(t("egne_data.intro"))
drop(t)
outcome(view, t)
begin(t)
