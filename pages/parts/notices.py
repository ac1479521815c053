"""Notices: what in the address was not obeyed, and which data a link was made with."""

from collections.abc import Sequence
from dataclasses import fields

import streamlit as st

from geo.atlas import Atlas, current
from geo.messages import Messages
from geo.view import Ignored, View
from geo.wording import listed
from pages.parts import address
from pages.parts.plain import plain

_NAMES = {field.name for field in fields(View)}
_LONGEST = 40  # of a value that is quoted back


def draw(atlas: Atlas, view: View, t: Messages, ignored: Sequence[Ignored]) -> None:
    """Draw one notice for everything that was ignored, and one for another data version."""
    if ignored:
        parts = "; ".join(_part(atlas, view, t, part) for part in ignored)
        st.warning(t("common.ignored", parts=parts))
    asked = st.query_params.get(address.DATA)
    if asked and asked != atlas.data_version:
        st.info(t("common.other_version", asked=plain(asked[:20]), now=atlas.data_version))
    elif atlas is not current():
        now = current().data_version
        st.info(t("common.newer", asked=plain(atlas.data_version), now=plain(now)))
        st.button(
            t("common.see_newest"), key="newest", on_click=address.put, args=(address.DATA, "")
        )


def _part(atlas: Atlas, view: View, t: Messages, part: Ignored) -> str:
    """Return what was ignored, and why."""
    quoted = plain(f"{part.parameter[:_LONGEST]}={part.value[:_LONGEST]}")
    if part.parameter not in _NAMES:
        why = t("common.ignored_name")
    elif part.parameter == "year":
        years = listed(map(str, atlas.choices.years), t.language)
        why = t("common.ignored_year", years=years)
    elif part.parameter == "fylke":
        why = t("common.ignored_fylke", year=view.year)
    elif part.parameter == "kommune":
        why = t("common.ignored_kommune")
    else:
        why = t("common.ignored_value")
    return f"{quoted} ({why})"
