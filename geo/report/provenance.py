"""The provenance of a package table: its title, headings, file, and the sources of its rows."""

from collections.abc import Mapping
from typing import Any

from geo.base.cache import OWNER, TABLES, cache_on
from geo.columns import SOURCE_ID, SOURCE_IDS
from geo.coverage.dataset import Dataset
from geo.dataset.package import split_ids
from geo.dataset.stated_years import Windows, windows_of_package
from geo.places.embedded import EMBEDDED_YEAR
from geo.report.sources import Source, sources
from geo.report.wording import listed, shortened
from geo.text import languages
from geo.text.languages import DataText
from geo.text.messages import Messages
from geo.text.numbers import year_span

_SOURCE_COLUMNS = (SOURCE_IDS, SOURCE_ID)


@cache_on(TABLES)
def table_sources(dataset: Dataset, name: str) -> tuple[Source, ...]:
    """Return every source cited by a row of a table, sorted by id."""
    table = dataset.package[name]
    cells = {cell for column in _SOURCE_COLUMNS if column in table for cell in table[column]}
    return sources(dataset, sorted({source for cell in cells for source in split_ids(cell)}))


def table_name(dataset: Dataset, name: str, language: str) -> str:
    """Return a table's name: its title, or in English its description."""
    called = _resources(dataset)[name].get(languages.language(language).descriptor_key)
    return shortened(str(called or name))


def table_headings(dataset: Dataset, name: str, language: str) -> dict[str, str]:
    """Return the heading of each column; in English the column's name in the file."""
    fields = _resources(dataset)[name]["schema"]["fields"]
    if languages.language(language).descriptor_key != "title":
        return {field["name"]: field["name"] for field in fields}
    return {field["name"]: shortened(field.get("title", field["name"])) for field in fields}


def table_file(dataset: Dataset, name: str) -> str:
    """Return the path of a table's file in the package."""
    return str(_resources(dataset)[name]["path"])


def limits(dataset: Dataset, language: str) -> list[DataText]:
    """Return the known limitations of the data: `limits` in datapackage.json, by language."""
    texts: Mapping[str, list[str]] = dataset.package.descriptor.get("limits", {})
    own = next((code for code in languages.chain(language) if texts.get(code)), language)
    return [DataText(text, own) for text in texts.get(own, ())]


_TABLES_OF_GRANTS = ("programmes", "projects", "partners")


@cache_on(OWNER)
def windows(dataset: Dataset) -> Windows:
    """Return the years a source has to speak of to document coverage."""
    return windows_of_package(*(dataset.package[n].to_dict("records") for n in _TABLES_OF_GRANTS))


@cache_on(TABLES)
def window(dataset: Dataset, language: str) -> str:
    """Return the windows of the package in words: "2014–2017"."""
    return listed(map(year_span, windows(dataset).every), language)


_METHOD = ("counting", "layers", "states", "evidence", "claims", "people", "money", "borders")


def method_sections(dataset: Dataset, t: Messages) -> list[tuple[str, str]]:
    """Return heading and text (Markdown) of each part of our own method."""
    years = {
        **dataset.register.span,
        "embedded": EMBEDDED_YEAR,
        "window": window(dataset, t.language),
    }
    parts = [part for part in _METHOD if part != "claims" or len(dataset.package["claims"])]
    return [(t(f"metode.{part}"), t(f"metode.{part}_text", **years)) for part in parts]


def independent(dataset: Dataset, t: Messages) -> str:
    """Return whose view the map is not: that of the programmes' funders and operators.

    "" if the package names none.
    """
    table = dataset.package["programmes"]
    names = [str(n) for n in (*table["funder"], *table["operator"]) if isinstance(n, str) and n]
    if not names:
        return ""
    return t("metode.independent_text", names=listed(dict.fromkeys(names), t.language))


@cache_on(OWNER)
def _resources(dataset: Dataset) -> dict[str, dict[str, Any]]:
    return {r["name"]: r for r in dataset.package.descriptor["resources"]}
