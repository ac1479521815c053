"""Escape foreign text for Streamlit's Markdown."""

import re
from urllib.parse import quote

from geo.base.links import web

# A colon has a meaning only before a name, as in :smile: and :red[...]; at signs and "www." become
# links by themselves.
_SIGNS = re.compile(r"[\\`*_\[\]$<>#|~!&@]|:(?=\S)|(?<=www)\.", re.IGNORECASE)
# What starts a list, a heading or a rule; the text is on one line, so only at its beginning.
_BEGINS = re.compile(r"^(\d*)([-+=.)])(?=[-+=.)\s]|$)")
_BREAKS = re.compile(r"\s*[\t\r\n]\s*")
_IN_ADDRESSES = ":/?#@!&'+,;=%~-._"


def plain(text: object) -> str:
    """Return a text on one line, escaped so that Markdown shows it unchanged."""
    line = _SIGNS.sub(r"\\\g<0>", _BREAKS.sub(" ", str(text)).strip())
    return _BEGINS.sub(r"\1\\\2", line)


def linked(address: str) -> str:
    """Return a Markdown link to a web address; other addresses as escaped text."""
    target = quote(web(address), safe=_IN_ADDRESSES)
    return f"[{plain(address)}]({target})" if target else plain(address)
