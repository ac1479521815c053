"""The numbers that the browser adds up, so that filters work without a server.

What depends on the registers is worked out here by the engine: where each statement's land lies in
a structure year, what the kommuner there are made of, and how many people each part brings. What
depends on the reader's choices is left to geo/publish/assets/engine.js.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from geo import columns as c
from geo import mapstyle
from geo.atlas import Atlas
from geo.boundaries import MEMBERS
from geo.coverage import coverage
from geo.fylke_years import carried
from geo.land import land, parts_of
from geo.messages import messages
from geo.reach import last_count
from geo.register import NORWEGIAN_NAME
from geo.scope import HUB_ID, PROJECT_ID, Row, candidate_rows, project_rows
from geo.settings import LANGUAGES
from geo.sums import grants
from geo.tables import SYMBOLS
from geo.view import COLOURS, View
from geo.wording import alphabetical, shortened

_BOUNDS_DECIMALS, _POINT_DECIMALS = 3, 4  # of a degree, as in geo.webmap


def programme(atlas: Atlas) -> dict[str, Any]:
    """Return what is the same in every year: projects, hubs, statements, candidates and looks."""
    return {
        "version": atlas.data_version,
        "years": atlas.choices.years,
        "languages": LANGUAGES,
        "levels": c.EVIDENCE_LEVELS,
        "states": c.STATES,
        "colours": COLOURS,
        "defaults": asdict(atlas.choices.view()),
        "kommuner": " ".join(sorted(atlas.choices.kommuner)),
        "projects": _projects(atlas),
        "hubs": _hubs(atlas),
        "rows": [_statement(row, ()) for row in project_rows(atlas)],
        "candidates": [_statement(row, sets) for row, sets in candidate_rows(atlas)],
        "labels": _labels(atlas),
        "looks": _looks(),
        "symbols": SYMBOLS,
    }


def _projects(atlas: Atlas) -> list[dict[str, Any]]:
    colours = mapstyle.project_colours(atlas.choices.projects)
    return [
        {
            "id": project,
            "name": shortened(atlas.project(project)[c.NAME]),
            "colour": colours[project],
            "grant": grants(atlas)[project][0],
            "years": grants(atlas)[project][1],
        }
        for project in atlas.choices.projects
    ]


def _hubs(atlas: Atlas) -> list[dict[str, Any]]:
    """Return the hubs of the projects; point is None where a hub has none."""
    partners = atlas.package["partners"]
    found = []
    for hub_id in atlas.choices.hubs:
        hub = atlas.hub(hub_id)
        lat, lon = hub["lat"], hub["lon"]
        found.append(
            {
                "id": hub_id,
                "name": shortened(hub[c.NAME]),
                "place": shortened(hub["place"]),
                "point": None if lon != lon else [lat, lon],  # noqa: PLR0124 - NaN
                "projects": list(partners.loc[partners[HUB_ID] == hub_id, PROJECT_ID]),
            }
        )
    return found


def _statement(row: Row, sets: Iterable[str]) -> list[Any]:
    return [
        row.project_id,
        row.hub_id,
        row.kommunenr,
        row.year,
        row.rank,
        row.assumption_id,
        "".join(sets),
    ]


def _statements(atlas: Atlas) -> set[tuple[str, int]]:
    """Return every (kommune number, year) that a statement or a candidate names."""
    rows = [*project_rows(atlas), *(row for row, _ in candidate_rows(atlas))]
    return {(row.kommunenr, row.year) for row in rows}


def _labels(atlas: Atlas) -> dict[int, dict[str, str]]:
    """Return the names of the kommuner that statements name, by year and number."""
    found: dict[int, dict[str, str]] = {}
    for nr, year in sorted(_statements(atlas)):
        found.setdefault(year, {})[nr] = atlas.register.label(nr, year)
    return found


def _looks() -> dict[str, Any]:
    return {
        "several": mapstyle.SEVERAL,
        "state": mapstyle.STATE_COLOUR,
        "evidence": mapstyle.EVIDENCE_COLOURS,
        "grant": mapstyle.GRANT_COLOURS,
        "breaks": mapstyle.GRANT_BREAKS,
        "empty": {state: look.as_json() for state, look in mapstyle.EMPTY_LOOKS.items()},
        "plain": asdict(mapstyle.Look("")),
    }


def of_year(atlas: Atlas, year: int) -> dict[str, Any]:
    """Return what belongs to a structure year: its kommuner, shapes, and the statements' land."""
    drawn = atlas.boundaries(year)
    names = atlas.register.fylker(year)[c.NAME]
    return {
        "year": year,
        "fylker": {str(nr): shortened(str(name)) for nr, name in names.items()},
        "kommuner": _kommuner(atlas, year),
        "shapes": _shapes(atlas, year),
        "parts": _parts(atlas, year),
        "madeOf": _made_of(atlas, year),
        "carried": {
            other: {nr: carried(atlas, (nr,), year, other) for nr in atlas.choices.fylker[year]}
            for other in atlas.choices.years
            if other != year
        },
        "base": drawn.base_year,
        "attribution": {lang: drawn.credit_line(messages(lang)) for lang in LANGUAGES},
    }


def _kommuner(atlas: Atlas, year: int) -> list[list[Any]]:
    """Return number, name, fylkesnr, inhabitants, place in the alphabet and shapes of each."""
    frame = coverage(atlas, View(year=year)).frame
    drawn = atlas.boundaries(year)
    places = {str(i): place for place, i in enumerate(drawn.shapes.index)}
    by_name = sorted(frame.index, key=lambda nr: alphabetical(frame.at[nr, c.LABEL]))
    alphabet = {nr: place for place, nr in enumerate(by_name)}
    return [
        [
            nr,
            row[c.LABEL],
            row[c.FYLKESNR],
            int(row[c.POPULATION]),
            alphabet[nr],
            *(places[i] for i in drawn.shapes_of[nr]),
        ]
        for nr, row in frame.iterrows()
    ]


def _shapes(atlas: Atlas, year: int) -> list[list[Any]]:
    """Return id, members, west, south, east, north, and a point inside of each shape."""
    shapes = atlas.boundaries(year).shapes
    columns = zip(
        shapes.index,
        shapes[MEMBERS],
        shapes.bounds.to_numpy().tolist(),
        shapes["lat"].round(_POINT_DECIMALS),
        shapes["lon"].round(_POINT_DECIMALS),
        strict=True,
    )
    return [
        [str(i), " ".join(members), *(round(side, _BOUNDS_DECIMALS) for side in box), lat, lon]
        for i, members, box, lat, lon in columns
    ]


def _parts(atlas: Atlas, year: int) -> dict[int, dict[str, dict[str, Any]]]:
    """Return where each named kommune's land lies: `to` holds number, strip, people and share.

    `gone` holds for a kommune whose name does not live on in the structure year.
    """
    register = atlas.register
    names = register.kommuner(year)[NORWEGIAN_NAME].to_dict()
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for nr, own_year in sorted(_statements(atlas)):
        people, _ = last_count(register, nr, own_year, year)
        parts = parts_of(register, nr, own_year, year)
        own_name = register.kommuner(own_year).at[nr, NORWEGIAN_NAME]
        lives_on = own_name in {names[part.kommunenr] for part in parts}
        found.setdefault(own_year, {})[nr] = {
            "to": [[p.kommunenr, int(p.strip), people * p.share] for p in parts],
        } | ({} if lives_on else {"gone": 1})
    return found


def _made_of(atlas: Atlas, year: int) -> dict[int, dict[str, list[str]]]:
    """Return the predecessors of the kommuner that statements reach, in each statement's year."""
    found: dict[int, dict[str, list[str]]] = {}
    for nr, own_year in sorted(_statements(atlas)):
        made_of = land(atlas.register, own_year, year).made_of
        for part in parts_of(atlas.register, nr, own_year, year):
            found.setdefault(own_year, {})[part.kommunenr] = list(made_of[part.kommunenr])
    return found
