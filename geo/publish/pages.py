"""The pages beside the map: projects, counties, kommuner, data and method, as on the dashboard."""

from collections.abc import Mapping, Sequence
from typing import Any

from geo import columns as c
from geo.coverage import counties
from geo.coverage.dataset import Atlas
from geo.coverage.fylke_years import carried
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.dataset.package import split_ids
from geo.places.register import OTHER_NAMES
from geo.publish import page_addresses
from geo.publish.downloads import Taken
from geo.publish.html import Sheet, sheet
from geo.publish.html_page import Page
from geo.publish.page_addresses import (
    DATA,
    FRONT,
    KOMMUNER,
    METHOD,
    PROJECTS,
    Place,
    link,
    map_query,
)
from geo.publish.stories import Told
from geo.report import display_tables, projects, provenance, titles
from geo.report.claims import DEVIATES, check
from geo.report.figures import key_figures
from geo.report.sources import sources
from geo.report.wording import alphabetical
from geo.text.messages import Messages, messages
from geo.text.numbers import millions, number

METHOD_SECTIONS = ("counting", "layers", "states", "evidence", "people", "money", "borders")
ASSUMPTION_PARTS = (
    "published", "missing", "assumed", "reasons", "alternatives", "against", "settled_by",
)  # fmt: skip


def _said(atlas: Atlas, view: View) -> dict[str, Any]:
    """Return what a page about a view says first: title, summary, figures and source line."""
    found = coverage(atlas, view)
    return {
        "heading": titles.title(atlas, found, view),
        "summary": titles.summary(atlas, found, view),
        "figures": key_figures(atlas, view),
        "source": titles.credit(atlas, view),
        "view": view,
    }


def _named(t: Messages, name: str) -> str:
    return f"{name} – {t('common.name')}"


def _map_link(atlas: Atlas, place: Place, view: View) -> str:
    """Return the way from a page to a view on the front page."""
    query = map_query(atlas, view)
    way = link(place.path(view.lang), FRONT.path(view.lang))
    return f"{way}?{query}" if query else way


# -- projects ---------------------------------------------------------------------------------


def project(atlas: Atlas, project_id: str, language: str, taken: Taken) -> Page:
    """Return the page of a project."""
    t = messages(language)
    place = page_addresses.project(project_id)
    view = atlas.choices.view(lang=language, project=(project_id,))
    row = atlas.project(project_id)
    said = _said(atlas, view)
    return Page(
        place,
        language,
        "project.html",
        _named(t, str(row[c.NAME])),
        said["summary"],
        taken.picture,
        {
            **said,
            **_checked(atlas, project_id, t),
            "taken": taken,
            "map_link": _map_link(atlas, place, view),
            "purpose": row[f"purpose_{language}"],
            "note": row[f"note_{language}"],
            "also_called": ", ".join(split_ids(row["other_names"])),
            "members": projects.members(atlas, project_id, language),
            "grant": millions(float(row["grant_nok"]), language),
            "years": row["grant_years"],
            "years_basis": row["years_basis"],
            "money": sheet(
                display_tables.money_table(atlas, project_id, language), t("prosjekter.money")
            ),
        },
    )


def _checked(atlas: Atlas, project_id: str, t: Messages) -> dict[str, Any]:
    """Return the structures side by side, the claims with verdicts, and all sources behind them."""
    claims = [one for one in check(atlas) if one.project_id == project_id]
    return {
        "structures": sheet(
            display_tables.years_table(atlas, project_id, t.language), t("prosjekter.years")
        ),
        "differences": projects.differences(atlas, project_id, t.language),
        "claims": sheet(
            display_tables.claims_table(atlas, project_id, t.language), t("prosjekter.claims")
        ),
        "quotes": [
            (display_tables.verdict(one, t), one.explanation(t.language), one.verdict == DEVIATES)
            for one in claims
        ],
        "sources": projects.cited(atlas, project_id),
    }


def all_projects(atlas: Atlas, language: str) -> Page:
    """Return the page of the programme and its projects side by side."""
    t = messages(language)
    view = atlas.choices.view(lang=language)
    table = atlas.package["projects"]
    places = {
        str(atlas.project(p)[c.NAME]): link(
            PROJECTS.path(language), page_addresses.project(p).path(language)
        )
        for p in atlas.choices.projects
    }
    announced = float(atlas.package["programmes"]["announced_total_nok"].sum())
    intro = t.plural(
        "prosjekter.total",
        len(table),
        total=millions(float(table["grant_nok"].sum()), language),
        announced=millions(announced, language),
    )
    side_by_side = sheet(
        projects.side_by_side(atlas, view),
        t("prosjekter.side_by_side", year=view.year),
        {t("tables.project_ids"): lambda row: places[row[0]]},
    )
    return Page(
        PROJECTS,
        language,
        "projects.html",
        _named(t, t("prosjekter.title")),
        intro,
        content={
            "intro": intro,
            "side_by_side": side_by_side,
            "source": titles.credit(atlas, view),
            **_checked(atlas, "", t),
        },
    )


# -- counties ---------------------------------------------------------------------------------


def county(atlas: Atlas, year: int, fylkesnr: str, language: str, taken: Taken) -> Page:
    """Return the page of a county in a structure year: the uncovered first."""
    t = messages(language)
    place = page_addresses.county(atlas, year, fylkesnr)
    view = View(lang=language, year=year, fylke=(fylkesnr,))
    said = _said(atlas, view)
    name = str(atlas.register.fylker(year)[c.NAME][fylkesnr])
    kommuner = coverage(atlas, view).sums.kommuner
    return Page(
        place,
        language,
        "county.html",
        _named(t, f"{name}, {t('kart.structure', year=year)}"),
        said["summary"],
        taken.picture,
        {
            **said,
            "taken": taken,
            "map_link": _map_link(atlas, place, view),
            "uncovered": _uncovered(atlas, place, view, t),
            "covered": sheet(
                display_tables.covered_table(atlas, view),
                t.plural("fylker.covered", kommuner),
                _kommune_links(place, t),
            ),
            "other_years": _other_years(atlas, place, year, fylkesnr, language),
        },
    )


def _kommune_links(place: Place, t: Messages) -> Mapping[str, Any]:
    """Return, for a table whose rows begin with a number, what its names lead to."""
    here = place.path(t.language)

    def target(row: tuple[str, ...]) -> str:
        return link(here, page_addresses.kommune(row[0]).path(t.language))

    return {t("reports.kommune"): target}


def _uncovered(atlas: Atlas, place: Place, view: View, t: Messages) -> Sheet:
    fylkesnr = view.fylke[0]
    heading = t.plural("fylker.uncovered", len(counties.uncovered(atlas, view, fylkesnr)))
    table = display_tables.uncovered_table(atlas, view, fylkesnr)
    return sheet(table, heading, _kommune_links(place, t))


def _other_years(
    atlas: Atlas, place: Place, year: int, fylkesnr: str, language: str
) -> list[tuple[str, str]]:
    """Return what the county is in the other structure years: name with year, and link."""
    found = []
    for other in atlas.choices.years:
        for nr in carried(atlas, (fylkesnr,), year, other) if other != year else ():
            name = atlas.register.fylker(other)[c.NAME][nr]
            target = page_addresses.county(atlas, other, nr).path(language)
            found.append((f"{name} {other}", link(place.path(language), target)))
    return found


def all_counties(atlas: Atlas, year: int, language: str) -> Page:
    """Return the page with all counties of a structure year. Raises UnknownYear."""
    atlas.require(year)
    t = messages(language)
    place = page_addresses.counties(year)
    view = View(lang=language, year=year)
    here = place.path(language)
    heading = t("fylker.title", year=year)
    intro = t("publish.counties_how", n=len(atlas.choices.fylker[year]), year=year)
    return Page(
        place,
        language,
        "counties.html",
        _named(t, heading),
        intro,
        content={
            "heading": heading,
            "intro": intro,
            "source": titles.credit(atlas, view),
            "sheet": sheet(
                display_tables.county_table(atlas, view),
                t("fylker.all", year=year),
                {
                    t("reports.fylke"): lambda row: link(
                        here, page_addresses.county(atlas, year, row[0]).path(language)
                    )
                },
            ),
            "years": [
                (
                    str(other),
                    link(here, page_addresses.counties(other).path(language)),
                    other == year,
                )
                for other in atlas.choices.years
            ],
        },
    )


# -- kommuner ---------------------------------------------------------------------------------


def kommune(atlas: Atlas, kommunenr: str, language: str, told: Told) -> Page:
    """Return the page of a kommune number of any year."""
    t = messages(language)
    place = page_addresses.kommune(kommunenr)
    here = place.path(language)
    one = told.story
    view = View(lang=language, year=one.year, kommune=kommunenr)
    years = atlas.register.years_of(kommunenr)
    now = (nr for year in atlas.choices.years for nr in atlas.register.now(kommunenr, year))
    related = sorted({*now, *(piece.kommunenr for piece in one.was)} - {kommunenr})
    return Page(
        place,
        language,
        "kommune.html",
        _named(t, f"{one.asked_label} ({kommunenr})"),
        " ".join(told.sentences[language]),
        content={
            "heading": f"{one.asked_label} ({kommunenr})",
            "in_use": t("publish.in_use", first=years[0], last=years[-1]),
            "other_names": ", ".join(_other_names(atlas, kommunenr)),
            "sentences": told.sentences[language],
            "sources": told.sources,
            "map_link": _map_link(atlas, place, view),
            "county_link": _county_link(atlas, place, one.kommunenr, view),
            "related": [
                (
                    f"{_last_label(atlas, nr)} ({nr})",
                    link(here, page_addresses.kommune(nr).path(language)),
                )
                for nr in related
            ],
            "year": one.year,
            "source": titles.credit(atlas, view),
        },
    )


def _other_names(atlas: Atlas, kommunenr: str) -> tuple[str, ...]:
    """Return the Sámi, Kven and other official names that a number had in any year."""
    register = atlas.register
    years = register.years_of(kommunenr)
    names = (register.kommuner(year)[OTHER_NAMES][kommunenr] for year in years)
    return tuple(dict.fromkeys(name for own in names for name in own))


def _last_label(atlas: Atlas, kommunenr: str) -> str:
    return atlas.register.label(kommunenr, atlas.register.years_of(kommunenr)[-1])


def _county_link(atlas: Atlas, place: Place, kommunenr: str, view: View) -> tuple[str, str]:
    row = atlas.register.kommuner(view.year).loc[kommunenr]
    target = page_addresses.county(atlas, view.year, str(row[c.FYLKESNR]))
    return f"{row[c.FYLKE]} {view.year}", link(place.path(view.lang), target.path(view.lang))


def all_kommuner(atlas: Atlas, language: str) -> Page:
    """Return the page that lists every kommune of any year by name."""
    t = messages(language)
    here = KOMMUNER.path(language)
    register = atlas.register
    found = [
        (_last_label(atlas, nr), nr, register.years_of(nr), ", ".join(_other_names(atlas, nr)))
        for nr in register.all_numbers
    ]
    found.sort(key=lambda one: (alphabetical(one[0]), one[1]))
    intro = t("publish.kommuner_how", n=len(found))
    return Page(
        KOMMUNER,
        language,
        "kommuner.html",
        _named(t, t("publish.kommuner")),
        intro,
        content={
            "intro": intro,
            "kommuner": [
                (label, nr, f"{years[0]}–{years[-1]}", other, link(here, _kommune(nr, language)))
                for label, nr, years, other in found
            ],
        },
    )


def _kommune(kommunenr: str, language: str) -> str:
    return page_addresses.kommune(kommunenr).path(language)


# -- data and method --------------------------------------------------------------------------


def data(atlas: Atlas, language: str, archive: str, files: Sequence[tuple[str, str]]) -> Page:
    """Return the page with every table, deviation and source; `files` are (table, path)."""
    t = messages(language)
    listed = atlas.package["sources"]
    says = dict(zip(listed["source_id"], listed[f"says_{language}"], strict=True))
    intro = t("data.intro", version=atlas.data_version)
    return Page(
        DATA,
        language,
        "data.html",
        _named(t, t("data.title")),
        intro,
        content={
            "intro": intro,
            "archive": archive,
            "tables": [
                (
                    provenance.table_name(atlas, name, language),
                    t.plural("publish.rows", rows, number(rows, language)),
                    path,
                )
                for name, path in files
                for rows in [len(atlas.package[name])]
            ],
            "deviations": [
                one.explanation(language) for one in check(atlas) if one.verdict == DEVIATES
            ],
            "flags": display_tables.quality_flags(atlas, language),
            "sources": sources(atlas, says),
            "says": says,
            "boundaries": _boundaries(atlas, t),
        },
    )


def _boundaries(atlas: Atlas, t: Messages) -> list[str]:
    lines = []
    for year, drawn in atlas.library.by_year.items():
        source = t("data.embedded") if drawn.source == "embedded" else drawn.source
        line = t("data.boundary", year=year, source=source, base=drawn.base_year)
        shared = len(drawn.shared)
        told = t("data.exact") if drawn.exact else t.plural("data.shared", shared, str(shared))
        lines.append(f"{line} {told}")
    owners = dict.fromkeys(d.credit_line(t) for d in atlas.library.by_year.values())
    return [*lines, t("data.credit", credits=", ".join(owners))]


def method(atlas: Atlas, language: str) -> Page:
    """Return the page that says how it is counted, and where it ends."""
    t = messages(language)
    assumptions = [
        {
            "heading": f"{a['assumption_id']}: {atlas.project(str(a['project_id']))[c.NAME]}",
            "parts": [(t(f"metode.{p}"), a[f"{p}_{language}"]) for p in ASSUMPTION_PARTS],
            "sources": sources(atlas, split_ids(a["source_ids"])),
        }
        for a in atlas.package["assumptions"].to_dict("records")
    ]
    return Page(
        METHOD,
        language,
        "method.html",
        _named(t, t("metode.title")),
        t("metode.counting_text"),
        content={
            "sections": [(t(f"metode.{s}"), t(f"metode.{s}_text")) for s in METHOD_SECTIONS],
            "assumptions": assumptions,
            "limits": [*provenance.limits(atlas, language), *t("metode.limits_text").splitlines()],
        },
    )
