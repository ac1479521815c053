"""The interactive folium map: geometry is loaded once, each rerun sends only the styling.

Call `st_folium(base_map(...), key=..., feature_group_to_add=layer(...), returned_objects=[],
render=False)`. The base script is the same for all views, so the map stays mounted, and where one
looks stays, while filters and years change. A click sets the component's value to
{"shape": shape_id, "kommune": kommunenr, "click": n}; kommune is null where a shape alone was hit.
"""

import json
from collections import Counter
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import folium

from geo import columns as c
from geo.base.cache import SUMS, cache_on
from geo.coverage.dataset import Dataset
from geo.coverage.hub_seats import seats
from geo.coverage.join import Coverage, ViewRow, coverage
from geo.coverage.selection import select
from geo.coverage.view import View
from geo.places.boundaries import BoundarySet
from geo.places.year_links import parts_of
from geo.report.legend import LegendEntry, legend
from geo.report.looks import (
    MIXED,
    Look,
    kommune_look,
    project_colours,
    shape_look,
    weakest,
)
from geo.report.titles import source_line, title
from geo.report.wording import every_hub_name, listed, project_name, project_names, shortened
from geo.text.messages import Messages
from geo.text.numbers import number
from geo.webmap import geometry_routes, tiles
from geo.webmap.marks import marks

HEIGHT_PX = 760
PROJECT_COLOUR = "project"  # the colour mode whose hues are those of projects


class _Script:
    """A ready-made script in place of folium's template, so that nothing is rendered twice."""

    def __init__(self, text: str) -> None:
        self.module = self
        self._text = text

    def script(self, _element: object) -> str:
        return self._text


class BaseMap(folium.Map):
    """A folium map without external files; any background tiles are loaded by the browser."""

    def __init__(self, *, tiled: bool, bare: bool) -> None:
        super().__init__(tiles=None)
        figure: Any = self.get_root()
        figure.header._children.clear()  # noqa: SLF001 - folium has no public way
        # Kartverket's tiles have the countries around.
        around = (
            {"tiles": tiles.address()}
            if tiled
            else {"neighbours": geometry_routes.neighbours_url()}
        )
        options = {
            "geometry": geometry_routes.geometry_template(),
            **around,
            **({"bare": True} if bare else {}),
        }
        self._template = _Script(f"var map_div = coverageMap.create('map_div', {_json(options)});")
        self._id = "div"  # the id st_folium uses; it keeps the script the same for all
        self.default_js = [("map", geometry_routes.asset_url("map.js"))]
        self.default_css = [("map", geometry_routes.asset_url("map.css"))]

    def render(self, **_: Any) -> str:
        """No-op: the script is ready-made."""
        return ""

    def get_bounds(self) -> list[list[float | None]]:
        """Return no bounds: the browser fits the map to the geometry it has loaded."""
        return [[None, None], [None, None]]


class ViewLayer(folium.FeatureGroup):
    """The part of the map that depends on the view, apart from the shared base map."""

    def __init__(self, payload: str) -> None:
        super().__init__()
        # st_folium adds a variable with exactly this name to the map.
        self._template = _Script(
            f"var feature_group_feature_group_0 = coverageMap.update({payload});"
        )

    def add_to(self, *_: Any, **__: Any) -> "ViewLayer":
        """No-op, so that the shared base map is not changed."""
        return self

    def render(self, **_: Any) -> str:
        """No-op: the script is ready-made."""
        return ""


@cache
def base_map(*, tiled: bool = False, bare: bool = False) -> BaseMap:
    """Return the map without a view; the same object for every session.

    A bare one has no title, legend and source of its own.
    """
    return BaseMap(tiled=tiled, bare=bare)


def layer(
    dataset: Dataset, view: View, *, tiled: bool = False, beside: dict[str, Any] | None = None
) -> ViewLayer:
    """Return the layer that shows a view on the base map, maybe with another year beside it.

    `beside` is what geo.webmap.structures says of the other year.
    """
    sent = payload(dataset, view, tiled=tiled)
    if beside:
        content = {**json.loads(sent), "beside": beside}
        content["legend"] += beside["legend"]
        sent = _json({**content, "id": f"{content['id']}-{beside['year']}"})
    return ViewLayer(sent)


@cache_on(SUMS)
def payload(dataset: Dataset, view: View, *, tiled: bool = False) -> str:
    """Return the data that map.js draws a view from, as JSON that is safe inside a script."""
    t = dataset.messages(view.lang)
    found = coverage(dataset, view)
    drawn = dataset.boundaries(view.year)
    looks, of_shape, of_mark, sole = _looks(dataset, found, view, t)
    times = Counter(of_shape.values())
    most = min(times, key=lambda place: (-times[place], place))
    content = {
        "id": str(abs(hash(view))),
        "lang": view.lang,
        "title": title(dataset, found, view),
        "legend": [_legend_line(e, looks, t) for e in legend(dataset, found, view, t)],
        "notes": notes(found, drawn, t) + ([tiles.note(t)] if tiled else []),
        "source": source_line(dataset, view),
        "attribution": drawn.credit_line(t),
        "ground": drawn.name,
        "looks": looks,
        "rest": most,
        "shapes": _grouped(of_shape, most),
        "year": view.year,
        "projects": _projects(dataset, found, view, sole, t),
        "served": _served(dataset, found),
        "marks": of_mark,
        "picked": list(_now(dataset, view)),
        "chosen": _chosen(dataset, drawn, view),
        "counties": geometry_routes.county_url(drawn),
        "hubs": _hubs(dataset, found) if view.points else [],
        "lines": service_lines(dataset, found, drawn, view) if view.lines else [],
        "bounds": _bounds(found, drawn, view),
        "focus": f"{view.project}{view.fylke}{view.hub}",
    }
    return _json(content)


def _looks(
    dataset: Dataset, found: Coverage, view: View, t: Messages
) -> tuple[list[dict[str, Any]], dict[str, int], list[list[Any]], dict[str, list[int]]]:
    """Return the distinct looks, the look of each shape, the marks, and each project's own looks.

    A mark is kommunenr, name, north, east (metres), its look, shape_ids joined by spaces, and 1 if
    it stands for a part only, else 0.
    """
    colours = project_colours(dataset)
    places: dict[tuple[Look, str], int] = {}
    known: dict[tuple[_Seen, ...], int] = {}
    sole: dict[str, list[int]] = {}

    def placed(look: Look, members: list[ViewRow], state: str) -> int:
        key = look, _shape_label(dataset, members, state, t)
        if key not in places:
            places[key] = len(places)
            projects = {p for m in members if m.covered for p in m.project_ids}
            if len(projects) == 1:
                sole.setdefault(projects.pop(), []).append(places[key])
        return places[key]

    of_shape = {}
    seen = {nr: _seen(row) for nr, row in found.of_view.items()}
    for shape_id, numbers in dataset.boundaries(view.year).members.items():
        alike = tuple(seen[nr] for nr in numbers)
        if alike not in known:
            members = [found.of_view[nr] for nr in numbers]
            state, look = shape_look(members, view.colour, colours)
            known[alike] = placed(look, members, state)
        of_shape[shape_id] = known[alike]
    of_mark = []
    for mark in marks(dataset, found, view):
        look = kommune_look(mark.member, view.colour, colours)
        place = placed(look, [mark.member], mark.member.state)
        ids, part = " ".join(mark.shape_ids), int(mark.part)
        of_mark.append([mark.kommunenr, mark.name, *mark.point, place, ids, part])
    looks = [{**look.as_json(), "label": label} for look, label in places]
    return looks, of_shape, of_mark, sole


_Seen: TypeAlias = tuple[str, tuple[str, ...], str, float]


def _seen(row: ViewRow) -> _Seen:
    """Return what decides the look and the label of a kommune."""
    return row.state, row.project_ids, row.evidence, row.grant_per_inhabitant_year


def _projects(
    dataset: Dataset, found: Coverage, view: View, sole: dict[str, list[int]], t: Messages
) -> list[list[Any]]:
    """Return the projects of the view: name, hue, kommuner in words, and the looks of its own.

    The hue is "" where colour says something else than the project.
    """
    served = Counter(p for row in found.covered_rows.values() for p in row.project_ids)
    return [
        [
            shortened(project_name(dataset, project)),
            hue if view.colour == PROJECT_COLOUR else "",
            t.plural(
                "titles.kommuner",
                served[project],
                number(served[project], t.language),
            ),
            sole.get(project, []),
        ]
        for project, hue in project_colours(dataset).items()
        if project in served
    ]


def _served(dataset: Dataset, found: Coverage) -> list[list[str]]:
    """Return the hubs that serve a kommune in the view: name, kommunenr joined by spaces."""
    of_hub: dict[str, list[str]] = {}
    for nr, row in found.covered_rows.items():
        for hub in row.hub_ids:
            of_hub.setdefault(hub, []).append(nr)
    names = every_hub_name(dataset).items()
    return [[shortened(name), " ".join(of_hub[hub])] for hub, name in names if hub in of_hub]


def _legend_line(entry: LegendEntry, looks: list[dict[str, Any]], t: Messages) -> dict[str, Any]:
    """Return a legend line; a look that the map uses is sent as its position in `looks`."""
    look = entry.look.as_json()
    on_map = [place for place, one in enumerate(looks) if one == {**look, "label": one["label"]}]
    line = {"look": on_map[0] if on_map else look, "label": entry.label}
    if entry.count is not None:
        line["count"] = number(entry.count, t.language)
    return {**line, "told": 1} if entry.told else line


def _grouped(of_shape: dict[str, int], rest: int) -> dict[int, str]:
    """Return the ids of each look's shapes, joined by spaces; the most common look is left out."""
    groups: dict[int, list[str]] = {}
    for shape_id, look in of_shape.items():
        if look != rest:
            groups.setdefault(look, []).append(shape_id)
    return {look: " ".join(ids) for look, ids in groups.items()}


def _shape_label(dataset: Dataset, members: list[ViewRow], state: str, t: Messages) -> str:
    covered = [m for m in members if m.covered]
    if not covered:
        return t(f"coverage.{state}")
    projects = dict.fromkeys(p for m in covered for p in m.project_ids)
    names = listed(map(shortened, project_names(dataset, projects)), t.language)
    names = names or t("map.no_project")
    if state == MIXED:
        return f"{names}: {t('map.differ')}"
    return f"{names}: {_state_text(state, weakest(covered), t)}"


def _state_text(state: str, evidence: str, t: Messages) -> str:
    return ", ".join(t(f"coverage.{code}").lower() for code in (state, evidence) if code)


def notes(found: Coverage, drawn: BoundarySet, t: Messages) -> list[str]:
    """Return the notes on shared shapes: which year's boundaries are drawn, how many are shared."""
    if not drawn.shared:
        return []
    covered = found.covered_rows.keys()
    here = sum(not covered.isdisjoint(members) for members in drawn.shared.values())
    shapes = number(len(drawn.shared), t.language)
    texts = [
        t.plural("map.shared", len(drawn.shared), shapes, base=drawn.base_year, year=drawn.year)
    ]
    if here:
        texts.append(t.plural("map.shared_here", here, number(here, t.language)))
    return [" ".join(texts)]


def _chosen(dataset: Dataset, drawn: BoundarySet, view: View) -> list[str]:
    ids = (i for nr in _now(dataset, view) for i in drawn.shapes_of[nr])
    return list(dict.fromkeys(ids))


def _now(dataset: Dataset, view: View) -> tuple[str, ...]:
    """Return the kommuner of the view's year that the chosen one is now."""
    return tuple(dataset.register.now(view.kommune, view.year)) if view.kommune else ()


def _hubs(dataset: Dataset, found: Coverage) -> list[list[Any]]:
    """Return the hubs that serve a kommune in the view and have a point.

    Each is name, place, north, east (metres) and 1 if the seat is a guess, else 0.
    """
    return [
        [shortened(one.name), shortened(one.place), *one.point, int(one.guess)]
        for one in seats(dataset, found.serving).values()
    ]


def service_lines(
    dataset: Dataset, found: Coverage, drawn: BoundarySet, view: View
) -> list[dict[str, Any]]:
    """Return the lines of `served_lines` as the browser and pictures draw them.

    Each is {"points": [(north, east), (north, east)], "assumed": bool}, in metres (EPSG:25833).
    Raises UnknownYear if the view's year is not a structure year.
    """
    lines = served_lines(dataset, found, drawn, view)
    return [{"points": list(one.points), "assumed": one.assumed} for one in lines]


class ServiceLine(NamedTuple):
    """A line from a hub's seat to a kommune: two points (north, east) in metres (EPSG:25833)."""

    hub_id: str
    kommunenr: str
    points: tuple[tuple[int, int], tuple[int, int]]
    assumed: bool


def served_lines(
    dataset: Dataset, found: Coverage, drawn: BoundarySet, view: View
) -> list[ServiceLine]:
    """Return a line from each hub's seat to each kommune that it serves in the view.

    Raises UnknownYear if the view's year is not a structure year.
    """
    dataset.require(view.year)
    seat_of, covered = seats(dataset, found.serving), found.covered_rows
    lines = {}
    for row in select(dataset, found.selection).counted:
        for part in parts_of(dataset.register, row.kommunenr, row.year, view.year):
            if row.hub_id in seat_of and part.kommunenr in covered:
                end = drawn.places[drawn.shapes_of[part.kommunenr][0]].inside
                assumed = c.EVIDENCE_LEVELS[row.rank] == c.ASSUMED
                ends = (seat_of[row.hub_id].point, end)
                served = row.hub_id, part.kommunenr
                lines[served] = ServiceLine(*served, ends, assumed)
    return list(lines.values())


def _bounds(found: Coverage, drawn: BoundarySet, view: View) -> list[list[int]] | None:
    """Return [[south, west], [north, east]] to zoom to, in metres; None for the whole country."""
    if not (view.project or view.hub or view.fylke):
        return None
    inside = list(found.covered_rows)
    if view.fylke:
        inside = [nr for nr, row in found.of_view.items() if row.state != c.OUTSIDE_VIEW]
    if not inside:
        return None
    places = [drawn.places[drawn.shapes_of[nr][0]] for nr in inside]
    south, west = min(p.south for p in places), min(p.west for p in places)
    return [[south, west], [max(p.north for p in places), max(p.east for p in places)]]


def _json(content: Any) -> str:
    """Return JSON that is safe inside a script: no tag, template or line break can end it."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    # "{{" can only occur inside a string; st_folium would take it for a template.
    return text.replace("{{", "{\\u007b")
