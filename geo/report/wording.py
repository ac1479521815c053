"""Phrases that several texts share: lists, names, counts of evidence, ranges, amounts."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from babel.lists import format_list

from geo.base.cache import TABLES, YEARS, cache_on
from geo.base.clock import today
from geo.columns import EVIDENCE_LEVELS, GRANTED, HUB_ID, LABEL, NAME, PROJECT_ID
from geo.coverage.bounds import Range
from geo.coverage.counties import Nearest
from geo.coverage.dataset import Dataset
from geo.coverage.money import grants, kind_of
from geo.coverage.totals import Totals
from geo.dataset.package import every_hub
from geo.dataset.stated_years import parse
from geo.text import languages
from geo.text.languages import DataText, locale
from geo.text.messages import Messages, messages
from geo.text.numbers import EN_DASH, day, number, percent, year_span

_MILLION = 1_000_000
LONGEST_NAME = 120  # characters in a title; tables and files have the whole name
_BREAKS = re.compile(r"\s*[\t\r\n]\s*")
_LEFT_TO_RIGHT = "\u200e"  # LEFT-TO-RIGHT MARK, invisible


def shortened(name: str, most: int = LONGEST_NAME) -> str:
    """Return a name for use in a title: one line, at most `most` characters, isolated."""
    line = _BREAKS.sub(" ", name[: 2 * most]).strip()
    cut = len(line) > most or len(name) > 2 * most
    return isolated(f"{line[: most - 1].rstrip()}…" if cut else line)


def isolated(text: str) -> str:
    """Return a text between left-to-right marks if its letters would reorder the text around it."""
    turns = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
    return f"{_LEFT_TO_RIGHT}{text}{_LEFT_TO_RIGHT}" if turns else text


def listed(names: Iterable[str], language: str) -> str:
    """Return names as a list in a sentence: "Meldal, Orkdal og Agdenes"."""
    return str(format_list(list(names), locale=locale(language)))


def marked(said: DataText, language: str) -> str:
    """Return a text of the data for plain text; one in another language names it at its end."""
    if not said or said.language == language:
        return said.text
    own = languages.language(said.language).name
    return messages(language)("common.written_in", text=said.text, language=own)


def years_stated(parts: Iterable[str], language: str) -> str:
    """Return the years that sources speak of as a phrase: "2014 (plan), 2015 (antall) og 2020"."""
    t = messages(language)
    names = []
    for years in parse("|".join(parts)):
        when = year_span(range(years.first, years.last + 1))
        key = f"coverage.stated_{years.qualifier}"
        names.append(t(key, years=when) if years.qualifier else when)
    return listed(names, language)


def evidence_counts(counts: Mapping[str, int], language: str) -> str:
    """Return the evidence of counted kommuner: "4 dokumentert, 14 utledet og 7 antatt"."""
    shown = [level for level in EVIDENCE_LEVELS if counts.get(level)]
    return parts_text({level: number(counts[level], language) for level in shown}, language)


def dated_version(dataset: Dataset, language: str) -> str:
    """Return the data version with its own day: "v1.0.0 av 23. november 2026"."""
    created = dataset.package.created
    version = f"v{dataset.data_version}"
    if created is None:
        return version
    return messages(language)("common.dated", version=version, day=day(created, language))


def period(dataset: Dataset, projects: Iterable[str] = ()) -> range:
    """Return the grant years of some projects, the first to the last; of all if none is named."""
    chosen = [grants(dataset)[project] for project in projects or dataset.choices.projects]
    return range(min(one.first for one in chosen), max(one.first + one.years for one in chosen))


def has_ended(dataset: Dataset, projects: Iterable[str] = ()) -> bool:
    """Return whether the last grant year of some projects is over, in Norway."""
    return period(dataset, projects)[-1] < today().year


def amount(kroner: float, language: str) -> str:
    """Return an amount in running text: "25,5 millioner kroner", below a million "5 000 kroner"."""
    t = messages(language)
    if abs(kroner) < _MILLION:
        return t("coverage.kroner", n=number(kroner, language))
    one = kroner == _MILLION
    return t.plural("coverage.millions", 1 if one else 2, in_millions(kroner, language))


def in_millions(kroner: float, language: str) -> str:
    """Return an amount in millions without trailing zeros: "6", "3,5"."""
    decimals = 0 if kroner % _MILLION == 0 else 1 if kroner % (_MILLION / 10) == 0 else 2
    return number(kroner / _MILLION, language, decimals)


def of_kind(kind: str, text: str, t: Messages) -> str:
    """Return an amount in words, with what it is: "inntil 20 mill. kr"; a grant is plain."""
    return t(f"coverage.amount_{kind}", amount=text)


def heading_of_kind(dataset: Dataset, heading: str, t: Messages) -> str:
    """Return the heading of amounts, which says what they are if they are not all grants."""
    kind = kind_of(dataset)
    if kind == GRANTED:
        return heading
    return t("coverage.heading_of_kind", heading=heading, kind=t(f"coverage.kind_{kind}"))


def project_names(dataset: Dataset, ids: Iterable[str]) -> list[str]:
    """Return the names of projects, in the order of their ids."""
    names = _project_names(dataset)
    return [names[project_id] for project_id in ids]


def project_name(dataset: Dataset, project_id: str) -> str:
    """Return the name of a project."""
    return _project_names(dataset)[project_id]


def hub_names(dataset: Dataset, ids: Iterable[str]) -> list[str]:
    """Return the names of hubs, in the order of their ids."""
    names = every_hub_name(dataset)
    return [names[hub_id] for hub_id in ids]


def kommune_names(dataset: Dataset, numbers: Iterable[str], year: int) -> list[str]:
    """Return the names of kommuner of a year, in the order of their numbers."""
    names = _labels(dataset, year)
    return [names[nr] for nr in numbers]


@cache_on(TABLES)
def _project_names(dataset: Dataset) -> dict[str, str]:
    projects = dataset.package["projects"]
    return dict(zip(projects[PROJECT_ID], projects[NAME], strict=True))


@cache_on(TABLES)
def every_hub_name(dataset: Dataset) -> dict[str, str]:
    """Return the names of all hubs by hub_id, in the order of their tables."""
    hubs = every_hub(dataset.package)
    return dict(zip(hubs[HUB_ID], hubs[NAME], strict=True))


@cache_on(YEARS)
def _labels(dataset: Dataset, year: int) -> dict[str, str]:
    labels = dataset.register.kommuner(year)[LABEL]
    return {str(nr): str(label) for nr, label in labels.items()}


def alphabetical(name: str) -> str:
    """Return a sort key for the Norwegian alphabet: æ, ø and å come after z."""
    return name.casefold().translate(_LAST_LETTERS)


_LAST_LETTERS = str.maketrans({"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c"})


def least_and_most(figures: Range, language: str, unit: str, decimals: int = 0) -> str:
    """Return "minst X, høyst Y innbyggere" for a figure that depends on an assumption.

    `unit` is people, percent, kroner, kommuner or fylker.
    """
    t = messages(language)
    low, high = (number(v, language, decimals) for v in (figures.low, figures.high))
    if unit in ("kommuner", "fylker"):
        return t.plural(f"titles.range_{unit}", round(figures.high), high, low=low)
    return t(f"titles.range_{unit}", low=low, high=high)


def span(figure: Range, language: str, decimals: int = 0) -> str:
    """Return "95 548 (95 548–120 425)" for a figure with a range, else the figure alone."""
    shown = number(figure.value, language, decimals)
    if figure.certain:
        return shown
    low, high = (number(value, language, decimals) for value in (figure.low, figure.high))
    return f"{shown} ({low}{EN_DASH}{high})"


def parts_text(parts: Mapping[str, str], language: str) -> str:
    """Return the parts of a figure by evidence: "12 000 dokumentert og 57 485 utledet"."""
    t = messages(language)
    return listed((t(f"coverage.{level}_count", n=part) for level, part in parts.items()), language)


def people_parts(totals: Totals, language: str) -> str:
    """Return the documented, the inferred and the assumed people; "" if all are of one kind."""
    parts = {level: n for level, n in totals.population_by_evidence.items() if n}
    texts = {level: number(n, language) for level, n in parts.items()}
    return parts_text(texts, language) if len(parts) > 1 else ""


def share_parts(totals: Totals, language: str) -> str:
    """Return the documented, the inferred and the assumed part of the share, as `people_parts`."""
    people = {level: n for level, n in totals.population_by_evidence.items() if n}
    if len(people) < 2:
        return ""
    whole = totals.population_total
    parts = {level: percent(n / whole, language) for level, n in people.items()}
    return parts_text(parts, language)


def kroner_parts(totals: Totals, language: str) -> str:
    """Return kroner per inhabitant counting the documented only, and all but the assumed.

    "" where all that is counted rests on the same evidence; no figure is repeated.
    """
    t = messages(language)
    figures = totals.grant_by_evidence
    whole = totals.grant_per_inhabitant_year
    shown: dict[str, float] = {}
    for level, figure in figures.items():
        if figure is not None and whole and figure not in (whole.value, *shown.values()):
            shown[level] = figure
    texts = (
        t(f"titles.kroner_{level}", kroner=number(figure, language, 2))
        for level, figure in shown.items()
    )
    return listed(texts, language)


def distance(near: Nearest, t: Messages, *, whole: bool) -> str:
    """Return how far a hub is: "86 km", "ca. 86 km" to a seat that is a guess, "in the kommune".

    `whole` adds from where it is measured; a point in the shape is always named.
    """
    if near.inside:
        return t("story.in_kommune")
    km = t("story.km_about" if near.about else "story.km", km=number(near.km, t.language))
    if not near.from_people:
        return t("story.from_shape", km=km)
    return t("story.from_people", km=km) if whole else km
