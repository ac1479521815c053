"""The link by which a reader tells of a fault, under every page."""

import html

import streamlit as st

from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.report.contact import message
from geo.report.titles import title
from geo.report.wording import shortened
from geo.text.messages import Messages
from pages.parts import address


def draw(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw the link; nothing without an address in the settings, or with uploaded data."""
    if dataset.package.private:
        return
    about = shortened(title(dataset, coverage(dataset, view), view))
    link = address.link(view, dataset.data_version)
    mail = message(about, link, dataset.data_version, view.lang)
    if mail:
        said, how = (html.escape(t(f"corrections.{key}")) for key in ("report", "report_how"))
        st.html(f'<p class="source"><a href="{html.escape(mail)}">{said}</a>. {how}</p>')
