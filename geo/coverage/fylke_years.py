"""A choice of counties taken from one structure year to another."""

from collections.abc import Iterable

from geo.base.cache import YEAR_PAIRS, cache_on
from geo.columns import FROM_KOMMUNENR, FYLKESNR, TO_KOMMUNENR
from geo.coverage.dataset import Dataset
from geo.coverage.view import View

# Less of a county's land than this is kommuner that moved, not what the county became.
_MAIN = 0.1


def carried(
    dataset: Dataset, numbers: Iterable[str], from_year: int, to_year: int
) -> tuple[str, ...]:
    """Return the fylkesnr of `to_year` that hold a tenth or more of a chosen fylke's land.

    Raises UnknownYear if one of the years is not offered.
    """
    for year in (from_year, to_year):
        dataset.require(year)
    shares = _shares(dataset, from_year, to_year)
    kept = {new for nr in numbers for new, share in shares[nr].items() if share >= _MAIN}
    return tuple(nr for nr in dataset.choices.fylker[to_year] if nr in kept)


@cache_on(YEAR_PAIRS)
def _shares(dataset: Dataset, from_year: int, to_year: int) -> dict[str, dict[str, float]]:
    """Return which share of each fylke's land lies in each fylke of the other year."""
    register = dataset.register
    links = register.links(from_year, to_year)
    land = links[FROM_KOMMUNENR].map(register.area_km2(from_year)) * links["share"]
    old = links[FROM_KOMMUNENR].map(register.kommuner(from_year)[FYLKESNR])
    new = links[TO_KOMMUNENR].map(register.kommuner(to_year)[FYLKESNR])
    areas = land.groupby([old, new]).sum()
    whole = land.groupby(old).sum()
    return {str(nr): dict(areas[nr] / whole[nr]) for nr in whole.index}


def in_year(dataset: Dataset, view: View, year: int) -> View:
    """Return a view in another structure year, its counties carried over.

    Raises UnknownYear if one of the years is not offered.
    """
    return view.but(year=year, fylke=carried(dataset, view.fylke, view.year, year))
