"""Small phrases that several texts share: lists, names, evidence counts, amounts."""

from collections.abc import Iterable, Mapping

from babel.lists import format_list

from geo.atlas import Atlas
from geo.columns import EVIDENCE_LEVELS
from geo.messages import messages
from geo.numbers import number

_BABEL = {"nb": "nb_NO", "en": "en_GB"}


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
    million = 1_000_000
    if abs(kroner) < million:
        return t("coverage.kroner", n=number(kroner, language))
    decimals = 0 if kroner % million == 0 else 1 if kroner % (million / 10) == 0 else 2
    shown = number(kroner / million, language, decimals)
    return t.plural("coverage.millions", 1 if kroner == million else 2, shown)


def project_names(atlas: Atlas, ids: Iterable[str]) -> list[str]:
    """Return the names of projects."""
    return [str(atlas.project(project_id)["name"]) for project_id in ids]


def hub_names(atlas: Atlas, ids: Iterable[str]) -> list[str]:
    """Return the names of hubs."""
    return [str(atlas.hub(hub_id)["name"]) for hub_id in ids]


def kommune_names(atlas: Atlas, numbers: Iterable[str], year: int) -> list[str]:
    """Return the names of kommuner of a year."""
    return [atlas.register.label(nr, year) for nr in numbers]
