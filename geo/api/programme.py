"""The API's rows about the programme: grants, projects, hubs, claims and sources."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo import columns as c
from geo.api.kommuner import totals_of
from geo.api.models import (
    ByEvidence,
    CheckedFigure,
    Claim,
    Correction,
    Hub,
    Programme,
    ProgrammeYear,
    Project,
    SourceRow,
)
from geo.api.parameters import Asked
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.national import programme_years
from geo.coverage.view import View
from geo.dataset.package import every_hub, split_ids
from geo.report.claims import Check, check, check_figure
from geo.report.projects import cited
from geo.report.sources import said_by, sources
from geo.text.languages import data_text
from geo.versions import corrections as memory
from geo.versions import reload

Record = Mapping[Any, Any]


def programmes(dataset: Dataset, view: View) -> list[Programme]:
    """Return every programme of the package."""
    return [
        Programme(
            programme_id=row[c.PROGRAMME_ID],
            name=data_text(row, "name", view.lang).text,
            year_from=int(row[c.YEAR_FROM]),
            year_to=_whole(row[c.YEAR_TO]),
            announced_total_nok=_whole(row[c.ANNOUNCED_TOTAL_NOK]),
            grant_years=int(row[c.GRANT_YEARS]),
            applications=_whole(row["applications"]),
            projects_funded=_whole(row["projects_funded"]),
            funder=row["funder"],
            operator=row["operator"],
            source_ids=_source_ids(row),
        )
        for row in dataset.package["programmes"].to_dict("records")
    ]


def projects(dataset: Dataset, view: View) -> list[Project]:
    """Return the view's projects, each with the totals of its coverage in the view."""
    partners = dataset.package["partners"]
    wanted = set(view.project or dataset.choices.projects)
    if view.hub:
        wanted &= set(partners.loc[partners[c.HUB_ID].isin(view.hub), c.PROJECT_ID])
    rows = dataset.package["projects"].to_dict("records")
    return [_project(dataset, view, row) for row in rows if row[c.PROJECT_ID] in wanted]


def _project(dataset: Dataset, view: View, row: Record) -> Project:
    partners = dataset.package["partners"]
    return Project(
        project_id=row[c.PROJECT_ID],
        programme_id=row[c.PROGRAMME_ID],
        name=row["name"],
        other_names=list(split_ids(row[c.OTHER_NAMES])),
        purpose=data_text(row, "purpose", view.lang).text,
        note=data_text(row, "note", view.lang).text,
        year_from=int(row[c.YEAR_FROM]),
        grant_nok=int(row[c.GRANT_NOK]),
        grant_kind=row[c.GRANT_KIND] or c.GRANTED,
        grant_years=int(row[c.GRANT_YEARS]),
        lead_hub_id=row["lead_hub_id"] or None,
        hub_ids=list(partners.loc[partners[c.PROJECT_ID] == row[c.PROJECT_ID], c.HUB_ID]),
        structure_year=view.year,
        sums=totals_of(dataset, view.but(project=(row[c.PROJECT_ID],))),
        source_ids=_source_ids(row),
    )


def hubs(dataset: Dataset, view: View) -> list[Hub]:
    """Return the view's hubs; if it selects counties, those that serve a kommune there."""
    partners = dataset.package["partners"]
    serves = _serves(dataset, view)
    rows = every_hub(dataset.package).to_dict("records")
    years = programme_years(dataset)
    found = []
    for row in rows:
        hub_id = row[c.HUB_ID]
        mine = list(partners.loc[partners[c.HUB_ID] == hub_id, c.PROJECT_ID])
        if (
            (not view.hub or hub_id in view.hub)
            and (not view.project or set(mine) & set(view.project))
            and (not view.fylke or hub_id in serves)
        ):
            found.append(_hub(row, view, mine, serves.get(hub_id, []), years.get(hub_id, ())))
    return found


def _serves(dataset: Dataset, view: View) -> dict[str, list[str]]:
    """Return the kommunenr that each hub serves in the view, by hub id."""
    served: dict[str, list[str]] = {}
    for nr, row in coverage(dataset, view).of_view.items():
        for hub_id in (*row.hub_ids, *row.elsewhere_hub_ids):
            served.setdefault(hub_id, []).append(nr)
    return served


def _hub(
    row: Record,
    view: View,
    project_ids: list[str],
    serves: list[str],
    years: tuple[tuple[int, str, str], ...],
) -> Hub:
    seat = row[c.KOMMUNENR] or None
    return Hub(
        hub_id=row[c.HUB_ID],
        name=row["name"],
        former_names=list(split_ids(row[c.FORMER_NAMES])),
        later_names=list(split_ids(row[c.LATER_NAMES])),
        other_names=list(split_ids(row[c.OTHER_NAMES])),
        orgnr=row[c.ORGNR] or None,
        website=row["website"] or None,
        place=row["place"],
        kommunenr=seat,
        kommunenr_year=_whole(row[c.STRUCTURE_YEAR]) if seat else None,
        lon=_number(row[c.LON]),
        lat=_number(row[c.LAT]),
        point_accuracy_m=_whole(row[c.POINT_ACCURACY_M]),
        seat_evidence=row[c.SEAT_EVIDENCE] or None,
        project_ids=project_ids,
        structure_year=view.year,
        serves=serves,
        in_programme=[
            ProgrammeYear(year=year, member=member, evidence=evidence or None)  # type: ignore[arg-type]
            for year, member, evidence in years
        ],
        note=data_text(row, "note", view.lang).text,
        source_ids=_source_ids(row),
    )


def points(dataset: Dataset, _view: View) -> dict[str, dict[str, Any]]:
    """Return the GeoJSON point (WGS 84) of each hub that has one, by hub id."""
    placed = every_hub(dataset.package).dropna(subset=[c.LON, c.LAT])
    return {
        str(row[c.HUB_ID]): {"type": "Point", "coordinates": [row[c.LON], row[c.LAT]]}
        for row in placed.to_dict("records")
    }


def claims(dataset: Dataset, view: View) -> list[Claim]:
    """Return the claims about the view's projects, or all if none is selected."""
    return [
        _claim(one, view.lang)
        for one in check(dataset)
        if not view.project or one.project_id in view.project
    ]


def _claim(one: Check, language: str) -> Claim:
    return Claim(
        claim_id=one.claim_id,
        programme_id=one.programme_id,
        project_id=one.project_id or None,
        metric=one.metric,
        structure_year=one.structure_year,
        fylkesnr=one.fylkesnr or None,
        unit=one.unit,
        text=one.text[language].text,
        claimed=one.claimed,
        found=one.found,
        difference=one.difference,
        verdict=one.verdict,
        by_evidence=ByEvidence(**one.by_evidence) if one.by_evidence else None,
        documented=one.documented,
        named=one.named,
        rests_on_assumption=one.rests_on_assumption,
        explanation=one.explanation(language),
        claim_source_ids=[source.source_id for source in one.claim_sources],
        found_source_ids=[source.source_id for source in one.found_sources],
    )


def figures(asked: Asked) -> list[CheckedFigure]:
    """Return the figures of a question, each with its verdict."""
    return [_figure(check_figure(asked.dataset, one), asked.view.lang) for one in asked.figures]


def _figure(one: Check, language: str) -> CheckedFigure:
    claimed = one.claimed or 0.0
    levels = [level for level in c.EVIDENCE_LEVELS if one.by_evidence.get(level)]
    return CheckedFigure(
        claim_id=one.claim_id or None,
        metric=one.metric,
        programme_id=one.programme_id,
        project_id=one.project_id or None,
        structure_year=one.structure_year,
        fylkesnr=one.fylkesnr or None,
        unit=one.unit,
        text=one.quantity(claimed, language),
        claimed=claimed,
        found=one.found,
        difference=one.difference,
        verdict=one.verdict,
        evidence=levels[-1] if levels else None,  # type: ignore[arg-type]
        by_evidence=ByEvidence(**one.by_evidence) if one.by_evidence else None,
        documented=one.documented,
        named=one.named,
        rests_on_assumption=one.rests_on_assumption,
        explanation=one.answer(language),
        claim_source_ids=[source.source_id for source in one.claim_sources],
        found_source_ids=[source.source_id for source in one.found_sources],
        found_sources=[source.cite(language) for source in one.found_sources],
    )


def corrections(dataset: Dataset, view: View) -> list[Correction]:
    """Return every correction of the served data, of a kept version those made since."""
    served = dataset is reload.current()
    return [
        Correction(
            correction_id=one.correction_id,
            date=one.day or None,
            version_from=one.version_from,
            version_to=one.version_to,
            kind=one.kind,  # type: ignore[arg-type]
            subject=one.subject,  # type: ignore[arg-type]
            subject_id=one.subject_id or None,
            title=one.title[view.lang].text,
            text=one.text[view.lang].text,
            old_value=one.old,
            new_value=one.new,
            unit=one.unit or None,
            source_ids=list(one.source_ids),
        )
        for one in (memory.corrections(dataset) if served else memory.since(dataset))
    ]


def source_rows(dataset: Dataset, view: View) -> list[SourceRow]:
    """Return the sources of the view's projects, or all sources if none is selected."""
    table = dataset.package["sources"]
    says = said_by(dataset, view.lang)
    ids = [s.source_id for project in view.project for s in cited(dataset, project)]
    return [
        SourceRow(
            source_id=one.source_id,
            title=one.title,
            publisher=one.publisher,
            published=one.published,
            published_text=one.when(view.lang),
            url=one.url or None,
            says=says[one.source_id].text,
        )
        for one in sources(dataset, sorted(set(ids)) if view.project else table[c.SOURCE_ID])
    ]


def _source_ids(row: Record) -> list[str]:
    return list(split_ids(row[c.SOURCE_IDS]))


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
