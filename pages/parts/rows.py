"""The kommune table: the map's rows, with a shared selection and downloads."""

import pyarrow as pa
import streamlit as st

from geo.base.cache import VIEWS, cache_on
from geo.columns import COVERED_PREDECESSORS, EVIDENCE, FYLKE, HUB_IDS, PROJECT_IDS, STATE
from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.exports.formats import FORMATS
from geo.exports.rows import count
from geo.report import tables
from geo.text.messages import Messages
from geo.text.numbers import number
from pages.parts import address, downloads

KEY = "rows"
REPEATED = (FYLKE, STATE, EVIDENCE, PROJECT_IDS, HUB_IDS, COVERED_PREDECESSORS)
_HEIGHT, _HEAD, _ROW = 213, 38, 35  # pixels: the tallest table, its header, a row
_FORMAT_WIDTH = 240
_CATEGORIES = pa.dictionary(pa.int16(), pa.string())  # repeated texts are sent once


def draw(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw the table with its downloads; selecting a row selects the kommune on the map."""
    table = _table(dataset, view.but(kommune="", colour=View().colour, points=True, lines=False))
    total = len(dataset.register.kommuner(view.year))
    st.header(t("kart.table"), anchor=False)
    if not len(table):
        st.info(t("kart.empty_table"))
        return
    with st.container(key="row-tools", horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(t("kart.table_rows", rows=len(table), total=total, year=view.year))
        st.checkbox(
            t("kart.uncovered_too"),
            value=view.uncovered,
            key="uncovered",
            on_change=lambda: address.go(uncovered=st.session_state["uncovered"]),
        )
        _downloads(dataset, view, t, len(table))
    numbers = table.column(0).to_pylist()
    _select(f"{KEY}-{view.lang}", _chosen(dataset, view, numbers))
    st.dataframe(
        table,
        hide_index=True,
        height=min(_HEIGHT, _HEAD + _ROW * len(table)),
        key=f"{KEY}-{view.lang}",
        on_select=lambda: _selected(numbers, view),
        selection_mode=["single-row", "single-cell"],
        alt=t("kart.table_alt"),
    )


def _downloads(dataset: Dataset, view: View, t: Messages, shown: int) -> None:
    code = st.selectbox(
        t("export.format"),
        list(FORMATS),
        label_visibility="collapsed",
        format_func=lambda code: FORMATS[code].label(view.lang),
        key="format",
        width=_FORMAT_WIDTH,
    )
    chosen = FORMATS[code]
    for full, rows in ((False, shown), (True, count(dataset, view))):
        downloads.download(
            dataset,
            t.plural("export.all" if full else "export.shown", rows, number(rows, view.lang)),
            # Written on click, not at every rerun.
            lambda full=full: chosen.write(dataset, view, full=full),
            chosen.filename(dataset, view, full=full),
            chosen.media_type,
            key=f"download-{full}",
        )


@cache_on(VIEWS)
def _table(dataset: Dataset, view: View) -> pa.Table:
    said = {heading for heading, known in _said_in_the_title(dataset, view).items() if known}
    repeated = set(tables.headings(dataset, view.lang, REPEATED).values())
    columns = {
        heading: pa.array(texts, _CATEGORIES if heading in repeated else pa.string())
        for heading, texts in tables.page_columns(dataset, view).items()
        if heading not in said and any(texts)
    }
    return pa.table(columns)


def _said_in_the_title(dataset: Dataset, view: View) -> dict[str, bool]:
    """Return the columns by whether the title already says their only value."""
    names = tables.headings(dataset, view.lang, (FYLKE, PROJECT_IDS))
    return {names[FYLKE]: len(view.fylke) == 1, names[PROJECT_IDS]: len(view.project) == 1}


def _chosen(dataset: Dataset, view: View, numbers: list[str]) -> list[int]:
    if not view.kommune:
        return []
    # A former kommune may have a row of its own; otherwise select the one with most of its land.
    wanted = (view.kommune, *dataset.register.now(view.kommune, view.year))
    return [numbers.index(nr) for nr in wanted if nr in numbers][:1]


def _select(key: str, rows: list[int]) -> None:
    """Select the rows of the kommune in the URL, for example after a click on the map."""
    shown = (st.session_state.get(key) or {}).get("selection", {}).get("rows", [])
    if list(shown) != rows:
        st.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}


def _selected(numbers: list[str], view: View) -> None:
    state = st.session_state.get(f"{KEY}-{view.lang}") or {}
    chosen = state.get("selection", {})
    # A press anywhere in a row chooses it.
    rows = [row for row, _ in chosen.get("cells", ())] or chosen.get("rows", [])
    address.go(kommune=numbers[rows[0]] if rows and rows[0] < len(numbers) else "")
