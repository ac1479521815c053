"""The pages besides the front page: projects, counties, kommuner, data and method."""

from collections.abc import Sequence
from typing import Any

from geo import columns as c
from geo.coverage import counties
from geo.coverage.dataset import Dataset
from geo.coverage.fylke_years import carried
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.dataset.package import split_ids
from geo.drawings import county_bars, side_by_side, verdicts
from geo.drawings.dress import as_it_is
from geo.publish import page_addresses
from geo.publish.downloads import Downloads
from geo.publish.html import drawn, sheet
from geo.publish.html_page import Page
from geo.publish.kommune_pages import other_names
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
from geo.publish.place_maps import Ground
from geo.report import display_tables, projects, provenance, titles
from geo.report.claims import check
from geo.report.figures import main_figures
from geo.report.sources import said_by, sources
from geo.report.wording import alphabetical, listed
from geo.text.languages import DataText, data_text
from geo.text.messages import Messages
from geo.text.numbers import number
from geo.versions import corrections as memory
from geo.webmap.swatches import sign

ASSUMPTION_PARTS = (
    "published", "missing", "assumed", "reasons", "alternatives", "against", "settled_by",
)  # fmt: skip


def _said(dataset: Dataset, view: View) -> dict[str, Any]:
    """Return the head of a page about a view: title, summary, figures and source line."""
    found = coverage(dataset, view)
    return {
        "heading": titles.title(dataset, found, view),
        "summary": titles.summary(dataset, found, view),
        "figures": main_figures(dataset, view),
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


def project(
    dataset: Dataset, project_id: str, language: str, downloads: Downloads, ground: Ground
) -> Page:
    """Return the page of a project."""
    t = dataset.messages(language)
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
            "name": row[c.NAME],
            "lead": titles.lead(dataset, coverage(dataset, view), view),
            "downloads": downloads,
            "place": ground.of(said["heading"], t),
            "back": (t("prosjekter.title"), link(place.path(language), PROJECTS.path(language))),
            "map_link": _map_link(dataset, place, view),
            "purpose": data_text(row, "purpose", language),
            "note": data_text(row, "note", language),
            "also_called": listed(split_ids(row[c.OTHER_NAMES]), language),
            "members": projects.members(dataset, project_id, language),
            "without_hub": projects.without_hub(dataset, project_id, language),
            "grant": projects.amount(dataset, project_id, t),
            "years": int(row[c.GRANT_YEARS]),
            "years_basis": row["years_basis"],
            "money": sheet(
                display_tables.money_table(dataset, project_id, language), t("prosjekter.money")
            ),
        },
    )


def _checked(dataset: Dataset, project_id: str, t: Messages) -> dict[str, Any]:
    """Return the comparison of structures, the claims with verdicts, and all their sources."""
    return {
        "structures": sheet(
            display_tables.years_table(dataset, project_id, t.language), t("prosjekter.years")
        ),
        "differences": projects.differences(dataset, project_id, t.language),
        "claims": _claims(dataset, verdicts.of_project(dataset, project_id), t),
        "sources": projects.cited(dataset, project_id),
    }


def _claims(dataset: Dataset, shown: verdicts.Shown, t: Messages) -> dict[str, Any]:
    """Return claims as cards, the other tested ones and those that test nothing as lines."""
    everything = (*shown.cards, *shown.lines, *shown.others)
    return {
        "cards": drawn(verdicts.cards(dataset, shown.cards, t, as_it_is)),
        "lines": drawn(verdicts.lines(shown.lines, t, as_it_is)),
        "others": drawn(verdicts.lines(shown.others, t, as_it_is)),
        "others_name": t.plural("claims.others", len(shown.others)),
        "verdicts": [
            (display_tables.verdict(one, t), one.explanation(t.language)) for one in everything
        ],
    }


def all_projects(dataset: Dataset, language: str) -> Page:
    """Return the page that compares the projects of the programme."""
    t = dataset.messages(language)
    view = dataset.choices.view(lang=language)
    links = {
        p: link(PROJECTS.path(language), page_addresses.project(p).path(language))
        for p in dataset.choices.projects
    }
    intro = projects.introduction(dataset, t)
    return Page(
        PROJECTS,
        language,
        "projects.html",
        _named(t, t("prosjekter.title")),
        intro,
        content={
            "intro": intro,
            "heading": t("prosjekter.side_by_side", year=view.year),
            "beside": drawn(side_by_side.articles(dataset, view, t, links, as_it_is)),
            "legend": [
                (drawn(sign(look)), text) for look, text in side_by_side.key(dataset, view, t)
            ],
            "source": titles.credit(dataset, view),
            **_checked(dataset, "", t),
        },
    )


# -- counties ---------------------------------------------------------------------------------


def county(dataset: Dataset, view: View, downloads: Downloads, ground: Ground) -> Page:
    """Return the page of a view's county, all its people first, then its uncovered kommuner."""
    year, language, [fylkesnr] = view.year, view.lang, view.fylke
    t = dataset.messages(language)
    place = page_addresses.county(dataset, year, fylkesnr)
    said = _said(dataset, view)
    name = str(dataset.register.fylker(year)[c.NAME][fylkesnr])
    found = coverage(dataset, view)
    return Page(
        place,
        language,
        "county.html",
        _named(t, f"{name}, {t('kart.structure', year=year)}"),
        said["summary"],
        downloads.picture,
        {
            **said,
            "kicker": titles.kicker(dataset, found, view),
            "name": f"{name}: {titles.headline(found, view)}",
            "lead": titles.lead(dataset, found, view),
            "hubs": not dataset.without_hubs,
            "people": drawn(county_bars.people_bar(dataset, view, t, as_it_is)),
            "place": ground.of(said["heading"], t),
            "back": _to_counties(place, year, t),
            "downloads": downloads,
            "map_link": _map_link(dataset, place, view),
            **_kommuner_of(dataset, place, view, t),
            "other_years": _other_years(dataset, place, year, fylkesnr, language),
        },
    )


def _to_counties(place: PageAddress, year: int, t: Messages) -> tuple[str, str]:
    target = page_addresses.counties(year).path(t.language)
    return t("fylker.title", year=year), link(place.path(t.language), target)


def _kommuner_of(dataset: Dataset, place: PageAddress, view: View, t: Messages) -> dict[str, Any]:
    """Return the lists of uncovered and covered kommuner of a county, with their headings."""
    here, uncovered = place.path(t.language), counties.uncovered(dataset, view, view.fylke[0])
    links = {
        nr: link(here, page_addresses.kommune(nr).path(t.language))
        for nr in coverage(dataset, view).of_view
    }
    kommuner = coverage(dataset, view).totals.kommuner
    without = county_bars.uncovered_list(dataset, view, t, links, as_it_is)
    covered = county_bars.covered_list(dataset, view, t, links, as_it_is)
    return {
        "uncovered_name": t.plural("fylker.uncovered", len(uncovered)),
        "uncovered": drawn(without) if len(uncovered) else "",
        "covered_name": t.plural("fylker.covered", kommuner),
        "covered": drawn(covered) if kommuner else "",
        "absence": titles.absence(dataset, t.language),
    }


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
    t = dataset.messages(language)
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
            "list": drawn(
                county_bars.county_list(
                    dataset,
                    view,
                    t,
                    {
                        nr: link(here, page_addresses.county(dataset, year, nr).path(language))
                        for nr in dataset.choices.fylker[year]
                    },
                    as_it_is,
                )
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


def _last_label(dataset: Dataset, kommunenr: str) -> str:
    return dataset.register.label(kommunenr, dataset.register.years_of(kommunenr)[-1])


def all_kommuner(dataset: Dataset, language: str) -> Page:
    """Return the page that lists every kommune of any year by name."""
    t = dataset.messages(language)
    here = KOMMUNER.path(language)
    register = dataset.register
    found = [
        (_last_label(dataset, nr), nr, register.years_of(nr), ", ".join(other_names(dataset, nr)))
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
    t = dataset.messages(language)
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
            "claims": _claims(dataset, verdicts.Shown.of(check(dataset)), t),
            "flags": display_tables.quality_flags(dataset, language),
            "sources": sources(dataset, says),
            "says": says,
            "boundaries": _boundaries(dataset, t),
        },
    )


def _boundaries(dataset: Dataset, t: Messages) -> list[str]:
    lines = []
    for year, own in dataset.library.by_year.items():
        source = t("data.embedded") if own.source == "embedded" else own.source
        line = t("data.boundary", year=year, source=source, base=own.base_year)
        shared = len(own.shared)
        detail = t("data.exact") if own.exact else t.plural("data.shared", shared, str(shared))
        lines.append(f"{line} {detail}")
    owners = dict.fromkeys(d.credit_line(t) for d in dataset.library.by_year.values())
    return [*lines, t("data.credit", credits=", ".join(owners))]


def method(dataset: Dataset, language: str) -> Page:
    """Return the page on method and limitations."""
    t = dataset.messages(language)
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
    t = dataset.messages(language)
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
