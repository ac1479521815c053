"""Text that others wrote, kept from being read as Markdown."""

import re

# A colon does something only right before a name, as in :smile: and :red[...].
_SIGNS = re.compile(r"[\\`*_\[\]$<>#|~!]|:(?=\S)")


def plain(text: object) -> str:
    """Return a text that shows as it is where Markdown is expected."""
    return _SIGNS.sub(r"\\\g<0>", str(text))
