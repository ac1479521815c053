"""Renders every view once before data are served, so that errors do not reach readers."""

import logging
from typing import NamedTuple

from geo.base.cache import OWNER, cache_on
from geo.columns import EVIDENCE_LEVELS
from geo.coverage.dataset import Dataset
from geo.coverage.join import coverage
from geo.coverage.view import COLOURS, View
from geo.drawings import still_map
from geo.report import figures, tables, titles
from geo.text.messages import messages
from geo.webmap import webmap

# Takes a second for a programme of our size; larger ones are only sampled.
_MOST_PROJECTS = 12
_log = logging.getLogger(__name__)


class _Fault(NamedTuple):
    """A view that cannot be rendered, and why."""

    view: View
    why: str


def faults(dataset: Dataset, language: str) -> list[str]:
    """Return a sentence about the first view that cannot be rendered; empty if all can."""
    fault = _first_fault(dataset)
    if fault is None:
        return []
    t = messages(language)
    chosen = ", ".join(fault.view.project) or t("validate.everything")
    return [t("validate.no_view", year=fault.view.year, chosen=chosen, why=fault.why)]


@cache_on(OWNER)
def _first_fault(dataset: Dataset) -> _Fault | None:
    for view in views(dataset):
        try:
            _make(dataset, view)
        except Exception as error:  # noqa: BLE001 - see below
            # For anything the checks missed, the user gets a sentence and the log the traceback.
            _log.exception("data passed the checks and a view of them cannot be made")
            return _Fault(view, f"{type(error).__name__}: {error}"[:200])
    return None


def views(dataset: Dataset) -> list[View]:
    """Return the views to try: each year with each project, evidence level and colour."""
    choices = dataset.choices
    found = []
    for year in choices.years:
        whole = View(year=year)
        found += [whole.but(evidence=level, colour=COLOURS[0]) for level in EVIDENCE_LEVELS]
        found += [whole.but(colour=colour) for colour in COLOURS[1:]]
        found += [whole.but(project=(one,)) for one in choices.projects[:_MOST_PROJECTS]]
    return found


def _make(dataset: Dataset, view: View) -> None:
    titles.summary(dataset, coverage(dataset, view), view)
    webmap.layer(dataset, view)
    tables.page_rows(dataset, view)
    figures.key_figures(dataset, view)
    still_map.scene(dataset, view)
