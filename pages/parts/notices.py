"""Notices above the page: ignored parameters, uploaded data, and data versions."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import partial

import streamlit as st

from geo.base.links import CORRECTIONS
from geo.coverage.dataset import Dataset
from geo.coverage.view import LONGEST_QUOTED, Ignored, View
from geo.report.wording import listed, shortened
from geo.text.messages import Messages
from geo.versions.corrections import notice
from geo.versions.reload import current, reloader
from pages.parts import address
from pages.parts.plain import plain

_NAMES = {field.name for field in fields(View)}
_LONGEST_FAULT = 300  # characters


def draw(dataset: Dataset, view: View, t: Messages, ignored: Sequence[Ignored]) -> None:
    """Draw whose data are shown, and which parameters were ignored.

    They have one placeholder, emptied if there is nothing to say. Otherwise a notice of the
    previous run, about other data, would stay on screen until the whole page has been drawn.
    """
    private = dataset.package.private
    found = (
        private and partial(_own, dataset, view, t),
        bool(ignored) and partial(_ignored, dataset, view, t, ignored),
        not private and _version(dataset, view, t),
        not private and _refused(t),
    )
    said = [one for one in found if one]
    place = st.empty()
    if said:
        with place.container():
            for one in said:
                one()


def _ignored(dataset: Dataset, view: View, t: Messages, ignored: Sequence[Ignored]) -> None:
    """Say which parameters were ignored, and why."""
    parts = "; ".join(_part(dataset, view, t, part) for part in ignored)
    st.warning(t("common.ignored", parts=parts))


def _own(dataset: Dataset, view: View, t: Messages) -> None:
    """Say that uploaded data are shown, and offer to stop using them."""
    package, served = dataset.package, current().package
    title, version = plain(shortened(package.title(view.lang))), plain(package.version)
    shown = shortened(served.title(view.lang))
    with st.container(key="own-data", horizontal=True, vertical_alignment="center"):
        st.markdown(t("egne_data.bar", title=f"**{title}**", version=version))
        back = t("egne_data.back", title=plain(shown))
        st.button(back, key="give-back", on_click=address.give_back)


def _version(dataset: Dataset, view: View, t: Messages) -> Callable[[], object] | None:
    """Return the notice if the link's data version differs from what is shown, else None."""
    asked = st.query_params.get(address.DATA)
    if asked and asked != dataset.data_version:
        text = t("common.other_version", asked=plain(asked[:20]), now=plain(dataset.data_version))
        return partial(st.info, text)
    return partial(_newer, dataset, view, t) if dataset is not current() else None


def _newer(dataset: Dataset, view: View, t: Messages) -> None:
    """Say that there are newer data than the link's and what was corrected, with ways there."""
    now = current().data_version
    corrected = plain(notice(dataset, view))
    with st.container():
        newer = t("common.newer", asked=plain(dataset.data_version), now=plain(now))
        st.info(f"{newer} {corrected}".strip())
        if corrected:
            see = t("corrections.see")
            st.page_link(f"{CORRECTIONS}.py", label=see, query_params=address.query(view))
        st.button(
            t("common.see_newest"), key="newest", on_click=address.put, args=(address.DATA, "")
        )


def _refused(t: Messages) -> Callable[[], object] | None:
    """Return the notice if newer data on disk are not valid and the last valid ones are shown."""
    refused = reloader().serving().refused
    if not refused:
        return None
    first = plain(refused[0][:_LONGEST_FAULT])
    return partial(st.warning, t.plural("common.not_taken", len(refused), first=first))


def _part(dataset: Dataset, view: View, t: Messages, part: Ignored) -> str:
    """Return an ignored parameter and the reason."""
    quoted = plain(f"{part.parameter[:LONGEST_QUOTED]}={part.value[:LONGEST_QUOTED]}")
    if part.parameter not in _NAMES:
        why = t("common.ignored_name")
    elif part.parameter == "year":
        years = listed(map(str, dataset.choices.years), t.language)
        why = t("common.ignored_year", years=years)
    elif part.parameter == "fylke":
        why = t("common.ignored_fylke", year=view.year)
    elif part.parameter == "kommune":
        why = t("common.ignored_kommune", **dataset.register.span)
    else:
        why = t("common.ignored_value")
    return f"{quoted} ({why})"
