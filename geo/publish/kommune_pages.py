"""The page of a kommune number: where it is, what reached it and when, and on what evidence."""

import math
from typing import Any

from markupsafe import Markup

from geo import columns as c
from geo.coverage.dataset import Dataset
from geo.coverage.join import year_rows
from geo.coverage.money import kind_of
from geo.coverage.view import View
from geo.drawings import timeline_svg
from geo.drawings.timeline import timeline
from geo.publish import page_addresses
from geo.publish.html import drawn
from geo.publish.html_page import Page
from geo.publish.page_addresses import FRONT, PageAddress, link, map_query
from geo.publish.place_maps import Ground
from geo.publish.stories import KommuneStory
from geo.report.looks import (
    EMPTY_LOOKS,
    Look,
    covered_look,
    kommune_look,
    project_colours,
)
from geo.report.story import COVERED, Piece, ServedBy, Story
from geo.report.titles import credit
from geo.report.wording import distance, hub_names, of_kind, project_names, shortened
from geo.text.messages import Messages
from geo.text.numbers import number, percent
from geo.webmap.swatches import sign


def kommune(
    dataset: Dataset, kommunenr: str, language: str, story: KommuneStory, ground: Ground
) -> Page:
    """Return the page of a kommune number of any year."""
    t, one, told = dataset.messages(language), story.story, story.told[language]
    place = page_addresses.kommune(kommunenr)
    view = View(lang=language, year=one.year, kommune=kommunenr)
    return Page(
        place,
        language,
        "kommune.html",
        f"{one.asked_label} ({kommunenr}) – {t('common.name')}",
        " ".join(told.sentences()),
        content={
            "kicker": _kicker(dataset, one, t),
            "heading": " · ".join((one.asked_label, *other_names(dataset, kommunenr))),
            "in_use": _in_use(dataset, kommunenr, t),
            "state": _state(dataset, one, t),
            "told": told,
            "figures": _figures(dataset, one, t),
            "timelines": _timelines(dataset, one, t),
            "register_ends": t("story.timeline_register", **dataset.register.span),
            "pieces": _pieces(dataset, place, one, t),
            "evidence": _evidence(dataset, story, language),
            "sources": story.sources,
            "map_link": _map_link(dataset, place, view),
            "place": ground.of(t("story.map", label=one.asked_label), t),
            "county_link": _county_link(dataset, place, one.kommunenr, view),
            "related": _related(dataset, place, one, language),
            "year": one.year,
            "source": credit(dataset, view),
        },
    )


def _kicker(dataset: Dataset, one: Story, t: Messages) -> str:
    year = dataset.register.nearest_year(one.asked, one.year)
    fylke = str(dataset.register.kommuner(year).at[one.asked, c.FYLKE])
    return t("kart.kommune", fylke=fylke, number=one.asked, year=year)


def _in_use(dataset: Dataset, kommunenr: str, t: Messages) -> str:
    years = dataset.register.years_of(kommunenr)
    return t("publish.in_use", since=years[0], until=years[-1], **dataset.register.span)


def other_names(dataset: Dataset, kommunenr: str) -> tuple[str, ...]:
    """Return the Sámi, Kven and other official names that a number had in any year."""
    register = dataset.register
    years = register.years_of(kommunenr)
    names = (register.other_names(kommunenr, year) for year in years)
    return tuple(dict.fromkeys(name for own in names for name in own))


# -- state and figures ------------------------------------------------------------------------


def _look(dataset: Dataset, one: Story) -> Look:
    return kommune_look(one.row, View().colour, project_colours(dataset))


def _state(dataset: Dataset, one: Story, t: Messages) -> tuple[Markup, str, str]:
    """Return the sign of a kommune's state, what it is, and by whom."""
    words = [t(f"coverage.{one.state}")]
    if one.state in c.COVERED_STATES:
        words.append(t(f"coverage.{one.row.evidence}").lower())
    by = one.services or one.others
    names = [
        *project_names(dataset, dict.fromkeys(s.project_id for s in by if s.project_id)),
        *hub_names(dataset, dict.fromkeys(s.hub_id for s in by if s.hub_id)),
    ]
    return drawn(sign(_look(dataset, one))), ", ".join(words), ", ".join(map(shortened, names))


def _figures(dataset: Dataset, one: Story, t: Messages) -> list[tuple[str, str, str]]:
    """Return up to three figures of a kommune: value, what it is, a detail."""
    row, lang = one.row, t.language
    people, since = number(one.of_year.population, lang), t("story.figure_day", year=one.year)
    found = [(people, t("story.figure_people"), since)]
    if one.state == c.PARTLY:
        covered = number(row.population_covered, lang)
        detail = t("story.figure_of", people=people, day=since)
        found = [(covered, t("story.figure_covered"), detail)]
    elif one.state == c.PARTLY_UNKNOWN:
        unknown = number(row.population_unknown, lang)
        found.append((unknown, t("story.figure_unknown"), since))
    money = row.grant_per_inhabitant_year
    if not math.isnan(money) and one.state in c.COVERED_STATES:
        value = of_kind(kind_of(dataset, row.project_ids), number(money, lang, 2), t)
        found.append((value, t("story.figure_grant"), ""))
    near = one.nearest_known
    if near.hub_id:
        value = distance(near, t, whole=False)
        found.append((value[:1].upper() + value[1:], t("story.figure_hub"), shortened(near.name)))
    return found


def _timelines(dataset: Dataset, one: Story, t: Messages) -> list[tuple[str, Markup]]:
    """Return the time line for a desk and for a telephone, each with its class."""
    found = timeline(dataset, one, t)
    widths = {"wide": timeline_svg.WIDE, "narrow": timeline_svg.NARROW}
    return [(kind, drawn(timeline_svg.drawn(found, wide, t))) for kind, wide in widths.items()]


# -- parts and evidence -----------------------------------------------------------------------


def _pieces(dataset: Dataset, place: PageAddress, one: Story, t: Messages) -> list[dict[str, Any]]:
    """Return what a kommune is made of, with shares and states; nothing if it is one and whole."""
    if not one.was or one.was[0].year == one.year:
        return []
    if len(one.was) == 1 and one.was[0].share > 0.9995:
        return []
    here = place.path(t.language)
    return [
        {
            "label": piece.label,
            "link": link(here, page_addresses.kommune(piece.kommunenr).path(t.language)),
            "year": piece.year,
            "people": percent(piece.people, t.language, 0 if piece.people >= 0.01 else 1),
            "area": percent(piece.share, t.language, 0 if piece.share >= 0.01 else 1),
            "sign": drawn(sign(_piece_look(dataset, piece, one))),
            "state": _piece_state(piece, one, t),
        }
        for piece in one.was
    ]


def _level(piece: Piece, one: Story) -> str:
    """Return the weakest evidence of the rows that name a part itself; "" if none does."""
    own = [
        s.evidence for s in one.services if (s.kommunenr, s.year) == (piece.kommunenr, piece.year)
    ]
    return max(own, key=c.EVIDENCE_LEVELS.index, default="")


def _piece_look(dataset: Dataset, piece: Piece, one: Story) -> Look:
    if piece.state not in (COVERED, c.PARTLY):
        return EMPTY_LOOKS[piece.state]
    fill = _look(dataset, one).fill
    state = c.WHOLE if piece.state == COVERED else c.PARTLY
    return covered_look(fill, state, _level(piece, one) or one.row.evidence)


def _piece_state(piece: Piece, one: Story, t: Messages) -> str:
    if piece.state != COVERED:
        return t(f"coverage.{piece.state}")
    level = _level(piece, one)
    return ", ".join([t("coverage.whole"), *([t(f"coverage.{level}").lower()] if level else [])])


def _evidence(dataset: Dataset, story: KommuneStory, language: str) -> list[tuple[Markup, str]]:
    """Return each sentence on who serves the kommune, with the sign of its evidence."""
    told = story.told[language]
    rows = [(_row_look(dataset, row), text) for row, text in (*told.services, *told.others)]
    rows += [(EMPTY_LOOKS[c.NO_SOURCE], text) for text in told.nameless]
    return [(drawn(sign(look)), text) for look, text in rows]


def _row_look(dataset: Dataset, row: ServedBy) -> Look:
    if not row.project_id:
        return EMPTY_LOOKS[c.ELSEWHERE]
    return covered_look(project_colours(dataset)[row.project_id], c.WHOLE, row.evidence)


# -- around it --------------------------------------------------------------------------------


def _related(
    dataset: Dataset, place: PageAddress, one: Story, language: str
) -> list[tuple[str, str]]:
    """Return name and link of the kommuner of other years on the same land."""
    nr, register = one.asked, dataset.register
    now = (other for year in dataset.choices.years for other in register.now(nr, year))
    here = place.path(language)
    found = sorted({*now, *(piece.kommunenr for piece in one.was)} - {nr})
    return [
        (
            f"{register.label(other, register.years_of(other)[-1])} ({other})",
            link(here, page_addresses.kommune(other).path(language)),
        )
        for other in found
    ]


def _county_link(
    dataset: Dataset, place: PageAddress, kommunenr: str, view: View
) -> tuple[str, str]:
    row = year_rows(dataset, view.year)[kommunenr]
    target = page_addresses.county(dataset, view.year, row.fylkesnr)
    return f"{row.fylke} {view.year}", link(place.path(view.lang), target.path(view.lang))


def _map_link(dataset: Dataset, place: PageAddress, view: View) -> str:
    query = map_query(dataset, view)
    return f"{link(place.path(view.lang), FRONT.path(view.lang))}?{query}"
