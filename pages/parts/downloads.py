"""Pictures and downloads; those of uploaded data are served only while the tab is open."""

import html
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo.base.links import own_path
from geo.coverage.dataset import Dataset
from geo.webmap import seats
from pages.parts import address

_PNG = "image/png"


def hold() -> None:
    """Tie the session, and uploaded data if there are any, to its WebSocket."""
    dataset, running = address.own(), get_script_run_ctx()
    if running is not None:
        steps = _freeing(running.session_id) if dataset is not None else ()
        seats.hold(_seat(), running.session_id, dataset, steps)


def _freeing(session_id: str) -> tuple[Callable[[], None], ...]:
    """Return the steps that free a closed session; its downloads can only go in a second one."""
    runtime = get_instance()

    def close() -> None:
        if not runtime.is_active_session(session_id):
            runtime.close_session(session_id)

    return close, runtime.media_file_mgr.remove_orphaned_files


def _seat() -> str:
    return st.context.headers.get(seats.HEADER, "")


def download(
    dataset: Dataset,
    label: str,
    data: bytes | Callable[[], bytes],
    name: str,
    mime: str,
    **looks: Any,
) -> None:
    """Draw a download button; a callable `data` is run on click."""
    kept = seats.marked(mime, _seat()) if dataset.package.private else mime
    st.download_button(label, data=data, file_name=name, mime=kept, on_click="ignore", **looks)


def picture(dataset: Dataset, content: bytes, place: str, text: str, caption: str = "") -> None:
    """Draw a PNG as wide as the page; `place` identifies it, `text` is its alternative text."""
    if not dataset.package.private:
        st.image(content, caption=caption or None, width="stretch", alt=text)
        return
    # st.image cannot tie the file to a session.
    url = get_instance().media_file_mgr.add(content, seats.marked(_PNG, _seat()), place)
    said = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
    shown = f'<img src="{html.escape(own_path(url))}" alt="{html.escape(text)}">'
    st.html(f'<figure class="own-picture">{shown}{said}</figure>')
