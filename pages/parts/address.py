"""The address bar is the only memory: read the view from it, write choices to it."""

from typing import Any

import streamlit as st

from geo.atlas import Atlas, current
from geo.messages import Messages, messages
from geo.view import Ignored, View, from_query, permalink, to_query


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
        # Numbers of fylker belong to their year; keep those that the new year has too.
        known = current().choices.fylker[changes["year"]]
        changes.setdefault("fylke", tuple(nr for nr in view.fylke if nr in known))
    st.query_params.from_dict(to_query(view.but(**changes)))


def link(view: View) -> str:
    """Return an address that spells out every choice of the view."""
    base = (st.context.url or "").split("?")[0]
    return permalink(view, base, current().data_version)
