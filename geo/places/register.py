"""The kommuner and fylker of any year, their people and land."""

from functools import cached_property

import pandas as pd

from geo.base.cache import YEARS, cache_on
from geo.columns import AREA_KM2, FYLKE, FYLKESNR, KOMMUNENR, LABEL, NAME, POPULATION, YEAR
from geo.dataset.package import TO_YEAR, Package, split_ids
from geo.errors import UnknownKommune, UnknownYear
from geo.places.translation import Translation
from geo.settings import REGISTER_YEARS

NORWEGIAN_NAME = "norwegian_name"
OTHER_NAMES = "other_names"


class Register:
    """Kommuner by year, with translation between years. Source: SSB KLASS 131 and 104."""

    def __init__(self, package: Package) -> None:
        self._kommuner = package["kommuner"]
        self._fylker = package["fylker"]
        self._population = package["population"]
        self._areas = package["areas"]
        self.changes = package["kommune_changes"]
        first = int(self._kommuner["valid_from"].min())
        last = int(self._kommuner[["valid_from", "valid_to"]].max().max())
        asked = int(package.descriptor.get(TO_YEAR, REGISTER_YEARS[-1]))
        self.years = range(first, max(last, asked) + 1)

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

        Columns name (official), norwegian_name, other_names (tuple), label (unique in the year),
        fylkesnr, fylke. Raises UnknownYear.
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
        """Return the kommunenr of each kommune of a Norwegian name. Raises UnknownYear."""
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
        """Return the fylker of a year, indexed by fylkesnr, with name and official_name."""
        table = self._valid(self._fylker, year).set_index(FYLKESNR).sort_index()
        return table[[NAME, "official_name"]]

    @cache_on(YEARS)
    def population(self, year: int) -> pd.Series:
        """Return the inhabitants on 1 January by kommunenr (persons). Source: SSB 07459."""
        rows = self._population[self._population[YEAR] == year].set_index(KOMMUNENR)[POPULATION]
        return rows.reindex(self.kommuner(year).index).astype("Int64")

    @cache_on(YEARS)
    def area_km2(self, year: int) -> pd.Series:
        """Return land with fresh water by kommunenr, in km2.

        As published for the years that have a list; other years are the nearest list's figures
        carried along the links of the kommuner. Figures flagged as suspect are replaced by the
        other list's where the borders are the same.
        """
        if year in self._published_areas:
            return self._published_areas[year]
        nearest = min(self._published_areas, key=lambda other: abs(other - year))
        links = self.links(nearest, year)
        moved = links["share"] * links["from_kommunenr"].map(self._published_areas[nearest])
        summed = moved.groupby(links["to_kommunenr"]).sum()
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

    # -- translation ------------------------------------------------------------------------

    @cached_property
    def _translation(self) -> Translation:
        areas = self._areas
        first_list = areas[areas[YEAR] == areas[YEAR].min()].set_index(KOMMUNENR)[AREA_KM2]
        members = {year: self.kommuner(year).index for year in self.years}
        return Translation(members, self.changes, first_list)

    def links(self, from_year: int, to_year: int) -> pd.DataFrame:
        """Return how the kommuner of one year make up those of another.

        Columns from_kommunenr, to_kommunenr, share (of the from-kommune's land; sums to 1 for each
        from_kommunenr), strip (True where all they share is a strip that moved across a border
        that otherwise stayed). Works forwards and backwards in time. Raises UnknownYear.
        """
        self._check(from_year)
        self._check(to_year)
        return self._translation.links(from_year, to_year)

    def cells(self, years: tuple[int, ...], year: int) -> pd.DataFrame:
        """Return the land of a year in cells that no border of it or of `years` divides.

        Columns to_kommunenr (of `year`), one named by each of `years` with its kommunenr, and m2
        (whole square metres). Raises UnknownYear.
        """
        for one in (year, *years):
            self._check(one)
        return self._translation.cells(years, year)

    def translate(self, numbers: frozenset[str], from_year: int, to_year: int) -> pd.DataFrame:
        """Return every kommune of `to_year` that the set touches, indexed by kommunenr.

        Columns state ("whole" | "partly"), covered_predecessors and uncovered_predecessors
        (tuples of numbers of `from_year`). Whole means that everything it is made of is in the
        set, strips that moved between kommuner too. Raises UnknownYear, UnknownKommune.
        """
        for year in (from_year, to_year):
            self._check(year)
        for nr in numbers:
            self.require(nr, from_year)
        return self._translation.translate(numbers, from_year, to_year)

    def successors(self, nr: str, year: int, in_year: int) -> pd.DataFrame:
        """Return the links from one kommune of `year` to those of `in_year`."""
        self.require(nr, year)
        links = self.links(year, in_year)
        return links[links["from_kommunenr"] == nr]

    def predecessors(self, nr: str, year: int, in_year: int) -> pd.DataFrame:
        """Return the links to one kommune of `year` from those of `in_year`."""
        self.require(nr, year)
        links = self.links(in_year, year)
        return links[links["to_kommunenr"] == nr]

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
        """Every number that was a kommune in some year."""
        return frozenset(self._years_by_number)

    def years_of(self, nr: str) -> range:
        """Return the years in which a number was a kommune; empty if it never was."""
        return self._years_by_number.get(nr, range(0))

    def exists(self, nr: str, year: int) -> bool:
        """Say whether a number is a kommune in a year."""
        return year in self.years_of(nr)

    def nearest_year(self, nr: str, year: int) -> int:
        """Return the year closest to `year` in which the number was a kommune."""
        years = self.years_of(nr)
        if not years:
            raise UnknownKommune(self._hint(nr, year))
        return min(max(year, years[0]), years[-1])

    def now(self, nr: str, year: int) -> tuple[str, ...]:
        """Return what a number of any year is in `year`, its largest part first."""
        there = self.successors(nr, self.nearest_year(nr, year), year)
        return tuple(there.sort_values("share", ascending=False)["to_kommunenr"])

    def same_land(self, nr: str, year: int, other: int) -> str | None:
        """Return the number in `other` of a kommune with the same land, or None."""
        there = self.links(year, other)
        mine = there[there["from_kommunenr"] == nr]
        if len(mine) != 1:
            return None
        twin = str(mine["to_kommunenr"].iloc[0])
        return twin if (there["to_kommunenr"] == twin).sum() == 1 else None

    def label(self, nr: str, year: int) -> str:
        """Return the name of a kommune as people write it, unique in its year."""
        self.require(nr, year)
        return self._labels(year)[nr]

    @cache_on(YEARS)
    def _labels(self, year: int) -> dict[str, str]:
        return {str(nr): str(label) for nr, label in self.kommuner(year)[LABEL].items()}

    def require(self, nr: str, year: int) -> None:
        """Raise UnknownKommune, with advice, unless the number is a kommune in the year."""
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
