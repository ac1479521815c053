"""How long tests wait for what must come: for a state, never for a time.

A patience ends a test that hangs; it decides no result. On an idle machine everything here comes
within some seconds, so there is room for one that is a hundred times as slow. Whoever works on a
test that fails may be less patient: TEST_PATIENCE=10.
"""

import asyncio
import os
import time
from collections.abc import Callable

import pytest

SECONDS = float(os.environ.get("TEST_PATIENCE", "600"))
MILLISECONDS = SECONDS * 1000  # as Playwright counts
_LOOK_EVERY = 0.05


def until(true: Callable[[], object], what: str = "") -> None:
    """Wait until something is true; fail the test if it never comes to be."""
    end = time.monotonic() + SECONDS
    while not true():
        _give_up(end, what)
        time.sleep(_LOOK_EVERY)


async def until_async(true: Callable[[], object], what: str = "") -> None:
    """Wait until something is true, and let others of the loop go on meanwhile."""
    end = time.monotonic() + SECONDS
    while not true():
        _give_up(end, what)
        await asyncio.sleep(_LOOK_EVERY)


def _give_up(end: float, what: str) -> None:
    if time.monotonic() > end:
        pytest.fail(f"{what or 'what was waited for'}: not in {SECONDS:.0f} seconds")
