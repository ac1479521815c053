"""Sources, and how they are cited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from geo.base.cache import OWNER, cache_on
from geo.coverage.dataset import Dataset
from geo.report.wording import isolated
from geo.text.numbers import day

_QUOTES = {"nb": "«{}»", "en": "“{}”"}
_BABEL = {"nb": "nb_NO", "en": "en_GB"}
_FULL_DATE, _MONTH = 3, 2  # parts of an ISO date: 2015-08-24, 2015-08


@dataclass(frozen=True)
class Source:
    """A source as the package lists it; `published` is an ISO date, as far as it is known."""

    source_id: str
    title: str
    publisher: str
    published: str
    url: str
    note_nb: str = ""
    note_en: str = ""

    def when(self, language: str) -> str:
        """Return the date in words: 24. august 2015, august 2015, 2015; a note where unknown."""
        parts = [int(part) for part in self.published.split("-") if part.isdigit()]
        if len(parts) == _FULL_DATE:
            return day(date(parts[0], parts[1], parts[2]), language)
        if len(parts) == _MONTH:
            first = date(parts[0], parts[1], 1)
            return str(format_date(first, format="LLLL yyyy", locale=_BABEL[language]))
        return self.published or (self.note_nb if language == "nb" else self.note_en)

    def cite(self, language: str) -> str:
        """Return for example: Avisa Hordaland («Næringshagen doblar», 24. september 2015)."""
        inside = [_QUOTES[language].format(isolated(self.title)), isolated(self.when(language))]
        return f"{isolated(self.publisher)} ({', '.join(part for part in inside if part)})"


@cache_on(OWNER)
def _all(dataset: Dataset) -> dict[str, Source]:
    return {
        row["source_id"]: Source(
            row["source_id"],
            row["title"],
            row["publisher"],
            row["published"],
            row["url"],
            row["published_note_nb"],
            row["published_note_en"],
        )
        for row in dataset.package["sources"].to_dict("records")
    }


def sources(dataset: Dataset, ids: Iterable[str]) -> tuple[Source, ...]:
    """Return the sources of some ids, each once, in the order given."""
    found = _all(dataset)
    return tuple(found[source_id] for source_id in dict.fromkeys(ids) if source_id in found)
