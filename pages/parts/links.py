"""Lists of sources, and links and citations for a view."""

import html
from collections.abc import Iterable, Mapping

import streamlit as st

from geo import settings
from geo.base.links import web
from geo.coverage.dataset import Dataset
from geo.coverage.view import View, permalink
from geo.publish.page_addresses import map_for_others
from geo.report import citations
from geo.report.figures import KeyFigure
from geo.report.sources import Source
from geo.report.wording import dated_version
from geo.text.languages import TABLE, DataText
from geo.text.messages import Messages
from geo.webmap import policy
from pages.parts import address, data_text
from pages.parts.plain import plain


def source_list(
    found: Iterable[Source], t: Messages, says: Mapping[str, DataText] | None = None
) -> None:
    """Draw sources with the ids that tables and notes refer to, and what they say."""
    items = "".join(
        f"<li>{_item(source, t, (says or {}).get(source.source_id))}</li>" for source in found
    )
    if items:
        st.html(f'<ul class="sources">{items}</ul>')


def _item(source: Source, t: Messages, says: DataText | None) -> str:
    text = html.escape(source.cite(t.language))
    if web(source.url):
        text = f'<a href="{html.escape(source.url)}">{text}</a>'
    note = data_text.span(says, t) if says else ""
    return f"<b>{html.escape(source.source_id)}</b> {text}. {note}"


def source_line(text: str) -> None:
    """Draw the line under a map or a table: sources, structure year, version, date."""
    st.html(f'<p class="source">{html.escape(text)}</p>')


def share(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw links, sentences, citations and the embed code of a view, to be copied."""
    popover = st.popover(t("common.share"), key="share", on_change="rerun")
    if not popover.open:
        return
    with popover:
        if dataset.package.private:
            _quotable(dataset, view, t)
            return
        st.write(t("common.link_help"))
        version = _version(dataset, view, t)
        _ready(t("common.link"), address.link(view, version))
        _quotes(dataset, view, t, version)
        map_page = permalink(view, map_for_others(view) or address.base(), version)
        _ready(t("common.embed"), citations.embed(dataset, view, map_page))
        _ready(t("common.embed_follow"), citations.FOLLOW)
        if policy.ancestors() != "*" and not settings.PUBLIC_URL:
            st.caption(t("common.embed_by", framers=policy.ancestors()))


def _quotable(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw the sentences and citations for uploaded data, which no link leads to."""
    st.write(t("egne_data.no_links"))
    _quotes(dataset, view, t, "")


def _quotes(dataset: Dataset, view: View, t: Messages, version: str) -> None:
    """Draw a sentence and a citation in each language."""
    for one in TABLE:
        own = view.but(lang=one.code)
        link = address.link(own, version)
        _ready(
            t("common.in_language", text=t("common.sentence"), language=one.name),
            citations.sentence(dataset, own, link),
        )
        _ready(
            t("common.in_language", text=t("common.citation"), language=one.name),
            citations.citation(dataset, own, link),
        )


def figure(dataset: Dataset, view: View, shown: KeyFigure, t: Messages) -> None:
    """Draw a key figure's sentence and the view's citation, in the user's language."""
    link = address.link(view, dataset.data_version)
    _ready(t("common.sentence"), citations.figure_sentence(dataset, view, shown, link))
    _ready(t("common.citation"), citations.citation(dataset, view, link))


def _version(dataset: Dataset, view: View, t: Messages) -> str:
    """Return the user's choice: "" for always the newest data, or today's version."""
    labels = {
        dataset.data_version: t("common.frozen", version=plain(dated_version(dataset, view.lang))),
        "": t("common.newest"),
    }
    return st.radio(t("common.which"), list(labels), format_func=labels.__getitem__, key="frozen")


def _ready(name: str, text: str) -> None:
    st.caption(plain(name))
    st.code(text, language=None, wrap_lines=True)
