"""The URL holds the state: read the view from it, write choices to it."""

from typing import Any
from urllib.parse import SplitResult, urlsplit

import streamlit as st

from geo.base.links import base_url, inner_path
from geo.coverage.dataset import Dataset
from geo.coverage.fylke_years import carried
from geo.coverage.view import NON_VIEW_PARAMS, Ignored, View, from_query, permalink, to_query
from geo.settings import PAGES
from geo.text.messages import Messages
from geo.versions.versions import dataset_version
from geo.webmap import structures

DATA, TABLE, FIND, BRIEF, DRAWER, SWIPE = NON_VIEW_PARAMS
_OWN = "own-data"


def own() -> Dataset | None:
    """Return the data uploaded in this session, if any."""
    found: Dataset | None = st.session_state.get(_OWN)
    return found


def take(dataset: Dataset) -> None:
    """Use uploaded data from now on; they are held by the session only."""
    st.session_state[_OWN] = dataset
    put(DATA, "")


def give_back() -> None:
    """Stop using the uploaded data, and reset the choices made in them."""
    lang = read()[1].lang
    st.session_state.pop(_OWN, None)
    st.query_params.from_dict(to_query(View(lang=lang)))


def read() -> tuple[Dataset, View, Messages, list[Ignored]]:
    """Return the dataset, the view in the URL, its messages, and what was not understood."""
    dataset = own() or dataset_version(st.query_params.get(DATA, ""))
    view, ignored = from_query(st.query_params, dataset.choices)
    return dataset, view, dataset.messages(view.lang), ignored


def here() -> View:
    """Return the view in the URL."""
    return read()[1]


def alone() -> bool:
    """Return whether only the map is shown, for a briefing or an embed."""
    return own() is None and st.query_params.get(BRIEF) == "1"


def go(**changes: Any) -> None:
    """Change some choices in the URL."""
    dataset, view, _, _ = read()
    if "year" in changes and changes["year"] != view.year:
        # County numbers belong to a year; carry the choice over to the counties that succeeded
        # them.
        changes.setdefault("fylke", carried(dataset, view.fylke, view.year, changes["year"]))
    others = {name: text for name in NON_VIEW_PARAMS if (text := st.query_params.get(name))}
    if others.get(SWIPE) == str(changes.get("year")):
        others[SWIPE] = str(view.year)  # the two change sides
    st.query_params.from_dict({**_query(dataset, view.but(**changes)), **others})


def swipe() -> int:
    """Return the structure year that the map shows beside the view's; 0 for none."""
    dataset, view, _, _ = read()
    return structures.swiped(dataset, view, st.query_params.get(SWIPE, ""))


def query(view: View) -> dict[str, str]:
    """Return the query that carries a view, and its data version, to another page."""
    frozen = st.query_params.get(DATA)
    return {**_query(read()[0], view), **({DATA: frozen} if frozen else {})}


def _query(dataset: Dataset, view: View) -> dict[str, str]:
    return to_query(view, dataset.choices.default_year)


def put(name: str, text: str) -> None:
    """Set a page's own parameter in the URL; an empty text removes it."""
    if text:
        st.query_params[name] = text
    else:
        st.query_params.pop(name, None)


def link(view: View, data_version: str = "") -> str:
    """Return a link with every choice of the view; a permalink if it has a data version.

    Empty for uploaded data, which no link leads to.
    """
    if own() is not None:
        return ""
    beside = 0 if page() else swipe()
    return permalink(view, base() + page(), data_version) + (f"&{SWIPE}={beside}" if beside else "")


def base() -> str:
    """Return the URL of the front page, for links to copy.

    Without GEO_BASE_URL it is what the user's own browser reports, so it must not get into anything
    that others are sent.
    """
    whole = _browser_url()
    return base_url() or f"{whole.scheme}://{whole.netloc}/"


def page() -> str:
    """Return the path of the current page, without a leading slash."""
    found = (inner_path(_browser_url().path) or "").strip("/")
    return found if found in PAGES else ""


def _browser_url() -> SplitResult:
    try:
        return urlsplit(st.context.url or "")
    except ValueError:  # not a URL, which no browser sends
        return urlsplit("")
