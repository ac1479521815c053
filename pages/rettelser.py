"""The corrections page: what was published and was wrong, by the version that corrected it."""

import streamlit as st

from geo.base.links import FEED, own_path
from geo.coverage.dataset import Dataset
from geo.report.sources import sources
from geo.text.messages import Messages
from geo.versions.corrections import MOST_CELLS, Correction, by_version, cells_table
from geo.versions.reload import current
from pages.parts import address, data_text, links, sheet
from pages.parts.plain import plain


def entry(shown: Dataset, one: Correction, t: Messages) -> None:
    """Draw a correction: its kind, what was wrong and what is right, both figures, sources."""
    st.subheader(data_text.line(one.title[t.language], t), anchor=False)
    day = "" if not one.day else f" · {one.day}"
    st.caption(plain(t(f"corrections.kind_{one.kind}") + day))
    data_text.paragraph(one.text[t.language], t)
    was = one.was(t.language)
    if was:
        st.markdown(f"**{plain(was)}**")
    links.source_list(sources(shown, one.source_ids), t)


def table(shown: Dataset, one: Correction, t: Messages) -> None:
    """Draw how a table differs from the version before, and the changed cells on request."""
    title = one.title[t.language].text
    st.markdown(f"**{plain(title)}.** {plain(one.text[t.language].text)}")
    if not one.cells:
        return
    with st.expander(t.plural("corrections.cells", len(one.cells))):
        if len(one.cells) > MOST_CELLS:
            st.caption(t("corrections.first_cells", n=MOST_CELLS))
        sheet.draw(cells_table(shown, one, t.language), title)


dataset, view, t, _ = address.read()
# A frozen link shows old figures; what was corrected since stands in today's data.
shown = dataset if dataset.package.private else current()
st.title(t("corrections.title"), anchor=False)
st.write(t("corrections.intro"))
if not shown.package.private:
    st.link_button(t("corrections.follow"), own_path(f"{FEED}{view.lang}.xml"), type="tertiary")
found = by_version(shown, view.lang)
if not found:
    st.info(t("corrections.none"))
for version in found:
    st.header(plain(version.heading), anchor=False)
    for one in version.written:
        entry(shown, one, t)
    if version.compared:
        st.subheader(plain(version.compared_heading), anchor=False)
    for one in version.compared:
        table(shown, one, t)
