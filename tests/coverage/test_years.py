"""A year that is not there is told as such, whatever is asked of it.

Every public function of geo that takes a view or a year is found by its parameters and called with
a year without registers (1999) and with one that has registers but is not offered (2016).
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import geopandas as gpd
import pytest

import geo
from geo import columns as c
from geo.brief.picture import NO_WORDS
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.selection import project_rows
from geo.coverage.view import View
from geo.errors import UnknownYear
from geo.places.register import Register
from geo.places.year_links import KommuneOfYear
from geo.publish.hashed_files import HashedFiles
from geo.report.figures import key_figures
from geo.report.tables import rows
from geo.text.messages import messages

NO_REGISTER, NOT_OFFERED = 1999, 2016
# They ask what is true of a kommune, in any year that has a register.
OF_THE_REGISTERS = {
    "geo.report.claims", "geo.places.year_links", "geo.coverage.carry_forward",
    "geo.places.register", "geo.coverage.selection", "geo.coverage.totals", "geo.report.wording",
    "geo.coverage.counted", "geo.coverage.join.states_of", "geo.coverage.counties.other_hubs",
    "geo.places.people_cells", "geo.places.centres", "geo.coverage.hub_seats",
}  # fmt: skip
# They answer the same in every year.
OF_NO_YEAR = {
    "geo.api.programme.claims", "geo.api.programme.points", "geo.api.programme.programmes",
    "geo.api.programme.source_rows", "geo.api.programme.corrections", "geo.report.titles.subject",
    "geo.report.titles.projects_of", "geo.report.tables.filename",
    "geo.versions.corrections.notice",
    "geo.publish.page_addresses.map_query",
    "geo.webmap.structures.compared", "geo.webmap.structures.swiped",
    "geo.brief.factsheet.behind", "geo.brief.short_links.address",
    "geo.brief.picture.hue",
}  # fmt: skip
YEARS = ("year", "own_year", "from_year", "to_year", "in_year", "other")


def _functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every public function or method that has a dataset or a register and a view or year."""
    for found in pkgutil.walk_packages(geo.__path__, "geo."):
        # A fetch asks for the years that services have, a map file says its own.
        if found.name.startswith(("geo.__main__", "geo.fetch.", "geo.places.boundary_")):
            continue
        module = importlib.import_module(found.name)
        for name, function in vars(module).items():
            own = inspect.isfunction(function) and function.__module__ == found.name
            if own and not name.startswith("_") and _asks_of_a_year(function):
                yield f"{found.name}.{name}", function
    for name in ("kommuner", "fylker", "population", "area_km2", "links", "cells",
                 "same_land", "label", "require"):  # fmt: skip
        yield f"geo.places.register.Register.{name}", _of_register(name)
    yield "geo.coverage.dataset.Dataset.boundaries", lambda dataset, year: dataset.boundaries(year)
    yield "geo.coverage.dataset.Dataset.require", lambda dataset, year: dataset.require(year)


def _asks_of_a_year(function: Callable[..., Any]) -> bool:
    names = inspect.signature(function).parameters
    return bool({"dataset", "register"} & set(names)) and bool(
        {"view", "_view", *YEARS} & set(names)
    )


def _of_register(name: str) -> Callable[..., object]:
    def asked(register: Register, year: int) -> object:
        given = {
            "links": (2015, year), "cells": ((2015,), year),
            "same_land": ("0301", 2015, year), "label": ("0301", year), "require": ("0301", year),
        }  # fmt: skip
        return getattr(register, name)(*given.get(name, (year,)))

    return asked


def _given(dataset: Dataset) -> Mapping[str, Any]:
    """What the functions are given besides the year, by the name of the parameter."""
    view = View(fylke=("16",))
    found = coverage(dataset, view)
    return {
        "dataset": dataset, "register": dataset.register, "found": found, "coverage": found,
        "full": True, "figure": "kommuner", "table": rows(dataset, view), "kommunenr": "0301",
        "nr": "0301", "kommune": KommuneOfYear("0301", 2015), "numbers": ("0301",),
        "fylkesnr": "03",
        "language": "nb", "lang": "nb", "project_id": "voss", "link": "http://127.0.0.1/",
        "t": messages("nb"), "drawn": dataset.boundaries(2015), "rows": project_rows(dataset),
        "covered": (), "projects": ("voss",), "evidence": c.ASSUMED, "years": (2015,),
        "downloads": None, "axes": None, "size": "slide", "words": NO_WORDS, "name": "year",
        "kind": "kommuner", "extension": "csv", "pixel": 500.0, "seats": gpd.GeoSeries(),
        "links": {}, "dress": str, "frames": [], "ground": None, "hashed": HashedFiles(),
        "kommuner": (), "swipe": 0, "asked": "", "address": "", "wide": 400.0, "high": 300.0,
    }  # fmt: skip


FUNCTIONS = dict(_functions())


def _called(dataset: Dataset, name: str, year: int) -> object:
    """Call a function with a view of a year, or with the year in every place that takes one."""
    function = FUNCTIONS[name]
    given = dict(_given(dataset))
    if name.endswith("figure_sentence"):
        given["figure"] = key_figures(dataset, View())[0]
    if name.endswith("fylke_years.carried"):
        given["numbers"] = ("03",)
    if name.endswith("canvas.draw"):
        given |= {"size": 9.0, "taken": []}
    view = View(year=year, fylke=("16",))
    given |= dict.fromkeys(YEARS, year) | {"view": view, "_view": view}
    needed = inspect.signature(function).parameters.values()
    places = [p for p in needed if p.name in given and p.kind is not p.KEYWORD_ONLY]
    named = [p for p in needed if p.kind is p.KEYWORD_ONLY and p.name in given]
    answer = function(*(given[p.name] for p in places), **{p.name: given[p.name] for p in named})
    return list(answer) if inspect.isgenerator(answer) else answer


def _any_register_will_do(name: str) -> bool:
    return bool({name, name.rpartition(".")[0], ".".join(name.split(".")[:3])} & OF_THE_REGISTERS)


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - OF_NO_YEAR))
def test_a_year_without_registers_is_unknown(dataset, name):
    with pytest.raises(UnknownYear, match="2013 to 2024"):
        _called(dataset, name, NO_REGISTER)


@pytest.mark.parametrize(
    "name", sorted(n for n in FUNCTIONS if n not in OF_NO_YEAR and not _any_register_will_do(n))
)
def test_a_year_that_is_not_offered_is_unknown_and_those_that_are_are_named(dataset, name):
    with pytest.raises(UnknownYear, match="2015, 2018, 2020, 2024"):
        _called(dataset, name, NOT_OFFERED)


@pytest.mark.parametrize("name", sorted(n for n in FUNCTIONS if _any_register_will_do(n)))
def test_what_the_registers_say_is_said_of_every_year_they_cover(dataset, name):
    _called(dataset, name, NOT_OFFERED)


@pytest.mark.parametrize("name", sorted(OF_NO_YEAR))
def test_what_is_the_same_in_every_year_asks_for_none(dataset, name):
    _called(dataset, name, NO_REGISTER)
