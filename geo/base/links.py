"""Addresses: those that a link may lead to, and the server's own."""

import re
from functools import lru_cache

from geo import settings
from geo.base.cache import SETTINGS
from geo.errors import SettingInvalid

# No spaces, quotes, brackets or backslashes: none of them can stand in an address unescaped.
_WEB = re.compile(r"https?://[^\s\x00-\x20\x7f<>\"\\^`{|}]+", re.IGNORECASE)
_NAME = r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\.?|\[[0-9a-f:.]{2,45}\]"
_HOST = re.compile(rf"({_NAME})(?::(\d{{1,5}}))?", re.IGNORECASE)
_BASE = re.compile(rf"(https?)://((?:{_NAME})(?::\d{{1,5}})?)/?", re.IGNORECASE)
_USUAL_PORTS = {"http": "80", "https": "443"}


def web(address: str) -> str:
    """Return an address that a link may lead to, or "" for another kind such as javascript:."""
    return address if _WEB.fullmatch(address) else ""


def base_url() -> str:
    """Return the address of the server's first page, ending in a slash; "" if it was given none.

    Raises SettingInvalid if GEO_BASE_URL is no such address.
    """
    return _whole(settings.BASE_URL)


@lru_cache(SETTINGS.most)
def _whole(setting: str) -> str:
    if not setting:
        return ""
    found = _BASE.fullmatch(setting)
    name, port = split_host(found[2]) if found else ("", "")
    if found is None or not name:
        raise SettingInvalid(
            "GEO_BASE_URL", setting,
            "the address of the first page, such as https://kart.example.no/ (no path behind the "
            "name; a name with æ, ø or å as xn--...)",
        )  # fmt: skip
    scheme = found[1].lower()
    behind = f":{port}" if port and port != _USUAL_PORTS[scheme] else ""
    return f"{scheme}://{name}{behind}/"


def split_host(host: str) -> tuple[str, str]:
    """Return name and port of a Host header, the name in small letters; empty if it is none."""
    found = _HOST.fullmatch(host)
    if found is None or int(found[2] or 0) > 65535:
        return "", ""
    return found[1].lower().removesuffix("."), found[2] or ""
