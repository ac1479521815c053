"""Names that users search for but that are not kommuner: counties, countries, places, hubs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from babel import Locale

from geo.columns import KOMMUNENR, NAME, STRUCTURE_YEAR
from geo.dataset.package import Package, every_hub
from geo.places.register import Register
from geo.text.languages import DEFAULT, LANGUAGES, locale

# Norwegian territories without kommuner, and their settlements.
_WITHOUT = ("Svalbard", "Jan Mayen", "Bjørnøya", "Longyearbyen", "Ny-Ålesund", "Barentsburg",
            "Bouvetøya", "Peter I Øy", "Dronning Maud Land")  # fmt: skip
_NORWAY = ("Noreg", "Norga", "Vuodna", "Nöörje")


KINDS = ("fylke", "fylke_before", "territory", "country", "place", "hub", "project")


@dataclass(frozen=True)
class KnownName:
    """A name: `kind` is one of KINDS, `beside` a placeholder value of its message."""

    kind: str
    names: Mapping[str, str]  # by language
    beside: str = ""  # last year of an abolished county, or kommune of a place

    @property
    def message(self) -> str:
        """The id of the message that explains it."""
        return f"kart.not_{self.kind}"


def known(package: Package, register: Register) -> Iterator[KnownName]:
    """Yield all known names; of two with the same spelling the first is used."""
    yield from _counties(register)
    yield from (KnownName("territory", _same(name)) for name in _WITHOUT)
    for name in package["projects"][NAME]:
        yield KnownName("project", _same(name))
    for _, row in every_hub(package).iterrows():
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
    """Yield the places of a hub's office, with their kommune."""
    nr, year = str(hub[KOMMUNENR]), hub[STRUCTURE_YEAR]
    if pd.notna(year) and register.exists(nr, int(year)):
        for place in filter(None, str(hub["place"]).split("/")):
            yield KnownName("place", _same(place), register.label(nr, int(year)))


def _countries() -> Iterator[KnownName]:
    named = {lang: Locale.parse(locale(lang)).territories for lang in LANGUAGES}
    for code in map(str, named[DEFAULT]):
        if len(code) == 2 and code.isalpha():  # three-digit codes are regions of the world
            yield KnownName("country", {lang: str(names[code]) for lang, names in named.items()})
    yield from (KnownName("country", _same(name)) for name in _NORWAY)
