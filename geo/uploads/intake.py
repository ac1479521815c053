"""Checks whether a package can be served: validates it, loads it and renders every view."""

import argparse
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from geo import settings
from geo.coverage import dataset as datasets
from geo.coverage.dataset import Dataset
from geo.dataset.package import DESCRIPTOR
from geo.dataset.storage import Files
from geo.text import languages
from geo.text.messages import messages
from geo.uploads import last_valid, trial
from geo.validation.issue import Issue
from geo.validation.validate import Report, examine

_log = logging.getLogger(__name__)


def examined(package: Path | Files, language: str = languages.COMMAND_LINE) -> Report:
    """Return the issues of a package and of its views. Never raises."""
    report = examine(package, language)
    if report.issues:
        return report
    return Report(tried(partial(datasets.load, package), language), report.notes)


def tried(load: Callable[[], Dataset], language: str) -> tuple[Issue, ...]:
    """Return the issues of the views of a package that passed the checks. Never raises."""
    try:
        wrong = trial.faults(load(), language)
    except Exception as error:  # noqa: BLE001 - a package's content must not end the command
        _log.exception("a package passed the checks and cannot be loaded")
        wrong = [messages(language)("validate.not_loaded", why=f"{type(error).__name__}: {error}")]
    return tuple(Issue(DESCRIPTOR, None, "", "", text) for text in wrong)


def add_command(commands: Any) -> None:
    """Add `validate` to the command line."""
    parser = commands.add_parser("validate", help="check a data package")
    parser.add_argument("folder", nargs="?", type=Path, default=settings.DATA_DIR, metavar="DIR")
    parser.add_argument("--lang", choices=languages.LANGUAGES, default=languages.COMMAND_LINE)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print all issues and notes; return 1 if there are issues.

    A server that starts with the same data then does not check them again.
    """
    stamp = last_valid.stamp_of(arguments.folder)
    report = examined(arguments.folder, arguments.lang)
    t = messages(arguments.lang)
    for note in report.notes:
        print(t("validate.note", note=note))  # noqa: T201
    for issue in report.issues:
        print(issue)  # noqa: T201
    if report.issues:
        print(t.plural("validate.found", len(report.issues)))  # noqa: T201
        return 1
    last_valid.remember(stamp)
    print(t("validate.fine", folder=arguments.folder.name))  # noqa: T201
    return 0
