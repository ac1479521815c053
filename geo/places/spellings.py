"""Normalises the spelling of names for search.

The public edition's search follows the same rules in geo/publish/assets/search.js, from the same
table of spellings; a test compares the two.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import product

# Letters that Unicode does not decompose. Each maps to one letter, so that one misspelt letter
# remains one edit.
PLAIN = {"ø": "o", "ä": "a", "đ": "d", "ŋ": "n", "ŧ": "t", "ß": "s"}
# How they are written without a Norwegian keyboard, or in older spelling.
_IN_TWO = {"å": "aa", "ø": "oe", "æ": "ae"}
# Words that do not help to identify a kommune, in the languages of the names.
FILLERS = frozenset(
    ("i", "og", "and", "of", "in", "the", "kommune", "kommuna", "kommunen", "kommunes",
     "kommuner", "kommuuni", "municipality", "herad", "herred", "suohkan", "suohkana", "gielda",
     "tjielte", "fylke", "fylkeskommune", "county")
)  # fmt: skip
_LETTERS_LOST = str.maketrans(PLAIN)
_APART = re.compile(r"[\W_]+")


def words(text: str) -> list[str]:
    """Return the words of a name in lower case without accents: "Sør-Aurdal" is sor, aurdal."""
    apart = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(sign for sign in apart if not unicodedata.category(sign).startswith("M"))
    return _APART.sub(" ", plain.translate(_LETTERS_LOST)).split()


def significant_words(given: list[str]) -> list[str]:
    """Return the words that are not fillers, or all of them if every word is one."""
    return [word for word in given if word not in FILLERS] or given


def spellings(names: Iterable[str]) -> list[str]:
    """Return all common spellings of the names, each as space-separated words."""
    found: dict[str, None] = {}
    for name in names:
        letters = [(sign, _IN_TWO[sign]) if sign in _IN_TWO else (sign,) for sign in name.lower()]
        ways = product(*letters) if name.isascii() or _special(name) <= _MOST else [name]
        found.update(dict.fromkeys(" ".join(words("".join(way))) for way in ways))
    return [one for one in found if one]


_MOST = 5  # such letters in a name; above it the combinations of both forms are not listed


def _special(name: str) -> int:
    return sum(sign in _IN_TWO for sign in name.lower())


def joined(given: Iterable[str]) -> str:
    """Return the words without separators, since spaces and hyphens are often misplaced."""
    return "".join(given)
