"""The register of kommuner and fylker of any year, with population and area."""

from functools import cache, cached_property

import pandas as pd

from geo.base.cache import YEAR_PAIRS, YEARS, cache_on
from geo.columns import (
    AREA_KM2,
    FROM_KOMMUNENR,
    FYLKE,
    FYLKESNR,
    KOMMUNENR,
    LABEL,
    NAME,
    NORWEGIAN_NAME,
    OTHER_NAMES,
    POPULATION,
    TO_KOMMUNENR,
    YEAR,
)
from geo.dataset.package import TO_YEAR, Package, product, shipped_tables, split_ids
from geo.errors import UnknownKommune, UnknownYear
from geo.places.translation import Translation
from geo.settings import REGISTER_YEARS

# What a register is read from.
_TABLES = (
    "kommuner",
    "fylker",
    "population",
    "areas",
    "kommune_changes",
    "split_people",
    "kommune_centres",
)


class Register:
    """Kommuner by year, with translation between years. Source: SSB KLASS 131 and 104."""

    def __init__(self, package: Package) -> None:
        self._kommuner = package["kommuner"]
        self._fylker = package["fylker"]
        self._population = package["population"]
        self._areas = package["areas"]
        self.changes = package["kommune_changes"]
        self._split_people = package["split_people"]
        self.centres = package["kommune_centres"]
        first = int(self._kommuner["valid_from"].min())
        last = int(self._kommuner[["valid_from", "valid_to"]].max().max())
        asked = int(package.descriptor.get(TO_YEAR, REGISTER_YEARS[-1]))
        self.years = range(first, max(last, asked) + 1)

    @classmethod
    def of(cls, package: Package) -> "Register":
        """Return the register of a package: one and the same for all that have the shipped tables.

        What is computed of a register, and takes seconds, is cached on it.
        """
        own = cls(package)
        if shipped_tables(package).issuperset(_TABLES) and own.years == _shipped().years:
            return _shipped()
        return own

    @property
    def span(self) -> dict[str, int]:
        """First and last year of the registers, by the names that texts give them."""
        return {"first": self.years[0], "last": self.years[-1]}

    def _check(self, year: int) -> None:
        if year not in self.years:
            raise UnknownYear(
                f"There is no register for {year}; there is one for each year from "
                f"{self.years[0]} to {self.years[-1]}."
            )

    def _valid(self, table: pd.DataFrame, year: int) -> pd.DataFrame:
        self._check(year)
        ends = table["valid_to"].fillna(self.years[-1])
        return table[(table["valid_from"] <= year) & (ends >= year)]

    @cache_on(YEARS)
    def kommuner(self, year: int) -> pd.DataFrame:
        """Return the kommuner of a year, indexed by kommunenr.

        Columns name (official), norwegian_name, other_names (tuple), label (unique within the
        year), fylkesnr, fylke. Raises UnknownYear if no register covers the year. Source: SSB KLASS
        131.
        """
        table = self._valid(self._kommuner, year).set_index(KOMMUNENR).sort_index()
        fylke = table[FYLKESNR].map(self.fylker(year)[NAME])
        twice = table[NORWEGIAN_NAME].duplicated(keep=False)
        label = table[NORWEGIAN_NAME].where(~twice, table[NORWEGIAN_NAME] + " (" + fylke + ")")
        return pd.DataFrame(
            {
                NAME: table[NAME],
                NORWEGIAN_NAME: table[NORWEGIAN_NAME],
                OTHER_NAMES: table[OTHER_NAMES].map(split_ids),
                LABEL: label,
                FYLKESNR: table[FYLKESNR],
                FYLKE: fylke,
            }
        )

    def named(self, name: str, year: int) -> tuple[str, ...]:
        """Return the kommunenr of all kommuner with a Norwegian name, case-insensitively.

        Raises UnknownYear if no register covers the year.
        """
        return self._numbers_by_name(year).get(name.strip().casefold(), ())

    @cache_on(YEARS)
    def _numbers_by_name(self, year: int) -> dict[str, tuple[str, ...]]:
        names = self.kommuner(year)[NORWEGIAN_NAME].str.casefold()
        return {
            str(name): tuple(map(str, numbers))
            for name, numbers in names.groupby(names).groups.items()
        }

    @cache_on(YEARS)
    def fylker(self, year: int) -> pd.DataFrame:
        """Return the fylker of a year, indexed by fylkesnr, with columns name and official_name.

        Raises UnknownYear if no register covers the year. Source: SSB KLASS 104.
        """
        table = self._valid(self._fylker, year).set_index(FYLKESNR).sort_index()
        return table[[NAME, "official_name"]]

    @cache_on(YEARS)
    def population(self, year: int) -> pd.Series:
        """Return the population (persons, 1 January) by kommunenr, Int64. Source: SSB 07459."""
        rows = self._population[self._population[YEAR] == year].set_index(KOMMUNENR)[POPULATION]
        return rows.reindex(self.kommuner(year).index).astype("Int64")

    @cache_on(YEARS)
    def area_km2(self, year: int) -> pd.Series:
        """Return the area of land including fresh water by kommunenr, in km².

        Published figures where there is a list for the year; otherwise those of the nearest list,
        carried along the links between years. Figures flagged as suspect are replaced by another
        list's if the borders are the same.
        """
        if year in self._published_areas:
            return self._published_areas[year]
        nearest = min(self._published_areas, key=lambda other: abs(other - year))
        links = self.links(nearest, year)
        moved = links["share"] * links[FROM_KOMMUNENR].map(self._published_areas[nearest])
        summed = moved.groupby(links[TO_KOMMUNENR]).sum()
        return summed.reindex(self.kommuner(year).index).rename(AREA_KM2)

    @cached_property
    def _published_areas(self) -> dict[int, pd.Series]:
        lists = {
            year: self._areas[self._areas[YEAR] == year].set_index(KOMMUNENR)
            for year in map(int, self._areas[YEAR].unique())
        }
        return {year: self._mended(year, rows, lists) for year, rows in lists.items()}

    def _mended(self, year: int, rows: pd.DataFrame, lists: dict[int, pd.DataFrame]) -> pd.Series:
        areas = rows[AREA_KM2].copy()
        for nr in rows.index[rows["quality"] == "suspect"]:
            for other, other_rows in lists.items():
                twin = self.same_land(nr, year, other)
                if other != year and twin is not None and other_rows["quality"].get(twin) == "ok":
                    areas[nr] = other_rows[AREA_KM2][twin]
        return areas.reindex(self.kommuner(year).index)

    @property
    def knows_split_people(self) -> bool:
        """Whether a table says how many people went with each part of a kommune."""
        return not self._split_people.empty

    # -- translation ------------------------------------------------------------------------

    @cached_property
    def _translation(self) -> Translation:
        areas = self._areas
        first_list = areas[areas[YEAR] == areas[YEAR].min()].set_index(KOMMUNENR)[AREA_KM2]
        members = {year: self.kommuner(year).index for year in self.years}
        counts: dict[int, dict[str, int]] = {}
        for nr, year, n in self._population[[KOMMUNENR, YEAR, POPULATION]].itertuples(index=False):
            counts.setdefault(int(year), {})[str(nr)] = int(n)
        return Translation(members, self.changes, first_list, counts, self._split_people)

    def links(self, from_year: int, to_year: int) -> pd.DataFrame:
        """Return how the land of one year's kommuner is distributed over another's.

        Columns from_kommunenr, to_kommunenr, share (of the from-kommune's land, 0 to 1; sums to 1
        for each from_kommunenr), people_share (of its people, likewise; NaN if nobody was counted),
        strip (True if the only land they share was transferred across a border that otherwise
        stayed); RangeIndex. Works forwards and backwards in time. Raises UnknownYear if no register
        covers a year.
        """
        self._check(from_year)
        self._check(to_year)
        return self._translation.links(from_year, to_year)

    def cells(self, years: tuple[int, ...], year: int) -> pd.DataFrame:
        """Return a year's land in cells that no border of that year or of `years` divides.

        Columns to_kommunenr (of `year`), one named by each of `years` with its kommunenr, m2
        (square metres, int), people (persons in `year`, float; together the year's count) and basis
        (one of the codes of population_basis); RangeIndex. Raises UnknownYear if no register covers
        a year.
        """
        for one in (year, *years):
            self._check(one)
        return self._translation.cells(years, year)

    # -- numbers ----------------------------------------------------------------------------

    @cached_property
    def _years_by_number(self) -> dict[str, range]:
        years: dict[str, range] = {}
        for year in self.years:
            for nr in self.kommuner(year).index:
                years[nr] = range(years[nr].start if nr in years else year, year + 1)
        return years

    @cached_property
    def all_numbers(self) -> frozenset[str]:
        """Every kommunenr of any year."""
        return frozenset(self._years_by_number)

    def years_of(self, nr: str) -> range:
        """Return the years in which a kommunenr was valid; empty if it never was."""
        return self._years_by_number.get(nr, range(0))

    def exists(self, nr: str, year: int) -> bool:
        """Return whether a number is a kommune in the year."""
        return year in self.years_of(nr)

    def nearest_year(self, nr: str, year: int) -> int:
        """Return the year closest to `year` in which the number was valid.

        Raises UnknownKommune if it never was.
        """
        years = self.years_of(nr)
        if not years:
            raise UnknownKommune(self._hint(nr, year))
        return min(max(year, years[0]), years[-1])

    def now(self, nr: str, year: int) -> tuple[str, ...]:
        """Return the kommunenr in `year` of a kommune of any year, its largest part first.

        Raises UnknownKommune if the number was never valid, UnknownYear if no register covers
        `year`.
        """
        return self._largest_first(self.nearest_year(nr, year), year).get(nr, ())

    @cache_on(YEAR_PAIRS)
    def _largest_first(self, from_year: int, to_year: int) -> dict[str, tuple[str, ...]]:
        """Return the kommunenr in `to_year` of each kommune of `from_year`, most of its land first.

        Asked of every number on the page of every kommune: a frame for each answer takes minutes.
        """
        links = self.links(from_year, to_year).sort_values("share", ascending=False, kind="stable")
        found: dict[str, tuple[str, ...]] = {}
        for old, new in zip(links[FROM_KOMMUNENR], links[TO_KOMMUNENR], strict=True):
            found[str(old)] = (*found.get(str(old), ()), str(new))
        return found

    def same_land(self, nr: str, year: int, other: int) -> str | None:
        """Return the kommunenr in `other` with the same land, or None.

        Raises UnknownYear if no register covers a year.
        """
        return self._twins(year, other).get(nr)

    @cache_on(YEAR_PAIRS)
    def _twins(self, year: int, other: int) -> dict[str, str]:
        """Return the kommunenr in `other` of each kommune of `year` that has the same land then."""
        links = self.links(year, other)
        old, new = links[FROM_KOMMUNENR], links[TO_KOMMUNENR]
        alone = ~(old.duplicated(keep=False) | new.duplicated(keep=False))
        return dict(zip(map(str, old[alone]), map(str, new[alone]), strict=True))

    def label(self, nr: str, year: int) -> str:
        """Return the common name of a kommune, unique within the year.

        Raises UnknownKommune if it is not a kommune in the year, UnknownYear if no register covers
        it.
        """
        self.require(nr, year)
        return self._labels(year)[nr]

    @cache_on(YEARS)
    def _labels(self, year: int) -> dict[str, str]:
        return {str(nr): str(label) for nr, label in self.kommuner(year)[LABEL].items()}

    def other_names(self, nr: str, year: int) -> tuple[str, ...]:
        """Return the Sámi, Kven and other official names of a kommune in a year.

        Raises UnknownKommune if it is not a kommune in the year, UnknownYear if no register covers
        it.
        """
        self.require(nr, year)
        return self._other_names(year)[nr]

    @cache_on(YEARS)
    def _other_names(self, year: int) -> dict[str, tuple[str, ...]]:
        return {str(nr): tuple(names) for nr, names in self.kommuner(year)[OTHER_NAMES].items()}

    def require(self, nr: str, year: int) -> None:
        """Raise UnknownKommune, with advice, unless the number is a kommune in the year.

        Raises UnknownYear if no register covers the year.
        """
        self._check(year)
        if not self.exists(nr, year):
            raise UnknownKommune(self._hint(nr, year))

    def _hint(self, nr: str, year: int) -> str:
        padded = nr.zfill(4)
        says = f'"{nr}" is not a kommune in {year}.'
        if padded != nr and self.exists(padded, year):
            return (
                f"{says} Kommune numbers have four digits; a spreadsheet may have dropped the "
                f'leading zero: try "{padded}" ({self.label(padded, year)}).'
            )
        years = self.years_of(nr)
        if years:
            now = ", ".join(f"{n} {self.label(n, year)}" for n in self.now(nr, year))
            name = self.label(nr, years[-1])
            return f"{says} {name} had that number {years[0]}\u2013{years[-1]}; {year}: {now}."
        return says


@cache
def _shipped() -> Register:
    return Register(product())
