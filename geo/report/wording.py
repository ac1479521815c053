"""Small phrases that several texts share: lists, names, evidence counts, amounts."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from babel.lists import format_list

from geo.base.cache import TABLES, YEARS, cache_on
from geo.columns import EVIDENCE_LEVELS, LABEL
from geo.coverage.dataset import Dataset
from geo.text.messages import messages
from geo.text.numbers import number

_BABEL = {"nb": "nb_NO", "en": "en_GB"}
_MILLION = 1_000_000
LONGEST_NAME = 120  # characters, in a title; a longer one is whole in the tables and the files
_BREAKS = re.compile(r"\s*[\t\r\n]\s*")
_LEFT_TO_RIGHT = "\u200e"  # a mark that shows as nothing


def shortened(name: str, most: int = LONGEST_NAME) -> str:
    """Return a name fit for a title: on one line, not too long, turning nothing round it."""
    line = _BREAKS.sub(" ", name[: 2 * most]).strip()
    cut = len(line) > most or len(name) > 2 * most
    return isolated(f"{line[: most - 1].rstrip()}…" if cut else line)


def isolated(text: str) -> str:
    """Return a text whose letters from the right, if it has any, leave what stands around them."""
    turns = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
    return f"{_LEFT_TO_RIGHT}{text}{_LEFT_TO_RIGHT}" if turns else text


def listed(names: Iterable[str], language: str) -> str:
    """Return names in a sentence: "Meldal, Orkdal og Agdenes"."""
    return str(format_list(list(names), locale=_BABEL[language]))


def evidence_counts(counts: Mapping[str, int], language: str) -> str:
    """Return how well counted kommuner are documented: "18 dokumentert og 7 antatt"."""
    t = messages(language)
    parts = [
        t(f"coverage.{level}_count", n=number(counts[level], language))
        for level in EVIDENCE_LEVELS
        if counts.get(level)
    ]
    return listed(parts, language)


def amount(kroner: float, language: str) -> str:
    """Return an amount in running text: "25,5 millioner kroner", below a million "5 000 kroner"."""
    t = messages(language)
    if abs(kroner) < _MILLION:
        return t("coverage.kroner", n=number(kroner, language))
    one = kroner == _MILLION
    return t.plural("coverage.millions", 1 if one else 2, in_millions(kroner, language))


def in_millions(kroner: float, language: str) -> str:
    """Return an amount as a number of millions with no needless decimals: "6", "3,5"."""
    decimals = 0 if kroner % _MILLION == 0 else 1 if kroner % (_MILLION / 10) == 0 else 2
    return number(kroner / _MILLION, language, decimals)


def project_names(dataset: Dataset, ids: Iterable[str]) -> list[str]:
    """Return the names of projects."""
    names = _names(dataset, "projects", "project_id")
    return [names[project_id] for project_id in ids]


def hub_names(dataset: Dataset, ids: Iterable[str]) -> list[str]:
    """Return the names of hubs."""
    names = _names(dataset, "hubs", "hub_id")
    return [names[hub_id] for hub_id in ids]


def kommune_names(dataset: Dataset, numbers: Iterable[str], year: int) -> list[str]:
    """Return the names of kommuner of a year."""
    names = _labels(dataset, year)
    return [names[nr] for nr in numbers]


@cache_on(TABLES)
def _names(dataset: Dataset, table: str, key: str) -> dict[str, str]:
    return dict(zip(dataset.package[table][key], dataset.package[table]["name"], strict=True))


@cache_on(YEARS)
def _labels(dataset: Dataset, year: int) -> dict[str, str]:
    labels = dataset.register.kommuner(year)[LABEL]
    return {str(nr): str(label) for nr, label in labels.items()}


def alphabetical(name: str) -> str:
    """Return a key that sorts as Norwegian does: æ, ø and å come after z."""
    return name.casefold().translate(_LAST_LETTERS)


_LAST_LETTERS = str.maketrans({"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c"})
