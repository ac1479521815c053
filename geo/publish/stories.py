"""Precompute the stories of all kommuner, for the front page and the kommune pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.base.cache import KOMMUNER, cache_on
from geo.base.links import web
from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.report.sources import Source
from geo.report.story import Story, story
from geo.report.story_text import Told, behind, sentences, told
from geo.text.languages import LANGUAGES

# By (structure year, language): "kommuner", the sentences and source ids of each kommunenr, and
# "sources", the citation and address of each source id.
Stories = Mapping[tuple[int, str], Mapping[str, Mapping[str, list[Any]]]]


@dataclass(frozen=True)
class KommuneStory:
    """What the page of a kommune number says, in one structure year."""

    story: Story
    told: Mapping[str, Told]  # by language
    sources: tuple[Source, ...]


def of_years(dataset: Dataset) -> Stories:
    """Return the stories of every kommune for the front page, with the sources listed below."""
    return {
        (year, language): _of_year(dataset, year, language)
        for year in dataset.choices.years
        for language in LANGUAGES
    }


def _of_year(dataset: Dataset, year: int, language: str) -> Mapping[str, Mapping[str, list[Any]]]:
    kommuner: dict[str, list[Any]] = {}
    sources: dict[str, list[Any]] = {}
    for nr in map(str, dataset.register.kommuner(year).index):
        one = story(dataset, nr, View(year=year))
        texts, found = sentences(dataset, one, language, listed_below=True), behind(one)
        kommuner[nr] = [texts, [source.source_id for source in found]]
        sources.update({s.source_id: [s.cite(language), web(s.url)] for s in found})
    return {"kommuner": kommuner, "sources": sources}


@cache_on(KOMMUNER, daily=True)
def kommune_story(dataset: Dataset, kommunenr: str, year: int) -> KommuneStory:
    """Return the story of a kommune number in a structure year."""
    one = story(dataset, kommunenr, View(year=year))
    named = (s for service in one.services + one.no_source for s in service.sources)
    return KommuneStory(
        one,
        {language: told(dataset, one, language) for language in LANGUAGES},
        tuple(dict.fromkeys(named)),
    )


def of_number(dataset: Dataset, kommunenr: str) -> KommuneStory:
    """Return the story of a number of any year, in the structure year that fits it best."""
    return kommune_story(dataset, kommunenr, _best_year(dataset, kommunenr))


def _best_year(dataset: Dataset, kommunenr: str) -> int:
    """Return the first structure year that has the number, or else the nearest to its last year."""
    years = dataset.register.years_of(kommunenr)
    known = [year for year in dataset.choices.years if year in years]
    return known[0] if known else min(dataset.choices.years, key=lambda y: abs(y - years[-1]))
