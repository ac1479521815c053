"""The story of a kommune as sentences."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple, TypeAlias

from geo import columns as c
from geo.coverage.dataset import Dataset
from geo.dataset.stated_years import parse
from geo.report.sources import Source
from geo.report.story import COVERED, Piece, ServedBy, Story
from geo.report.titles import absence
from geo.report.wording import (
    distance,
    has_ended,
    hub_names,
    kommune_names,
    listed,
    marked,
    period,
    project_names,
    years_stated,
)
from geo.text.messages import Messages
from geo.text.numbers import number, percent, year_span

Sources: TypeAlias = tuple[Source, ...]
Cite: TypeAlias = Callable[[Sources], str]
_ALL = 0.9995  # shares of land from here on are written as the whole


class Told(NamedTuple):
    """The story as sentences, by what they are about; all but the first may be missing.

    `services` and `others` go with the sentences on the hubs that serve, in and outside the
    projects: a row of the evidence that the sentence tells.
    """

    opening: tuple[str, ...]
    parts: tuple[str, ...]
    services: tuple[tuple[ServedBy, str], ...]
    people: str
    seats: str
    nameless: tuple[str, ...]
    others: tuple[tuple[ServedBy, str], ...]
    nearest: tuple[str, ...]
    time: tuple[str, ...]
    absence: str

    def sentences(self) -> list[str]:
        """Return all of it in reading order."""
        texts = [
            *self.opening,
            *self.parts,
            *(text for _, text in self.services),
            self.people,
            self.seats,
            *self.nameless,
            *(text for _, text in self.others),
            *self.nearest,
            *self.time,
            self.absence,
        ]
        return [text for text in texts if text]


def sentences(
    dataset: Dataset, story: Story, language: str, *, listed_below: bool = False
) -> list[str]:
    """Return the story as sentences: state, who serves it, people, what it was and became.

    Sources that are `listed_below` are named by their ids (see `behind`), else they are cited.
    """
    return told(dataset, story, language, listed_below=listed_below).sentences()


def told(dataset: Dataset, story: Story, language: str, *, listed_below: bool = False) -> Told:
    """Return the story as sentences, by what they are about."""
    t = dataset.messages(language)
    cite = _by_id if listed_below else partial(_cited, t.language)
    said = (_asked(dataset, story, t), _opening(dataset, story, t), _kinds(story, t))
    return Told(
        opening=tuple(filter(None, said)),
        parts=tuple(_parts(story, t)),
        services=tuple(_services(dataset, story, cite, t)),
        people=_people(story, t),
        seats=_seats(dataset, story, t),
        nameless=tuple(dict.fromkeys(_nameless(service, t) for service in story.no_source)),
        others=tuple(_others(dataset, story, cite, t)),
        nearest=tuple(_nearest(story, t)),
        time=tuple(filter(None, (_was(story, t), _became(story, t)))),
        absence=absence(dataset, language) if story.state == c.NOT_COVERED else "",
    )


def behind(story: Story) -> tuple[Source, ...]:
    """Return the sources that the story rests on, in the order in which it names them."""
    named = (*story.services, *story.no_source, *story.others)
    return tuple(dict.fromkeys(source for one in named for source in one.sources))


def _by_id(found: Sources) -> str:
    return ", ".join(source.source_id for source in found)


def _cited(language: str, found: Sources) -> str:
    return "; ".join(source.cite(language) for source in found)


def _opening(dataset: Dataset, story: Story, t: Messages) -> str:
    """Return the state with its evidence: what is assumed or inferred says so first."""
    names = {"label": story.label, "year": story.year}
    if story.state == c.ELSEWHERE and story.row.uncovered_predecessors:
        parts = listed(dict.fromkeys(service.label for service in story.others), t.language)
        return t("story.elsewhere_part", parts=parts, **names)
    if story.state not in c.COVERED_STATES:
        return t(f"story.{story.state}", **names)
    level, weakest = _weakest(story)
    projects = {service.project_id for service in story.services} - {""}
    years = year_span(period(dataset, projects))
    parts = listed(dict.fromkeys(service.label for service in weakest), t.language)
    return t(f"story.{story.state}_{level}", parts=parts, years=years, **names)


def _weakest(story: Story) -> tuple[str, list[ServedBy]]:
    """Return the weakest level of evidence, and who serves the kommune on it."""
    level = story.row.evidence
    return level, [service for service in story.services if service.evidence == level]


def _kinds(story: Story, t: Messages) -> str:
    """Return what the sources of inferred rows name: a region, a plan, a count or another year."""
    level, services = _weakest(story)
    if story.state not in c.COVERED_STATES or level != c.INFERRED:
        return ""
    years: dict[str, list[str]] = {}
    for service in services:
        for stated in parse("|".join(service.stated_years)):
            span = year_span(range(stated.first, stated.last + 1))
            years.setdefault(stated.qualifier or "year", []).append(span)
    kinds = [
        t(f"story.kind_{kind}", years=listed(sorted(set(spans)), t.language))
        for kind, spans in years.items()
    ]
    return t("story.kinds", kinds=listed(kinds, t.language)) if kinds else ""


def _asked(dataset: Dataset, story: Story, t: Messages) -> str:
    """Return what a number or name of another year has become; "" if it is current."""
    if story.asked == story.kommunenr:
        return ""
    first, last = story.asked_years[0], story.asked_years[-1]
    names = {"number": story.asked, "asked": story.asked_label, "first": first, "last": last}
    key = "story.renumbered" if story.asked_label == story.label else "story.part_of"
    text = t(key, **names, label=story.label, kommunenr=story.kommunenr, year=story.year)
    if not story.also:
        return text
    others = listed(kommune_names(dataset, story.also, story.year), t.language)
    return f"{text} {t('story.also', kommuner=others)}"


def piece_names(pieces: Iterable[Piece], t: Messages) -> str:
    """Return pieces as a phrase: "Hemne og en del av Snillfjord (11 % av arealet)"."""
    return listed((_piece(piece, t) for piece in pieces), t.language)


def _piece(piece: Piece, t: Messages) -> str:
    if piece.share >= _ALL:
        return piece.label
    key = "story.strip" if piece.strip else "story.piece"
    return t(key, label=piece.label, **_shares(piece, t))


def _shares(piece: Piece, t: Messages) -> dict[str, str]:
    """Return a piece's share of land and of people as text, by the names that texts give them."""
    shares = {"share": piece.share, "people": piece.people}
    return {
        name: percent(share, t.language, 0 if share >= 0.01 else 1)
        for name, share in shares.items()
    }


def _parts(story: Story, t: Messages) -> list[str]:
    """Return which parts of a partly covered kommune are covered, and the state of the others."""
    if story.state not in (c.PARTLY, c.PARTLY_UNKNOWN):
        return []
    states = (COVERED, c.PARTLY, c.ELSEWHERE, *c.UNSERVED_STATES, c.OUTSIDE_VIEW)
    by_state = {s: [p for p in story.was if p.state == s] for s in states}
    return [
        t(f"story.parts_{state}", parts=piece_names(pieces, t))
        for state, pieces in by_state.items()
        if pieces
    ]


def _services(
    dataset: Dataset, story: Story, cite: Cite, t: Messages
) -> list[tuple[ServedBy, str]]:
    """Return who serves the kommune, one sentence for all parts with the same evidence."""
    parts: dict[tuple[object, ...], list[ServedBy]] = {}
    for service in story.services:
        grounds = (service.project_id, service.hub_id, service.evidence, service.sources)
        said = (service.stated_years, service.note[t.language])
        parts.setdefault((*grounds, *said), []).append(service)
    return [(found[0], _service(dataset, story, found, cite, t)) for found in parts.values()]


def _service(dataset: Dataset, story: Story, parts: list[ServedBy], cite: Cite, t: Messages) -> str:
    service = parts[0]
    labels = list(dict.fromkeys(part.label for part in parts))
    if not service.project_id:
        return _elsewhere(dataset, service, labels, cite, t)
    part = listed(labels, t.language)
    whole = labels == [story.label]
    ended = has_ended(dataset, [service.project_id]) or service.evidence == c.ASSUMED
    level = f"{service.evidence}{'' if ended else '_now'}"
    text = t(
        f"story.served_{level}" if service.hub_id else f"story.in_project_{level}",
        hub="".join(hub_names(dataset, [service.hub_id] if service.hub_id else [])),
        project=project_names(dataset, [service.project_id])[0],
        part=t("story.the_kommune") if whole else t("story.what_was", part=part),
        evidence=t(f"coverage.{service.evidence}").lower(),
        sources=cite(service.sources),
    )
    return " ".join(
        filter(None, (text, _years(service, t), marked(service.note[t.language], t.language)))
    )


def _years(service: ServedBy, t: Messages) -> str:
    """Return which years the sources speak of; "" if they are not stated."""
    if not service.stated_years:
        return ""
    years = years_stated(service.stated_years, t.language)
    return t.plural("story.stated_years", len(service.sources), years=years)


def _people(story: Story, t: Messages) -> str:
    total = number(story.of_year.population, t.language)
    if story.state == c.PARTLY_UNKNOWN:
        unknown = number(story.row.population_unknown, t.language)
        return t("story.people_unknown", unknown=unknown, people=total, year=story.year)
    if story.state != c.PARTLY:
        return t("story.people", people=total, year=story.year)
    return t(
        f"story.people_{story.row.population_basis}",
        covered=number(story.row.population_covered, t.language),
        people=total,
        year=story.year,
        counted=story.row.population_year,
    )


def _seats(dataset: Dataset, story: Story, t: Messages) -> str:
    if not story.seats:
        return ""
    return t("story.seats", hubs=listed(hub_names(dataset, story.seats), t.language))


def _nameless(service: ServedBy, t: Messages) -> str:
    text = t("story.nameless", part=service.label, year=service.year)
    return f"{text} {marked(service.note[t.language], t.language)}".strip()


def _others(dataset: Dataset, story: Story, cite: Cite, t: Messages) -> list[tuple[ServedBy, str]]:
    """Return who serves the kommune outside the projects, a sentence for the parts of each hub."""
    parts: dict[tuple[object, ...], list[ServedBy]] = {}
    for one in story.others:
        grounds = one.hub_id, one.evidence, one.sources
        said = one.stated_years, one.note[t.language]
        parts.setdefault((*grounds, *said), []).append(one)
    found = []
    for rows in parts.values():
        labels = list(dict.fromkeys(one.label for one in rows))
        found.append((rows[0], _elsewhere(dataset, rows[0], labels, cite, t)))
    return found


def _elsewhere(
    dataset: Dataset, service: ServedBy, labels: list[str], cite: Cite, t: Messages
) -> str:
    text = t(
        "story.served_elsewhere",
        hub=hub_names(dataset, [service.hub_id])[0],
        part=listed(labels, t.language),
        evidence=t(f"coverage.{service.evidence}").lower(),
        sources=cite(service.sources),
    )
    return " ".join(
        filter(None, (text, _years(service, t), marked(service.note[t.language], t.language)))
    )


def _nearest(story: Story, t: Messages) -> list[str]:
    """Return the nearest hub of all known, and beside it the nearest of the projects.

    Of a kommune with a hub's seat only the latter: the seat has its own sentence.
    """
    if story.state not in (c.ELSEWHERE, *c.UNSERVED_STATES):
        return []
    near = {"nearest_known": story.nearest_known, "nearest": story.nearest}
    if story.seats or story.nearest_known.hub_id == story.nearest.hub_id:
        del near["nearest_known"]
    return [
        t(f"story.{key}", hub=one.name, distance=distance(one, t, whole=True))
        for key, one in near.items()
        if one.hub_id
    ]


def _was(story: Story, t: Messages) -> str:
    if not story.was or story.was[0].year == story.year:
        return ""
    year = story.was[0].year
    unchanged = len(story.was) == 1 and story.was[0].share >= _ALL
    if not unchanged:
        return t("story.was", label=story.label, parts=piece_names(story.was, t), year=year)
    old = story.was[0]
    if old.kommunenr == story.kommunenr:
        return ""
    return t("story.had_number", number=old.kommunenr, asked=old.label, year=year)


def _became(story: Story, t: Messages) -> str:
    first = story.became[0]
    if first.year == story.year or first.kommunenr == story.kommunenr:
        return ""
    names = {"label": story.label, "year": first.year}
    if len(story.became) > 1:
        shares = [
            t("story.share_of_both", label=p.label, number=p.kommunenr, **_shares(p, t))
            for p in story.became
        ]
        return t("story.divided", parts=listed(shares, t.language), **names)
    key = "story.new_number" if first.label == story.label else "story.became"
    return t(key, successor=first.label, number=first.kommunenr, **names)
