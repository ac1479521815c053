"""One line of JSON per event on standard output, and nothing about a person in it.

What others' code logs is written without the values it names: they are addresses, file names and
texts of readers. Errors are told by their kind and by where they happened; their texts may quote
what somebody typed or dropped.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geo.settings import ROOT

_QUIET = ("uvicorn", "watchdog")  # they announce every connection


class Lines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage() if _ours(record) else str(record.msg).strip(),
            "from": record.name,
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["errors"] = [_told(error) for error in _chain(record.exc_info[1])]
        return json.dumps(line, ensure_ascii=False, default=str)


class _Ours(logging.Logger):
    """A logger of others that cannot have a voice of its own."""

    def addHandler(self, hdlr: logging.Handler) -> None:  # noqa: N802
        """Leave the handler out."""

    def callHandlers(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Write where everybody writes, whatever `propagate` says."""
        logging.getLogger().callHandlers(record)


def start() -> None:
    """Send everything that is logged to standard output, one line each.

    To be called before Streamlit and uvicorn are imported, which make their loggers then.
    """
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(Lines())
    handler.addFilter(_worth_a_line)
    root = logging.getLogger()
    root.handlers = [handler]
    logging.getLogger("geo").setLevel(logging.INFO)
    logging.setLoggerClass(_Ours)


def _worth_a_line(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or not record.name.startswith(_QUIET)


def _ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] == "geo"


def _chain(error: BaseException | None) -> list[BaseException]:
    """Return an error and what led to it."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _told(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "where": where}


def _short(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else file
