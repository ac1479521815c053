"""Official data on the data page: what is in use, its origin, and how to update it."""

import streamlit as st

from geo import settings
from geo.coverage.dataset import Dataset
from geo.fetch import job as jobs
from geo.fetch.command import ALL, KINDS
from geo.fetch.job import Job, Phase, Progress
from geo.fetch.staged import Staged
from geo.text.messages import Messages
from geo.text.numbers import number
from geo.versions import official_state
from geo.versions.official_state import Held
from geo.webmap import tiles
from pages.parts import sheet
from pages.parts.plain import plain

_LOOK_EVERY = 1.0  # seconds


def draw(dataset: Dataset, t: Messages) -> None:
    """Draw the official data in use, with buttons to update them if GEO_FETCH_FROM_PAGE is set."""
    held = official_state.held(dataset, t.language)
    st.header(t("fetch.page_title"), anchor=False)
    st.write(t("fetch.page_intro"))
    if tiles.on():
        st.write(tiles.note(t))
    sheet.draw(held.findings, t("fetch.page_findings"))
    _hubs(held, t)
    _files(held, t)
    if not settings.FETCH_FROM_PAGE:
        st.write(t("fetch.page_command"))
        st.code("python -m geo fetch", language="shell")
        return
    st.subheader(t("fetch.page_get"), anchor=False)
    job = jobs.job()
    now = job.progress()
    with st.container(key="fetching"):
        if now.runs:
            _running(job, t)
        elif now.phase is Phase.ASKING:
            _asking(job, now, t)
        else:
            _outcome(now, t)
            _choices(job, held, t)


def _hubs(held: Held, t: Messages) -> None:
    if not held.hubs.empty:
        with st.expander(t("doctor.hubs")):
            st.write(t("fetch.page_hubs_help"))
            sheet.draw(held.hubs, t("doctor.hubs"))


def _files(held: Held, t: Messages) -> None:
    if not held.lock:
        return
    with st.expander(t.plural("fetch.page_files", len(held.files))):
        sheet.draw(held.files, t("fetch.page_lock"))
        st.download_button(
            t("fetch.page_lock"),
            data=held.lock,
            file_name="lock.json",
            mime="application/json",
            on_click="ignore",
            key="lock-file",
        )


@st.fragment(run_every=_LOOK_EVERY)
def _running(job: Job, t: Messages) -> None:
    """Draw the progress of the fetch, every second until it ends."""
    now = job.progress()
    if not now.runs:
        st.rerun()
    share = min(now.count / now.total, 1.0) if now.total else 0.0
    st.progress(share, text=_so_far(now, t))
    for text in now.said:
        st.caption(plain(text))
    if now.phase is Phase.STOPPING:
        st.caption(t("fetch.page_stopping"))
    else:
        st.button(t("fetch.page_stop"), on_click=job.cancel, key="fetch-stop")


def _so_far(now: Progress, t: Messages) -> str:
    label = plain(now.label) or t("fetch.page_begins")
    come = number(now.count / 1000, t.language)
    if now.total:
        total = number(now.total / 1000, t.language)
        return t("fetch.page_of", label=label, come=come, total=total)
    return t("fetch.page_so_far", label=label, come=come)


def _asking(job: Job, now: Progress, t: Messages) -> None:
    """Draw what was fetched and what would change, with buttons to accept or refuse."""
    _reports(now.staged, t)
    st.write(t("fetch.page_ask"))
    with st.container(horizontal=True, gap="small"):
        st.button(t("fetch.page_accept"), on_click=job.accept, type="primary", key="fetch-accept")
        st.button(t("fetch.page_refuse"), on_click=job.refuse, key="fetch-refuse")


def _reports(staged: tuple[Staged, ...], t: Messages) -> None:
    for one in staged:
        lines = one.report(t.language) or [t("fetch.same")]
        st.markdown(f"**{t(f'fetch.{one.what}')}**\n\n" + "\n".join(f"- {plain(s)}" for s in lines))


def _outcome(now: Progress, t: Messages) -> None:
    """Draw the result of the last fetch."""
    if now.phase is Phase.FAILED:
        st.error(f"{t('fetch.page_failed')}\n\n{plain(now.error)}")
    elif now.phase in {Phase.DONE, Phase.RESTORED}:
        st.success(t(f"fetch.page_{now.phase.value}"))
        if not official_state.caught_up():
            _reading(t)
    elif now.phase in {Phase.SAME, Phase.STOPPED, Phase.REFUSED}:
        st.info(t(f"fetch.page_{now.phase.value}"))
        _reports(now.staged, t)


@st.fragment(run_every=_LOOK_EVERY)
def _reading(t: Messages) -> None:
    """Wait until the server has reloaded the data, then redraw the page."""
    if official_state.caught_up():
        st.rerun()
    st.caption(t("fetch.page_reading"))


def _choices(job: Job, held: Held, t: Messages) -> None:
    """Draw a button for each kind of data, and one to restore the previous data."""
    with st.container(horizontal=True, gap="small"):
        for what in (ALL, *KINDS):
            st.button(
                t(f"fetch.page_{what}"), on_click=job.start, args=(what,), key=f"fetch-{what}"
            )
    if held.restorable:
        st.button(t("fetch.page_restore"), on_click=job.restore, key="fetch-restore")
        st.caption(t("fetch.page_restore_help"))
