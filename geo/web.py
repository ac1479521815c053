"""Addresses that a link may lead to: those of the web, and no others."""

import re

# No spaces, quotes, brackets or backslashes: none of them can stand in an address unescaped.
_WEB = re.compile(r"https?://[^\s\x00-\x20\x7f<>\"\\^`{|}]+", re.IGNORECASE)


def web(address: str) -> str:
    """Return an address that a link may lead to, or "" for another kind such as javascript:."""
    return address if _WEB.fullmatch(address) else ""
