"""The view in every structure year: small maps, the swipe between two, and what changed."""

import html
from collections.abc import Iterable
from urllib.parse import urlencode

import streamlit as st

from geo.coverage.dataset import Dataset
from geo.coverage.fylke_years import in_year
from geo.coverage.view import View
from geo.places.changes import KINDS, SPLIT
from geo.text.messages import Messages
from geo.text.numbers import number
from geo.webmap import structures
from geo.webmap.structures import Named, Told
from pages.parts import address
from pages.parts.plain import plain

_COMPARE, CHOOSE = "compare", "choose"


def draw(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw a card for each structure year, and what happened between two of them."""
    with st.container(key="structures", horizontal=True, gap="small"):
        for year in dataset.choices.years:
            _card(dataset, view, year)
    if len(dataset.choices.years) < 2:
        return
    _compare(dataset, view, t)
    _changes(dataset, view, t)


def _card(dataset: Dataset, view: View, year: int) -> None:
    there = in_year(dataset, view, year)
    drawn = html.escape(structures.small_map(dataset, there))
    said, same = structures.counted(dataset, there)
    with st.container(key=f"card-{year}"):
        st.html(f'<i class="small-map" aria-hidden="true" data-small="{drawn}"></i>')
        st.button(
            f"**{year}**\n\n{plain(said)}\n\n:small[{plain(same)}]",
            key=f"structure-{year}",
            on_click=address.go,
            kwargs={"year": year},
            type="primary" if year == view.year else "secondary",
            width="stretch",
        )


def _compare(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw the choice of the year that the map shows beside the view's."""
    st.session_state[_COMPARE] = address.swipe() or None
    st.segmented_control(
        t("structures.compare", year=view.year),
        [year for year in dataset.choices.years if year != view.year],
        key=_COMPARE,
        on_change=lambda: address.put(address.SWIPE, str(st.session_state[_COMPARE] or "")),
    )


def _changes(dataset: Dataset, view: View, t: Messages) -> None:
    other = structures.compared(dataset, view, address.swipe())
    found = structures.changes_of(dataset, view, other)
    span = {"first": found.first, "last": found.last}
    parts = [f"<h2>{html.escape(t('structures.changes', **span))}</h2>"]
    if found.here:
        parts.append(_listed(found.here, view, t))
    else:
        parts.append(f"<p>{html.escape(t('structures.none', **span))}</p>")
    if n := len(found.elsewhere):
        text = t.plural("structures.rest", n, number(n, view.lang))
        rest = _listed(found.elsewhere, view, t)
        parts.append(f"<details><summary>{html.escape(text)}</summary>{rest}</details>")
    st.html(f'<div class="changes">{"".join(parts)}</div>')
    # A press on a name: shell.js writes its number here, so that no page is loaded anew.
    st.text_input(
        t("structures.choose"), key=CHOOSE, label_visibility="collapsed", on_change=_chosen
    )


def _chosen() -> None:
    number_of, _, _ = str(st.session_state[CHOOSE]).partition(" ")
    if number_of in address.read()[0].choices.kommuner:
        address.go(kommune=number_of)


def _listed(found: Iterable[Told], view: View, t: Messages) -> str:
    """Return the changes as HTML, a list of each kind."""
    parts = []
    for kind in KINDS:
        own = [one for one in found if one.kind == kind]
        if own:
            items = "".join(f"<li>{_sentence(one, view, t)}</li>" for one in own)
            title = html.escape(t(f"structures.{kind}", n=number(len(own), view.lang)))
            parts.append(f"<section><h3>{title}</h3><ul>{items}</ul></section>")
    return f'<div class="kinds">{"".join(parts)}</div>'


def _sentence(told: Told, view: View, t: Messages) -> str:
    verb, arrow = ("became", "→") if told.kind == SPLIT else ("made_of", "←")
    pieces = ", ".join(_piece(one, form, view, t) for one, form in told.pieces)
    sign = f'<i aria-hidden="true">{arrow}</i>'
    said = f'<span class="aside">{html.escape(t(f"structures.{verb}"))}</span>'
    return f"{_link(told.kommune, view)} ({told.kommune.year}) {sign}{said} {pieces}"


def _piece(one: Named, form: str, view: View, t: Messages) -> str:
    before, after = structures.around(t, form)
    return f"{html.escape(before)}{_link(one, view)}{html.escape(after)}"


def _link(one: Named, view: View) -> str:
    query = html.escape(urlencode(address.query(view.but(kommune=one.kommunenr))))
    name = html.escape(one.label)
    return f'<a href="?{query}" data-kommune="{one.kommunenr}">{name}</a>'
