"""The front page: the default view as static HTML, and the setup of its script."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo import columns as c
from geo.columns import EVIDENCE_LEVELS
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import COLOURS, SCOPES, View
from geo.places.year_file import year_file
from geo.publish import numbers_page, page_addresses, search_index, texts
from geo.publish.downloads import Downloads
from geo.publish.hashed_files import HashedFiles, map_script, script
from geo.publish.html import HtmlSheet, sheet
from geo.publish.html_page import Page
from geo.publish.page_addresses import FRONT, link, up
from geo.publish.stories import Stories
from geo.report import citations, tables, titles
from geo.report.explain import explain
from geo.report.figures import key_figures, main_figures
from geo.report.provenance import window
from geo.report.tables import headings
from geo.text.languages import LANGUAGES
from geo.text.messages import Messages
from geo.text.numbers import number
from geo.webmap import geometry_routes, webmap


@dataclass(frozen=True)
class LaterParts:
    """Paths of the files that the front page's script fetches, by year where they depend on it."""

    map: str
    script: str
    programme: str
    search: str
    texts: Mapping[str, str]
    numbers: Mapping[int, str]
    stories: Mapping[tuple[int, str], str]
    geometry: Mapping[int, Mapping[str, str]]
    counties: Mapping[int, str]
    neighbours: str
    changes: str

    def early(self, view: View) -> tuple[str, ...]:
        """Return the paths of the files that a view needs as soon as its script is there."""
        return self.programme, self.texts[view.lang], self.numbers[view.year]


def fetched(dataset: Dataset, stories: Stories, hashed: HashedFiles) -> LaterParts:
    """Add the files that the script fetches to the hashed files; return their paths."""
    years = dataset.choices.years
    return LaterParts(
        map=hashed.put("map.js", map_script()),
        script=hashed.put("site.js", script()),
        programme=hashed.put_json("programme.json", numbers_page.programme(dataset)),
        search=hashed.put_json("kommuner.json", search_index.search_index(dataset)),
        texts={
            language: hashed.put_json(f"{language}.json", texts.of_language(dataset, language))
            for language in LANGUAGES
        },
        numbers={y: hashed.put_json(f"{y}.json", numbers_page.of_year(dataset, y)) for y in years},
        stories={
            key: hashed.put_json(f"stories-{key[0]}-{key[1]}.json", story)
            for key, story in stories.items()
        },
        geometry={y: _geometry(dataset, y, hashed) for y in years},
        counties={
            y: hashed.put(f"fylker-{y}.json", gzip.decompress(year_file(dataset.boundaries(y))))
            for y in years
        },
        neighbours=hashed.put("neighbours.json", gzip.decompress(geometry_routes.neighbours())),
        changes=hashed.put_json("changes.json", numbers_page.every_change(dataset)),
    )


def _geometry(dataset: Dataset, year: int, hashed: HashedFiles) -> dict[str, str]:
    drawn = dataset.boundaries(year)
    return {
        detail: hashed.put(f"{drawn.base_year}-{detail}.json", gzip.decompress(content))
        for detail, content in drawn.sent.items()
    }


def front(dataset: Dataset, language: str, downloads: Downloads, sent: LaterParts) -> Page:
    """Return the front page in a language."""
    view = dataset.choices.view(lang=language)
    found = coverage(dataset, view)
    t = dataset.messages(language)
    heading = titles.title(dataset, found, view)
    summary = titles.summary(dataset, found, view)
    return Page(
        FRONT,
        language,
        "front.html",
        f"{heading} – {t('common.name')}",
        summary,
        downloads.picture,
        {
            "kicker": titles.kicker(dataset, found, view),
            "headline": titles.headline(found, view),
            "lead": titles.lead(dataset, found, view),
            "main_figures": main_figures(dataset, view),
            "summary": summary,
            "view": view,
            "figures": _figures(dataset, view),
            "sheet": _table(dataset, view, t),
            "open_table": t.plural(
                "kart.open_table", found.totals.kommuner, number(found.totals.kommuner, language)
            ),
            "open_years": t.plural("kart.open_years", len(dataset.choices.years)),
            "rows_said": _rows_said(dataset, view, t),
            "source_line": titles.source_line(dataset, view),
            "borders": dataset.boundaries(view.year).credit_line(t),
            "setup": _setup(dataset, view, sent, t),
            "follow": citations.FOLLOW,
            "filters": _filters(dataset, view),
            "evidence_window": window(dataset, language),
            "downloads": downloads,
            "projects": [
                (dataset.project(p)[c.NAME], link_to(language, page_addresses.project(p)))
                for p in dataset.choices.projects
            ],
            "county_lists": county_lists(dataset, language),
            "ground": sent.geometry[view.year]["overview"],
        },
    )


def link_to(language: str, place: page_addresses.PageAddress) -> str:
    """Return the relative link from the front page to another page."""
    return link(FRONT.path(language), place.path(language))


def county_lists(dataset: Dataset, language: str) -> dict[int, list[tuple[str, str]]]:
    """Return name and link, from the front page, of every county of every structure year."""
    return {
        year: [
            (str(dataset.register.fylker(year)[c.NAME][nr]), link_to(language, place))
            for nr in dataset.choices.fylker[year]
            for place in [page_addresses.county(dataset, year, nr)]
        ]
        for year in dataset.choices.years
    }


def _figures(dataset: Dataset, view: View) -> list[dict[str, str]]:
    return [
        {**vars(figure), "method": explain(dataset, view, figure.figure).method}
        for figure in key_figures(dataset, view)
    ]


def _table(dataset: Dataset, view: View, t: Messages) -> HtmlSheet:
    table = tables.page_rows(dataset, view)
    names = headings(dataset, view.lang)
    for name in tables.SHOWN_FIGURES:
        table[names[name]] = table[names[name]].str.strip(tables.FIGURE_SPACE)
    table = table.loc[:, (table != "").any()]
    return sheet(table, t("kart.table"), {names[c.LABEL]: lambda row: f"?kommune={row[0]}"})


def _rows_said(dataset: Dataset, view: View, t: Messages) -> str:
    total = len(dataset.register.kommuner(view.year))
    return t(
        "kart.table_rows", rows=len(tables.page_rows(dataset, view)), total=total, year=view.year
    )


def _filters(dataset: Dataset, view: View) -> dict[str, Any]:
    """Return the options of each filter as (code, name); hubs also with their projects."""
    fylker = dataset.register.fylker(view.year)[c.NAME]
    projects = numbers_page.programme(dataset)
    return {
        "years": dataset.choices.years,
        "project": [(p["id"], p["name"]) for p in projects["projects"]],
        "hub": [(h["id"], h["name"], " ".join(h["projects"])) for h in projects["hubs"]],
        "fylke": [(nr, str(fylker[nr])) for nr in dataset.choices.fylker[view.year]],
        # Where no hub outside the projects is known, there is nothing to choose.
        "scope": SCOPES if projects["elsewhere"] else (),
        "points": not dataset.without_hubs,
        "evidence": EVIDENCE_LEVELS,
        "colour": COLOURS,
    }


def _setup(dataset: Dataset, view: View, sent: LaterParts, t: Messages) -> dict[str, Any]:
    """Return the scripts' setup: the first view, and paths relative to the front page."""
    language = view.lang
    root = up(FRONT.path(language))
    years = dataset.choices.years
    return {
        "lang": language,
        "embed": citations.FRAME.replace("{wide}", "100%").replace("{high}", str(citations.HIGH)),
        "kommune": link_to(language, page_addresses.KOMMUNER),
        "failed": t("publish.failed"),
        "first": {**json.loads(webmap.payload(dataset, view)), "id": "0"},
        "map": root + sent.map,
        "rest": root + sent.script,
        "early": [root + path for path in sent.early(view)],
        "programme": root + sent.programme,
        "texts": root + sent.texts[language],
        "search": root + sent.search,
        "numbers": {y: root + path for y, path in sent.numbers.items()},
        "stories": {y: root + sent.stories[y, language] for y in years},
        "neighbours": root + sent.neighbours,
        "changes": root + sent.changes,
        "counties": {y: root + path for y, path in sent.counties.items()},
        "geometry": {
            y: {detail: root + path for detail, path in levels.items()}
            for y, levels in sent.geometry.items()
        },
        "fylker": {
            y: [
                (nr, str(dataset.register.fylker(y)[c.NAME][nr]))
                for nr in dataset.choices.fylker[y]
            ]
            for y in years
        },
    }
