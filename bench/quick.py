"""Count what a change of filter costs, in calls, messages and bytes: numbers without a clock.

`make bench-quick` prints them beside the recorded budget, and so does a test, which fails if a
count is more than a fifth above it. `python -m bench.quick --record` records a new one.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from bench import client, servers
from geo.coverage.dataset import Dataset, load
from geo.coverage.join import coverage
from geo.coverage.view import View, to_query
from geo.report import figures, legend, tables, titles
from geo.settings import ROOT
from geo.text.messages import messages
from geo.webmap import webmap

BUDGET = Path(__file__).parent / "budget.json"
TOLERANCE = 1.2
ENGINE = "calls of the engine for a view that nobody has seen"
MESSAGES = "messages per change"
CONTENT = "bytes per change, before compression"
WIRE = "bytes per change, on the wire"


def views(dataset: Dataset) -> list[View]:
    """Return ten views that differ in what they count: years, counties, projects, evidence."""
    every, years = dataset.choices, dataset.choices.years
    return [
        every.view(year=year, fylke=every.fylker[year][place : place + 2], **other)
        for year in years[:2]
        for place, other in enumerate(
            (
                {},
                {"evidence": "inferred"},
                {"project": every.projects[:1], "colour": "evidence"},
                {"hub": every.hubs[:2], "lines": True},
                {"uncovered": True, "colour": "grant"},
            )
        )
    ]


def engine(dataset: Dataset) -> int:
    """Return how many calls a view takes, the mean of ten, with the figures of their years at hand.

    Calls of Python's functions and of those that are written in C.
    """
    asked = views(dataset)
    for year in {view.year for view in asked}:
        everything(dataset, dataset.choices.view(year=year))
    counted = _calls(lambda: [everything(dataset, view) for view in asked])
    return round(counted / len(asked))


def everything(dataset: Dataset, view: View) -> None:
    """Make what the map page shows of a view."""
    found, t = coverage(dataset, view), messages(view.lang)
    webmap.payload(dataset, view)
    legend.legend(dataset, found, view, t)
    figures.main_figures(dataset, view)
    titles.summary(dataset, found, view)
    tables.page_columns(dataset, view)


def _calls(work: Callable[[], Any]) -> int:
    count = 0

    def seen(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


async def socket(dataset: Dataset, address: str) -> dict[str, int]:
    """Return what a server sends per change of filter, medians over ten views."""
    default = dataset.choices.default_year
    queries = [to_query(view, default) for view in (dataset.choices.view(), *views(dataset))]
    sent = await client.sent_per_change(address, queries)
    return {MESSAGES: sent.messages, CONTENT: sent.content, WIRE: sent.wire}


def budget() -> dict[str, int]:
    """Return the recorded counts."""
    recorded: dict[str, int] = json.loads(BUDGET.read_text(encoding="utf-8"))
    return recorded


def exceeded(counted: dict[str, int]) -> list[str]:
    """Return a line for each count that is above its budget."""
    recorded = budget()
    return [
        f"{name}: {count:,}, {count / recorded[name] - 1:.0%} above the {recorded[name]:,} recorded"
        for name, count in counted.items()
        if count > TOLERANCE * recorded[name]
    ]


def main() -> int:
    """Count, print or record; return 1 if a count is above its budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true", help="record the counts as the budget")
    arguments = parser.parse_args()
    dataset = load(ROOT / "data")
    with servers.served() as started:
        sent = asyncio.run(socket(dataset, started[0].address))
    counted = {ENGINE: engine(dataset), **sent}
    if arguments.record:
        BUDGET.write_text(json.dumps(counted, indent=2) + "\n", encoding="utf-8")
    recorded = budget()
    for name, count in counted.items():
        print(f"{name}: {count:,} (recorded: {recorded[name]:,})")
    return 1 if exceeded(counted) else 0


if __name__ == "__main__":
    raise SystemExit(main())
