"""The one table of languages, and which of its languages a text of the data is written in.

A language is a line of the table and a catalogue in locale/<code>/. Data packages may have columns
of its own (`note_nn`); where a cell has none, its text is the one of the language it falls back to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Language:
    """A language; `code` names it in addresses, HTML, columns and the catalogues.

    `name` is what its speakers call it, `locale` the one of Babel and Open Graph. `falls_back` is
    the code of the language whose columns serve where its own are missing, empty if none do.
    `descriptor_key` holds the names of tables in it in datapackage.json. `authority` names it in
    the EU's list of languages, which catalogues of data use.
    """

    code: str
    name: str
    locale: str
    falls_back: str = ""
    descriptor_key: str = "title"
    authority: str = ""

    @property
    def heading(self) -> str:
        """The name as it stands alone, in a choice of languages."""
        return self.name[:1].upper() + self.name[1:]


# The first one serves where an address names none.
TABLE = (
    Language("nb", "bokmål", "nb_NO", authority="NOB"),
    Language("nn", "nynorsk", "nn_NO", falls_back="nb", authority="NNO"),
    Language("en", "English", "en_GB", descriptor_key="description", authority="ENG"),
)
LANGUAGES = tuple(one.code for one in TABLE)
DEFAULT = LANGUAGES[0]
COMMAND_LINE = "en"  # of reports and commands, unless another one is asked for

_BY_CODE = {one.code: one for one in TABLE}


def language(code: str) -> Language:
    """Return a language of the table. Raises KeyError."""
    return _BY_CODE[code]


def locale(code: str) -> str:
    """Return Babel's name of a language: nb_NO."""
    return _BY_CODE[code].locale


def tag(code: str) -> str:
    """Return a language with its country, as documents name it: nb-NO."""
    return _BY_CODE[code].locale.replace("_", "-")


def others(code: str) -> tuple[Language, ...]:
    """Return the other languages, in the order of the table."""
    return tuple(one for one in TABLE if one.code != code)


def chain(code: str) -> Iterator[str]:
    """Yield a language, and those whose texts serve where it has none."""
    while code:
        yield code
        code = _BY_CODE[code].falls_back


@dataclass(frozen=True)
class DataText:
    """A text of the data package and the language it is written in; false if it is empty."""

    text: str
    language: str

    def __bool__(self) -> bool:
        """Whether there is any text."""
        return bool(self.text)


class TextRow(Protocol):
    """A row of a table, as a mapping or a Series: cells by column."""

    def __contains__(self, column: object, /) -> bool: ...
    def __getitem__(self, column: Any, /) -> Any: ...


def data_text(row: TextRow, column: str, code: str) -> DataText:
    """Return the text of `column` in a language: `note_nn`, or `note_nb` where that is empty.

    A text that is empty everywhere counts as written in the language asked for. Raises KeyError if
    the row has none of the columns.
    """
    named = {one: f"{column}_{one}" for one in chain(code)}
    there = {one: str(row[name]) for one, name in named.items() if name in row}
    if not there:
        raise KeyError(next(iter(named.values())))
    return next((DataText(text, one) for one, text in there.items() if text), DataText("", code))


def in_each(row: TextRow, column: str) -> dict[str, DataText]:
    """Return the text of `column` in every language."""
    return {code: data_text(row, column, code) for code in LANGUAGES}


def no_text() -> dict[str, DataText]:
    """Return an empty text in every language."""
    return {code: DataText("", code) for code in LANGUAGES}


def own_columns(field: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield, for a field of bokmål as `note_nb`, the fields that may stand beside it.

    Those of the languages that fall back to it: a package need not have them.
    """
    stem, _, code = str(field["name"]).rpartition("_")
    for one in TABLE:
        if stem and one.falls_back == code:
            yield {
                "name": f"{stem}_{one.code}",
                "type": "string",
                "title": f"{field['title']} ({one.name})",
                "description": f"{field['description']}, in {one.name}; may be left out",
            }
