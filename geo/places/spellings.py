"""How names are written, and what a search takes for one and the same.

The public edition's search follows these rules in geo/publish/assets/search.js, from the same
table of spellings; a test compares the two.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import product

# Letters that do not fall apart into a base letter and an accent. Each becomes one letter, so that
# a mistake in a letter stays one mistake.
PLAIN = {"ø": "o", "ä": "a", "đ": "d", "ŋ": "n", "ŧ": "t", "ß": "s"}
# How they are written where a keyboard or an old form lacks them.
_IN_TWO = {"å": "aa", "ø": "oe", "æ": "ae"}
# What says nothing of which kommune is meant, in the languages that kommuner are written in.
FILLERS = frozenset(
    ("i", "og", "and", "of", "in", "the", "kommune", "kommuna", "kommunen", "kommunes",
     "kommuner", "kommuuni", "municipality", "herad", "herred", "suohkan", "suohkana", "gielda",
     "tjielte", "fylke", "fylkeskommune", "county")
)  # fmt: skip
_LETTERS_LOST = str.maketrans(PLAIN)
_APART = re.compile(r"[\W_]+")


def words(text: str) -> list[str]:
    """Return the words of a name in small letters without accents: "Sør-Aurdal" is sor, aurdal."""
    apart = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(sign for sign in apart if not unicodedata.category(sign).startswith("M"))
    return _APART.sub(" ", plain.translate(_LETTERS_LOST)).split()


def telling(given: list[str]) -> list[str]:
    """Return the words that tell a kommune, or all of them where none does."""
    return [word for word in given if word not in FILLERS] or given


def spellings(names: Iterable[str]) -> list[str]:
    """Return every usual way of writing some names, each as its words with spaces between."""
    found: dict[str, None] = {}
    for name in names:
        letters = [(sign, _IN_TWO[sign]) if sign in _IN_TWO else (sign,) for sign in name.lower()]
        ways = product(*letters) if name.isascii() or _special(name) <= _MOST else [name]
        found.update(dict.fromkeys(" ".join(words("".join(way))) for way in ways))
    return [one for one in found if one]


_MOST = 5  # of such letters in a name: every mixture of the two ways is listed


def _special(name: str) -> int:
    return sum(sign in _IN_TWO for sign in name.lower())


def joined(given: Iterable[str]) -> str:
    """Return words without what stands between them: spaces and hyphens are often mistaken."""
    return "".join(given)
