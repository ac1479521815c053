"""The two ways in which a drawing gets into a page."""

from collections.abc import Callable
from typing import TypeAlias

from geo.webmap import swatches

Dress: TypeAlias = Callable[[str], str]  # from an SVG to what stands in the page's HTML


def as_it_is(drawn: str) -> str:
    """Return an SVG for a page of our own."""
    return drawn


def packed(drawn: str) -> str:
    """Return an SVG for Streamlit, which takes every SVG out of a page; shell.js unpacks it."""
    return swatches.packed(drawn, "drawn")
