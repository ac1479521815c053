"""Text that others wrote, kept from being read as Markdown."""

_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]$<>#|~:!"})


def plain(text: object) -> str:
    """Return a text that shows as it is where Markdown is expected."""
    return str(text).translate(_SIGNS)
