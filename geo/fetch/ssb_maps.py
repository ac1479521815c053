"""Downloads historical boundaries from Statistics Norway's map service, page by page.

The service implements OGC API - Features. Collection ids carry no meaning, so a year's collection
is found by its title.
"""

import json
import re
from typing import Any

from geo.errors import AnswerRefused
from geo.fetch.official_maps import OfficialMap
from geo.fetch.transfer.delivery import Delivery
from geo.fetch.transfer.transport import JSON, HttpAnswer, Transport, Wanted
from geo.official.origin import Origin
from geo.official.services import SSB_MAPS

COLLECTIONS = f"{SSB_MAPS.base}/collections"
DEGREES = "http://www.opengis.net/def/crs/EPSG/0/4326"
MEDIA = (*JSON, "application/geo+json")
PAGE = 50  # features; a kommune with many fjords takes half a megabyte
MOST_FEATURES = 5_000
_ID = re.compile(r"[\w.-]+")
_YEARS = re.compile(r"(?<![0-9])([12][0-9]{3})(?:til([12][0-9]{3}))?(?![0-9])")
_NOT_KOMMUNER = re.compile(r"fylke|bydel|grunnkrets|senter", re.IGNORECASE)


def paged(transport: Transport, product: OfficialMap) -> Delivery:
    """Return all features of a year's collection as one GeoJSON file, in EPSG:4326.

    Raises FetchFailed if a page cannot be fetched, AnswerRefused if a response is unexpected.
    """
    collection = _collection(transport, product)
    features: list[Any] = []
    origins: list[Origin] = []
    while True:
        address = (
            f"{COLLECTIONS}/{collection}/items.json"
            f"?limit={PAGE}&offset={len(features)}&crs={DEGREES}"
        )
        label = f"{product.title}, {len(features)}–"
        answer = transport.get(Wanted(product.service, address, MEDIA, label=label))
        page, matched = _page(answer)
        features += page
        origins.append(answer.origin)
        if len(features) > MOST_FEATURES:
            raise AnswerRefused(address, f"goes on after {MOST_FEATURES} features")
        if not page or (len(page) < PAGE if matched is None else len(features) >= matched):
            break
    merged = {"type": "FeatureCollection", "features": features}
    return Delivery({f"{product.title}.geojson": json.dumps(merged).encode()}, tuple(origins))


def _collection(transport: Transport, product: OfficialMap) -> str:
    """Return the id of the collection of kommuner whose title names the data set's year."""
    answer = transport.get(Wanted(product.service, COLLECTIONS, JSON, label=product.title))
    content = answer.json()
    listed = content.get("collections") if isinstance(content, dict) else None
    if not isinstance(listed, list):
        raise AnswerRefused(COLLECTIONS, "is not a list of collections")
    for one in listed:
        entry = one if isinstance(one, dict) else {}
        key, title = str(entry.get("id", "")), f"{entry.get('title', '')} {entry.get('id', '')}"
        kommuner = "kommune" in title.casefold() and not _NOT_KOMMUNER.search(title)
        if kommuner and product.year in _years(title) and _ID.fullmatch(key):
            return key
    raise AnswerRefused(COLLECTIONS, f"has no collection of kommuner for {product.year}")


def _years(title: str) -> set[int]:
    """Return the years in a title: "2013til2016" means four."""
    spans = [(int(first), int(last or first)) for first, last in _YEARS.findall(title)]
    return {year for first, last in spans for year in range(first, last + 1)}


def _page(answer: HttpAnswer) -> tuple[list[Any], int | None]:
    """Return the features of a page, and the total number if the service states it."""
    content = answer.json()
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise AnswerRefused(answer.origin.address, "is not a page of features")
    matched = content.get("numberMatched")
    return features, matched if isinstance(matched, int) else None
