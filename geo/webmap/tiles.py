"""Kartverket's grey map beneath the shapes: off unless the setting asks for it.

Where it is on, the reader's browser asks Kartverket for the tiles, and the map says so. Briefs and
the public edition never have it. Terms: CC BY 4.0, "© Kartverket" with a link.
"""

from urllib.parse import urlsplit

from geo import settings
from geo.official.services import asked_at
from geo.text.messages import Messages

KARTVERKET = "kartverket"  # the one value of the setting that turns them on
_ADDRESS = (
    "https://cache.kartverket.no/v1/wmts/1.0.0/topograatone/default/webmercator/{z}/{y}/{x}.png"
)


def on() -> bool:
    """Return whether this server offers background tiles."""
    return settings.TILES == KARTVERKET


def address() -> str:
    """Return where browsers ask for tiles, as a pattern; the row comes before the column."""
    return asked_at(_ADDRESS)


def origin() -> str:
    """Return the host that the content policy must let pictures come from."""
    parts = urlsplit(address())
    return f"{parts.scheme}://{parts.netloc}"


def note(t: Messages) -> str:
    """Return whom the reader's browser talks to because of the tiles."""
    return t("map.tiles", host=urlsplit(address()).netloc)
