"""Data files for the browser's coverage engine, so that filters work without a server.

What depends on the register is computed here: where each statement's land is in a structure year,
which kommuner it was made of, and how many people live on each part. What depends on the filters is
left to geo/publish/assets/engine.js.
"""

from collections.abc import Iterable
from dataclasses import asdict
from itertools import combinations
from typing import Any

from geo import columns as c
from geo.base.look_data import RULES
from geo.coverage.assumed import alternatives
from geo.coverage.dataset import Dataset
from geo.coverage.fylke_years import carried
from geo.coverage.hub_seats import guessed, seats
from geo.coverage.join import coverage
from geo.coverage.money import blocks, grants
from geo.coverage.selection import (
    CoverageRow,
    candidate_rows,
    other_rows,
    project_rows,
    recorded_years,
)
from geo.coverage.view import (
    COLOURS,
    LONGEST_QUOTED,
    NON_VIEW_PARAMS,
    TAG_PREFIXES,
    TAGS,
    View,
)
from geo.dataset.package import every_hub
from geo.places.boundaries import BOX_METRES, MEMBERS, POINT_METRES
from geo.places.people_cells import Cell, cells
from geo.places.year_links import KommuneOfYear, itself, lives_on, nearest_count, parts_of
from geo.report import looks
from geo.report.tables import SYMBOLS
from geo.report.titles import NAMED
from geo.report.wording import alphabetical, has_ended, shortened
from geo.text.languages import LANGUAGES
from geo.text.messages import messages
from geo.webmap import structures
from geo.webmap.marks import centres_of, inside


def programme(dataset: Dataset) -> dict[str, Any]:
    """Return what does not depend on the year: projects, hubs, statements, candidates, looks."""
    return {
        "version": dataset.data_version,
        "years": dataset.choices.years,
        "registers": dataset.register.span,
        "languages": LANGUAGES,
        "levels": c.EVIDENCE_LEVELS,
        "states": c.STATES,
        "coveredStates": c.COVERED_STATES,
        "colours": COLOURS,
        "scopes": dataset.choices.scopes,
        "defaults": asdict(dataset.choices.view()),
        "kommuner": " ".join(sorted(dataset.choices.kommuner)),
        "projects": _projects(dataset),
        "hubs": _hubs(dataset),
        "others": _others(dataset),
        "rows": [_statement(row) for row in project_rows(dataset)],
        "elsewhere": [_statement(row) for row in other_rows(dataset)],
        "candidates": [_statement(row) for row in candidate_rows(dataset)],
        **_alternatives(dataset),
        "recorded": recorded_years(dataset),
        "blocks": [_sent(land) for land in blocks(dataset)],
        "counts": _counts(dataset),
        "labels": _labels(dataset),
        "looks": RULES,
        "symbols": SYMBOLS,
        "named": NAMED,
        "nonViewParams": NON_VIEW_PARAMS,
        "tags": TAGS,
        "tagPrefixes": TAG_PREFIXES,
        "longestQuoted": LONGEST_QUOTED,
    }


def _projects(dataset: Dataset) -> list[dict[str, Any]]:
    colours = looks.project_colours(dataset)
    return [
        {
            "id": project,
            **_called(dataset.project(project)[c.NAME]),
            "colour": colours[project],
            "grant": grants(dataset)[project].nok,
            "years": grants(dataset)[project].years,
            "first": grants(dataset)[project].first,
            "ended": has_ended(dataset, (project,)),
            **_kind(grants(dataset)[project].kind),
        }
        for project in dataset.choices.projects
    ]


def _kind(kind: str) -> dict[str, str]:
    """Return what a project's amount is, if it is not a grant."""
    return {} if kind == c.GRANTED else {"kind": kind}


def _called(name: str) -> dict[str, str]:
    """Return a name as titles use it, and the whole name for tables if it differs."""
    short = shortened(name)
    return {"name": short} if short == name else {"name": short, "whole": name}


def _hubs(dataset: Dataset) -> list[dict[str, Any]]:
    """Return the hubs of the projects; point is [north, east] in metres, None if unknown.

    `guess` is 1 if the point of the seat is a guess, else 0.
    """
    return _listed(dataset, dataset.choices.hubs)


def _others(dataset: Dataset) -> list[dict[str, Any]]:
    """Return the hubs outside the projects that serve somebody, as `_hubs` does."""
    serving = {row.hub_id for row in other_rows(dataset)}
    every = dataset.package["other_hubs"][c.HUB_ID]
    return _listed(dataset, [hub_id for hub_id in every if hub_id in serving])


def _listed(dataset: Dataset, hub_ids: Iterable[str]) -> list[dict[str, Any]]:
    hub_ids = tuple(hub_ids)
    hubs, placed = every_hub(dataset.package), seats(dataset, hub_ids)
    guesses = dict(zip(hubs[c.HUB_ID], guessed(hubs).astype(int), strict=True))
    partners = dataset.package["partners"]
    found = []
    for hub_id in hub_ids:
        hub = dataset.hub(hub_id)
        found.append(
            {
                "id": hub_id,
                **_called(hub[c.NAME]),
                "place": shortened(hub["place"]),
                "point": placed[hub_id].point if hub_id in placed else None,
                "guess": guesses[hub_id],
                "projects": list(partners.loc[partners[c.HUB_ID] == hub_id, c.PROJECT_ID]),
            }
        )
    return found


def _statement(row: CoverageRow) -> list[Any]:
    return [row.project_id, row.hub_id, row.kommunenr, row.year, row.rank, row.assumption_id]


def _alternatives(dataset: Dataset) -> dict[str, Any]:
    """Return the statements of each open kommune, and each condition: count, things by place."""
    found = alternatives(dataset)
    return {
        "open": [[_statement(row) for row in one.rows] for one in found.open],
        "conditions": [
            [one.count, {place: sorted(things) for place, things in one.reached.items()}]
            for one in found.conditions
        ],
    }


def _statements(dataset: Dataset) -> list[KommuneOfYear]:
    """Return every kommune, with its year, that a statement or a candidate names."""
    rows = [*project_rows(dataset), *candidate_rows(dataset), *other_rows(dataset)]
    return sorted({row.kommune for row in rows})


def _counts(dataset: Dataset) -> dict[int, dict[int, dict[str, tuple[int, int] | None]]]:
    """Return the people whom grants are divided by: first year of a grant, year, number.

    Each is persons and the year of the count; None where the register has no count.
    """
    found: dict[int, dict[int, dict[str, tuple[int, int] | None]]] = {}
    for first in sorted({grant.first for grant in grants(dataset).values()}):
        for old in _statements(dataset):
            counts = found.setdefault(first, {}).setdefault(old.year, {})
            counts[old.kommunenr] = nearest_count(dataset.register, old, first)
    return found


def _labels(dataset: Dataset) -> dict[int, dict[str, str]]:
    """Return the names of the kommuner in statements, by year and number."""
    found: dict[int, dict[str, str]] = {}
    for nr, year in _statements(dataset):
        found.setdefault(year, {})[nr] = dataset.register.label(nr, year)
    return found


def of_year(dataset: Dataset, year: int) -> dict[str, Any]:
    """Return what depends on the structure year: kommuner, shapes, and the statements' land."""
    drawn = dataset.boundaries(year)
    names = dataset.register.fylker(year)[c.NAME]
    labels = dataset.register.kommuner(year)[c.LABEL]
    return {
        "year": year,
        "fylker": {str(nr): str(name) for nr, name in names.items()},
        "short": {
            str(name): shortened(str(name))
            for name in (*names, *labels)
            if shortened(str(name)) != name
        },
        "kommuner": _kommuner(dataset, year),
        "shapes": _shapes(dataset, year),
        "metres": {"box": BOX_METRES, "point": POINT_METRES},
        "centres": centres_of(dataset, year),
        "inside": {
            nr: [[*place.kommune, place.name, *place.point] for place in places]
            for nr, places in inside(dataset, year).items()
        },
        "parts": _parts(dataset, year),
        "cells": _cells(dataset, year),
        "carried": {
            other: {nr: carried(dataset, (nr,), year, other) for nr in dataset.choices.fylker[year]}
            for other in dataset.choices.years
            if other != year
        },
        "base": drawn.base_year,
        "attribution": {lang: drawn.credit_line(messages(lang)) for lang in LANGUAGES},
    }


def every_change(dataset: Dataset) -> dict[str, list[list[Any]]]:
    """Return what became of kommuner between any two structure years, by "2015-2018".

    Each is its kind, number and name of its kommune, and its pieces as number, name and form; see
    geo.places.changes for the years they are of.
    """
    return {
        f"{first}-{last}": [
            [one.kind, *one.kommune[:2], [[*piece[:2], form] for piece, form in one.pieces]]
            for one in structures.every_change(dataset, first, last)
        ]
        for first, last in combinations(sorted(dataset.choices.years), 2)
    }


def _kommuner(dataset: Dataset, year: int) -> list[list[Any]]:
    """Return a list per kommune: number, name, fylkesnr, population, sort position, shapes.

    Population is in persons; the shapes are positions in the list of shapes.
    """
    rows = coverage(dataset, View(year=year)).of_year
    drawn = dataset.boundaries(year)
    places = {str(i): place for place, i in enumerate(drawn.shapes.index)}
    by_name = sorted(rows, key=lambda nr: alphabetical(rows[nr].label))
    alphabet = {nr: place for place, nr in enumerate(by_name)}
    return [
        [
            nr,
            row.label,
            row.fylkesnr,
            row.population,
            alphabet[nr],
            *(places[i] for i in drawn.shapes_of[nr]),
        ]
        for nr, row in rows.items()
    ]


def _shapes(dataset: Dataset, year: int) -> list[list[Any]]:
    """Return a list per shape: id, kommunenr of its members, bounds, and a point inside.

    Bounds are west, south, east, north in BOX_METRES, the point north, east in POINT_METRES
    (EPSG:25833).
    """
    drawn = dataset.boundaries(year)
    found = []
    for i, members in drawn.shapes[MEMBERS].items():
        *box, inside = drawn.places[str(i)]
        bounds, point = [n // BOX_METRES for n in box], [n // POINT_METRES for n in inside]
        found.append([str(i), " ".join(members), *bounds, *point])
    return found


def _parts(dataset: Dataset, year: int) -> dict[int, dict[str, dict[str, Any]]]:
    """Return the parts of each named kommune by year and number, in the structure year.

    `to` lists kommunenr and whether the part is a strip. A kommune that does not live on
    in the structure year has `gone`: the last number and year it had, the same for all the years in
    which it is recorded.
    """
    register = dataset.register
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for old in _statements(dataset):
        parts = parts_of(register, *old, year)
        found.setdefault(old.year, {})[old.kommunenr] = {
            "to": [[p.kommunenr, int(p.strip)] for p in parts],
        } | ({} if lives_on(register, old, year) else {"gone": list(itself(register, old, year))})
    return found


def _cells(dataset: Dataset, year: int) -> dict[str, list[list[Any]]]:
    """Return the cells of the kommuner that statements reach, as people_cells.cells divides them.

    By kommunenr; each cell is its people (persons), then the kommune it belonged to in each of the
    recorded years.
    """
    divided = cells(dataset.register, recorded_years(dataset), year)
    reached = {
        part.kommunenr
        for old in _statements(dataset)
        for part in parts_of(dataset.register, *old, year)
    }
    return {nr: _sent(divided[nr]) for nr in sorted(reached)}


def _sent(there: Iterable[Cell]) -> list[list[Any]]:
    return [[cell.people, *(old.kommunenr for old in cell.of)] for cell in there]
