"""Sources and their citations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from babel.dates import format_date

from geo.base.cache import OWNER, TABLES, cache_on
from geo.columns import SOURCE_ID
from geo.coverage.dataset import Dataset
from geo.report.wording import isolated
from geo.text.languages import DataText, data_text, in_each, locale
from geo.text.messages import messages
from geo.text.numbers import day

_FULL_DATE, _MONTH = 3, 2  # number of parts of an ISO date: 2015-08-24, 2015-08


@dataclass(frozen=True)
class Source:
    """A source as the package lists it; `published` is an ISO date, as far as it is known.

    `notes` are what the package says of the date, by language.
    """

    source_id: str
    title: str
    publisher: str
    published: str
    url: str
    notes: Mapping[str, DataText] = field(hash=False)

    def when(self, language: str) -> str:
        """Return the date: 24. august 2015, august 2015 or 2015; the source's note if unknown."""
        parts = [int(part) for part in self.published.split("-") if part.isdigit()]
        if len(parts) == _FULL_DATE:
            return day(date(parts[0], parts[1], parts[2]), language)
        if len(parts) == _MONTH:
            first = date(parts[0], parts[1], 1)
            return str(format_date(first, format="LLLL yyyy", locale=locale(language)))
        return self.published or self.notes[language].text

    def cite(self, language: str) -> str:
        """Return a citation: Avisa Hordaland («Næringshagen doblar», 24. september 2015)."""
        title = messages(language)("numbers.quoted", text=isolated(self.title))
        inside = [title, isolated(self.when(language))]
        return f"{isolated(self.publisher)} ({', '.join(part for part in inside if part)})"


@cache_on(OWNER)
def _all(dataset: Dataset) -> dict[str, Source]:
    return {
        row[SOURCE_ID]: Source(
            row[SOURCE_ID],
            row["title"],
            row["publisher"],
            row["published"],
            row["url"],
            in_each(row, "published_note"),
        )
        for row in dataset.package["sources"].to_dict("records")
    }


def sources(dataset: Dataset, ids: Iterable[str]) -> tuple[Source, ...]:
    """Return the sources with these ids, each once, in the given order; unknown ids are skipped."""
    found = _all(dataset)
    return tuple(found[source_id] for source_id in dict.fromkeys(ids) if source_id in found)


@cache_on(TABLES)
def said_by(dataset: Dataset, language: str) -> dict[str, DataText]:
    """Return what each source of the package says, in our own words, by its id."""
    rows = dataset.package["sources"].to_dict("records")
    return {str(row[SOURCE_ID]): data_text(row, "says", language) for row in rows}
