"""The key figures of a view as text: title, value, and evidence, range and year."""

from collections.abc import Mapping
from dataclasses import dataclass

from geo.columns import GRANT_PER_INHABITANT_YEAR, POPULATION_COVERED
from geo.coverage.bounds import Range
from geo.coverage.dataset import Dataset
from geo.coverage.join import Coverage, coverage
from geo.coverage.money import kind_of
from geo.coverage.totals import Totals
from geo.coverage.view import View
from geo.report.explain import FIGURES, FYLKER, GRANT, KOMMUNER, SHARE, heading
from geo.report.titles import evidence_text
from geo.report.wording import kroner_parts, least_and_most, of_kind, people_parts, share_parts
from geo.text.messages import Messages, messages
from geo.text.numbers import EN_DASH, number

MAIN = (KOMMUNER, POPULATION_COVERED, GRANT)


@dataclass(frozen=True)
class KeyFigure:
    """A key figure as text; `figure` is one of geo.report.explain.FIGURES."""

    figure: str
    title: str
    value: str
    detail: str


def key_figures(dataset: Dataset, view: View) -> tuple[KeyFigure, ...]:
    """Return the key figures of a view in display order."""
    details = _details(coverage(dataset, view), view, messages(view.lang))
    return tuple(
        KeyFigure(figure, *heading(dataset, view, figure), details.get(figure, ""))
        for figure in FIGURES
    )


def main_figures(dataset: Dataset, view: View) -> tuple[KeyFigure, ...]:
    """Return the three figures that stand beside the map, each with a detail of a few words."""
    totals, t = coverage(dataset, view).totals, messages(view.lang)
    parts = t("titles.parts_only") if totals.partly else ""
    details = {
        KOMMUNER: [_ends(totals.kommuner_range, view.lang)],
        POPULATION_COVERED: [_ends(totals.population_covered, view.lang), parts],
        GRANT: [_per_head(dataset, totals, t)],
    }
    return tuple(
        KeyFigure(figure, *heading(dataset, view, figure), "; ".join(filter(None, details[figure])))
        for figure in MAIN
    )


def _per_head(dataset: Dataset, totals: Totals, t: Messages) -> str:
    per_head = totals.grant_per_inhabitant_year
    if not per_head:
        return ""
    text = t("kart.per_head", n=number(per_head.value, t.language, 2))
    return of_kind(kind_of(dataset, totals.projects), text, t)


def _ends(figure: Range, language: str) -> str:
    """Return the range of a figure that depends on an assumption, "42–45", else ""."""
    ends = (number(value, language) for value in (figure.low, figure.high))
    return "" if figure.certain else EN_DASH.join(ends)


def _details(found: Coverage, view: View, t: Messages) -> Mapping[str, str]:
    """Return the parts by evidence, the structure and the range of each figure that has them."""
    totals, lang = found.totals, view.lang
    structure = t("kart.structure", year=view.year)
    kommuner = f"{evidence_text(found, lang)}; {structure}" if totals.kommuner else structure
    everybody = number(totals.population_kommuner, lang)
    in_parts = parts_only = ""
    if totals.partly:
        in_parts = t.plural("titles.in_parts", totals.kommuner, everybody=everybody)
        parts_only = t("titles.parts_only")
    details = {
        KOMMUNER: [kommuner, _span(totals.kommuner_range, lang, "kommuner")],
        FYLKER: [structure, _span(totals.fylker_range, lang, "fylker")],
        POPULATION_COVERED: [
            in_parts,
            people_parts(totals, lang),
            _span(totals.population_covered, lang, "people"),
        ],
        SHARE: [
            parts_only,
            share_parts(totals, lang),
            _span(totals.share.map(lambda share: share * 100), lang, "percent", 1),
        ],
        GRANT_PER_INHABITANT_YEAR: [
            kroner_parts(totals, lang),
            _span(totals.grant_per_inhabitant_year, lang, "kroner", 2),
        ],
    }
    return {figure: "; ".join(filter(None, texts)) for figure, texts in details.items()}


def _span(figure: Range | None, language: str, unit: str, decimals: int = 0) -> str:
    if figure is None or figure.certain:
        return ""
    return least_and_most(figure, language, unit, decimals)
