"""The API's rows per kommune: coverage, and the register of a year."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo import columns as c
from geo.api.models import (
    ByEvidence,
    Count,
    CountyCount,
    CoverageRow,
    Figure,
    Kommune,
    Parts,
    Place,
)
from geo.api.models import Sums as SumsModel
from geo.coverage.dataset import Dataset
from geo.coverage.join import SUCCESSORS, coverage
from geo.coverage.money import kind_of
from geo.coverage.totals import Totals
from geo.coverage.view import View
from geo.exports.geojson import geometries
from geo.report import tables
from geo.report.wording import kommune_names

DETAIL = "normal"  # the level of detail of the interactive map


def shapes(dataset: Dataset, view: View) -> Mapping[str, Any]:
    """Return the GeoJSON geometry (WGS 84) of each kommune of the year, by kommunenr.

    Raises UnknownYear if the view's year is not a structure year.
    """
    drawn = dataset.boundaries(view.year)
    forms = geometries(drawn, DETAIL)
    return {nr: forms[ids[0]] for nr, ids in drawn.shapes_of.items()}


def covered(dataset: Dataset, view: View) -> list[CoverageRow]:
    """Return the rows that the page lists, or those of the kommune in `view`."""
    table = tables.export_rows(dataset, view, full=bool(view.kommune))
    if view.kommune:
        wanted = {view.kommune, *dataset.register.now(view.kommune, view.year)}
        table = table[table.index.isin(wanted)]
    records = table.reset_index(names=c.KOMMUNENR).to_dict("records")
    return [_covered(dataset, view, record) for record in records]


def _covered(dataset: Dataset, view: View, row: Mapping[Any, Any]) -> CoverageRow:
    gone = row[c.STATE] == c.DID_NOT_EXIST
    shared = dataset.boundaries(view.year).drawn_with(row[c.KOMMUNENR]) if not gone else ()

    old: dict[str, Any] = {
        name: _predecessors(dataset, row[name], view.year)
        for name in (c.COVERED_PREDECESSORS, c.UNCOVERED_PREDECESSORS, c.NO_SOURCE_PREDECESSORS)
    }
    years = {place.year for places in old.values() for place in places}
    return CoverageRow(
        kommunenr=row[c.KOMMUNENR],
        name=row[c.LABEL],
        official_name=_text(row[c.NAME]) or row[c.LABEL],
        fylkesnr=_text(row[c.FYLKESNR]),
        fylke=_text(row[c.FYLKE]) or "",
        structure_year=view.year,
        state=row[c.STATE],
        symbol=tables.SYMBOLS.get(row[c.STATE], ""),
        evidence=_text(row[c.EVIDENCE]),
        evidence_strongest=_text(row[c.EVIDENCE_STRONGEST]),
        project_ids=_ids(row[c.PROJECT_IDS]),
        hub_ids=_ids(row[c.HUB_IDS]),
        elsewhere_hub_ids=_ids(row[c.ELSEWHERE_HUB_IDS]),
        predecessor_year=years.pop() if len(years) == 1 else None,
        **old,
        successors=_places(dataset, row[SUCCESSORS], view.year),
        population=_whole(row[c.POPULATION]),
        population_unknown=0 if gone else int(row[c.POPULATION_UNKNOWN]),
        area_km2=_number(row[c.AREA_KM2]),
        shape_shared=not gone and bool(row[c.SHAPE_SHARED]),
        shape_shared_with=list(shared),
        source_ids=_ids(row[c.SOURCE_IDS]),
        stated_years=_ids(row[c.STATED_YEARS]),
        **_people(row),
    )


def _people(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the figures that only a covered kommune has; None for others."""
    there = row[c.STATE] in c.COVERED_STATES
    basis = row[c.BASIS_COLUMN] if there else None
    return {
        c.POPULATION_COVERED: int(row[c.POPULATION_COVERED]) if there else None,
        c.BASIS_COLUMN: basis,
        "population_estimated": basis == c.BASIS_AREA,
        c.POPULATION_YEAR: int(row[c.POPULATION_YEAR]) if there else None,
        c.GRANT_PER_INHABITANT_YEAR: _number(row[c.GRANT_PER_INHABITANT_YEAR]) if there else None,
    }


def register(dataset: Dataset, view: View) -> list[Kommune]:
    """Return the kommuner of the structure year in the view's counties."""
    frame = coverage(dataset, View(year=view.year)).frame.drop(columns="geometry")
    own = dataset.register.kommuner(view.year)[[c.OTHER_NAMES]]
    table = pd.DataFrame(frame).join(own)
    if view.fylke:
        table = table[table[c.FYLKESNR].isin(view.fylke)]
    if view.kommune:
        table = table[table.index.isin(dataset.register.now(view.kommune, view.year))]
    return [
        Kommune(
            kommunenr=row[c.KOMMUNENR],
            name=row[c.LABEL],
            official_name=row[c.NAME],
            other_names=list(row[c.OTHER_NAMES]),
            fylkesnr=row[c.FYLKESNR],
            fylke=row[c.FYLKE],
            structure_year=view.year,
            population=_whole(row[c.POPULATION]),
            area_km2=_number(row[c.AREA_KM2]),
            shape_shared=bool(row[c.SHAPE_SHARED]),
            shape_shared_with=list(dataset.boundaries(view.year).drawn_with(row[c.KOMMUNENR])),
        )
        for row in table.reset_index(names=c.KOMMUNENR).to_dict("records")
    ]


def totals_of(dataset: Dataset, view: View) -> SumsModel:
    """Return the totals of a view."""
    return as_model(dataset, coverage(dataset, view).totals)


def as_model(dataset: Dataset, totals: Totals) -> SumsModel:
    """Return totals as the API's model."""
    names = dataset.register.fylker(totals.year)[c.NAME]
    money = totals.grant_per_inhabitant_year
    return SumsModel(
        kommuner=Count.of(totals.kommuner_range),
        whole=totals.whole,
        partly=totals.partly,
        by_evidence=ByEvidence(**totals.by_evidence),
        fylker=[
            CountyCount(
                fylkesnr=nr,
                fylke=str(names[nr]),
                kommuner=int(n.value),
                kommuner_low=int(n.low),
                kommuner_high=int(n.high),
            )
            for nr, n in totals.by_fylke_range.items()
        ],
        fylker_count=Count.of(totals.fylker_range),
        population_covered=Count.of(totals.population_covered),
        population_kommuner=totals.population_kommuner,
        population_by_evidence=ByEvidence(**totals.population_by_evidence),
        population_total=totals.population_total,
        population_unknown=totals.population_unknown,
        share=Figure.of(totals.share),
        share_by_evidence=_shares(totals),
        grant_nok=totals.grant_nok,
        grant_kind=kind_of(dataset, totals.projects),
        grant_per_inhabitant_year=Figure.of(money) if money else None,
        grant_by_evidence=_parts(totals.grant_by_evidence),
        grant_people_years=list(totals.grant_people_years),
        estimated=totals.estimated,
        projects=list(totals.projects),
    )


def _shares(totals: Totals) -> Parts:
    whole = totals.population_total
    people = totals.population_by_evidence.items()
    return _parts({level: n / whole if whole else 0 for level, n in people})


def _parts(figures: Mapping[str, float | None]) -> Parts:
    return Parts(**{level: figures.get(level) for level in c.EVIDENCE_LEVELS})


def _places(dataset: Dataset, numbers: object, year: int) -> list[Place]:
    if not isinstance(numbers, tuple) or not numbers:
        return []
    names = kommune_names(dataset, numbers, year)
    return [
        Place(kommunenr=nr, name=name, year=year) for nr, name in zip(numbers, names, strict=True)
    ]


def _predecessors(dataset: Dataset, found: object, year: int) -> list[Place]:
    if not isinstance(found, tuple):
        return []
    others = [old for old in found if old.year != year]
    return [place for old in others for place in _places(dataset, (old.kommunenr,), old.year)]


def _ids(value: object) -> list[str]:
    return list(value) if isinstance(value, tuple) else []


def _text(value: object) -> Any:
    return value if isinstance(value, str) and value else None


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) or not value else int(value)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else round(float(value), 4)
