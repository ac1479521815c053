"""The map on a page, with selection by click."""

from functools import partial

import streamlit as st
from streamlit_folium import st_folium

from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.places.boundaries import MEMBERS
from geo.webmap import structures, tiles, webmap
from pages.parts import address


def draw(
    dataset: Dataset,
    view: View,
    key: str = "map-frame",
    *,
    selects: bool = True,
    bare: bool = False,
) -> None:
    """Draw the map of a view; a click selects a kommune, a second click deselects it.

    A bare map leaves title, legend and source to the page around it.
    """
    clicked = partial(_clicked, dataset, key) if selects else None
    # The map alone, for briefings and embeds, must not load anything from other hosts.
    tiled = tiles.on() and not address.alone()
    st_folium(
        webmap.base_map(tiled=tiled, bare=bare),
        key=key,
        height=webmap.HEIGHT_PX,
        use_container_width=True,
        feature_group_to_add=_layer(dataset, view, tiled=tiled),
        returned_objects=[],
        render=False,
        on_change=clicked,
    )


def _layer(dataset: Dataset, view: View, *, tiled: bool) -> webmap.ViewLayer:
    year = address.swipe()
    beside = structures.beside(dataset, view, year) if year else None
    return webmap.layer(dataset, view, tiled=tiled, beside=beside)


def _clicked(dataset: Dataset, key: str) -> None:
    value = st.session_state.get(key) or {}
    if value.get("ended"):
        address.put(address.SWIPE, "")
        return
    shape = value.get("shape")
    if value.get("click") and shape is None:  # Escape on the map
        address.go(kommune="")
        return
    view = address.here()
    other = address.swipe()  # a click may be on the other side
    year = other if other and value.get("year") == other else view.year
    boundaries = dataset.boundaries(year)
    if shape not in boundaries.shapes.index:
        return
    members = boundaries.shapes.at[shape, MEMBERS]
    kommunenr = value["kommune"] if value.get("kommune") in members else members[0]
    address.go(kommune="" if kommunenr == view.kommune else kommunenr)
