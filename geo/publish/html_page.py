"""A page of the public edition and the frame around its content."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from markupsafe import Markup

from geo.base.links import CROISSANT
from geo.brief.picture_sizes import SIZES
from geo.coverage.dataset import Dataset
from geo.exports import croissant
from geo.exports.catalogue import CATALOGUE_TYPES, File, Published, json_ld
from geo.publish import page_addresses
from geo.publish.downloads import PICTURE
from geo.publish.html import render
from geo.publish.page_addresses import (
    CORRECTIONS,
    DATA,
    FRONT,
    METHOD,
    PROJECTS,
    PageAddress,
    link,
    up,
)
from geo.report.contact import message
from geo.report.provenance import independent
from geo.text.languages import LANGUAGES, locale, others
from geo.text.messages import messages
from geo.text.numbers import number

# Only files of the same site, no inline scripts. Leaflet has images as data URLs.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
)
DESCRIPTION_LENGTH = 300


@dataclass(frozen=True, eq=False)
class Frame:
    """What all pages of an edition share; base_url is empty or ends with a slash.

    `package` is the path of the data package as a ZIP.
    """

    dataset: Dataset
    base_url: str
    package: str
    style: str
    fonts: str
    script: str
    icon: str

    def published(self, root: str) -> Published:
        """Return where the edition shows the dataset, as addresses that begin with `root`."""
        name = str(self.dataset.package.descriptor["name"])
        file = File(root + self.package, "application/zip", f"{name} (Data Package)")
        return Published(root, (file,))


@dataclass(frozen=True, eq=False)
class Page:
    """One page in one language; `content` is what its template needs besides the frame."""

    place: PageAddress
    language: str
    template: str
    title: str
    description: str
    picture: str = ""
    content: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The page's folder, from the site's root."""
        return self.place.path(self.language)

    def to(self, target: PageAddress) -> str:
        """Return the relative link to another page in the same language."""
        return link(self.path, target.path(self.language))

    def html(self, frame: Frame) -> bytes:
        """Return the rendered page."""
        return render(self.template, page=self, around=Around(self, frame), **self.content)


@dataclass(frozen=True, eq=False)
class Around:
    """What the templates need apart from the page's own content."""

    page: Page
    frame: Frame

    @cached_property
    def t(self) -> Any:
        """The messages in the page's language."""
        return self.frame.dataset.messages(self.page.language)

    @property
    def policy(self) -> str:
        """The Content-Security-Policy."""
        return POLICY

    @property
    def root(self) -> str:
        """The relative path to the site's root."""
        return up(self.page.path)

    def file(self, path: str) -> str:
        """Return the relative link to a file."""
        return self.root + path

    @property
    def locale(self) -> str:
        """The language as an Open Graph locale."""
        return locale(self.page.language)

    @property
    def description(self) -> str:
        """The page's description, cut to the length that search results show."""
        text = self.page.description
        if len(text) <= DESCRIPTION_LENGTH:
            return text
        return text[:DESCRIPTION_LENGTH].rpartition(" ")[0] + " …"

    @property
    def version(self) -> str:
        """The data version."""
        return self.frame.dataset.data_version

    @property
    def canonical(self) -> str:
        """The page's absolute URL; empty if the site's is not known."""
        return self.frame.base_url and self.frame.base_url + self.page.path

    @property
    def alternates(self) -> dict[str, str]:
        """The page's link in each language, absolute if the site's URL is known."""
        place = self.page.place
        paths = {language: place.path(language) for language in LANGUAGES}
        if self.frame.base_url:
            return {language: self.frame.base_url + path for language, path in paths.items()}
        return {language: link(self.page.path, path) for language, path in paths.items()}

    @property
    def picture(self) -> str:
        """The absolute URL of the page's picture; empty if it has none or the site has no URL."""
        known = self.frame.base_url and self.page.picture
        return self.frame.base_url + self.page.picture if known else ""

    @property
    def picture_size(self) -> tuple[int, int]:
        """Width and height of pictures in pixels."""
        return SIZES[PICTURE].wide, SIZES[PICTURE].high

    def size(self, count: int) -> str:
        """Return a file size in kilobytes or megabytes (powers of 1000)."""
        kilobytes = count / 1000
        if kilobytes < 1000:
            return str(self.t("brief.kilobytes", n=number(kilobytes, self.page.language)))
        return str(self.t("brief.megabytes", n=number(kilobytes / 1000, self.page.language, 1)))

    @property
    def menu(self) -> list[tuple[str, str, bool]]:
        """The navigation: name, link, and whether the page is in that part."""
        counties = page_addresses.counties(self.frame.dataset.choices.years[0])
        sections = {"kart": FRONT, "prosjekter": PROJECTS, "fylker": counties, "data": DATA}
        sections |= {"metode": METHOD, "rettelser": CORRECTIONS}
        return [
            (
                self.t(f"common.page_{name}"),
                self.page.to(place),
                place.section == self.page.place.section,
            )
            for name, place in sections.items()
        ]

    @property
    def feeds(self) -> list[tuple[str, str, str]]:
        """The feed of corrections in each language: code, what it is called, link."""
        return [
            (code, messages(code)("corrections.title"), self.file(page_addresses.feed(code)))
            for code in LANGUAGES
        ]

    @property
    def mail(self) -> str:
        """The address of a message about this page; empty if the settings name nobody."""
        return message(self.page.title, self.mailed, self.version, self.page.language)

    @property
    def mailed(self) -> str:
        """The page as such a message names it: its URL, or its path if the site has none."""
        return self.canonical or self.page.place.file(self.page.language)

    @property
    def dataset_json(self) -> Markup:
        """The dataset as JSON-LD, on the pages that show all of it."""
        if self.page.place not in (FRONT, DATA):
            return Markup("")
        place = self.frame.published(self.frame.base_url or self.root)
        return Markup(json_ld(self.frame.dataset, place, self.page.language))  # noqa: S704

    @property
    def catalogues(self) -> dict[str, str]:
        """The links to the catalogue by media type; none if the site's URL is not known."""
        if not self.frame.base_url:
            return {}
        found = {kind: self.file(f"catalog.{form}") for form, kind in CATALOGUE_TYPES.items()}
        return found | {croissant.MEDIA_TYPE: self.file(CROISSANT.lstrip("/"))}

    @cached_property
    def independent(self) -> str:
        """Who made the data, and whose view they are not."""
        return independent(self.frame.dataset, self.t)

    @property
    def kommuner(self) -> str:
        """The link to the list of all kommuner."""
        return self.page.to(page_addresses.KOMMUNER)

    @property
    def all_kommuner(self) -> str:
        """What the list of all kommuner is called."""
        return str(self.t("publish.kommuner", **self.frame.dataset.register.span))

    @property
    def switches(self) -> list[tuple[str, str, str]]:
        """The same page in the other languages: code, name, and the way there."""
        here, place = self.page.path, self.page.place
        found = others(self.page.language)
        return [(one.code, one.heading, link(here, place.path(one.code))) for one in found]
