"""The fact sheet: a tagged A4 PDF (PDF/UA-1 and PDF/A-2a), typeset with Typst."""

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import typst

from geo import columns as c
from geo.base import fonts
from geo.base.cache import DRAWINGS, FACTSHEETS, cache_on
from geo.base.links import web
from geo.base.look_data import DRAWING
from geo.brief import picture
from geo.brief.picture import NO_WORDS, Words
from geo.coverage.dataset import Dataset
from geo.coverage.join import Coverage, coverage
from geo.coverage.view import View
from geo.report.claims import check, split_tested
from geo.report.display_tables import claims_table
from geo.report.figures import key_figures
from geo.report.sources import Source, sources
from geo.report.titles import credit, summary, title
from geo.report.wording import listed, shortened
from geo.text import signs
from geo.text.messages import Messages
from geo.versions.corrections import notice

TEMPLATE = Path(__file__).parent / "factsheet.typ"
STANDARDS = ["ua-1", "a-2a"]  # PDF/UA-1 for accessibility and PDF/A-2a for archives, in one file
_LONGEST = 1500  # characters of a text from the package; the sheet is a page or two
_LONGEST_FYLKE = 60  # characters in the first of two columns
_ENDLESS = re.compile(r"\S{41,}")  # longer than any Norwegian word
_PART = re.compile(r"\S{25}(?=\S)")


@cache_on(DRAWINGS, daily=True)
def pdf(dataset: Dataset, view: View, words: Words = NO_WORDS) -> bytes:
    """Return the fact sheet of a view as PDF."""
    return bytes(_set(dataset, view, words, format="pdf", pdf_standards=STANDARDS))


@cache_on(FACTSHEETS, daily=True)
def pages(dataset: Dataset, view: View, words: Words = NO_WORDS) -> tuple[bytes, ...]:
    """Return the fact sheet's pages as PNG, for the preview."""
    made = _set(dataset, view, words, format="png", ppi=96)
    return tuple(made) if isinstance(made, list) else (made,)


def _set(dataset: Dataset, view: View, words: Words, **how: Any) -> Any:
    drawn = picture.svg(dataset, view, "sheet", words)
    given = json.dumps(_fitted(_given(dataset, view, words)))
    inputs = {"given": given, "map": drawn.decode("utf-8")}
    return typst.compile(
        TEMPLATE,
        font_paths=[fonts.folder(), signs.FONTS],
        ignore_system_fonts=True,
        sys_inputs=inputs,
        **how,
    )


def _given(dataset: Dataset, view: View, words: Words) -> dict[str, Any]:
    t = dataset.messages(view.lang)
    found = coverage(dataset, view)
    text = summary(dataset, found, view)
    return {
        "lang": view.lang,
        "looks": DRAWING["page"],
        "title": title(dataset, found, view),
        "own_title": words.title,
        "note": words.note,
        "author": t("common.name"),
        # The day of the data, so that a view gives the same file on any day.
        "day": dataset.data_day.isoformat(),
        "keywords": [t("common.name"), str(view.year)],
        "summary": text,
        "alt": t("brief.alt", summary=text),
        "credit": credit(dataset, view),
        "corrected": notice(dataset, view),
        "address": words.address,
        "printed": words.printed,
        "figures": [
            {"title": one.title, "value": one.value, "detail": one.detail}
            for one in key_figures(dataset, view)
        ],
        "covered_title": t("brief.covered", year=view.year),
        "covered_none": t("fylker.none_covered"),
        "covered": _sheet(covered_by_fylke(found, t)),
        "claims_title": t("prosjekter.claims"),
        "claims": _sheet(_claims(dataset, view)),
        "deviations": _deviations(dataset, view),
        "sources_title": t("common.sources"),
        "sources": [_source(s, view.lang) for s in behind(dataset, found, view)],
    }


def _fitted(given: Any) -> Any:
    """Return the template's input with long words breakable and unsupported characters replaced."""
    if isinstance(given, dict):
        return {key: one if key in _ADDRESSES else _fitted(one) for key, one in given.items()}
    if isinstance(given, list):
        return [_fitted(one) for one in given]
    text = signs.written(signs.safe(given), slanted=False)
    return _ENDLESS.sub(lambda word: _PART.sub("\\g<0>\N{ZERO WIDTH SPACE}", word.group()), text)


_ADDRESSES = ("address", "link")


def covered_by_fylke(found: Coverage, t: Messages) -> pd.DataFrame:
    """Return one row per county with covered kommuner, with a default index.

    Columns, by their translated names: fylke (with the number of kommuner), kommuner (listed by
    name; partly covered ones and weaker evidence are marked).
    """
    rows = [
        {
            t("tables.fylke"): f"{shortened(fylke, _LONGEST_FYLKE)} ({len(group)})",
            t("brief.kommuner"): listed(
                (_named(row, t) for _, row in group.sort_values(c.LABEL).iterrows()), t.language
            ),
        }
        for fylke, group in found.covered.groupby(c.FYLKE, sort=False)
    ]
    return pd.DataFrame(rows)


def _named(row: "pd.Series[Any]", t: Messages) -> str:
    marks = [t(f"coverage.{row[c.STATE]}").lower()] if row[c.STATE] == c.PARTLY else []
    if row[c.EVIDENCE] != c.DOCUMENTED:
        marks.append(t(f"coverage.{row[c.EVIDENCE]}").lower())
    label = shortened(str(row[c.LABEL]))
    return f"{label} ({', '.join(marks)})" if marks else label


def _about(view: View) -> str:
    """Return the project whose claims the sheet shows; "" for those of the programme."""
    return view.project[0] if len(view.project) == 1 else ""


def _claims(dataset: Dataset, view: View) -> pd.DataFrame:
    mine = [one for one in check(dataset) if one.project_id == _about(view)]
    tested, others = split_tested(mine)
    table = claims_table((*tested, *others), view.lang)
    return table.map(lambda text: shortened(text, _LONGEST))


def _deviations(dataset: Dataset, view: View) -> list[str]:
    return [
        shortened(one.explanation(view.lang), _LONGEST)
        for one in check(dataset)
        if one.verdict == c.DEVIATES and one.project_id == _about(view)
    ]


def behind(dataset: Dataset, found: Coverage, view: View) -> tuple[Source, ...]:
    """Return every source behind the rows and the claims of a view, each once."""
    ids = dict.fromkeys(s for cell in found.covered[c.SOURCE_IDS] for s in cell)
    for one in check(dataset):
        if one.project_id == _about(view):
            ids.update(dict.fromkeys(s.source_id for s in one.claim_sources + one.found_sources))
    return sources(dataset, sorted(ids))


def _source(source: Source, language: str) -> dict[str, str]:
    text, url = shortened(source.cite(language), _LONGEST), shortened(source.url, _LONGEST)
    return {"id": source.source_id, "text": text, "url": url, "link": web(source.url)}


def _sheet(table: pd.DataFrame) -> dict[str, Any]:
    return {"headings": list(table.columns), "rows": table.astype(str).to_numpy().tolist()}
