"""What the server's work costs: a change, a start, a slide, publishing; and what two workers do."""

import asyncio
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench import client, servers
from bench.machine import seconds
from geo.brief import picture
from geo.brief.picture import Words
from geo.columns import EVIDENCE_LEVELS
from geo.coverage.dataset import Dataset
from geo.coverage.view import COLOURS
from geo.versions import reload

_SESSIONS, _CHANGES = 3, 50  # readers, and changes of each
_BUSY_SESSIONS, _BUSY_SECONDS, _WORKERS = 20, 15, 2


@dataclass(frozen=True)
class Cost:
    """One measurement beside what was wanted."""

    what: str
    measured: float
    goal: float
    digits: int = 1
    more_is_better: bool = False

    @property
    def met(self) -> bool:
        """Whether the goal was reached."""
        if self.more_is_better:
            return self.measured >= self.goal
        return self.measured <= self.goal


def measure() -> list[Cost]:
    """Return what everything costs, each beside its goal."""
    dataset = reload.current()
    with servers.served() as (started,):
        begun = seconds(started.pid)
        seen = asyncio.run(_changes(started, [_seen(dataset) for _ in range(_SESSIONS)]))
        unseen = [_unseen(dataset, Random(seed)) for seed in range(_SESSIONS)]
        unseen_cost = asyncio.run(_changes(started, unseen))
        waited = asyncio.run(_waited(started, _unseen(dataset, Random(_SESSIONS))))
    whole, again = _published()
    return [
        Cost("An unseen view, ms of a core", 1000 * unseen_cost, 12),
        Cost("A seen view, ms of a core", 1000 * seen, 8),
        Cost("From a change to its last message, s", waited, 0.05, 3),
        Cost("Reruns per second, two workers on one port", _reruns(dataset), 140, 0, True),
        Cost("From start to ready, seconds of a core", begun, 2.5),
        Cost("A slide (PNG), seconds of a core", _slide(dataset), 0.3, 2),
        Cost("Publishing everything, s", whole, 40, 0),
        Cost("Publishing when nothing changed, s", again, 10, 0),
    ]


def section(found: list[Cost]) -> str:
    """Return the measurements as a section of docs/benchmark.md."""
    rows = (
        f"| {one.what} | {one.measured:,.{one.digits}f} | {one.goal:,g} |"
        f" {'yes' if one.met else '**no**'} |"
        for one in found
    )
    return "\n".join(
        [
            "## What the work costs",
            "",
            (
                f"One process; {_SESSIONS} readers change filters without pause, {_CHANGES} times"
                f" each. Two workers: {_BUSY_SESSIONS} readers. Why some goals were not reached is"
                " in [load.md](load.md)."
            ),
            "",
            "| | measured | goal | met |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _seen(dataset: Dataset) -> Iterator[dict[str, str]]:
    return itertools.cycle([{"fylke": nr} for nr in dataset.choices.fylker[_year(dataset)][:5]])


def _unseen(dataset: Dataset, random: Random) -> Iterator[dict[str, str]]:
    """Yield addresses that hardly come twice."""
    numbers = dataset.choices.fylker[_year(dataset)]
    while True:
        yield {
            "fylke": ",".join(random.sample(numbers, random.choice((2, 3, 4)))),
            "colour": random.choice(COLOURS),
            "evidence": random.choice(EVIDENCE_LEVELS),
        }


def _year(dataset: Dataset) -> int:
    return dataset.choices.default_year


async def _changes(started: servers.Started, readers: list[Iterator[dict[str, str]]]) -> float:
    """Return what a change costs, in seconds of a core."""
    async with AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(client.session(started.address)) for _ in readers
        ]
        pairs = list(zip(sockets, readers, strict=True))
        for socket, queries in pairs:
            for query in itertools.islice(queries, 6):
                await client.rerun(socket, query)
        before = seconds(started.pid)

        async def change(
            socket: client.ClientConnection, queries: Iterator[dict[str, str]]
        ) -> None:
            for query in itertools.islice(queries, _CHANGES):
                await client.rerun(socket, query)

        await asyncio.gather(*(change(*pair) for pair in pairs))
        return (seconds(started.pid) - before) / (_CHANGES * len(readers))


async def _waited(started: servers.Started, queries: Iterator[dict[str, str]]) -> float:
    """Return how long somebody who is alone waits for the last message, the median."""
    waited = []
    async with client.session(started.address) as socket:
        await client.rerun(socket, next(queries))
        for query in itertools.islice(queries, _CHANGES):
            begun = time.perf_counter()
            await client.rerun(socket, query)
            waited.append(time.perf_counter() - begun)
    return statistics.median(waited)


def _reruns(dataset: Dataset) -> float:
    queries = list(itertools.islice(_seen(dataset), 5))
    with servers.served(workers=_WORKERS) as (started,):
        done = client.load(started.address, queries, _BUSY_SESSIONS, _BUSY_SECONDS)
        return asyncio.run(done).reruns_per_second


def _slide(dataset: Dataset) -> float:
    """Return what a slide costs that nobody has drawn, once another was drawn."""
    view = dataset.choices.view()
    picture.png(dataset, view, "slide", Words(title="1"))
    begun = time.process_time()
    picture.png(dataset, view, "slide", Words(title="2"))
    return time.process_time() - begun


def _published() -> tuple[float, float]:
    """Return how long it takes to publish everything, and again when nothing has changed."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "geo", "publish", str(Path(folder) / "site")]
        taken = []
        for _ in range(2):
            begun = time.perf_counter()
            subprocess.run(command, cwd=servers.ROOT, check=True, stdout=subprocess.DEVNULL)
            taken.append(time.perf_counter() - begun)
    return taken[0], taken[1]
