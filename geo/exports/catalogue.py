"""The dataset as search engines and catalogues describe it: schema.org's Dataset."""

import json
from dataclasses import dataclass
from typing import Any

from geo import columns as c
from geo.base.links import web
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.dataset.licence import licence_url
from geo.report.titles import summary
from geo.text.languages import LANGUAGES
from geo.text.messages import messages

# The forms of the catalogue after DCAT-AP-NO, by ending (see `exports.dcat`).
CATALOGUE_TYPES = {"ttl": "text/turtle", "rdf": "application/rdf+xml"}


@dataclass(frozen=True)
class File:
    """A file that an edition offers: address, media type, name."""

    address: str
    media_type: str
    name: str


@dataclass(frozen=True)
class Published:
    """Where an edition shows the dataset: the address of its first page, and its files.

    Addresses are absolute, or relative to the page where the edition's own is not known.
    """

    page: str
    files: tuple[File, ...]


def description(dataset: Dataset, language: str) -> str:
    """Return what the dataset says at a glance: the sentences of the view that comes first."""
    view = dataset.choices.view(lang=language)
    return summary(dataset, coverage(dataset, view), view)


def makers(dataset: Dataset) -> list[str]:
    """Return the names of those who made the package, as its descriptor has them."""
    listed = dataset.package.descriptor.get("contributors") or []
    return list(filter(None, (_maker(one) for one in listed if isinstance(one, dict))))


def _maker(contributor: dict[str, Any]) -> str:
    """Return a contributor's name: version 2 of Data Package lets a person have two instead."""
    parts = (contributor.get("givenName"), contributor.get("familyName"))
    return str(contributor.get("title") or " ".join(str(one) for one in parts if one))


def identifier(dataset: Dataset) -> str:
    """Return the id of the package, which is unique in the world, or else its name."""
    return str(dataset.package.descriptor.get("id") or dataset.package.descriptor["name"])


def origins(dataset: Dataset) -> list[tuple[str, str]]:
    """Return (name, web address) of what the package is built on, as its descriptor has them."""
    listed = dataset.package.descriptor.get("sources") or []
    found = [(str(one.get("title", "")), web(str(one.get("path", "")))) for one in listed]
    return [(name, address) for name, address in found if address]


def period(dataset: Dataset) -> tuple[int, int | None]:
    """Return the first year of the programmes, and the last where a source states it."""
    table = dataset.package["programmes"]
    last = table[c.YEAR_TO].dropna()
    return int(table[c.YEAR_FROM].min()), int(last.max()) if len(last) else None


def schema_org(dataset: Dataset, published: Published, language: str) -> dict[str, Any]:
    """Return the dataset as a schema.org Dataset in a language, ready for JSON-LD."""
    first, last = period(dataset)
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": dataset.package.title(language),
        "identifier": identifier(dataset),
        "description": description(dataset, language),
        "url": published.page,
        "version": dataset.data_version,
        "dateModified": dataset.data_day.isoformat(),
        "inLanguage": list(LANGUAGES),
        "keywords": dataset.package.descriptor.get("keywords", []),
        "isAccessibleForFree": True,
        "license": licence_url(dataset.package),
        "creator": [{"@type": "Organization", "name": name} for name in makers(dataset)],
        "isBasedOn": [address for _, address in origins(dataset)],
        "temporalCoverage": f"{first}/{'..' if last is None else last}",
        "spatialCoverage": {"@type": "Place", "name": messages(language)("data.country")},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": one.name,
                "encodingFormat": one.media_type,
                "contentUrl": one.address,
            }
            for one in published.files
        ],
    }


def json_ld(dataset: Dataset, published: Published, language: str) -> str:
    """Return the script element that holds the schema.org Dataset; nothing in it can end it."""
    text = json.dumps(schema_org(dataset, published, language), ensure_ascii=False)
    return f'<script type="application/ld+json">{text.replace("<", chr(92) + "u003c")}</script>'
