"""The tests' clock: odd hours for what touches dates, and any hour for the whole suite.

A test that is marked `dates` runs at each of the MOMENTS, where the machine's own day is another
than Norway's. `--clock 2026-12-31T23:30Z` lets everything run as if it had begun then.
The clocks go on, as clocks do, and processes that tests start have the same one.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from geo.base.clock import now

ELSEWHEN = Path(__file__).parent / "elsewhen"
AHEAD = "TEST_CLOCK_AHEAD"
# Hours before midnight in UTC; it is midnight in Norway one or two hours before.
_LATE = 4


@dataclass(frozen=True)
class Moment:
    """A time, a machine's time zone, and the day that it is in Norway."""

    at: str
    zone: str
    day: str


MOMENTS = {
    "new-year": Moment("2026-12-31T23:30Z", "America/Los_Angeles", "2027-01-01"),
    "july": Moment("2027-07-14T22:30Z", "UTC", "2027-07-15"),
    "ahead": Moment("2026-12-31T11:30Z", "Pacific/Kiritimati", "2026-12-31"),
}


def begins(now: datetime, wanted: str | None) -> datetime | None:
    """Return when a run of the tests is to begin; None if it can be now.

    Tests compare what was made some minutes apart, so no day may end while they run: late in the
    evening they run as if it were past midnight.
    """
    if wanted:
        return datetime.fromisoformat(wanted)
    return now + timedelta(hours=_LATE) if now.hour >= 24 - _LATE else None


def travel(moment: datetime) -> time_machine.travel:
    """Return a way to a moment; as a number, since a zone would become the machine's."""
    return time_machine.travel(moment.timestamp())


@contextmanager
def living(moment: Moment) -> Iterator[Moment]:
    """Live at a moment, on a machine with its time zone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", moment.zone)
        time.tzset()
        with travel(datetime.fromisoformat(moment.at)):
            yield moment
    time.tzset()


def machines_day() -> str:
    """Return the day that a program would take for today if it asked the machine."""
    return time.strftime("%Y-%m-%d")


def ahead() -> float:
    """Return how many seconds the tests' clock is ahead of the machine's."""
    hatch = time_machine.escape_hatch
    return time.time() - hatch.time.time() if hatch.is_travelling() else 0.0


class Popen(subprocess.Popen):
    """Starts processes that live at the tests' time, where that is another than the machine's."""

    def __init__(self, *args: Any, env: Any = None, **options: Any) -> None:
        if abs(ahead()) > 1:
            env = dict(os.environ if env is None else env)
            paths = [str(ELSEWHEN), *filter(None, [env.get("PYTHONPATH")])]
            env |= {"PYTHONPATH": os.pathsep.join(paths), AHEAD: str(ahead())}
        super().__init__(*args, env=env, **options)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--clock", metavar="TIME", help="run as if begun then: 2026-12-31T23:30Z")


def pytest_configure(config: pytest.Config) -> None:
    subprocess.Popen = Popen
    moment = begins(now(), config.getoption("clock"))
    if moment is not None:
        way = travel(moment)
        way.start()
        config.add_cleanup(way.stop)


def pytest_report_header() -> str:
    return f"clock: {now():%Y-%m-%d %H:%M} UTC, time zone {os.environ.get('TZ', 'as is')}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("dates"):
        metafunc.parametrize("clock", MOMENTS.values(), ids=MOMENTS, indirect=True)


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[Moment | None]:
    """The moment at which a test lives that is marked `dates`; None for all others."""
    moment = getattr(request, "param", None)
    if moment is None:
        yield None
        return
    with living(moment):
        yield moment
