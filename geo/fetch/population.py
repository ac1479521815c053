"""Fetches the population of every kommune on 1 January (SSB table 07459)."""

import math
import re
from itertools import pairwise
from urllib.parse import urlencode

import pandas as pd
from pydantic import BaseModel, Field, ValidationError

from geo.columns import KOMMUNENR, POPULATION, SOURCE_ID, YEAR
from geo.coverage.dataset import Dataset
from geo.errors import AnswerRefused
from geo.fetch import differences
from geo.fetch.staged import Staged
from geo.fetch.steady import unsteady
from geo.fetch.transfer.transport import HttpAnswer, Transport, Wanted
from geo.official.services import SSB

WHAT = "population"
ADDRESS = f"{SSB.base}/pxwebapi/v2/tables/07459/data"
FILE = "population.csv"
_DIMENSIONS = ("Region", "ContentsCode", "Tid")  # sex and age are omitted: summed
_PERSONS = "Personer1"
_COUNTRY = (4_500_000, 7_000_000)  # persons; outside this range the response is wrong
_MOST_CHANGE = 0.03  # relative, of the country's population from one year to the next
_KOMMUNENR = re.compile(r"[0-9]{4}")  # of a number used twice, the earlier kommune's has a letter
_MISSING_NAMED = 5


class _Category(BaseModel):
    index: dict[str, int] | list[str]

    @property
    def codes(self) -> list[str]:
        if isinstance(self.index, list):
            return self.index
        return sorted(self.index, key=self.index.__getitem__)


class _Dimension(BaseModel):
    category: _Category


class _Cube(BaseModel):
    """A data cube in JSON-stat 2."""

    kind: str = Field(alias="class", pattern="dataset")
    dimensions: list[str] = Field(alias="id")
    dimension: dict[str, _Dimension]
    value: list[float | None]


def fetch(transport: Transport, dataset: Dataset, years: tuple[int, ...]) -> Staged:
    """Fetch the figures of the given years, or of all years of the register in use.

    The staged population.csv has the columns of the package's table; other years keep their
    figures. Raises FetchFailed if they cannot be fetched, AnswerRefused if they are implausible.
    """
    register_years = dataset.register.years
    asked = sorted(set(years) & set(register_years)) or list(register_years)
    query = {
        "lang": "no",
        "valueCodes[Region]": "*",
        "codelist[Region]": "vs_Kommun",
        "valueCodes[ContentsCode]": _PERSONS,
        # from() returns what exists: the newest year's figures are published in February.
        "valueCodes[Tid]": ",".join(map(str, asked)) if years else f"from({asked[0]})",
        "outputFormat": "json-stat2",
    }
    answer = transport.get(
        Wanted(SSB, f"{ADDRESS}?{urlencode(query)}", label="Befolkning (07459)", limit=40_000_000)
    )
    found = _figures(answer)
    _check(found, dataset, answer, set(years))
    found = _of_kommuner(found, dataset, asked)
    unlikely = unsteady(_counts(found), _counts(dataset.package[WHAT]), dataset.register)
    if unlikely:
        raise AnswerRefused(answer.origin.address, f"cannot be right: {unlikely}")
    files = {FILE: differences.written(_table(found, dataset.package[WHAT]))}
    changed = differences.between(dataset, files)
    return Staged(WHAT, files, {FILE: (answer.origin,)}, changed.sentences, replaces=bool(changed))


def _figures(answer: HttpAnswer) -> pd.DataFrame:
    """Return kommunenr, year and population (persons) of a response, one row per figure.

    Raises AnswerRefused if it is not the expected cube.
    """
    address = answer.origin.address
    try:
        cube = _Cube.model_validate(answer.json())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise AnswerRefused(address, f"is not a cube ({where}: {first['msg']})") from error
    if sorted(cube.dimensions) != sorted(_DIMENSIONS):
        raise AnswerRefused(address, f"has the dimensions {', '.join(cube.dimensions)}")
    try:
        codes = [cube.dimension[name].category.codes for name in cube.dimensions]
        # Before building their product: a small response can declare a cube of any size.
        if math.prod(map(len, codes)) != len(cube.value):
            raise AnswerRefused(address, "has another number of values than its dimensions give")
        if any(len(set(own)) < len(own) for own in codes):
            raise AnswerRefused(address, "names something twice")
        index = pd.MultiIndex.from_product(codes, names=cube.dimensions)
        figures = pd.Series(cube.value, index=index, dtype="float64")
        years = figures.index.get_level_values("Tid").astype(int)
        contents = figures.index.get_level_values("ContentsCode")
    except (KeyError, ValueError, OverflowError) as error:
        raise AnswerRefused(address, f"does not hold together: {error}") from error
    if set(contents) != {_PERSONS}:
        raise AnswerRefused(address, f"counts {', '.join(sorted(set(contents)))}, not persons")
    numbers = figures.index.get_level_values("Region")
    rows = pd.DataFrame({KOMMUNENR: numbers, YEAR: years, POPULATION: figures.to_numpy()})
    return rows[rows[KOMMUNENR].map(lambda nr: bool(_KOMMUNENR.fullmatch(nr)))]


def _counts(table: pd.DataFrame) -> dict[tuple[str, int], int]:
    """Return persons by (kommunenr, year)."""
    keys = zip(table[KOMMUNENR], table[YEAR].astype(int), strict=True)
    return dict(zip(keys, table[POPULATION].astype(int), strict=True))


def _table(found: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return the figures as the package's table; unchanged ones keep their source."""
    figure = [KOMMUNENR, YEAR, POPULATION]
    fetched = found.astype(before.dtypes[figure].to_dict())
    fetched = fetched.merge(before, how="left", on=figure).fillna({SOURCE_ID: "R03"})
    kept = before[~before[YEAR].isin(fetched[YEAR])]
    rows = pd.concat([kept, fetched[list(before.columns)]])
    return rows.sort_values([KOMMUNENR, YEAR], kind="stable", ignore_index=True)


def _of_kommuner(found: pd.DataFrame, dataset: Dataset, years: list[int]) -> pd.DataFrame:
    """Return the rows of kommuner that existed in the year; the response has 0 for others."""
    there = {(nr, year) for year in years for nr in dataset.register.kommuner(year).index}
    pairs = zip(found[KOMMUNENR], found[YEAR], strict=True)
    return found[[(nr, int(year)) in there for nr, year in pairs]]


def _check(found: pd.DataFrame, dataset: Dataset, answer: HttpAnswer, asked: set[int]) -> None:
    """Raise AnswerRefused unless every kommune has a figure and the total is plausible."""
    address = answer.origin.address
    years = sorted(set(map(int, found[YEAR].unique())) & set(dataset.register.years))
    known = asked or set(map(int, dataset.package[WHAT][YEAR].unique()))
    gone = sorted((known & set(dataset.register.years)) - set(years))
    if gone:
        raise AnswerRefused(address, f"has no figures for {', '.join(map(str, gone))}")
    totals = {}
    for year in years:
        figures = found[found[YEAR] == year].set_index(KOMMUNENR)[POPULATION]
        figures = figures.reindex(dataset.register.kommuner(year).index)
        bad = figures[~(figures > 0) | (figures % 1 != 0)]
        if len(bad):
            named = ", ".join(bad.index[:_MISSING_NAMED])
            raise AnswerRefused(address, f"has no count of persons for {named} in {year}")
        totals[year] = figures.sum()
        if not _COUNTRY[0] < totals[year] < _COUNTRY[1]:
            raise AnswerRefused(address, f"gives the country {totals[year]:,.0f} inhabitants")
    for year, after in pairwise(years):
        if after == year + 1 and abs(totals[after] / totals[year] - 1) > _MOST_CHANGE:
            raise AnswerRefused(address, f"lets the country change too much from {year} to {after}")
