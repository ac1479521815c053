"""Paths of the pages, readable in every language, and relative links between them."""

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from geo import settings
from geo.base.cache import SUMS, cache_on
from geo.columns import NAME
from geo.coverage.dataset import Dataset
from geo.coverage.view import View, to_query
from geo.places.search import folded
from geo.text.languages import DEFAULT
from geo.text.messages import messages

_NOT_READABLE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class PageAddress:
    """A page in any language: its section, empty for the front page, and the rest of its path."""

    section: str
    rest: str = ""

    def path(self, language: str) -> str:
        """Return the page's folder from the site's root: "" or "prosjekt/navn/"."""
        before = "" if language == DEFAULT else f"{language}/"
        called = f"{messages(language)(f'publish.folder_{self.section}')}/" if self.section else ""
        return f"{before}{called}{self.rest}"

    def file(self, language: str) -> str:
        """Return the path of the page's HTML file."""
        return f"{self.path(language)}index.html"


FRONT, PROJECTS, KOMMUNER, DATA, METHOD, CORRECTIONS = map(
    PageAddress, ("", "projects", "kommuner", "data", "method", "corrections")
)


def map_for_others(view: View) -> str:
    """Return the map that others build into their pages: the public edition's, "" without one.

    Plain files have room for all readers of a newspaper.
    """
    public = settings.PUBLIC_URL.rstrip("/")
    return f"{public}/{FRONT.path(view.lang)}" if public else ""


def feed(language: str) -> str:
    """Return the path of the feed of corrections in a language."""
    return f"{CORRECTIONS.path(language)}feed.xml"


def project(project_id: str) -> PageAddress:
    """Return the address of a project's page."""
    return PageAddress("projects", f"{readable(project_id)}/")


def counties(year: int) -> PageAddress:
    """Return the address of the list of a year's counties."""
    return PageAddress("counties", f"{year}/")


@cache_on(SUMS)
def county(dataset: Dataset, year: int, fylkesnr: str) -> PageAddress:
    """Return the address of a county's page: its name, with its number if that is ambiguous.

    Raises UnknownYear if `year` is not a structure year.
    """
    dataset.require(year)
    names = dataset.register.fylker(year)[NAME]
    own = readable(str(names[fylkesnr]))
    doubtful = not own or sum(readable(str(name)) == own for name in names) > 1
    return PageAddress("counties", f"{year}/{f'{own}-{fylkesnr}'.strip('-') if doubtful else own}/")


def kommune(kommunenr: str) -> PageAddress:
    """Return the address of the page of a kommune number, of any year."""
    return PageAddress("kommuner", f"{readable(kommunenr)}/")


def readable(text: str) -> str:
    """Return a text as a slug: "Sør-Trøndelag" becomes "sor-trondelag"."""
    return _NOT_READABLE.sub("-", folded(text)).strip("-")


def up(path: str) -> str:
    """Return the relative path from a page's folder to the root: "../../" for "prosjekt/navn/"."""
    return "../" * path.count("/")


def link(path: str, target: str) -> str:
    """Return the relative path from a page's folder to another; "./" if they are the same."""
    # From the root, so that where the program runs is not asked for.
    relative = posixpath.relpath(f"/{target}", f"/{path}")
    return relative + ("/" if target.endswith("/") or not target else "")


def map_query(dataset: Dataset, view: View) -> str:
    """Return the query of a view on the front page; empty for the default view."""
    return urlencode(to_query(view, dataset.choices.default_year), safe=",")
