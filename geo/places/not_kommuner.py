"""What people search for that has a name and is no kommune: counties, countries, places, hubs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from babel import Locale

from geo.columns import KOMMUNENR, NAME, STRUCTURE_YEAR
from geo.dataset.package import Package
from geo.places.register import Register
from geo.text.languages import DEFAULT, LANGUAGES, locale

# Norwegian land without kommuner, and its settlements.
_WITHOUT = ("Svalbard", "Jan Mayen", "Bjørnøya", "Longyearbyen", "Ny-Ålesund", "Barentsburg",
            "Bouvetøya", "Peter I Øy", "Dronning Maud Land")  # fmt: skip
_NORWAY = ("Noreg", "Norga", "Vuodna", "Nöörje")


KINDS = ("fylke", "fylke_before", "territory", "country", "place", "hub", "project")


@dataclass(frozen=True)
class KnownName:
    """Something with a name: `kind` is one of KINDS, `beside` what the sentence about it needs."""

    kind: str
    names: Mapping[str, str]  # by language
    beside: str = ""  # the last year of a county that is gone, or the kommune of a place

    @property
    def message(self) -> str:
        """The id of the message that says what it is."""
        return f"kart.not_{self.kind}"


def known(package: Package, register: Register) -> Iterator[KnownName]:
    """Yield all of it; of two with one name the first counts."""
    yield from _counties(register)
    yield from (KnownName("territory", _same(name)) for name in _WITHOUT)
    for name in package["projects"][NAME]:
        yield KnownName("project", _same(name))
    for _, row in package["hubs"].iterrows():
        yield KnownName("hub", _same(row[NAME]))
        yield KnownName("hub", _same(str(row[NAME]).removesuffix(" AS")))
        yield from _places(row, register)
    yield from _countries()


def _same(name: object) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, str(name))


def _counties(register: Register) -> Iterator[KnownName]:
    last: dict[str, int] = {}
    for year in register.years:
        for row in register.fylker(year).itertuples():
            names = (getattr(row, NAME), row.official_name, *str(row.official_name).split(" - "))
            last.update(dict.fromkeys(map(str, names), year))
    for name, year in last.items():
        lives = year == register.years[-1]
        yield KnownName(
            "fylke" if lives else "fylke_before", _same(name), "" if lives else str(year)
        )


def _places(hub: "pd.Series[Any]", register: Register) -> Iterator[KnownName]:
    """Yield the places where a hub sits, with the kommune that they lie in."""
    nr, year = str(hub[KOMMUNENR]), hub[STRUCTURE_YEAR]
    if pd.notna(year) and register.exists(nr, int(year)):
        for place in filter(None, str(hub["place"]).split("/")):
            yield KnownName("place", _same(place), register.label(nr, int(year)))


def _countries() -> Iterator[KnownName]:
    named = {lang: Locale.parse(locale(lang)).territories for lang in LANGUAGES}
    for code in map(str, named[DEFAULT]):
        if len(code) == 2 and code.isalpha():  # the others are parts of the world
            yield KnownName("country", {lang: str(names[code]) for lang, names in named.items()})
    yield from (KnownName("country", _same(name)) for name in _NORWAY)
