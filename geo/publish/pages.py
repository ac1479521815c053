"""The pages besides the front page: projects, counties, kommuner, data and method."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from geo import columns as c
from geo.coverage import counties
from geo.coverage.dataset import Dataset
from geo.coverage.fylke_years import carried
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.dataset.package import split_ids
from geo.publish import page_addresses
from geo.publish.downloads import Downloads
from geo.publish.html import HtmlSheet, sheet
from geo.publish.html_page import Page
from geo.publish.page_addresses import (
    CORRECTIONS,
    DATA,
    FRONT,
    KOMMUNER,
    METHOD,
    PROJECTS,
    PageAddress,
    link,
    map_query,
)
from geo.publish.stories import KommuneStory
from geo.report import display_tables, projects, provenance, titles
from geo.report.claims import Check, check, split_tested
from geo.report.figures import key_figures
from geo.report.sources import said_by, sources
from geo.report.wording import alphabetical, listed
from geo.text.languages import DataText, data_text
from geo.text.messages import Messages, messages
from geo.text.numbers import millions, number
from geo.versions import corrections as memory

ASSUMPTION_PARTS = (
    "published", "missing", "assumed", "reasons", "alternatives", "against", "settled_by",
)  # fmt: skip


def _said(dataset: Dataset, view: View) -> dict[str, Any]:
    """Return the head of a page about a view: title, summary, figures and source line."""
    found = coverage(dataset, view)
    return {
        "heading": titles.title(dataset, found, view),
        "summary": titles.summary(dataset, found, view),
        "figures": key_figures(dataset, view),
        "source": titles.credit(dataset, view),
        "view": view,
    }


def _named(t: Messages, name: str) -> str:
    return f"{name} – {t('common.name')}"


def _map_link(dataset: Dataset, place: PageAddress, view: View) -> str:
    """Return the relative link from a page to a view on the front page."""
    query = map_query(dataset, view)
    way = link(place.path(view.lang), FRONT.path(view.lang))
    return f"{way}?{query}" if query else way


# -- projects ---------------------------------------------------------------------------------


def project(dataset: Dataset, project_id: str, language: str, downloads: Downloads) -> Page:
    """Return the page of a project."""
    t = messages(language)
    place = page_addresses.project(project_id)
    view = dataset.choices.view(lang=language, project=(project_id,))
    row = dataset.project(project_id)
    said = _said(dataset, view)
    return Page(
        place,
        language,
        "project.html",
        _named(t, str(row[c.NAME])),
        said["summary"],
        downloads.picture,
        {
            **said,
            **_checked(dataset, project_id, t),
            "downloads": downloads,
            "map_link": _map_link(dataset, place, view),
            "purpose": data_text(row, "purpose", language),
            "note": data_text(row, "note", language),
            "also_called": listed(split_ids(row[c.OTHER_NAMES]), language),
            "members": projects.members(dataset, project_id, language),
            "grant": millions(float(row[c.GRANT_NOK]), language),
            "years": int(row[c.GRANT_YEARS]),
            "years_basis": row["years_basis"],
            "money": sheet(
                display_tables.money_table(dataset, project_id, language), t("prosjekter.money")
            ),
        },
    )


def _checked(dataset: Dataset, project_id: str, t: Messages) -> dict[str, Any]:
    """Return the comparison of structures, the claims with verdicts, and all their sources."""
    claims = [one for one in check(dataset) if one.project_id == project_id]
    return {
        "structures": sheet(
            display_tables.years_table(dataset, project_id, t.language), t("prosjekter.years")
        ),
        "differences": projects.differences(dataset, project_id, t.language),
        "claims": _claims(claims, t),
        "sources": projects.cited(dataset, project_id),
    }


def _claims(claims: Iterable[Check], t: Messages) -> dict[str, Any]:
    """Return the tested claims and the others, each as a table, and sentences on all of them."""
    tested, others = split_tested(claims)
    language = t.language
    return {
        "tested": sheet(display_tables.claims_table(tested, language), t("claims.tested")),
        "others": sheet(
            display_tables.claims_table(others, language), t.plural("claims.others", len(others))
        ),
        "deviations": [one.explanation(language) for one in tested if one.verdict == c.DEVIATES],
        "verdicts": [
            (display_tables.verdict(one, t), one.explanation(language))
            for one in (*tested, *others)
        ],
    }


def all_projects(dataset: Dataset, language: str) -> Page:
    """Return the page that compares the projects of the programme."""
    t = messages(language)
    view = dataset.choices.view(lang=language)
    table = dataset.package["projects"]
    places = {
        str(dataset.project(p)[c.NAME]): link(
            PROJECTS.path(language), page_addresses.project(p).path(language)
        )
        for p in dataset.choices.projects
    }
    announced = float(dataset.package["programmes"][c.ANNOUNCED_TOTAL_NOK].sum())
    intro = t.plural(
        "prosjekter.total",
        len(table),
        total=millions(float(table[c.GRANT_NOK].sum()), language),
        announced=millions(announced, language),
    )
    side_by_side = sheet(
        projects.side_by_side(dataset, view),
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
            "source": titles.credit(dataset, view),
            **_checked(dataset, "", t),
        },
    )


# -- counties ---------------------------------------------------------------------------------


def county(dataset: Dataset, year: int, fylkesnr: str, language: str, downloads: Downloads) -> Page:
    """Return the page of a county in a structure year, its uncovered kommuner first."""
    t = messages(language)
    place = page_addresses.county(dataset, year, fylkesnr)
    view = View(lang=language, year=year, fylke=(fylkesnr,))
    said = _said(dataset, view)
    name = str(dataset.register.fylker(year)[c.NAME][fylkesnr])
    kommuner = coverage(dataset, view).totals.kommuner
    return Page(
        place,
        language,
        "county.html",
        _named(t, f"{name}, {t('kart.structure', year=year)}"),
        said["summary"],
        downloads.picture,
        {
            **said,
            "downloads": downloads,
            "map_link": _map_link(dataset, place, view),
            "uncovered": _uncovered(dataset, place, view, t),
            "covered": sheet(
                display_tables.covered_table(dataset, view),
                t.plural("fylker.covered", kommuner),
                _kommune_links(place, t),
            ),
            "other_years": _other_years(dataset, place, year, fylkesnr, language),
        },
    )


def _kommune_links(place: PageAddress, t: Messages) -> Mapping[str, Any]:
    """Return the links of the column with kommune names, for rows that begin with a kommunenr."""
    here = place.path(t.language)

    def target(row: tuple[str, ...]) -> str:
        return link(here, page_addresses.kommune(row[0]).path(t.language))

    return {t("display_tables.kommune"): target}


def _uncovered(dataset: Dataset, place: PageAddress, view: View, t: Messages) -> HtmlSheet:
    fylkesnr = view.fylke[0]
    heading = t.plural("fylker.uncovered", len(counties.uncovered(dataset, view, fylkesnr)))
    table = display_tables.uncovered_table(dataset, view, fylkesnr)
    return sheet(table, heading, _kommune_links(place, t))


def _other_years(
    dataset: Dataset, place: PageAddress, year: int, fylkesnr: str, language: str
) -> list[tuple[str, str]]:
    """Return the counties that succeed or precede this one: (name with year, link)."""
    found = []
    for other in dataset.choices.years:
        for nr in carried(dataset, (fylkesnr,), year, other) if other != year else ():
            name = dataset.register.fylker(other)[c.NAME][nr]
            target = page_addresses.county(dataset, other, nr).path(language)
            found.append((f"{name} {other}", link(place.path(language), target)))
    return found


def all_counties(dataset: Dataset, year: int, language: str) -> Page:
    """Return the page with all counties of a structure year.

    Raises UnknownYear if `year` is not a structure year.
    """
    dataset.require(year)
    t = messages(language)
    place = page_addresses.counties(year)
    view = View(lang=language, year=year)
    here = place.path(language)
    heading = t("fylker.title", year=year)
    intro = t("publish.counties_how", n=len(dataset.choices.fylker[year]), year=year)
    return Page(
        place,
        language,
        "counties.html",
        _named(t, heading),
        intro,
        content={
            "heading": heading,
            "intro": intro,
            "source": titles.credit(dataset, view),
            "sheet": sheet(
                display_tables.county_table(dataset, view),
                t("fylker.all", year=year),
                {
                    t("display_tables.fylke"): lambda row: link(
                        here, page_addresses.county(dataset, year, row[0]).path(language)
                    )
                },
            ),
            "years": [
                (
                    str(other),
                    link(here, page_addresses.counties(other).path(language)),
                    other == year,
                )
                for other in dataset.choices.years
            ],
        },
    )


# -- kommuner ---------------------------------------------------------------------------------


def kommune(dataset: Dataset, kommunenr: str, language: str, story: KommuneStory) -> Page:
    """Return the page of a kommune number of any year."""
    t = messages(language)
    place = page_addresses.kommune(kommunenr)
    here = place.path(language)
    one = story.story
    view = View(lang=language, year=one.year, kommune=kommunenr)
    years = dataset.register.years_of(kommunenr)
    now = (nr for year in dataset.choices.years for nr in dataset.register.now(kommunenr, year))
    related = sorted({*now, *(piece.kommunenr for piece in one.was)} - {kommunenr})
    return Page(
        place,
        language,
        "kommune.html",
        _named(t, f"{one.asked_label} ({kommunenr})"),
        " ".join(story.sentences[language]),
        content={
            "heading": f"{one.asked_label} ({kommunenr})",
            "in_use": t("publish.in_use", since=years[0], until=years[-1], **dataset.register.span),
            "other_names": ", ".join(_other_names(dataset, kommunenr)),
            "sentences": story.sentences[language],
            "sources": story.sources,
            "map_link": _map_link(dataset, place, view),
            "county_link": _county_link(dataset, place, one.kommunenr, view),
            "related": [
                (
                    f"{_last_label(dataset, nr)} ({nr})",
                    link(here, page_addresses.kommune(nr).path(language)),
                )
                for nr in related
            ],
            "year": one.year,
            "source": titles.credit(dataset, view),
        },
    )


def _other_names(dataset: Dataset, kommunenr: str) -> tuple[str, ...]:
    """Return the Sámi, Kven and other official names that a number had in any year."""
    register = dataset.register
    years = register.years_of(kommunenr)
    names = (register.other_names(kommunenr, year) for year in years)
    return tuple(dict.fromkeys(name for own in names for name in own))


def _last_label(dataset: Dataset, kommunenr: str) -> str:
    return dataset.register.label(kommunenr, dataset.register.years_of(kommunenr)[-1])


def _county_link(
    dataset: Dataset, place: PageAddress, kommunenr: str, view: View
) -> tuple[str, str]:
    row = dataset.register.kommuner(view.year).loc[kommunenr]
    target = page_addresses.county(dataset, view.year, str(row[c.FYLKESNR]))
    return f"{row[c.FYLKE]} {view.year}", link(place.path(view.lang), target.path(view.lang))


def all_kommuner(dataset: Dataset, language: str) -> Page:
    """Return the page that lists every kommune of any year by name."""
    t = messages(language)
    here = KOMMUNER.path(language)
    register = dataset.register
    found = [
        (_last_label(dataset, nr), nr, register.years_of(nr), ", ".join(_other_names(dataset, nr)))
        for nr in register.all_numbers
    ]
    found.sort(key=lambda one: (alphabetical(one[0]), one[1]))
    intro = t("publish.kommuner_how", n=len(found), **register.span)
    return Page(
        KOMMUNER,
        language,
        "kommuner.html",
        _named(t, t("publish.kommuner", **register.span)),
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


def data(dataset: Dataset, language: str, archive: str, files: Sequence[tuple[str, str]]) -> Page:
    """Return the page with every table, deviation and source; `files` are (table, path)."""
    t = messages(language)
    says = said_by(dataset, language)
    intro = t("data.intro", version=dataset.data_version)
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
                    provenance.table_name(dataset, name, language),
                    t.plural("publish.rows", rows, number(rows, language)),
                    path,
                )
                for name, path in files
                for rows in [len(dataset.package[name])]
            ],
            "claims": _claims(check(dataset), t),
            "flags": display_tables.quality_flags(dataset, language),
            "sources": sources(dataset, says),
            "says": says,
            "boundaries": _boundaries(dataset, t),
        },
    )


def _boundaries(dataset: Dataset, t: Messages) -> list[str]:
    lines = []
    for year, drawn in dataset.library.by_year.items():
        source = t("data.embedded") if drawn.source == "embedded" else drawn.source
        line = t("data.boundary", year=year, source=source, base=drawn.base_year)
        shared = len(drawn.shared)
        detail = t("data.exact") if drawn.exact else t.plural("data.shared", shared, str(shared))
        lines.append(f"{line} {detail}")
    owners = dict.fromkeys(d.credit_line(t) for d in dataset.library.by_year.values())
    return [*lines, t("data.credit", credits=", ".join(owners))]


def method(dataset: Dataset, language: str) -> Page:
    """Return the page on method and limitations."""
    t = messages(language)
    sections = provenance.method_sections(dataset, t)
    assumptions = [
        {
            "heading": f"{a[c.ASSUMPTION_ID]}: {dataset.project(str(a[c.PROJECT_ID]))[c.NAME]}",
            "parts": [(t(f"metode.{p}"), data_text(a, p, language)) for p in ASSUMPTION_PARTS],
            "sources": sources(dataset, split_ids(a[c.SOURCE_IDS])),
        }
        for a in dataset.package["assumptions"].to_dict("records")
    ]
    return Page(
        METHOD,
        language,
        "method.html",
        _named(t, t("metode.title")),
        sections[0][1],
        content={
            "sections": sections,
            "assumptions": assumptions,
            "limits": [
                *provenance.limits(dataset, language),
                *(DataText(line, language) for line in t("metode.limits_text").splitlines()),
            ],
        },
    )


def corrections(dataset: Dataset, language: str) -> Page:
    """Return the page of corrections, by the version that brought them."""
    t = messages(language)
    found = memory.corrections(dataset)
    return Page(
        CORRECTIONS,
        language,
        "corrections.html",
        _named(t, t("corrections.title")),
        t("corrections.intro"),
        content={
            "versions": memory.by_version(dataset, language),
            "cited": {one.correction_id: sources(dataset, one.source_ids) for one in found},
            "tables": {
                one.correction_id: sheet(
                    memory.cells_table(dataset, one, language), one.title[language].text
                )
                for one in found
                if one.cells
            },
            "most": memory.MOST_CELLS,
        },
    )
