"""Somebody's own programme as an atlas, or everything that is wrong with it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo import atlas as atlases
from geo import figures, routes, tables, webmap
from geo.atlas import Atlas
from geo.messages import messages
from geo.own_data.arrange import Arranged, arrange, missing
from geo.own_data.dropped import Dropped
from geo.package import DESCRIPTOR, REQUIRED
from geo.problem import Problem
from geo.validate import validate
from geo.view import View

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opened:
    """What came of dropped files: an atlas, or problems; notes tell what was assumed of them."""

    atlas: Atlas | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def opened(dropped: Sequence[Dropped], language: str) -> Opened:
    """Read, check and draw dropped files. Never raises for what they hold, never writes a file."""
    t = messages(language)
    made = arrange(dropped, t)
    if made.tables and not any(len(grid.rows) > 1 for grid in made.tables.values()):
        text = t("egne_data.empty", tables=", ".join(REQUIRED))
        return Opened(problems=(Problem(t("egne_data.all"), None, "", "", text),))
    problems = [*made.problems, *missing(made, t), *_checked(made, language)]
    if problems:
        return Opened(problems=tuple(dict.fromkeys(problems)), notes=tuple(made.notes))
    try:
        atlas = atlases.load(made.files)
        _try(atlas, language)
    except Exception:  # noqa: BLE001 - nothing that somebody drops may stop the page
        # Whatever the checks let through: the reader gets a sentence, and we the traceback.
        _log.exception("A dropped package passed the checks and could not be drawn")
        broken = Problem(t("egne_data.all"), None, "", "", t("egne_data.broken"))
        return Opened(problems=(broken,), notes=tuple(made.notes))
    return Opened(atlas, notes=tuple(made.notes))


def _checked(made: Arranged, language: str) -> list[Problem]:
    """Return what validation finds, told of the files as they were dropped."""
    absent = {name for name in REQUIRED if name not in made.tables}
    return [
        replace(problem, file=made.shown.get(problem.file, problem.file))
        for problem in (validate(made.files, language) if made.tables else ())
        # `missing` tells it with what the table holds.
        if not (problem.file == DESCRIPTOR and problem.value in absent)
    ]


def _try(atlas: Atlas, language: str) -> None:
    """Work out the first view of every year, so that no page meets the first trouble."""
    for year in atlas.choices.years:
        view = View(lang=language, year=year)
        webmap.layer(atlas, view)
        tables.listed(atlas, view)
        figures.key_figures(atlas, view)
    routes.geometries(atlas)
