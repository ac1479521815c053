"""Describes what fetched registers or figures would change before they replace anything."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import pandas as pd

from geo.columns import FYLKESNR, KOMMUNENR, NAME, POPULATION, YEAR
from geo.coverage.dataset import Dataset, choices
from geo.coverage.join import coverage
from geo.coverage.totals import Totals
from geo.coverage.view import View
from geo.dataset.package import ABOUT_REGISTERS, Package, read_table
from geo.places.register import Register
from geo.places.search import KommuneSearch
from geo.report.wording import listed
from geo.text.messages import Messages, messages
from geo.text.numbers import number

MOST_SENTENCES = 15
_MOST_NAMED = 5


def written(table: pd.DataFrame) -> bytes:
    """Return a table as CSV in the package's format, with lower-case booleans."""
    flags = {name: table[name].map({True: "true", False: "false"}) for name in _flags(table)}
    return table.assign(**flags).to_csv(index=False).encode()


def _flags(table: pd.DataFrame) -> list[str]:
    return [str(name) for name in table.select_dtypes("boolean")]


def with_tables(dataset: Dataset, files: Mapping[str, bytes]) -> Dataset:
    """Return a dataset with some tables replaced; its boundaries are kept.

    Raises PackageInvalid if a table does not fit its schema.
    """
    tables = {
        name: read_table(name, files[f"{name}.csv"])
        for name in dataset.package.tables
        if f"{name}.csv" in files
    }
    about = json.loads(files.get(ABOUT_REGISTERS, b"{}"))
    package: Package = replace(
        dataset.package,
        descriptor={**dataset.package.descriptor, **about},
        tables={**dataset.package.tables, **tables},
    )
    register = Register.of(package)
    return replace(
        dataset,
        package=package,
        register=register,
        search=KommuneSearch(register),
        choices=choices(package, register),
    )


def between(before: Dataset, files: Mapping[str, bytes], unlisted: int = 0) -> "Differences":
    """Compare the dataset in use with itself after replacing some tables.

    `unlisted` is the number of changes in use that a new register does not list.
    """
    return Differences(before, with_tables(before, files), unlisted)


@dataclass(frozen=True, eq=False)
class Differences:
    """The user-visible differences between two datasets."""

    before: Dataset
    after: Dataset
    unlisted: int = 0

    def __bool__(self) -> bool:
        """Return whether anything in use would change."""
        tables = self.before.package.tables
        return any(not self.after.package[name].equals(tables[name]) for name in tables)

    def sentences(self, language: str) -> list[str]:
        """Return the differences as sentences, most important first; the rest as a count."""
        t = messages(language)
        sentences = [*self._coverage(t), *self._kommuner(t), *self._totals(t), *self._population(t)]
        if self.unlisted:
            sentences.append(t.plural("fetch.unlisted", self.unlisted))
        if len(sentences) > MOST_SENTENCES:
            more = len(sentences) - MOST_SENTENCES + 1
            sentences = [*sentences[: MOST_SENTENCES - 1], t.plural("fetch.more", more)]
        return sentences or ([t("fetch.details")] if self else [])

    # -- coverage --------------------------------------------------------------------------

    def _coverage(self, t: Messages) -> list[str]:
        """Return where the programme or a project covers another number of kommuner or people."""
        views = [View(year=year) for year in self.before.choices.years]
        views += [
            View(year=year, project=(project,))
            for project in self.before.choices.projects
            for year in self.before.choices.years
        ]
        sentences = []
        for view in views:
            old, new = self._sums(self.before, view), self._sums(self.after, view)
            whom = self._whom(view, t)
            if old.kommuner != new.kommuner:
                sentences.append(
                    t("fetch.covers", whom=whom, year=view.year, old=old.kommuner, new=new.kommuner)
                )
            people = [number(s.population_covered.value, t.language) for s in (old, new)]
            if people[0] != people[1]:
                sentences.append(
                    t("fetch.reaches", whom=whom, year=view.year, old=people[0], new=people[1])
                )
        return sentences

    @staticmethod
    def _sums(dataset: Dataset, view: View) -> Totals:
        return coverage(dataset, view).totals

    def _whom(self, view: View, t: Messages) -> str:
        if not view.project:
            return t("fetch.programme")
        return str(self.before.project(view.project[0])[NAME])

    # -- register --------------------------------------------------------------------------

    @cached_property
    def _years(self) -> list[int]:
        return sorted(set(self.before.register.years) & set(self.after.register.years))

    def _kommuner(self, t: Messages) -> list[str]:
        """Return which kommuner were added, removed, renamed or moved in the years both cover."""
        years_by_change: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        for year in self._years:
            old = self.before.register.kommuner(year)
            new = self.after.register.kommuner(year)
            both = old.index.intersection(new.index)
            found = {
                "fetch.added": [f"{n} {new[NAME][n]}" for n in new.index.difference(old.index)],
                "fetch.gone": [f"{n} {old[NAME][n]}" for n in old.index.difference(new.index)],
                "fetch.renamed": [
                    f"{n} {old[NAME][n]} → {new[NAME][n]}"
                    for n in both[old[NAME][both] != new[NAME][both]]
                ],
                "fetch.moved": [
                    f"{n} {new[NAME][n]}" for n in both[old[FYLKESNR][both] != new[FYLKESNR][both]]
                ],
            }
            for key, names in found.items():
                if names:
                    years_by_change.setdefault((key, tuple(names)), []).append(year)
        return [
            t.plural(key, len(names), years=_span(years), names=_some(names, t))
            for (key, names), years in years_by_change.items()
        ]

    def _totals(self, t: Messages) -> list[str]:
        """Return which years the register adds, and how the number of kommuner changes in them."""
        old, new = self.before.register.years[-1], self.after.register.years[-1]
        if new <= old:
            return []
        sentences = [t("fetch.further", old=old, new=new)]
        for year, after in pairwise(range(old, new + 1)):
            was, now = (self.after.register.kommuner(y).index for y in (year, after))
            if set(was) != set(now):
                sentences.append(t("fetch.counts", year=after, old=len(was), new=len(now)))
        return sentences

    # -- population ------------------------------------------------------------------------

    def _population(self, t: Messages) -> list[str]:
        """Return how many figures differ, the largest difference, and the years added."""
        keys = [KOMMUNENR, YEAR]
        old, new = (
            dataset.package["population"].set_index(keys)[POPULATION]
            for dataset in (self.before, self.after)
        )
        sentences = []
        both = old.index.intersection(new.index)
        changed = (new[both] - old[both])[lambda d: d != 0]
        if len(changed):
            most: Any = changed.abs().idxmax()
            nr, year = str(most[0]), int(most[1])
            sentences.append(
                t.plural(
                    "fetch.figures",
                    len(changed),
                    name=self.after.register.label(nr, year),
                    year=year,
                    old=number(old[nr, year], t.language),
                    new=number(new[nr, year], t.language),
                )
            )
        years = sorted(set(new.index.get_level_values(1)) - set(old.index.get_level_values(1)))
        if years:
            sentences.append(
                t("fetch.new_figures", years=listed(list(map(str, years)), t.language))
            )
        return sentences


def _some(names: tuple[str, ...], t: Messages) -> str:
    shown, rest = names[:_MOST_NAMED], len(names) - _MOST_NAMED
    more = f" {t.plural('fetch.and_more', rest)}" if rest > 0 else ""
    return ", ".join(shown) + more


def _span(years: list[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}\u2013{years[-1]}"
