"""Everything that is read from disk, read once per process and shared by all sessions."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pandas as pd

from geo import settings
from geo.base.cache import frozen, lends, lent
from geo.columns import HUB_ID, PROJECT_ID
from geo.coverage.view import SCOPES, Choices
from geo.dataset.package import Package, every_hub
from geo.dataset.package import load as load_package
from geo.dataset.storage import Files
from geo.errors import UnknownYear
from geo.official import hub_status
from geo.official.fetched import Fetched, fetched
from geo.official.overlay import Official
from geo.places.boundaries import BoundarySet, Library, library
from geo.places.not_kommuner import known
from geo.places.register import Register
from geo.places.search import KommuneSearch
from geo.text.messages import NO_HUBS, Messages, messages

NO_DAY = date(1980, 1, 1)  # the first that a zip archive can hold


@lends("hub_status")
@dataclass(frozen=True, eq=False)
class Dataset:
    """A programme with its registers and boundaries; nothing in it ever changes."""

    package: Package
    register: Register
    search: KommuneSearch
    library: Library
    choices: Choices
    hub_status: pd.DataFrame

    @property
    def data_version(self) -> str:
        """The version of the data package."""
        return self.package.version

    @property
    def data_day(self) -> date:
        """The day of the data in files; for data without one that of the oldest zip archive."""
        return self.package.created or NO_DAY

    def require(self, year: int) -> None:
        """Raise UnknownYear, with the years there are, unless a structure year is offered."""
        if year not in self.library.by_year:
            self.register.kommuner(year)
            offered = ", ".join(map(str, self.choices.years))
            raise UnknownYear(f"{year} is not a structure year here; those offered are {offered}.")

    def boundaries(self, year: int) -> BoundarySet:
        """Return the shapes that serve a structure year. Raises UnknownYear."""
        self.require(year)
        return self.library.by_year[year]

    @cached_property
    def without_hubs(self) -> bool:
        """Whether no hub is known: the projects are groups of kommuner, and have no seats."""
        return every_hub(self.package).empty

    def messages(self, language: str) -> Messages:
        """Return the texts of a language, for what the package has."""
        return messages(language, NO_HUBS if self.without_hubs else "")

    @cached_property
    def _projects(self) -> dict[str, "pd.Series[Any]"]:
        return {row[PROJECT_ID]: frozen(row) for _, row in self.package["projects"].iterrows()}

    @cached_property
    def _hubs(self) -> dict[str, "pd.Series[Any]"]:
        return {row[HUB_ID]: frozen(row) for _, row in every_hub(self.package).iterrows()}

    def project(self, project_id: str) -> "pd.Series[Any]":
        """Return the row of a project, indexed by column name. Raises KeyError."""
        return lent(self._projects[project_id])

    def hub(self, hub_id: str) -> "pd.Series[Any]":
        """Return the row of a hub."""
        return lent(self._hubs[hub_id])


def load(source: Path | Files, boundaries_dir: Path | None = None) -> Dataset:
    """Read a data package and the boundaries at hand (or elsewhere). Raises PackageInvalid."""
    files = Official(source, fetched(source)) if isinstance(source, Path) else source
    found = files.fetched if isinstance(files, Official) else Fetched()
    package = load_package(files)
    register = Register.of(package)
    return Dataset(
        package,
        register,
        KommuneSearch(register, partial(known, package, register)),
        library(register, boundaries_dir or files.boundaries, settings.STRUCTURE_YEARS),
        choices(package, register),
        hub_status.read(found),
    )


def choices(package: Package, register: Register) -> Choices:
    """Return what can be chosen from in a programme."""
    partners = package["partners"]
    in_projects = package["hubs"][HUB_ID].isin(partners[HUB_ID])
    return Choices(
        years=settings.STRUCTURE_YEARS,
        projects=tuple(package["projects"][PROJECT_ID]),
        hubs=tuple(package["hubs"].loc[in_projects, HUB_ID]),
        fylker={y: tuple(register.fylker(y).index) for y in settings.STRUCTURE_YEARS},
        kommuner=register.all_numbers,
        default_year=package.default_year,
        scopes=SCOPES[: 1 if every_hub(package).empty else None],
    )
