"""The messages that the browser needs to describe a view, by language."""

from collections.abc import Iterable, Mapping
from typing import Any

from geo import columns as c
from geo.coverage.dataset import Dataset
from geo.coverage.money import grants
from geo.coverage.view import View
from geo.places import changes
from geo.places.not_kommuner import KINDS
from geo.report.explain import FIGURES
from geo.report.provenance import window
from geo.report.tables import COLUMNS, SHOWN_FIGURES, headings
from geo.report.titles import absence, all_projects, origin, subject
from geo.report.wording import dated_version, listed
from geo.text.messages import Messages
from geo.text.numbers import symbols

_TITLES = (
    "titles.title", "titles.title_today", "titles.title_area", "titles.in",
    "titles.kicker", "titles.kicker_today", "titles.kicker_area",
    "titles.lead", "titles.lead_now", "kart.per_head",
    "titles.partly", "titles.more", "titles.range_people", "titles.range_percent",
    "titles.range_kroner", "titles.people_parts",
    "titles.kroner_documented", "titles.kroner_inferred",
    "titles.nobody", "titles.covers", "titles.covers_area",
    "titles.covers_now", "titles.parts_only", "titles.people", "titles.range",
    "titles.source", "titles.country", "titles.by_county", "titles.only_documented",
    "titles.only_inferred", "titles.all_hubs", "explain.first_year", "explain.nearest_year",
)  # fmt: skip
_MAP = (
    "map.whole", "map.partly", "map.mixed", "map.differ", "map.not_covered",
    "map.no_source", "map.partly_unknown", "map.outside_view",
    "map.did_not_exist", "map.several", "map.seat", "map.seat_guess",
    "map.serves", "map.elsewhere", "map.no_project",
    "map.grant_between", "map.grant_from",
    *(f"map.look_{level}" for level in c.EVIDENCE_LEVELS),
)  # fmt: skip
_STRUCTURES = (
    "same", "recorded", "partly", "compare", "changes", "none", "made_of", "became",
    *changes.KINDS, *changes.FORMS,
)  # fmt: skip
_PAGE = (
    "kart.structure", "kart.table_rows", "kart.empty_table", "kart.search_nothing",
    "kart.search_now", "kart.same_shape", "kart.empty", "kart.back", "common.name",
    "common.sources", "common.ignored", "common.ignored_name", "common.ignored_value",
    "common.ignored_year",
    "common.ignored_fylke", "common.ignored_kommune", "common.other_version", "coverage.kroner",
    "story.also", "story.renumbered", "story.part_of", "filters.all_project", "filters.all_hub",
    "filters.all_fylke", "publish.in_view", "publish.in_view_by",
    "publish.whole_programme", "publish.full_story",
    "publish.hits", "publish.copied", "numbers.millions", "numbers.kroner", "numbers.percent",
    "publish.file", "kart.perhaps",
    *(f"kart.not_{kind}" for kind in KINDS),
    *(f"structures.{name}" for name in _STRUCTURES),
)  # fmt: skip
_PLURALS = (
    "titles.kommuner", "titles.explained", "titles.fylker", "titles.people_partly",
    "titles.in_parts", "titles.state_partly", "titles.state_no_source",
    "titles.state_partly_unknown", "titles.unknown",
    "titles.state_not_covered", "titles.state_elsewhere",
    "titles.money", "titles.range_kommuner", "titles.range_fylker", "coverage.millions",
    "map.shared", "map.shared_here", "kart.open_table", "structures.rest",
)  # fmt: skip

# Numbers whose plural form is sent: from 100 on, the last two digits decide in every language.
PLURALS = 200


def of_language(dataset: Dataset, language: str) -> dict[str, Any]:
    """Return what the browser needs to describe a view in a language."""
    t = dataset.messages(language)
    view = View(lang=language)
    return {
        "lang": language,
        "symbols": symbols(language),
        "plurals": [t.form(n) for n in range(PLURALS)],
        "texts": {
            **_singular(t, dataset),
            **_levels(dataset, t),
            **{key: _forms(t, key) for key in _needed(dataset, _PLURALS)},
            **{f"titles.money_of_{k}": _forms(t, f"titles.money_of_{k}") for k in _kinds(dataset)},
        },
        "columns": _columns(dataset, language),
        "figureColumns": [place for place, name in enumerate(COLUMNS) if name in SHOWN_FIGURES],
        "and": listed(("", ""), language),
        "programme": subject(dataset, view),
        "projects": all_projects(dataset, language),
        "absence": absence(dataset, language),
        "origin": origin(dataset, language),
        "version": dated_version(dataset, language),
    }


# Texts of these are for packages that know of a hub.
_OF_HUBS = (
    "titles.all_hubs", "map.seat", "map.seat_guess", "map.serves", "map.elsewhere",
    "map.no_project", "filters.all_hub", "publish.in_view_by", "kart.not_hub",
    "coverage.elsewhere", "titles.state_elsewhere",
)  # fmt: skip


def _needed(dataset: Dataset, keys: Iterable[str]) -> list[str]:
    return [key for key in keys if not (dataset.without_hubs and key in _OF_HUBS)]


def _columns(dataset: Dataset, language: str) -> list[str]:
    """Return the headings of the table; "" for what the package has nothing of."""
    found = headings(dataset, language)
    return list({**found, **({c.HUB_IDS: ""} if dataset.without_hubs else {})}.values())


def _singular(t: Messages, dataset: Dataset) -> Mapping[str, str]:
    kinds = (f"coverage.amount_{kind}" for kind in _kinds(dataset))
    codes = (f"coverage.{code}" for code in _CODES)
    names = _needed(dataset, (*_TITLES, *_MAP, *_PAGE, *codes, *_COUNTS, *kinds))
    explained = (f"explain.{figure}{end}" for figure in FIGURES for end in ("", "_method"))
    return {key: t(key) for key in (*names, *explained)}


def _kinds(dataset: Dataset) -> tuple[str, ...]:
    """Return what sums of amounts can be, besides grants, where not all amounts are grants."""
    granted = all(grant.kind == c.GRANTED for grant in grants(dataset).values())
    return () if granted else tuple(kind for kind in c.GRANT_KINDS if kind != c.GRANTED)


def _levels(dataset: Dataset, t: Messages) -> Mapping[str, str]:
    years = window(dataset, t.language)
    return {f"map.{level}": t(f"map.{level}", window=years) for level in c.EVIDENCE_LEVELS}


_CODES = (*c.STATES, *c.EVIDENCE_LEVELS)
_COUNTS = tuple(f"coverage.{level}_count" for level in c.EVIDENCE_LEVELS)


def _forms(t: Messages, key: str) -> list[str]:
    """Return each form that the language has, with placeholders left in."""
    numbers = {t.form(n): n for n in reversed(range(PLURALS))}
    return [t.plural(key, numbers[form], "{n}", **_UNFILLED) for form in sorted(numbers)]


_PLACES = (
    "sum", "value", "years", "base", "year", "people", "everybody", "share", "where", "low",
)  # fmt: skip
_UNFILLED = {name: f"{{{name}}}" for name in _PLACES}
