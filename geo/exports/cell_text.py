"""Text that no spreadsheet runs."""

# A cell that begins so is a formula to a spreadsheet; some read the full-width signs alike.
_RUNS = tuple("=+-@\t\r\n＝＋－＠")
_SIGNS = ("-",)  # our symbol for "not covered" stays as it is


def defused(text: str) -> str:
    """Return a text that a spreadsheet shows as it is, with an apostrophe before a formula."""
    return f"'{text}" if text.startswith(_RUNS) and text not in _SIGNS else text
