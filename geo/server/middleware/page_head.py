"""What the head of a page says to search engines, link previews and feed readers."""

import html
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlencode, urljoin

from geo.base.links import (
    CATALOGUE,
    CROISSANT,
    FEED,
    MANIFEST,
    OEMBED,
    base_url,
    own_path,
)
from geo.brief import picture_routes
from geo.brief.picture_sizes import SIZES
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import View, from_query
from geo.exports import croissant
from geo.exports.catalogue import CATALOGUE_TYPES, json_ld
from geo.report.titles import summary, title
from geo.server import catalogue_files
from geo.settings import PAGES
from geo.text.languages import DEFAULT, LANGUAGES, locale, tag
from geo.text.messages import messages
from geo.versions import feed
from geo.versions.versions import dataset_version

# Pages that say of themselves what they hold; the others say what their view shows.
_SAID = {
    "data": "data.about",
    "metode": "metode.about",
    "rettelser": "corrections.intro",
    "brief": "brief.about",
    "egne": "egne_data.about",
}
_WITH_DATASET = ("", "data")


@dataclass(frozen=True)
class Asked:
    """A page and the query of its address; `page` is "" for the map."""

    page: str
    query: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, path: str, query: bytes) -> "Asked":
        """Return what a request asks for; a page that is none is taken for the map."""
        page = path.strip("/")
        pairs = parse_qsl(query.decode("latin-1"))
        return cls(page if page in PAGES else "", tuple(pairs))

    @property
    def language(self) -> str:
        """The page's language."""
        asked = dict(self.query).get("lang", "")
        return asked if asked in LANGUAGES else DEFAULT

    @cached_property
    def dataset(self) -> Dataset:
        """The data version that the address names."""
        return dataset_version(dict(self.query).get("data", ""))

    @cached_property
    def view(self) -> View:
        """The view that the address names."""
        return from_query(dict(self.query), self.dataset.choices)[0]


def head(asked: Asked) -> str:
    """Return the elements to add to a page's head."""
    parts = [_description(asked), *_alternates(asked), *_feeds(), *_preview(asked)]
    if base_url() and not asked.page:
        parts.append(_oembed(asked))
    parts.append(f'<link rel="manifest" href="{own_path(MANIFEST)}">')
    if asked.page in _WITH_DATASET:
        if base_url():
            forms = {kind: f"{CATALOGUE}{form}" for form, kind in CATALOGUE_TYPES.items()}
            parts += [
                f'<link rel="describedby" type="{kind}" href="{own_path(path)}">'
                for kind, path in (forms | {croissant.MEDIA_TYPE: CROISSANT}).items()
            ]
        place = catalogue_files.published(asked.dataset)
        parts.append(json_ld(asked.dataset, place, asked.language))
    return "".join(parts)


def _oembed(asked: Asked) -> str:
    """Return the link from which other sites learn how to build in the map (see `oembed`)."""
    query = f"?{urlencode(asked.query)}" if asked.query else ""
    address = urljoin(base_url(), f"{OEMBED.lstrip('/')}?{urlencode({'url': base_url() + query})}")
    name = html.escape(title(asked.dataset, coverage(asked.dataset, asked.view), asked.view))
    return (
        f'<link rel="alternate" type="application/json+oembed" href="{html.escape(address)}" '
        f'title="{name}">'
    )


def _said(asked: Asked) -> str:
    """Return what the page shows, in a few sentences."""
    if asked.page in _SAID:
        return messages(asked.language)(_SAID[asked.page])
    view = asked.view
    return summary(asked.dataset, coverage(asked.dataset, view), view)


def _description(asked: Asked) -> str:
    return f'<meta name="description" content="{html.escape(_said(asked))}">'


def _alternates(asked: Asked) -> list[str]:
    """Return the page's own address and those in the other languages, without any selection."""
    if not base_url():
        return []
    itself = _address(asked.page, asked.language)
    others = [
        f'<link rel="alternate" hreflang="{tag(code)}" href="{_address(asked.page, code)}">'
        for code in LANGUAGES
    ]
    return [f'<link rel="canonical" href="{itself}">', *others]


def _address(page: str, language: str) -> str:
    query = "" if language == DEFAULT else f"?{urlencode({'lang': language})}"
    return html.escape(f"{base_url()}{page}{query}")


def _preview(asked: Asked) -> list[str]:
    """Return the Open Graph tags for link previews: title, description, picture."""
    dataset, view = asked.dataset, asked.view
    found = coverage(dataset, view)
    # Previews need an absolute URL, and the client must not choose its host.
    own = base_url()
    picture = {"og:image": urljoin(own, picture_routes.address(dict(asked.query)))} if own else {}
    tags = {
        "og:type": "website",
        "og:site_name": messages(view.lang)("common.name"),
        "og:locale": locale(view.lang),
        "og:title": title(dataset, found, view),
        "og:description": summary(dataset, found, view),
        **picture,
        "og:image:alt": title(dataset, found, view),
        "og:image:width": str(SIZES["preview"].wide),
        "og:image:height": str(SIZES["preview"].high),
        "twitter:card": "summary_large_image",
    }
    return [
        f'<meta property="{name}" content="{html.escape(text)}">' for name, text in tags.items()
    ]


def _feeds() -> list[str]:
    """Return the links to the feeds of corrections, one for each language."""
    return [
        f'<link rel="alternate" type="{feed.MEDIA_TYPE}" hreflang="{code}" '
        f'title="{html.escape(messages(code)("corrections.title"))}" '
        f'href="{own_path(f"{FEED}{code}.xml")}">'
        for code in LANGUAGES
    ]
