"""Where a table of the package comes from: its name, its headings, and the sources of its rows."""

from collections.abc import Mapping
from typing import Any

from geo.base.cache import OWNER, TABLES, cache_on
from geo.coverage.dataset import Dataset
from geo.dataset.package import split_ids
from geo.report.sources import Source, sources
from geo.report.wording import shortened
from geo.settings import LANGUAGES

_SOURCE_COLUMNS = ("source_ids", "source_id")


@cache_on(TABLES)
def table_sources(dataset: Dataset, name: str) -> tuple[Source, ...]:
    """Return every source that a row of a table names, by its number."""
    table = dataset.package[name]
    cells = {cell for column in _SOURCE_COLUMNS if column in table for cell in table[column]}
    return sources(dataset, sorted({source for cell in cells for source in split_ids(cell)}))


def table_name(dataset: Dataset, name: str, language: str) -> str:
    """Return what a table is called: its title, in English its description."""
    resource = _resources(dataset)[name]
    called = resource.get("title" if language == LANGUAGES[0] else "description")
    return shortened(str(called or name))


def table_headings(dataset: Dataset, name: str, language: str) -> dict[str, str]:
    """Return the heading of each column of a table; in English the name that the file uses."""
    fields = _resources(dataset)[name]["schema"]["fields"]
    if language != LANGUAGES[0]:
        return {field["name"]: field["name"] for field in fields}
    return {field["name"]: shortened(field.get("title", field["name"])) for field in fields}


def table_file(dataset: Dataset, name: str) -> str:
    """Return the file that holds a table."""
    return str(_resources(dataset)[name]["path"])


def limits(dataset: Dataset, language: str) -> list[str]:
    """Return what is not known about the programme: `limits` of datapackage.json, by language."""
    told: Mapping[str, list[str]] = dataset.package.descriptor.get("limits", {})
    return list(told.get(language, ()))


@cache_on(OWNER)
def _resources(dataset: Dataset) -> dict[str, dict[str, Any]]:
    return {r["name"]: r for r in dataset.package.descriptor["resources"]}
