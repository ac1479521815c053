"""A view in several structures: its small maps, two on one map, and what changed between them."""

import json
from typing import Any, NamedTuple

from geo.base.cache import SUMS, cache_on
from geo.columns import ASSUMED, DID_NOT_EXIST
from geo.coverage.dataset import Dataset
from geo.coverage.fylke_years import in_year
from geo.coverage.join import coverage
from geo.coverage.selection import recorded_years
from geo.coverage.view import View
from geo.places.changes import Change, changes
from geo.places.year_links import KommuneOfYear
from geo.report.legend import LegendEntry, legend
from geo.report.looks import EMPTY_LOOKS
from geo.report.wording import shortened
from geo.text.messages import Messages
from geo.text.numbers import number
from geo.webmap import geometry_routes, webmap

# What a map needs to draw a year beside the one it is of.
SIDE = ("ground", "counties", "looks", "rest", "shapes", "marks", "picked", "chosen")
_SMALL = ("rest", "shapes", "bounds")
_DRAWN = ("fill", "pattern", "line", "weight")
SMALL_DETAIL = "overview"
NOT_DRAWN = EMPTY_LOOKS[DID_NOT_EXIST].pattern


class Named(NamedTuple):
    """A kommune of a year by its name."""

    kommunenr: str
    label: str
    year: int


class Told(NamedTuple):
    """A change with names: see geo.places.changes.Change."""

    kind: str
    kommune: Named
    pieces: tuple[tuple[Named, str], ...]


class Changes(NamedTuple):
    """What changed between two years: where the view covers something in one of them, and else."""

    first: int
    last: int
    here: tuple[Told, ...]
    elsewhere: tuple[Told, ...]


def compared(dataset: Dataset, view: View, swipe: int) -> int:
    """Return the year to compare a view with: that of the swipe, if there is one.

    Or else that in which coverage was recorded, or the last one seen from there.
    """
    if swipe:
        return swipe
    years, default = dataset.choices.years, dataset.choices.default_year
    return default if default in years and default != view.year else years[-1]


def swiped(dataset: Dataset, view: View, asked: str) -> int:
    """Return the year that an address asks to show beside the view's; 0 for none or nonsense."""
    others = {str(year): year for year in dataset.choices.years if year != view.year}
    return others.get(asked, 0)


def beside(dataset: Dataset, view: View, year: int) -> dict[str, Any]:
    """Return what the map draws of another year beside the view's own, and what each counts."""
    there = in_year(dataset, view, year)
    sent = json.loads(webmap.payload(dataset, there))
    said = {one.year: short(dataset, one) for one in (view, there)}
    more = [{"look": e.look.as_json(), "label": e.label} for e in more_lines(dataset, view, year)]
    own = {"year": year, "own": view.year, "said": said, "legend": more}
    return {**{name: sent[name] for name in SIDE}, **own}


def more_lines(dataset: Dataset, view: View, year: int) -> list[LegendEntry]:
    """Return the legend of what is drawn in another year only, without its counts."""
    own, there = (
        legend(dataset, coverage(dataset, one), one, dataset.messages(view.lang))
        for one in (view, in_year(dataset, view, year))
    )
    known = {entry.look for entry in own}
    new = [entry for entry in there if entry.look not in known and entry.look.pattern != NOT_DRAWN]
    return [LegendEntry(entry.look, entry.label) for entry in new]


def small_map(dataset: Dataset, view: View) -> str:
    """Return what a small map of a view is drawn from, as JSON."""
    sent = json.loads(webmap.payload(dataset, _bare(view)))
    ground = geometry_routes.geometry_url(dataset.boundaries(view.year), SMALL_DETAIL)
    looks = [{name: look[name] for name in _DRAWN if name in look} for look in sent["looks"]]
    content = {"ground": ground, "looks": looks, **{name: sent[name] for name in _SMALL}}
    return json.dumps(content, separators=(",", ":"))


def _bare(view: View) -> View:
    return view.but(kommune="", points=False, lines=False)


def counted(dataset: Dataset, view: View) -> tuple[str, str]:
    """Return what a structure counts, and whether it is the recorded one or the same areas."""
    t, found = dataset.messages(view.lang), coverage(dataset, view)
    key = "structures.recorded" if view.year in recorded_years(dataset) else "structures.same"
    partly = found.totals.partly
    parts = t("structures.partly", n=number(partly, view.lang)) if partly else ""
    return short(dataset, view), ", ".join(filter(None, (t(key), parts)))


def short(dataset: Dataset, view: View) -> str:
    """Return what a view counts, as its headline does, beside which it stands."""
    t, totals = dataset.messages(view.lang), coverage(dataset, view).totals
    counted = t.plural("titles.kommuner", totals.kommuner, number(totals.kommuner, view.lang))
    if not view.fylke:
        n = len(totals.fylker)
        fylker = t.plural("titles.fylker", n, number(n, view.lang))
        counted = t("titles.in", kommuner=counted, fylker=fylker)
    return counted if view.evidence == ASSUMED else counted + t(f"titles.only_{view.evidence}")


@cache_on(SUMS)
def changes_of(dataset: Dataset, view: View, other: int) -> Changes:
    """Return what changed between the view's year and another. Raises UnknownYear."""
    first, last = sorted((view.year, other))
    covered = {
        KommuneOfYear(nr, year)
        for year in (first, last)
        for nr in coverage(dataset, in_year(dataset, view, year)).covered_rows
    }
    found = every_change(dataset, first, last)
    here = tuple(one for one in found if _concerns(one, covered))
    return Changes(first, last, here, tuple(one for one in found if one not in here))


def every_change(dataset: Dataset, first: int, last: int) -> tuple[Told, ...]:
    """Return what changed from an earlier to a later year, with names. Raises UnknownYear."""
    return tuple(_told(dataset, one) for one in changes(dataset.register, first, last))


def _concerns(told: Told, covered: set[KommuneOfYear]) -> bool:
    every = (told.kommune, *(piece for piece, _ in told.pieces))
    return any(KommuneOfYear(one.kommunenr, one.year) in covered for one in every)


def _told(dataset: Dataset, change: Change) -> Told:
    pieces = tuple((_named(dataset, one.kommune), one.form) for one in change.pieces)
    return Told(change.kind, _named(dataset, change.kommune), pieces)


def _named(dataset: Dataset, kommune: KommuneOfYear) -> Named:
    """Return a kommune with the name it is known by."""
    name = shortened(dataset.register.label(*kommune))
    return Named(kommune.kommunenr, name, kommune.year)


def around(t: Messages, form: str) -> tuple[str, str]:
    """Return what stands before and after the name of a piece: "del av ", ""."""
    before, _, after = t(f"structures.{form}", kommune="|").partition("|")
    return before, after
