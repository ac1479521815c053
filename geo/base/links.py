"""Addresses: those that a link may lead to, and the server's own.

Every address of ours is made by `own_path`, so that the dashboard also runs below a path. The code
behind the middleware knows paths without it, such as the constants here.
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from geo import settings
from geo.base.cache import SETTINGS
from geo.errors import SettingInvalid

# Excludes spaces, quotes, brackets and backslashes, which a URL must escape.
_WEB = re.compile(r"https?://[^\s\x00-\x20\x7f<>\"\\^`{|}]+", re.IGNORECASE)
_NAME = r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\.?|\[[0-9a-f:.]{2,45}\]"
_HOST = re.compile(rf"({_NAME})(?::(\d{{1,5}}))?", re.IGNORECASE)
# Nothing that would have to be escaped in an address, a cookie or a header; no "." or "..".
_FOLDERS = r"(?:/[a-z0-9_~-][a-z0-9._~-]*)*"
_BASE = re.compile(rf"(https?)://((?:{_NAME})(?::\d{{1,5}})?)({_FOLDERS})/?", re.IGNORECASE)
_USUAL_PORTS = {"http": "80", "https": "443"}

# Paths of our own routes.
FIRST_PAGE = "/"
GEOMETRY = "/geo/"
ASSETS = "/assets/"
PICTURES = "/picture/"
SHORT = "/k/"  # short addresses of views
DATA = "/data/"
CORRECTIONS = "rettelser"  # the page, also in `settings.PAGES`
FEED = "/feed/"
API_ROOT = "/api"
API = "/api/v1"
MCP = "/mcp"
ICONS = ("/favicon.ico", "/favicon.png")  # Streamlit's page asks for the second
ROBOTS = "/robots.txt"
CATALOGUE = "/catalog."  # and its form: ttl, rdf
CROISSANT = "/croissant.json"
SECURITY = "/.well-known/security.txt"
MANIFEST = "/manifest.webmanifest"
OEMBED = "/oembed.json"
ALIVE, READY = "/healthz", "/readyz"
# … and Streamlit's.
STREAMLIT = "/_stcore/"
UPLOADS = "/_stcore/upload_file/"
MEDIA = "/media/"  # what pages draw and offer
STATIC = "/static/"
COMPONENTS = "/component/"
# HTML that is not Streamlit's own page: component frames (the map's) and the API's.
OTHER_HTML = (COMPONENTS, f"{API}/")
COUNTS = ("/metrics", "/_stcore/metrics")  # Streamlit's own are answered with ours
PROBES = (ALIVE, READY, "/metrics")


def web(address: str) -> str:
    """Return an http(s) address unchanged; "" for anything else, such as javascript:."""
    return address if _WEB.fullmatch(address) else ""


def base_url() -> str:
    """Return the address of the first page, ending in a slash; "" if the server was given none.

    Raises SettingInvalid if GEO_BASE_URL is no such address.
    """
    whole = whole_base(settings.BASE_URL)
    if whole is None:
        raise SettingInvalid(
            "GEO_BASE_URL", settings.BASE_URL,
            "the address of the first page, such as https://kart.example.no/ or "
            "https://example.no/kart/ (only letters without accents, digits and ._~- in the path; "
            "a name with æ, ø or å as xn--...)",
        )  # fmt: skip
    return whole


@lru_cache(SETTINGS.most)
def whole_base(address: str) -> str | None:
    """Return the address of a first page in one spelling, ending in a slash; None if it is none.

    "" stays "".
    """
    if not address:
        return ""
    found = _BASE.fullmatch(address)
    name, port = split_host(found[2]) if found else ("", "")
    if found is None or not name:
        return None
    scheme = found[1].lower()
    behind = f":{port}" if port and port != _USUAL_PORTS[scheme] else ""
    return f"{scheme}://{name}{behind}{found[3]}/"


def base_path() -> str:
    """Return the path below which the dashboard runs, such as "/kart"; "" at a host's root."""
    return urlsplit(base_url()).path.removesuffix("/")


def own_path(path: str) -> str:
    """Return the address that a browser asks for to get what lies at `path` in the dashboard."""
    return base_path() + path


def inner_path(asked: str) -> str | None:
    """Return where in the dashboard an asked path leads; None if it is outside.

    "" for the path below which the dashboard runs, without the slash behind it.
    """
    base = base_path()
    inside = asked == base or asked.startswith(f"{base}/")
    return asked.removeprefix(base) if inside else None


def split_host(host: str) -> tuple[str, str]:
    """Return lower-case name and port of a Host header; two empty strings if it is invalid."""
    found = _HOST.fullmatch(host)
    if found is None or int(found[2] or 0) > 65535:
        return "", ""
    return found[1].lower().removesuffix("."), found[2] or ""
