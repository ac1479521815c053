"""Whether this process is alive, and whether readers should be sent to it."""

import logging
from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from geo import settings
from geo.coverage.dataset import Dataset
from geo.errors import GeoError
from geo.uploads.intake import examined
from geo.versions import reload

_log = logging.getLogger(__name__)


@dataclass
class _State:
    faulty: Dataset | None = None
    leaving: bool = False


_state = _State()


def check() -> None:
    """Validate the data once, before the first reader; list in the log what is wrong with them.

    Data that can be served in spite of their faults are served, but the process is not ready until
    they are corrected on disk. Raises PackageInvalid if they cannot be.
    """
    issues = examined(settings.DATA_DIR).issues
    for issue in issues:
        _log.error("data not valid", extra={"fields": {"problem": str(issue)}})
    _state.faulty = reload.current() if issues else None


def leave() -> None:
    """Say from now on that readers should be sent elsewhere."""
    _state.leaving = True


def leaving() -> bool:
    """Say whether the process is about to stop."""
    return _state.leaving


def ready() -> bool:
    """Say whether readers should be sent here: data loaded and valid, and not about to stop."""
    try:
        return not leaving() and reload.current() is not _state.faulty
    except (GeoError, OSError):
        return False


def healthz() -> Response:
    """Answer that the process is alive."""
    return JSONResponse({"alive": True}, headers={"Cache-Control": "no-store"})


def readyz() -> Response:
    """Answer whether readers should be sent here."""
    answer = {"ready": ready(), "leaving": leaving()}
    status = 200 if answer["ready"] else 503
    return JSONResponse(answer, status, headers={"Cache-Control": "no-store"})
