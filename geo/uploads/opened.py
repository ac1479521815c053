"""Opens uploaded files as a dataset, or reports everything that is wrong with them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo.coverage import dataset as datasets
from geo.coverage.dataset import Dataset
from geo.dataset.package import DESCRIPTOR, REQUIRED
from geo.text.messages import Messages, messages
from geo.uploads import trial
from geo.uploads.arrange import Arranged, arrange, missing
from geo.uploads.dropped import Dropped
from geo.validation.issue import Issue, grouped
from geo.validation.validate import Report, examine
from geo.webmap import geometry_routes

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opened:
    """The result of an upload: a dataset or issues; notes tell what was corrected."""

    dataset: Dataset | None = None
    issues: tuple[Issue, ...] = ()
    notes: tuple[str, ...] = ()


def opened(dropped: Sequence[Dropped], language: str) -> Opened:
    """Read, check and render uploaded files. Never raises for their content or writes to disk."""
    t = messages(language)
    made = arrange(dropped, t)
    if made.tables and not any(len(grid.rows) > 1 for grid in made.tables.values()):
        text = t("egne_data.empty", tables=", ".join(REQUIRED))
        return Opened(issues=(Issue(t("egne_data.all"), None, "", "", text),))
    issues = [*made.issues, *missing(made, t), *_checked(made, language)]
    if issues:
        return Opened(issues=grouped(issues, t), notes=tuple(made.notes))
    try:
        dataset = datasets.load(made.files)
        wrong = trial.faults(dataset, language)
    except Exception:  # noqa: BLE001 - see below
        # For anything the checks missed, the user gets a sentence and the log the traceback.
        _log.exception("a dropped package passed the checks and cannot be loaded")
        wrong = [t("egne_data.broken")]
    if wrong:
        broken = tuple(Issue(t("egne_data.all"), None, "", "", text) for text in wrong)
        return Opened(issues=broken, notes=tuple(made.notes))
    geometry_routes.geometries(dataset)
    return Opened(dataset, notes=tuple(made.notes))


def _checked(made: Arranged, language: str) -> list[Issue]:
    """Return validation issues in terms of the files as uploaded."""
    absent = {name for name in REQUIRED if name not in made.tables}
    t = messages(language)
    report = examine(made.files, language) if made.tables else Report()
    made.notes += [_note_text(_as_dropped(note, made), t) for note in report.notes]
    return [
        _as_dropped(issue, made)
        for issue in report.issues
        # `missing` reports these, and says what the table holds.
        if not (issue.file == DESCRIPTOR and issue.value in absent)
    ]


def _as_dropped(issue: Issue, made: Arranged) -> Issue:
    """Return an issue with the uploaded file's own name and row number."""
    row = issue.row and issue.row + made.above.get(issue.file, 0)
    return replace(issue, file=made.shown.get(issue.file, issue.file), row=row)


def _note_text(note: Issue, t: Messages) -> str:
    return f"{note.place(t)}: {note.message}"
