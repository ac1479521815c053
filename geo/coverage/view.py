"""What is being looked at: the filters, to and from the address bar.

Addresses hold codes, never labels, so that a link made in one language opens in the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from geo.base.look_data import RULES
from geo.columns import ASSUMED, EVIDENCE_LEVELS
from geo.errors import UnknownColour
from geo.settings import DEFAULT_YEAR
from geo.text.languages import DEFAULT, LANGUAGES

COLOURS = tuple(RULES["modes"])  # the colour modes
# Whose coverage is counted: that of the projects, or of all hubs that are known.
PROJECTS, ALL_HUBS = SCOPES = ("projects", "all")
# What an address may hold beside the view: the data version, a table with a search in it, and
# whether the map stands alone, what lies open in the drawer under it, and the structure year that
# the map shows beside the view's.
NON_VIEW_PARAMS = ("data", "table", "find", "brief", "drawer", "swipe")
# Tracking parameters that other sites add to links; they do not belong to the view.
TAG_PREFIXES = ("utm_",)
TAGS = ("fbclid", "gclid", "mc_cid", "mc_eid", "_")
LONGEST_QUOTED = 40  # characters of an ignored name or value


@dataclass(frozen=True)
class View:
    """One view of the coverage; equal views are the same picture and the same numbers.

    Empty tuples mean "all". `evidence` is the weakest level that still counts.
    `scope` says whether hubs outside the projects count too, unless projects or hubs are chosen.
    `fylke` holds numbers of the structure year; `kommune` may be a number of any year;
    `uncovered` lists the kommuner without coverage in the table even without a county filter.

    Raises UnknownColour for a colour mode that nothing can draw.
    """

    lang: str = DEFAULT
    year: int = DEFAULT_YEAR
    project: tuple[str, ...] = ()
    hub: tuple[str, ...] = ()
    fylke: tuple[str, ...] = ()
    evidence: str = ASSUMED
    colour: str = COLOURS[0]
    points: bool = True
    lines: bool = False
    uncovered: bool = False
    kommune: str = ""
    scope: str = PROJECTS

    def __post_init__(self) -> None:
        """Check what would otherwise be noticed only where it is drawn."""
        if self.colour not in COLOURS:
            raise UnknownColour(self.colour, COLOURS)

    def but(self, **changes: Any) -> "View":
        """Return this view with some choices changed."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Choices:
    """What an address may name: codes that exist in the package and the registers."""

    years: tuple[int, ...]
    projects: tuple[str, ...]
    hubs: tuple[str, ...]
    fylker: Mapping[int, tuple[str, ...]]  # by structure year
    kommuner: frozenset[str]  # numbers of any year
    default_year: int = DEFAULT_YEAR  # where an address names none
    scopes: tuple[str, ...] = SCOPES

    def view(self, **chosen: Any) -> View:
        """Return the programme's default view, with some choices of one's own."""
        return View(**{"year": self.default_year, **chosen})


@dataclass(frozen=True)
class Ignored:
    """A part of an address that means nothing here."""

    parameter: str
    value: str


def from_query(query: Mapping[str, str], choices: Choices) -> tuple[View, list[Ignored]]:
    """Read a view from an address's parameters; invalid ones are ignored and returned."""
    ignored: list[Ignored] = []

    def one(name: str, allowed: tuple[Any, ...], default: Any) -> Any:
        text = query.get(name)
        if text is None:
            return default
        by_text = {_write(code): code for code in allowed}
        if text not in by_text:
            ignored.append(Ignored(name, text))
        return by_text.get(text, default)

    def several(name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        wanted = [code for code in query.get(name, "").split(",") if code]
        ignored.extend(Ignored(name, code) for code in wanted if code not in allowed)
        return tuple(code for code in allowed if code in wanted)

    default_year = choices.default_year
    year = one(
        "year", choices.years, default_year if default_year in choices.years else choices.years[0]
    )
    kommune = query.get("kommune", "")
    if kommune and kommune not in choices.kommuner:
        ignored.append(Ignored("kommune", kommune))
        kommune = ""
    view = View(
        lang=one("lang", LANGUAGES, DEFAULT),
        year=year,
        project=several("project", choices.projects),
        hub=several("hub", choices.hubs),
        fylke=several("fylke", choices.fylker[year]),
        scope=one("scope", choices.scopes, PROJECTS),
        evidence=one("evidence", EVIDENCE_LEVELS, ASSUMED),
        colour=one("colour", COLOURS, COLOURS[0]),
        points=one("points", (True, False), True),
        lines=one("lines", (True, False), False),
        uncovered=one("uncovered", (True, False), False),
        kommune=kommune,
    )
    return view, ignored + _unknown(query)


def is_tag(name: str) -> bool:
    """Return whether a parameter is one that other sites add, not part of the view."""
    return name in TAGS or name.startswith(TAG_PREFIXES)


def _unknown(query: Mapping[str, str]) -> list[Ignored]:
    """Return the parameters that nobody knows: a misspelt filter must not vanish silently."""
    known = {field.name for field in fields(View)}.union(NON_VIEW_PARAMS)
    return [Ignored(name, query[name]) for name in query if name not in known and not is_tag(name)]


def to_query(view: View, default_year: int = DEFAULT_YEAR) -> dict[str, str]:
    """Return the parameters that differ from the default view of a programme."""
    default = View(year=default_year)
    return {
        field.name: _write(getattr(view, field.name))
        for field in fields(View)
        if getattr(view, field.name) != getattr(default, field.name)
    }


def permalink(view: View, base: str, data_version: str = "") -> str:
    """Return an address that spells out every choice, the defaults too.

    With a data version it shows the data as they were in it; without one always the newest.
    """
    query = {field.name: _write(getattr(view, field.name)) for field in fields(View)}
    frozen = {"data": data_version} if data_version else {}
    return f"{base}?{urlencode({**query, **frozen}, safe=',')}"


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value)
