"""The address bar is the only memory: read the view from it, write choices to it."""

from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from geo.atlas import Atlas, current
from geo.fylke_years import carried
from geo.messages import Messages, messages
from geo.view import BESIDE, Ignored, View, from_query, permalink, to_query

DATA, TABLE, FIND = BESIDE
OF_A_PAGE = (TABLE, FIND)


def read() -> tuple[Atlas, View, Messages, list[Ignored]]:
    """Return the atlas, the view in the address, its texts, and what was not understood."""
    atlas = current()
    view, ignored = from_query(st.query_params, atlas.choices)
    return atlas, view, messages(view.lang), ignored


def here() -> View:
    """Return the view that the address holds now."""
    return from_query(st.query_params, current().choices)[0]


def go(**changes: Any) -> None:
    """Change some choices in the address."""
    view = here()
    if "year" in changes and changes["year"] != view.year:
        # Numbers of fylker belong to their year; the choice follows what they became.
        changes.setdefault("fylke", carried(current(), view.fylke, view.year, changes["year"]))
    beside = {name: text for name in OF_A_PAGE if (text := st.query_params.get(name))}
    st.query_params.from_dict({**to_query(view.but(**changes)), **beside})


def put(name: str, text: str) -> None:
    """Write what belongs to one page into the address; an empty text takes it out."""
    if text:
        st.query_params[name] = text
    else:
        st.query_params.pop(name, None)


def link(view: View) -> str:
    """Return an address that spells out every choice of the view."""
    whole = urlsplit(st.context.url or "")
    base = whole._replace(path=whole.path or "/", query="", fragment="").geturl()
    return permalink(view, base, current().data_version)
