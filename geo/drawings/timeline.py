"""What has reached a kommune, and when: its own years, the projects, and the sources that name it.

Of the register's years, and those after it up to the day of the data, in which a kommune is taken
to be what it last was.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from geo import columns as c
from geo.base.cache import KOMMUNER, cache_on
from geo.coverage.dataset import Dataset
from geo.dataset.stated_years import parse
from geo.places.year_links import KommuneOfYear, overlaps
from geo.report.looks import EMPTY_LOOKS, Look, covered_look, project_colours
from geo.report.sources import Source
from geo.report.story import ServedBy, Story
from geo.report.wording import hub_names, period, project_names, shortened
from geo.text.messages import Messages
from geo.text.numbers import year_span

_MONTHS = 12
_YEARS_ONLY = 0.5  # where in a year an event of unknown month is drawn


class Box(NamedTuple):
    """A kommune in some years, from `top` to `bottom` of the height (0 to 1); maybe the asked."""

    first: int
    last: int
    top: float
    bottom: float
    said: str
    own: bool


class Bar(NamedTuple):
    """A project in its years."""

    first: int
    last: int
    said: str
    look: Look


class Dot(NamedTuple):
    """An event of which only the beginning is known: a year with its part that has passed."""

    when: float
    said: str


@dataclass(frozen=True)
class Timeline:
    """A kommune's time; `rows` is how many kommuner stand over each other at most.

    `known` is the last year of the register.
    """

    years: range
    known: int
    rows: int
    boxes: tuple[Box, ...]
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    sources: tuple[Dot, ...]


def timeline(dataset: Dataset, story: Story, t: Messages) -> Timeline:
    """Return the time of the kommune that a story was asked for."""
    years = _years(dataset)
    boxes = _boxes(dataset, story.asked)
    behind = (s for one in _all(story) for s in one.sources)
    return Timeline(
        years,
        dataset.register.years[-1],
        max(round(1 / (box.bottom - box.top)) for box in boxes),
        boxes,
        tuple(_bars(dataset, story, t)),
        tuple(_dots(dataset, story, t)),
        tuple(_named(dict.fromkeys(behind), years, t)),
    )


def _years(dataset: Dataset) -> range:
    register, created = dataset.register.years, dataset.package.created
    last = max(register[-1], created.year) if created else register[-1]
    return range(register[0], last + 1)


def _all(story: Story) -> Iterable[ServedBy]:
    return (*story.services, *story.others, *story.no_source)


# -- the kommune ------------------------------------------------------------------------------


@cache_on(KOMMUNER)
def _boxes(dataset: Dataset, asked: str) -> tuple[Box, ...]:
    """Return what the land of a number was before it, itself, and what it became."""
    register, own = dataset.register, dataset.register.years_of(asked)
    named = f"{register.label(asked, own[-1])} {asked}"
    last = _years(dataset)[-1] if own[-1] == register.years[-1] else own[-1]
    found = [Box(own[0], last, 0, 1, named, own=True)]
    for there, years, edge in (
        (register.years[0], range(register.years[0], own[0]), own[0]),
        (register.years[-1], range(own[-1] + 1, register.years[-1] + 1), own[-1]),
    ):
        if years:
            found += _others(dataset, asked, there, years, edge)
    return tuple(found)


def _others(dataset: Dataset, asked: str, there: int, years: range, edge: int) -> Iterator[Box]:
    """Yield the boxes of what the land was, or became, in some years: a row for each kommune."""
    ends = _sharing(dataset, asked, edge, there)
    for row, nr in enumerate(ends):
        top, bottom = row / len(ends), (row + 1) / len(ends)
        far, near = KommuneOfYear(nr, there), KommuneOfYear(asked, edge)
        chain = [_at(dataset, far, near, year) for year in years]
        start = 0
        for place in range(1, len(chain) + 1):
            if place == len(chain) or chain[place] != chain[start]:
                first, last = years[start], years[place - 1]
                if last == dataset.register.years[-1]:
                    last = _years(dataset)[-1]
                label = dataset.register.label(chain[start], first)
                same = start and label == dataset.register.label(chain[start - 1], first - 1)
                said = chain[start] if same else f"{label} {chain[start]}"
                yield Box(first, last, top, bottom, said, own=False)
                start = place


def _sharing(dataset: Dataset, asked: str, edge: int, there: int) -> list[str]:
    """Return the kommuner of a year that share land with the asked one, without mere strips."""
    parts = overlaps(dataset.register, edge, there).parts[asked]
    kept = [part for part in parts if not part.strip]
    return [part.kommunenr for part in sorted(kept, key=lambda part: (-part.share, part.kommunenr))]


def _at(dataset: Dataset, far: KommuneOfYear, near: KommuneOfYear, year: int) -> str:
    """Return the kommune of a year between, on land of both."""
    parts = overlaps(dataset.register, far.year, year).parts[far.kommunenr]
    mine = {part.kommunenr: part.share for part in parts}
    others = overlaps(dataset.register, near.year, year).parts[near.kommunenr]
    theirs = {part.kommunenr for part in others}
    both = [one for one in mine if one in theirs] or list(mine)
    return max(both, key=lambda one: (mine[one], one))


# -- what reached it --------------------------------------------------------------------------


def _bars(dataset: Dataset, story: Story, t: Messages) -> Iterator[Bar]:
    """Yield the projects that served it, each with the weakest evidence of its rows."""
    for project in dict.fromkeys(one.project_id for one in story.services if one.project_id):
        levels = [one.evidence for one in story.services if one.project_id == project]
        level = max(levels, key=c.EVIDENCE_LEVELS.index)
        years, [name] = period(dataset, [project]), project_names(dataset, [project])
        look = covered_look(project_colours(dataset)[project], c.WHOLE, level)
        yield Bar(years[0], years[-1], _said(shortened(name), level, t), look)
    sand = EMPTY_LOOKS[c.ELSEWHERE]
    for hub, level, first, last in _stated(story):
        if first != last:
            yield Bar(first, last, _said(_hub(dataset, hub), level, t), sand)


def _dots(dataset: Dataset, story: Story, t: Messages) -> Iterator[Dot]:
    """Yield the hubs outside the projects of which a source names one year only."""
    for hub, level, first, last in _stated(story):
        if first == last:
            said = f"{_hub(dataset, hub)} {first}"
            yield Dot(first + _YEARS_ONLY, _said(said, level, t))


def _stated(story: Story) -> Iterator[tuple[str, str, int, int]]:
    """Yield hub, evidence, first and last year of those that serve it outside the projects."""
    outside = [one for one in (*story.services, *story.others) if not one.project_id]
    seen = dict.fromkeys(
        (one.hub_id, one.evidence, stated.first, stated.last)
        for one in outside
        for stated in parse("|".join(one.stated_years))
        if not stated.qualifier
    )
    yield from seen


def _hub(dataset: Dataset, hub_id: str) -> str:
    return shortened(hub_names(dataset, [hub_id])[0])


def _said(name: str, level: str, t: Messages) -> str:
    return f"{name}, {t(f'coverage.{level}').lower()}"


def _named(found: Iterable[Source], years: range, t: Messages) -> Iterator[Dot]:
    dots = []
    for source in found:
        parts = [int(part) for part in source.published.split("-") if part.isdigit()]
        if parts and parts[0] in years:
            month = (parts[1] - 0.5) / _MONTHS if len(parts) > 1 else _YEARS_ONLY
            said = f"{shortened(source.publisher)}, {shortened(source.when(t.language))}"
            dots.append(Dot(parts[0] + month, said))
    return iter(sorted(dots))


def in_words(found: Timeline, t: Messages) -> str:
    """Return a time line for those who cannot see it."""
    boxes = sorted(found.boxes)
    parts = [f"{box.said} {_span(box, found)}" for box in boxes]
    parts += [f"{bar.said} {_span(bar, found)}" for bar in found.bars]
    parts += [dot.said for dot in (*found.dots, *found.sources)]
    return f"{t('story.timeline')}: {'; '.join(parts)}."


def _span(one: Box | Bar, found: Timeline) -> str:
    return year_span(range(one.first, min(one.last, found.years[-1]) + 1))
