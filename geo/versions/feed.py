"""The Atom feed of corrections (RFC 4287): the same data always give the same bytes."""

from datetime import UTC, date, datetime
from html import escape
from uuid import NAMESPACE_URL, uuid5

from feedgen.feed import FeedGenerator

from geo.base.cache import TABLES, cache_on
from geo.coverage.dataset import Dataset
from geo.report.sources import sources
from geo.settings import TOOL_VERSION
from geo.text.languages import DataText
from geo.text.messages import messages
from geo.versions.corrections import Correction, corrections

MEDIA_TYPE = "application/atom+xml"


@cache_on(TABLES)
def feed(dataset: Dataset, language: str, page: str, itself: str) -> bytes:
    """Return the feed in a language; `page` is the address of the corrections, `itself` the feed's.

    Entries and the feed are named by ids that do not depend on where they are served. A correction
    without a day is left out.
    """
    t = messages(language)
    told = [one for one in corrections(dataset) if one.day]
    made = FeedGenerator()
    made.id(_id(dataset, language))
    made.title(f"{t('corrections.title')} – {t('common.name')}")
    made.language(language)
    made.author(name=t("common.name"))
    made.link(href=itself, rel="self", type=MEDIA_TYPE)
    made.link(href=page, rel="alternate", type="text/html")
    made.generator("naeringshage-kart", version=TOOL_VERSION)
    made.updated(_moment(max((one.day for one in told), default=dataset.data_day.isoformat())))
    for one in told:
        _add(made, dataset, one, language, page)
    return bytes(made.atom_str(pretty=True)) + b"\n"


def _add(made: FeedGenerator, dataset: Dataset, one: Correction, language: str, page: str) -> None:
    entry = made.add_entry(order="append")
    entry.id(_id(dataset, language, one.correction_id))
    entry.title(one.title[language].text)
    entry.updated(_moment(one.day))
    entry.published(_moment(one.day))
    entry.link(href=f"{page}#{one.correction_id}", rel="alternate", type="text/html")
    entry.category(term=one.kind, label=messages(language)(f"corrections.kind_{one.kind}"))
    entry.content(_content(dataset, one, language), type="html")


def _content(dataset: Dataset, one: Correction, language: str) -> str:
    cited = (source.cite(language) for source in sources(dataset, one.source_ids))
    lines = [_marked(one.text[language], language), *map(escape, (one.was(language), *cited))]
    return "".join(f"<p>{line}</p>" for line in lines if line)


def _marked(said: DataText, language: str) -> str:
    """Return a text of the data as HTML, which says its language where it is another one."""
    text = escape(said.text)
    return text if said.language == language else f'<span lang="{said.language}">{text}</span>'


def _id(dataset: Dataset, *parts: str) -> str:
    package = str(dataset.package.descriptor.get("name", ""))
    return uuid5(uuid5(NAMESPACE_URL, package), "/".join(("corrections", *parts))).urn


def _moment(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
