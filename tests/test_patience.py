"""Tests wait for states: none asks how long something took, and none sleeps and hopes."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
OURS = {Path(__file__), TESTS / "patience.py"}
FILES = sorted(path for path in TESTS.rglob("*.py") if path not in OURS)
# A time that decides a result: an elapsed one with a limit, or a limit written as a number.
DECIDES = re.compile(
    r"assert .*(monotonic|perf_counter)\(\) - \w+ <"
    r"|timeout=[\d.]+"
    r"|wait_for_timeout\((?!50\))"
    r"|asyncio\.timeout\([\d.]+"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TESTS)))
def test_no_time_decides_a_result(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if DECIDES.search(line)] == []


@pytest.mark.parametrize(
    "line",
    [
        "assert time.monotonic() - started < 5",
        "assert time.perf_counter() - begun < LIMIT",
        "subprocess.run(command, timeout=60)",
        "expect(title).to_be_visible(timeout=5_000)",
        "page.wait_for_timeout(500)",
        "async with asyncio.timeout(30):",
    ],
)
def test_a_time_that_decides_is_seen(line):
    assert DECIDES.search(line)
