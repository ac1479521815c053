"""The filters: widgets bound to the URL."""

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from geo.columns import EVIDENCE_LEVELS, HUB_ID, NAME, PROJECT_ID
from geo.coverage.dataset import Dataset
from geo.coverage.selection import other_rows
from geo.coverage.view import COLOURS, SCOPES, View
from geo.report.provenance import window
from geo.report.wording import shortened
from geo.text.messages import Messages
from pages.parts import address


def _write(name: str) -> Callable[[], None]:
    def changed() -> None:
        value = st.session_state[f"filter-{name}"]
        address.go(**{name: tuple(value) if isinstance(value, list) else value})

    return changed


def _bound(view: View, name: str) -> dict[str, Any]:
    """Return the arguments that bind a widget to its parameter in the URL."""
    value = getattr(view, name)
    st.session_state[f"filter-{name}"] = list(value) if isinstance(value, tuple) else value
    return {"key": f"filter-{name}", "on_change": _write(name)}


def draw(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw the filters that are used most, and a button that opens the others."""
    with st.container(key="filters"):
        _several(view, t, "project", dataset.choices.projects, lambda p: dataset.project(p)[NAME])
        names = dataset.register.fylker(view.year)[NAME]
        _several(view, t, "fylke", dataset.choices.fylker[view.year], lambda nr: names[nr])
        st.segmented_control(
            t("filters.evidence"),
            EVIDENCE_LEVELS,
            required=True,
            format_func=lambda level: t(f"filters.plus_{level}"),
            width="stretch",
            help=t("filters.evidence_help", window=window(dataset, view.lang)),
            **_bound(view, "evidence"),
        )
        with st.popover(t("filters.more"), key="more-filters", width="stretch"):
            _more(dataset, view, t)
        st.button(t("filters.reset"), on_click=reset, args=(view.lang,), type="tertiary")


def _more(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw the filters that are used least."""
    if dataset.choices.hubs:
        _several(view, t, "hub", _hubs_of(dataset, view), lambda h: dataset.hub(h)[NAME])
    if other_rows(dataset):
        _scope(view, t)
    st.selectbox(
        t("filters.colour"),
        COLOURS,
        format_func=lambda colour: t(f"filters.colour_{colour}"),
        filter_mode=None,
        **_bound(view, "colour"),
    )
    if not dataset.without_hubs:
        st.checkbox(t("filters.points"), **_bound(view, "points"))
        st.checkbox(t("filters.lines"), **_bound(view, "lines"))


def _scope(view: View, t: Messages) -> None:
    """Draw the switch between the projects and all hubs that are known."""
    st.segmented_control(
        t("filters.scope"),
        SCOPES,
        required=True,
        format_func=lambda scope: t(f"filters.scope_{scope}"),
        help=t("filters.scope_help"),
        **_bound(view, "scope"),
    )


def year(
    dataset: Dataset, view: View, t: Messages, label: Literal["visible", "collapsed"] = "visible"
) -> None:
    """Draw the choice of structure year; in the bar its label is for screen readers only."""
    st.segmented_control(
        t("filters.year"),
        dataset.choices.years,
        required=True,
        help=t("filters.year_help", year=dataset.choices.default_year)
        if label == "visible"
        else None,
        label_visibility=label,
        **_bound(view, "year"),
    )


def one_project(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw the choice of one project, or none for the whole programme."""
    _one(view, t, "project", dataset.choices.projects, lambda p: dataset.project(p)[NAME])


def one_fylke(dataset: Dataset, view: View, t: Messages) -> None:
    """Draw the choice of one county, or none for all."""
    names = dataset.register.fylker(view.year)[NAME]
    _one(view, t, "fylke", dataset.choices.fylker[view.year], lambda nr: names[nr])


def _one(
    view: View, t: Messages, name: str, options: tuple[str, ...], label: Callable[[str], Any]
) -> None:
    key = f"filter-one-{name}"
    value = getattr(view, name)
    st.session_state[key] = value[0] if len(value) == 1 else ""

    def changed() -> None:
        chosen = st.session_state[key]
        address.go(**{name: (chosen,) if chosen else (), "hub": ()})

    st.selectbox(
        t(f"filters.{name}"),
        ("", *options),
        format_func=lambda code: shortened(str(label(code))) if code else t(f"filters.all_{name}"),
        key=key,
        on_change=changed,
    )


def reset(lang: str) -> None:
    """Return to the default view in the same language."""
    address.go(**vars(address.read()[0].choices.view(lang=lang)))


def _several(
    view: View, t: Messages, name: str, options: tuple[str, ...], label: Callable[[str], Any]
) -> None:
    st.multiselect(
        t(f"filters.{name}"),
        options,
        format_func=lambda code: shortened(str(label(code))),
        placeholder=t(f"filters.all_{name}"),
        select_all=False,
        **_bound(view, name),
    )


def _hubs_of(dataset: Dataset, view: View) -> tuple[str, ...]:
    if not view.project:
        return dataset.choices.hubs
    partners = dataset.package["partners"]
    mine = set(partners.loc[partners[PROJECT_ID].isin(view.project), HUB_ID])
    return tuple(h for h in dataset.choices.hubs if h in mine or h in view.hub)
