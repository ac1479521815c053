"""Where each page lies: readable, in every language, and always linked from where one stands."""

import os
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from geo.columns import NAME
from geo.coverage.dataset import Dataset
from geo.coverage.view import View, to_query
from geo.places.search import folded
from geo.text.languages import DEFAULT
from geo.text.messages import messages

_NOT_READABLE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class PageAddress:
    """A page in any language: its room, empty for the front page, and the rest of its path."""

    room: str
    rest: str = ""

    def path(self, language: str) -> str:
        """Return the folder of the page from the site's root: "" or "prosjekt/navn/"."""
        before = "" if language == DEFAULT else f"{language}/"
        called = f"{messages(language)(f'publish.folder_{self.room}')}/" if self.room else ""
        return f"{before}{called}{self.rest}"

    def file(self, language: str) -> str:
        """Return the file that holds the page."""
        return f"{self.path(language)}index.html"


FRONT, PROJECTS, KOMMUNER, DATA, METHOD = map(
    PageAddress, ("", "projects", "kommuner", "data", "method")
)


def project(project_id: str) -> PageAddress:
    """Return where a project's page lies."""
    return PageAddress("projects", f"{readable(project_id)}/")


def counties(year: int) -> PageAddress:
    """Return where the list of a year's counties lies."""
    return PageAddress("counties", f"{year}/")


def county(dataset: Dataset, year: int, fylkesnr: str) -> PageAddress:
    """Return where a county's page lies; its name makes the address, its number settles doubt.

    Raises UnknownYear.
    """
    dataset.require(year)
    names = dataset.register.fylker(year)[NAME]
    own = readable(str(names[fylkesnr]))
    doubtful = not own or sum(readable(str(name)) == own for name in names) > 1
    return PageAddress("counties", f"{year}/{f'{own}-{fylkesnr}'.strip('-') if doubtful else own}/")


def kommune(kommunenr: str) -> PageAddress:
    """Return where the page of a kommune number lies, whatever year it is of."""
    return PageAddress("kommuner", f"{readable(kommunenr)}/")


def readable(text: str) -> str:
    """Return a text in small letters, digits and hyphens: "Sør-Trøndelag" is sor-trondelag."""
    return _NOT_READABLE.sub("-", folded(text)).strip("-")


def up(path: str) -> str:
    """Return the way from a page's folder to the site's root: "../../" for "prosjekt/navn/"."""
    return "../" * path.count("/")


def link(path: str, target: str) -> str:
    """Return the way from a page's folder to another path; "./" where it is the same."""
    relative = os.path.relpath(target or ".", path or ".")
    return relative + ("/" if target.endswith("/") or not target else "")


def map_query(dataset: Dataset, view: View) -> str:
    """Return what stands behind the front page's address for a view; empty for the default."""
    return urlencode(to_query(view, dataset.choices.default_year), safe=",")
