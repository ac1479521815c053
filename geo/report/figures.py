"""The key figures of a view as text: title, value, and evidence, range and year."""

from collections.abc import Mapping
from dataclasses import dataclass

from geo.columns import GRANT_PER_INHABITANT_YEAR, POPULATION_COVERED
from geo.coverage.alternatives import Range
from geo.coverage.dataset import Dataset
from geo.coverage.join import Coverage, coverage
from geo.coverage.view import View
from geo.report.explain import FIGURES, FYLKER, KOMMUNER, SHARE, heading
from geo.report.titles import between, evidence_text
from geo.text.messages import Messages, messages
from geo.text.numbers import number


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


def _details(found: Coverage, view: View, t: Messages) -> Mapping[str, str]:
    totals = found.totals
    structure = t("kart.structure", year=view.year)
    details = dict.fromkeys((KOMMUNER, FYLKER), structure)
    if totals.kommuner:
        details[KOMMUNER] = f"{evidence_text(found, view.lang)}; {structure}"

    def span(figure: str, values: Range | None, unit: str, decimals: int = 0) -> None:
        if values is not None and not values.certain:
            details[figure] = between(values, view.lang, unit, decimals)

    def beside(figure: str, text: str) -> None:
        details[figure] = "; ".join(filter(None, (text, details.get(figure))))

    span(POPULATION_COVERED, totals.population_covered, "people")
    span(SHARE, totals.share.map(lambda share: share * 100), "percent", 1)
    span(GRANT_PER_INHABITANT_YEAR, totals.grant_per_inhabitant_year, "kroner", 2)
    if totals.partly:
        everybody = number(totals.population_kommuner, view.lang)
        of_all = t.plural("titles.in_parts", totals.kommuner, everybody=everybody)
        beside(POPULATION_COVERED, of_all)
        beside(SHARE, t("titles.parts_only"))
    return details
