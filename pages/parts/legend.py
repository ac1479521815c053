"""The legend of the map in the panel: looks, counts, and how sure each project is."""

import html

import streamlit as st

from geo.coverage.dataset import Dataset
from geo.coverage.join import Coverage
from geo.coverage.view import View
from geo.report.legend import LegendEntry, legend
from geo.text.messages import Messages
from geo.text.numbers import number
from geo.webmap import structures
from geo.webmap.swatches import evidence_bar, swatch
from pages.parts import address


def draw(dataset: Dataset, found: Coverage, view: View, t: Messages) -> None:
    """Draw a line for each look on the map, those of the projects first."""
    entries = legend(dataset, found, view, t)
    if year := address.swipe():
        entries = [*entries, *structures.more_lines(dataset, view, year)]
    most = max((entry.count or 0 for entry in entries if entry.evidence), default=1)
    items = "".join(_item(entry, most, view.lang) for entry in entries)
    st.html(f'<h2>{html.escape(t("map.legend"))}</h2><ul class="legend">{items}</ul>')


def _item(entry: LegendEntry, most: int, language: str) -> str:
    count = "" if entry.count is None or entry.told else number(entry.count, language)
    bar = evidence_bar(entry.look.fill, entry.evidence, most) if entry.evidence else ""
    kind = "" if entry.evidence else ' class="quiet"'
    label = html.escape(entry.label)
    return f"<li{kind}>{swatch(entry.look)}<span>{label}</span>{bar}<b>{count}</b></li>"
