"""Guards spreadsheet cells against formula injection."""

# Spreadsheets evaluate cells that start with these as formulas, some also the full-width forms.
_RUNS = tuple("=+-@\t\r\n＝＋－＠")
_SIGNS = ("-",)  # our symbol for "not covered" is kept


def defused(text: str) -> str:
    """Return the text, with an apostrophe in front if a spreadsheet would evaluate it."""
    return f"'{text}" if text.startswith(_RUNS) and text not in _SIGNS else text
