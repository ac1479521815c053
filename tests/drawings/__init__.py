"""What is drawn beside the map; helpers to read it."""

from xml.etree import ElementTree as ET


def said_in(fragment: str) -> list[str]:
    """Return the texts of a fragment of HTML, those of each element that has some."""
    return [text.strip() for text in _root(fragment).itertext() if text.strip()]


def rows_of(fragment: str) -> list[list[str]]:
    """Return the cells of a table as texts, its headings first."""
    return [["".join(cell.itertext()) for cell in row] for row in _root(fragment).iter("tr")]


def _root(fragment: str) -> ET.Element:
    return ET.fromstring(fragment)  # noqa: S314 - our own
