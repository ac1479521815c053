"""Precompute the stories of all kommuner, for the front page and the kommune pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from geo.base.cache import KOMMUNER, cache_on
from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.report.sources import Source
from geo.report.story import Story, story
from geo.report.story_text import Told, told
from geo.text.languages import LANGUAGES

Stories = Mapping[tuple[int, str], Mapping[str, list[str]]]


@dataclass(frozen=True)
class KommuneStory:
    """What the page of a kommune number says, in one structure year."""

    story: Story
    told: Mapping[str, Told]  # by language
    sources: tuple[Source, ...]


def of_years(dataset: Dataset) -> Stories:
    """Return the sentences about every kommune, by (structure year, language) and kommunenr."""
    found: dict[tuple[int, str], dict[str, list[str]]] = {}
    for year in dataset.choices.years:
        for nr in dataset.register.kommuner(year).index:
            one = kommune_story(dataset, str(nr), year)
            for language in LANGUAGES:
                found.setdefault((year, language), {})[str(nr)] = one.told[language].sentences()
    return found


@cache_on(KOMMUNER, daily=True)
def kommune_story(dataset: Dataset, kommunenr: str, year: int) -> KommuneStory:
    """Return the story of a kommune number in a structure year."""
    one = story(dataset, kommunenr, View(year=year))
    behind = (s for service in one.services + one.no_source for s in service.sources)
    return KommuneStory(
        one,
        {language: told(dataset, one, language) for language in LANGUAGES},
        tuple(dict.fromkeys(behind)),
    )


def of_number(dataset: Dataset, kommunenr: str) -> KommuneStory:
    """Return the story of a number of any year, in the structure year that fits it best."""
    return kommune_story(dataset, kommunenr, _best_year(dataset, kommunenr))


def _best_year(dataset: Dataset, kommunenr: str) -> int:
    """Return the first structure year that has the number, or else the nearest to its last year."""
    years = dataset.register.years_of(kommunenr)
    known = [year for year in dataset.choices.years if year in years]
    return known[0] if known else min(dataset.choices.years, key=lambda y: abs(y - years[-1]))
