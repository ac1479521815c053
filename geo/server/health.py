"""Liveness and readiness probes (/healthz, /readyz)."""

import logging
from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from geo import settings
from geo.coverage.dataset import Dataset
from geo.errors import GeoError
from geo.server import handover
from geo.text.languages import COMMAND_LINE
from geo.uploads import last_valid
from geo.uploads.intake import tried
from geo.validation.validate import validate
from geo.versions import reload

_log = logging.getLogger(__name__)


@dataclass
class _State:
    faulty: Dataset | None = None
    leaving: bool = False


_state = _State()


def check() -> None:
    """Validate the data once at start, unless they are known to be valid, and log every issue.

    Data with issues are served if they can be loaded, but the process is not ready until they are
    corrected on disk. Raises PackageInvalid if they cannot be loaded.
    """
    stamp = last_valid.stamp_of(settings.DATA_DIR)
    if last_valid.known(stamp):
        reload.current()
        return
    found = validate(settings.DATA_DIR)
    # What is tried here is what will be served: its views are then at hand.
    issues = found or tried(reload.current, COMMAND_LINE)
    for issue in issues:
        _log.error("data not valid", extra={"fields": {"problem": str(issue)}})
    _state.faulty = reload.current() if issues else None
    if not issues:
        last_valid.remember(stamp)


def leave() -> None:
    """Mark the process as shutting down; it reports not ready from now on."""
    _state.leaving = True


def leaving() -> bool:
    """Return whether the process is shutting down."""
    return _state.leaving


def ready() -> bool:
    """Return whether data are loaded and valid, and the process is not shutting down."""
    try:
        return not leaving() and reload.current() is not _state.faulty
    except (GeoError, OSError):
        return False


def healthz() -> Response:
    """Return the liveness response: always 200."""
    return JSONResponse({"alive": True}, headers={"Cache-Control": "no-store"})


def all_ready() -> bool:
    """Return whether this process is ready, and every other worker of the server."""
    worker = handover.current()
    return ready() and (worker is None or worker.table.all_ready())


def readyz() -> Response:
    """Return the readiness response: 200 if all workers are ready, else 503.

    A worker that died does not count until its successor listens: the others serve meanwhile.
    """
    answer = {"ready": all_ready(), "leaving": leaving()}
    status = 200 if answer["ready"] else 503
    return JSONResponse(answer, status, headers={"Cache-Control": "no-store"})
