"""The Streamlit entry script: navigation, language, header and notices."""

from datetime import timedelta

import streamlit as st

from geo.server import metrics
from geo.settings import PAGES
from pages.parts import address, downloads, header, notices, report_error

dataset, view, t, ignored = address.read()
st.set_page_config(page_title=t("common.name"), layout="wide")
FILES = (
    "kart.py",
    "prosjekter.py",
    "fylker.py",
    "data_og_kilder.py",
    "metode.py",
    "rettelser.py",
    "brief.py",
    "egne_data.py",
)
pages = [
    st.Page(file, title=t(f"common.page_{path}"), url_path=path, default=path == "kart")
    for path, file in zip(("kart", *PAGES), FILES, strict=True)
]
chosen = st.navigation(pages, position="hidden")
on_map = chosen == pages[0]
downloads.hold()
if not address.alone():
    header.draw(pages, dataset, view, t, on_map=on_map)
    notices.draw(dataset, view, t, ignored)
with metrics.RERUNS.time():
    chosen.run()
if not on_map:
    report_error.draw(dataset, view, t)


@st.fragment(run_every=timedelta(days=1))
def _come_back() -> None:
    """Draw nothing: with a timed fragment on the page, browsers reconnect to another replica."""


_come_back()
