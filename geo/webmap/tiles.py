"""Kartverket's grey background tiles: off unless GEO_TILES turns them on.

The browser requests the tiles from Kartverket itself, and the map says so. Briefs and the public
edition never have tiles. Terms: CC BY 4.0, "© Kartverket" with a link.
"""

from urllib.parse import urlsplit

from geo import settings
from geo.official.services import asked_at
from geo.text.messages import Messages

KARTVERKET = "kartverket"  # the value of the setting that turns them on
_ADDRESS = "https://cache.kartverket.no/v1/wmts/1.0.0/topograatone/default/utm33n/{z}/{y}/{x}.png"


def on() -> bool:
    """Return whether background tiles are on."""
    return settings.TILES == KARTVERKET


def address() -> str:
    """Return the URL template of the tiles (WMTS: row before column), in EPSG:25833."""
    return asked_at(_ADDRESS)


def origin() -> str:
    """Return the tiles' origin, for img-src in the content security policy."""
    parts = urlsplit(address())
    return f"{parts.scheme}://{parts.netloc}"


def note(t: Messages) -> str:
    """Return the note that the browser loads tiles from another host."""
    return t("map.tiles", host=urlsplit(address()).netloc)
