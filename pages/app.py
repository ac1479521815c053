"""The entry script: which pages there are, in which language, and what stands above them all."""

import streamlit as st

from pages.parts import address, header, notices

atlas, view, t, ignored = address.read()
st.set_page_config(page_title=t("common.name"), layout="wide")
ROOMS = {
    "kart": "kart.py",
    "prosjekter": "prosjekter.py",
    "fylker": "fylker.py",
    "data": "data_og_kilder.py",
    "metode": "metode.py",
    "brief": "brief.py",
}
pages = [
    st.Page(file, title=t(f"common.page_{path}"), url_path=path, default=path == "kart")
    for path, file in ROOMS.items()
]
chosen = st.navigation(pages, position="hidden")
if not address.alone():
    header.draw(pages, view, t)
    notices.draw(atlas, view, t, ignored)
chosen.run()
