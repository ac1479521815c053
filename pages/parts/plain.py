"""Text that others wrote, kept from being read as Markdown."""

import re
from urllib.parse import quote

from geo.base.links import web

# A colon does something only right before a name, as in :smile: and :red[...]; at signs and "www."
# make links by themselves.
_SIGNS = re.compile(r"[\\`*_\[\]$<>#|~!&@]|:(?=\S)|(?<=www)\.", re.IGNORECASE)
# What makes a list, a heading or a rule at the beginning of a line; and lines begin nowhere else.
_BEGINS = re.compile(r"^(\d*)([-+=.)])(?=[-+=.)\s]|$)")
_BREAKS = re.compile(r"\s*[\t\r\n]\s*")
_IN_ADDRESSES = ":/?#@!&'+,;=%~-._"


def plain(text: object) -> str:
    """Return a text that shows as it is, on one line, where Markdown is expected."""
    line = _SIGNS.sub(r"\\\g<0>", _BREAKS.sub(" ", str(text)).strip())
    return _BEGINS.sub(r"\1\\\2", line)


def linked(address: str) -> str:
    """Return a link to an address of the web; another address is only shown."""
    target = quote(web(address), safe=_IN_ADDRESSES)
    return f"[{plain(address)}]({target})" if target else plain(address)
