"""Each county: what is covered, what is not, and which hub is nearest to what is not."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import columns as c
from geo.base.cache import KOMMUNER, OWNER, SUMS, VIEW_TABLES, YEARS, cache_on
from geo.coverage.carry_forward import carry_forward, without_strips
from geo.coverage.dataset import Dataset
from geo.coverage.hub_seats import guessed, seat_kommuner
from geo.coverage.join import Coverage, coverage, totals_of
from geo.coverage.national import known_hubs
from geo.coverage.selection import WEAKEST, CoverageRow, data_view, kommune_of, other_rows
from geo.coverage.totals import Totals
from geo.coverage.view import View
from geo.dataset.package import every_hub
from geo.places.centres import centres
from geo.settings import CRS_DEGREES, CRS_METRES

NEAREST, NEAREST_NAME, DISTANCE_KM = "nearest_hub_id", "nearest_hub", "distance_km"
NEAR = "near"
UNCOVERED = "uncovered_population"
KNOWN, KNOWN_KM, NEAR_KNOWN = "nearest_known_id", "known_km", "near_known"
OTHER_HUBS = "other_hub_ids"
_KEPT = (
    c.LABEL,
    c.STATE,
    c.POPULATION,
    c.POPULATION_UNKNOWN,
    c.SHAPE_SHARED,
    c.NO_SOURCE_PREDECESSORS,
    c.PREDECESSOR_YEAR,
)


def summary(dataset: Dataset, view: View) -> pd.DataFrame:
    """Return every county of the structure year, whatever counties the view names.

    Indexed by fylkesnr; columns fylke, kommuner, whole, partly, elsewhere, not_covered,
    partly_unknown, no_source, outside_view (numbers of kommuner), population, population_covered,
    population_low and population_high (over the alternatives of an assumption; persons), share,
    share_low, share_high (of the county's population), population_unknown (persons where no source
    was found) and uncovered_population (all others outside what is covered; persons).
    """
    return _summary(dataset, data_view(view).but(lang=View().lang, fylke=()))


@cache_on(VIEW_TABLES)
def _summary(dataset: Dataset, view: View) -> pd.DataFrame:
    names = dataset.register.fylker(view.year)[c.NAME]
    found = coverage(dataset, view)
    inside: dict[str, list[str]] = {}
    for kommunenr, row in found.of_year.items():
        inside.setdefault(row.fylkesnr, []).append(kommunenr)
    rows = {
        nr: _county(names[nr], found, inside[nr], totals_of(dataset, view.but(fylke=(nr,))))
        for nr in names.index
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(c.FYLKESNR)


def _county(name: str, found: Coverage, inside: list[str], totals: Totals) -> dict[str, Any]:
    states = Counter(found.of_view[nr].state for nr in inside)
    people = totals.population_covered
    others = (nr for nr in inside if found.of_view[nr].state == c.OUTSIDE_VIEW)
    elsewhere = sum(found.of_year[nr].population for nr in others)
    return {
        c.FYLKE: name,
        "kommuner": len(inside),
        **{state: states[state] for state in c.STATES if state != c.DID_NOT_EXIST},
        c.POPULATION: totals.population_total,
        c.POPULATION_COVERED: int(people.value),
        c.POPULATION_LOW: int(people.low),
        c.POPULATION_HIGH: int(people.high),
        "share": totals.share.value,
        "share_low": totals.share.low,
        "share_high": totals.share.high,
        c.POPULATION_UNKNOWN: totals.population_unknown,
        UNCOVERED: int(totals.population_total - people.value - elsewhere)
        - totals.population_unknown,
    }


def uncovered(dataset: Dataset, view: View, fylkesnr: str) -> pd.DataFrame:
    """Return a county's kommuner that the view leaves without coverage, the most people first.

    Indexed by kommunenr; columns label, state (elsewhere, not_covered, partly_unknown,
    no_source or partly), population (of the kommune), population_unknown (persons where no source
    was found) and uncovered_population (all others outside the covered part), nearest_hub_id,
    nearest_hub (name), distance_km (in a straight line from where its people live to the hub,
    EPSG:25833), near (the same as Nearest), nearest_known_id, known_km and near_known (of all hubs
    known of in the time of the projects), shape_shared,
    other_hub_ids (hubs without a project whose source names the kommune),
    no_source_predecessors (the parts in question, numbers with their year). The nearest hub is one
    of the projects and hubs the view chooses, the nearest known one of any.

    Raises UnknownYear if the year is not offered.
    """
    return _uncovered(dataset, data_view(view).but(lang=View().lang, fylke=(fylkesnr,)))


@cache_on(VIEW_TABLES)
def _uncovered(dataset: Dataset, view: View) -> pd.DataFrame:
    every = coverage(dataset, view).frame
    rows = every[every[c.STATE].isin((c.ELSEWHERE, *c.UNSERVED_STATES, c.PARTLY))]
    left = rows[c.POPULATION] - rows[c.POPULATION_COVERED]
    known = left - rows[c.POPULATION_UNKNOWN]
    frame = pd.DataFrame(rows[list(_KEPT)]).assign(**{UNCOVERED: known})
    hub_ids = _hub_ids(dataset, view)
    near = [_nearest(dataset, view.year, nr, hub_ids) for nr in rows.index]
    frame[NEAREST] = [one.hub_id for one in near]
    frame[NEAREST_NAME] = [one.name for one in near]
    frame[DISTANCE_KM] = [one.km for one in near]
    frame[NEAR] = pd.Series(near, index=frame.index, dtype=object)
    of_any = [_nearest(dataset, view.year, nr, known_hubs(dataset)) for nr in rows.index]
    frame[KNOWN] = [one.hub_id for one in of_any]
    frame[KNOWN_KM] = [one.km for one in of_any]
    frame[NEAR_KNOWN] = pd.Series(of_any, index=frame.index, dtype=object)
    others = other_hubs(dataset, view.year)
    frame[OTHER_HUBS] = [others.get(nr, ()) for nr in frame.index]
    most = left.sort_values(ascending=False, kind="stable").index
    return pd.DataFrame(frame.loc[most])


@dataclass(frozen=True)
class Nearest:
    """The hub nearest to a kommune; km in a straight line, NaN where no hub has a point.

    `inside` says that its seat is in the kommune, `about` that the seat is a guess, `from_people`
    that the distance is measured from where the people live, not from a point in the shape.
    """

    hub_id: str
    name: str
    km: float
    inside: bool = False
    about: bool = False
    from_people: bool = True


def nearest_hub(dataset: Dataset, view: View, kommunenr: str) -> Nearest:
    """Return the hub, of those the view chooses, nearest to a kommune of its structure year."""
    dataset.require(view.year)
    return _nearest(dataset, view.year, kommunenr, _hub_ids(dataset, view))


def nearest_known(dataset: Dataset, view: View, kommunenr: str) -> Nearest:
    """Return the hub, of all known of in the time of the projects, nearest to a kommune."""
    dataset.require(view.year)
    return _nearest(dataset, view.year, kommunenr, known_hubs(dataset))


def _hub_ids(dataset: Dataset, view: View) -> tuple[str, ...]:
    return _chosen_hubs(dataset, view.project, view.hub)


@cache_on(SUMS)
def _chosen_hubs(
    dataset: Dataset, projects: tuple[str, ...], hubs: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the hubs of the projects that a view is about, or those of them that it names."""
    partners = dataset.package["partners"]
    if projects:
        partners = partners[partners[c.PROJECT_ID].isin(projects)]
    ids = dict.fromkeys(partners[c.HUB_ID])
    return tuple(hub for hub in ids if not hubs or hub in hubs)


@cache_on(KOMMUNER)
def _nearest(
    dataset: Dataset, year: int, nr: str, hub_ids: tuple[str, ...] | frozenset[str]
) -> Nearest:
    hubs = _hub_points(dataset, hub_ids)
    if not hubs.ids:
        return Nearest("", "", float("nan"))
    metres = shapely.distance(hubs.points, _people_points(dataset, year)[nr])
    first = int(metres.argmin())
    hub_id = hubs.ids[first]
    return Nearest(
        hub_id,
        str(dataset.hub(hub_id)[c.NAME]),
        float(metres[first]) / 1000,
        seat_kommuner(dataset, year).get(hub_id) == nr,
        bool(_guesses(dataset)[hub_id]),
        nr in centres(dataset.register, year),
    )


class _HubPoints(NamedTuple):
    """Hubs that have a point, in the order of their tables, and the points (EPSG:25833)."""

    ids: tuple[str, ...]
    points: "np.ndarray[Any, Any]"


@cache_on(SUMS)
def _hub_points(dataset: Dataset, hub_ids: tuple[str, ...] | frozenset[str]) -> _HubPoints:
    placed = _placed_hubs(dataset)
    own = placed[placed.index.isin(hub_ids)]
    return _HubPoints(tuple(own.index), own.to_numpy())


@cache_on(OWNER)
def _placed_hubs(dataset: Dataset) -> gpd.GeoSeries:
    hubs = every_hub(dataset.package).set_index(c.HUB_ID)
    hubs = hubs[hubs[c.LON].notna() & hubs[c.LAT].notna()]
    points = gpd.points_from_xy(hubs[c.LON], hubs[c.LAT], crs=CRS_DEGREES)
    return gpd.GeoSeries(points, index=hubs.index).to_crs(CRS_METRES)


@cache_on(OWNER)
def _guesses(dataset: Dataset) -> dict[str, bool]:
    hubs = every_hub(dataset.package)
    return dict(zip(hubs[c.HUB_ID], guessed(hubs), strict=True))


@cache_on(YEARS)
def _people_points(dataset: Dataset, year: int) -> dict[str, shapely.Point]:
    """Return where the people of each kommune live, or a point in its shape (EPSG:25833)."""
    drawn = dataset.boundaries(year)
    known = centres(dataset.register, year)
    inner = drawn.shapes[[c.LON, c.LAT]]
    points = {
        nr: known[nr][:2] if nr in known else tuple(inner.loc[shapes[0]])
        for nr, shapes in drawn.shapes_of.items()
    }
    lon, lat = zip(*points.values(), strict=True)
    found = gpd.GeoSeries.from_xy(lon, lat, crs=CRS_DEGREES).to_crs(CRS_METRES)
    return dict(zip(points, found, strict=True))


@cache_on(YEARS)
def other_hubs(dataset: Dataset, year: int) -> dict[str, tuple[str, ...]]:
    """Return the hubs without a project that serve each kommune of a year, by its number."""
    in_projects = set(dataset.package["partners"][c.HUB_ID])
    rows = [
        CoverageRow("", r[c.HUB_ID], kommune_of(r), WEAKEST, "", ())
        for r in dataset.package["coverage"].to_dict("records")
        if r[c.HUB_ID] not in in_projects and not r[c.PROJECT_ID]
    ]
    rows += other_rows(dataset)
    return {
        nr: tuple(dict.fromkeys(row.hub_id for row in there))
        for nr, there in without_strips(carry_forward(dataset.register, rows, year)).items()
    }
