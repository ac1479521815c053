"""The brief page: preview a file for a briefing, then download it."""

import streamlit as st

from geo.brief import factsheet, picture, short_links
from geo.brief.brief_files import KINDS, Kind
from geo.brief.picture import LONGEST_NOTE, LONGEST_TITLE, Words
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View, permalink
from geo.report.titles import summary
from geo.text import signs
from geo.text.messages import Messages
from geo.text.numbers import number
from pages.parts import address, downloads, filters, links
from pages.parts.plain import plain


def words(dataset: Dataset, view: View, t: Messages) -> Words:
    """Draw the fields for an own title and note."""
    title = st.text_input(t("brief.own_title"), max_chars=LONGEST_TITLE, key="brief-title")
    title = _written(title, "brief.refused_title", t)
    note = st.text_area(t("brief.note"), max_chars=LONGEST_NOTE, key="brief-note", height=80)
    note = _written(note, "brief.refused_note", t)
    link = "" if dataset.package.private else short_links.address(dataset, view)
    return Words(title, note, link)


def _written(text: str, refusal: str, t: Messages) -> str:
    """Return the cleaned text; show an error and return "" if a character is not supported."""
    line = signs.cleaned(text)
    refused = signs.refused(line)
    if refused is None:
        return line
    st.error(t(refusal, sign=plain(refused.shown), code=refused.code, place=refused.place))
    return ""


def preview(dataset: Dataset, view: View, kind: Kind, own: Words, t: Messages) -> None:
    """Draw a preview of the file."""
    if kind.code == "pdf":
        pages = factsheet.pages(dataset, view, own)
        for n, page in enumerate(pages, start=1):
            said = t("brief.page", n=n, total=len(pages))
            downloads.picture(dataset, page, f"page-{n}", said, said)
        return
    if kind.code == "pptx":
        st.write(t("brief.pptx_how"))
    alt = summary(dataset, coverage(dataset, view), view)
    content = picture.png(dataset, view, kind.preview, own)
    downloads.picture(dataset, content, "preview", t("brief.alt", summary=alt))
    st.caption(plain(alt))


def chosen(t: Messages) -> Kind:
    """Draw the choice of a kind of file."""
    code = st.radio(
        t("brief.kind"), list(KINDS), format_func=lambda c: t(f"brief.kind_{c}"), key="brief-kind"
    )
    return KINDS[code]


def taken(dataset: Dataset, view: View, kind: Kind, made: bytes, t: Messages) -> None:
    """Draw the button that downloads the file, with its size."""
    size = len(made) / 1000
    amount = (
        t("brief.kilobytes", n=number(size, view.lang))
        if size < 1000
        else t("brief.megabytes", n=number(size / 1000, view.lang, 1))
    )
    downloads.download(
        dataset,
        t("brief.download", name=t(f"brief.kind_{kind.code}"), size=amount),
        made,
        kind.name(dataset, view),
        kind.media_type,
        type="primary",
        key="brief-download",
        width="stretch",
    )


dataset, view, t, _ = address.read()
with st.container(key="brief"):
    choices, shown = (st.container(key=key) for key in ("brief-choices", "brief-shown"))
with choices:
    st.title(t("brief.title"), anchor=False)
    st.write(t("brief.how"))
    filters.year(dataset, view, t)
    filters.draw(dataset, view, t)
    kind = chosen(t)
    own = words(dataset, view, t)
    with st.spinner(t("brief.drawing")):
        made = kind.make(dataset, view, own)
    taken(dataset, view, kind, made, t)
with shown:
    preview(dataset, view, kind, own, t)
    if not dataset.package.private:
        alone = permalink(view, address.base(), dataset.data_version)
        st.link_button(t("brief.alone"), f"{alone}&brief=1", type="tertiary")
    links.share(dataset, view, t)
