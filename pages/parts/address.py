"""The address bar is the only memory: read the view from it, write choices to it."""

from typing import Any
from urllib.parse import SplitResult, urlsplit

import streamlit as st

from geo.base.links import base_url, inner_path
from geo.coverage.dataset import Dataset
from geo.coverage.fylke_years import carried
from geo.coverage.view import NON_VIEW_PARAMS, Ignored, View, from_query, permalink, to_query
from geo.settings import PAGES
from geo.text.messages import Messages, messages
from geo.versions.versions import dataset_version

DATA, TABLE, FIND, BRIEF = NON_VIEW_PARAMS
_OWN = "own-data"


def own() -> Dataset | None:
    """Return the reader's own data, where they have dropped some in this session."""
    found: Dataset | None = st.session_state.get(_OWN)
    return found


def take(dataset: Dataset) -> None:
    """Show the reader's own data from now on; the session is all that holds them."""
    st.session_state[_OWN] = dataset
    put(DATA, "")


def give_back() -> None:
    """Forget the reader's own data, and the choices that were made in them."""
    lang = read()[1].lang
    st.session_state.pop(_OWN, None)
    st.query_params.from_dict(to_query(View(lang=lang)))


def read() -> tuple[Dataset, View, Messages, list[Ignored]]:
    """Return the dataset, the view in the address, its texts, and what was not understood."""
    dataset = own() or dataset_version(st.query_params.get(DATA, ""))
    view, ignored = from_query(st.query_params, dataset.choices)
    return dataset, view, messages(view.lang), ignored


def here() -> View:
    """Return the view that the address holds now."""
    return read()[1]


def alone() -> bool:
    """Whether the map stands alone, for a briefing or in somebody else's page."""
    return own() is None and st.query_params.get(BRIEF) == "1"


def go(**changes: Any) -> None:
    """Change some choices in the address."""
    dataset, view, _, _ = read()
    if "year" in changes and changes["year"] != view.year:
        # Numbers of fylker belong to their year; the choice follows what they became.
        changes.setdefault("fylke", carried(dataset, view.fylke, view.year, changes["year"]))
    beside = {name: text for name in NON_VIEW_PARAMS if (text := st.query_params.get(name))}
    st.query_params.from_dict({**_query(dataset, view.but(**changes)), **beside})


def query(view: View) -> dict[str, str]:
    """Return the parameters that carry a view, and the data it was made with, to another page."""
    frozen = st.query_params.get(DATA)
    return {**_query(read()[0], view), **({DATA: frozen} if frozen else {})}


def _query(dataset: Dataset, view: View) -> dict[str, str]:
    return to_query(view, dataset.choices.default_year)


def put(name: str, text: str) -> None:
    """Write what belongs to one page into the address; an empty text takes it out."""
    if text:
        st.query_params[name] = text
    else:
        st.query_params.pop(name, None)


def link(view: View, data_version: str = "") -> str:
    """Return an address that spells out every choice of the view; with a version it is frozen.

    Empty for the reader's own data: no address leads to them.
    """
    if own() is not None:
        return ""
    return permalink(view, base() + page(), data_version)


def base() -> str:
    """Return the address of the dashboard's first page, as the reader may copy it.

    Where the server was given none, it is what the reader's browser says: for that reader only,
    and never drawn into anything.
    """
    whole = _told()
    return base_url() or f"{whole.scheme}://{whole.netloc}/"


def page() -> str:
    """Return the path of the page that is shown, without a slash before it."""
    found = (inner_path(_told().path) or "").strip("/")
    return found if found in PAGES else ""


def _told() -> SplitResult:
    try:
        return urlsplit(st.context.url or "")
    except ValueError:  # no browser says such a thing
        return urlsplit("")
