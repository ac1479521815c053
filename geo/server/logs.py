"""Log to standard output, one JSON object per line, without personal data.

Messages of third-party code are logged as templates, without their values: these may be client
addresses, file names or text from users. Errors and warnings are logged by type and place, since
their messages may quote what a user typed or uploaded.
"""

import faulthandler
import json
import logging
import sys
import threading
import traceback
import warnings
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from geo.server.output import plain, short

_QUIET = ("uvicorn", "watchdog")  # they log every connection
_log = logging.getLogger("geo.process")


class LogLines(logging.Formatter):
    """Format a log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as ASCII JSON, so that no Unicode line separator can split it."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage() if _ours(record) else _template(record),
            "from": record.name,
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["errors"] = [_error_fields(error) for error in _chain(record.exc_info[1])]
        return json.dumps(line, default=str)


class _Ours(logging.Logger):
    """Logger for third-party code: it has no handlers of its own and always uses the root's."""

    def addHandler(self, hdlr: logging.Handler) -> None:  # noqa: N802
        """Ignore the handler."""

    def callHandlers(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Pass the record to the root logger, whatever `propagate` says."""
        logging.getLogger().callHandlers(record)


def start() -> None:
    """Log everything to standard output, one JSON line each, with warnings and uncaught errors.

    Call this before importing Streamlit and uvicorn, which create their loggers at import.
    """
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(LogLines())
    handler.addFilter(_worth_a_line)
    root = logging.getLogger()
    root.handlers = [handler]
    logging.getLogger("geo").setLevel(logging.INFO)
    logging.setLoggerClass(_Ours)
    logging.raiseExceptions = False  # it would print what could not be formatted, with its values
    warnings.showwarning = _warned  # type: ignore[assignment]  # file and line: unused
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable
    faulthandler.enable(sys.stderr)  # geo.server.output turns crash traces into JSON


def _worth_a_line(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or not record.name.startswith(_QUIET)


def _ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] == "geo"


def _template(record: logging.LogRecord) -> str:
    """Return a third-party message without its values, redacted if already formatted."""
    lines = str(record.msg).strip().splitlines() or [""]
    if lines[0].startswith("Traceback"):
        return f"uncaught {lines[-1].partition(':')[0]}"
    return plain(lines[0])


# -- uncaught errors and warnings -----------------------------------------------------------------


def _warned(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: object
) -> None:
    kind = type(message).__name__ if isinstance(message, Warning) else category.__name__
    fields = {"warning": kind, "where": [f"{short(filename)}:{lineno}"]}
    _log.warning("warning", extra={"fields": fields})


def _uncaught(
    kind: type[BaseException], error: BaseException, _trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        _log.info("interrupted")
        return
    _log.critical("uncaught error", exc_info=error)


def _uncaught_in_thread(about: threading.ExceptHookArgs) -> None:
    if about.exc_value is not None:
        _log.error("uncaught error in a thread", exc_info=about.exc_value)


def _unraisable(about: "sys.UnraisableHookArgs") -> None:
    if about.exc_value is not None:
        _log.error("error while tidying up", exc_info=about.exc_value)


def _chain(error: BaseException | None) -> list[BaseException]:
    """Return an error and its causes, the error itself first."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _error_fields(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "where": where}
