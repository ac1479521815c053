"""The Content-Security-Policy of each kind of response, and related headers.

Everything is denied except what is listed here, each exception with its reason; docs/security.md
lists them, and a test removes each in a real browser to see that it is still needed.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from geo import settings
from geo.errors import SettingInvalid
from geo.webmap import tiles

_SOURCE = re.compile(r"\*|'self'|'none'|https?://(\*\.)?[\w-]+(\.[\w-]+)*(:\d+)?")
_INLINE = {tag: re.compile(f"<{tag}>(.*?)</{tag}>", re.DOTALL) for tag in ("script", "style")}
# SVG pictures have inline styles.
_FILE = {"default-src": "'none'", "style-src": "'unsafe-inline'", "frame-ancestors": "'none'"}
_DOCUMENT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True)
class Allowed:
    """An exception to "our own files only", and its reason."""

    directive: str
    source: str
    why: str


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


# Streamlit's page. Its inline scripts and styles are allowed by hash, see `page`.
PAGE = (
    Allowed("style-src", _hash(""), "Streamlit's styles are put into an empty element by rule"),
    Allowed(
        "style-src",
        "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='",
        "a style of Streamlit's buttons that is always the same",
    ),
    Allowed("font-src", "data:", "Streamlit's page holds the signs of its tables as data"),
)
# The map's iframe, which contains nothing but the map.
COMPONENT = (
    Allowed("script-src", "'unsafe-inline'", "streamlit-folium puts the map's script in"),
    Allowed("script-src", "'unsafe-eval'", "streamlit-folium runs the view's script as text"),
    Allowed("style-src", "'unsafe-inline'", "Leaflet's and streamlit-folium's styles"),
)
_TILES = ("img-src", "data:")  # Leaflet's placeholder for unloaded tiles


def page(content: str) -> str:
    """Return the policy of Streamlit's page; its inline scripts and styles are allowed by hash."""
    known = [
        (f"{tag}-src", _hash(text))
        for tag, inline in _INLINE.items()
        for text in inline.findall(content)
    ]
    return _policy(_DOCUMENT, [*known, *((e.directive, e.source) for e in PAGE)])


def component() -> str:
    """Return the policy of the map's iframe."""
    allowed = [(e.directive, e.source) for e in COMPONENT]
    if tiles.on():
        allowed += [("img-src", tiles.origin()), _TILES]
    return _policy(_DOCUMENT | {"frame-src": "'none'"}, allowed, _and_ourselves(ancestors()))


def document(content: str) -> str:
    """Return the policy of a static page of our own: no scripts, inline styles by hash."""
    known = [("style-src", _hash(text)) for text in _INLINE["style"].findall(content)]
    silent = dict.fromkeys(("script-src", "font-src", "connect-src", "frame-src"), "'none'")
    return _policy(_DOCUMENT | silent, known)


def file() -> str:
    """Return the policy of everything that is not an HTML page."""
    return _written(_FILE)


def ancestors() -> str:
    """Return the frame-ancestors sources of our pages.

    Raises SettingInvalid if GEO_FRAME_ANCESTORS is not understood.
    """
    sources = settings.FRAME_ANCESTORS.split()
    wrong = [source for source in sources if not _SOURCE.fullmatch(source)]
    if wrong or not sources:
        raise SettingInvalid(
            "GEO_FRAME_ANCESTORS", settings.FRAME_ANCESTORS,
            "*, 'self', 'none', or addresses such as https://www.example.no with spaces between",
        )  # fmt: skip
    return " ".join(sources)


def _and_ourselves(framers: str) -> str:
    """Return the sources with 'self' added: browsers check every ancestor of a nested frame."""
    if framers in {"*", "'none'"}:
        return framers.replace("'none'", "'self'")
    return f"'self' {framers}" if "'self'" not in framers else framers


def _policy(base: dict[str, str], allowed: Iterable[tuple[str, str]], framed_by: str = "") -> str:
    directives = dict(base)
    for directive, source in allowed:
        directives[directive] = f"{directives[directive]} {source}".removeprefix("'none' ")
    return _written(directives | {"frame-ancestors": framed_by or ancestors()})


def _written(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())
