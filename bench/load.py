"""How many readers a server holds, what each of them takes, and whether it stays so.

`make bench` measures a short form of it; `python -m bench.load capacity|memory|arrivals|soak` one
part at length. The server is the one that readers meet, `python -m geo serve`.
"""

import argparse
import asyncio
import csv
import math
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench import arrivals, servers
from bench.client import session
from bench.machine import Memory, Shares, Watch, memory
from bench.readers import CHANGE, Crowd, Reader, quantile

NATIONAL = servers.ROOT / "data" / "examples" / "national"
SAMPLES = servers.ROOT / "docs" / "soak.csv"

GOAL_P95 = 2.0  # seconds per change of a filter
LEVELS = {1: (100, 200, 300, 400), 2: (300, 400, 600)}  # sessions, by processes
LEVEL_SECONDS, RAMP_SECONDS, SETTLE_SECONDS = 25.0, 10.0, 5.0
OPENED = (0, 50, 100, 200)
VIEWS_EACH, AT_ONCE = 4, 10
SWEEP_SECONDS = 15.0  # as in geo/server/gc_schedule.py: garbage is nobody's
FORGOTTEN_AFTER = 125.0  # seconds: Streamlit keeps a lost session for two minutes
ROUNDS = 3
SOAK_SESSIONS, SOAK_SECONDS, SAMPLE_SECONDS, STAY = 30, 3600.0, 30.0, 12
FLAT = 10.0  # MB per hour


@dataclass(frozen=True)
class Level:
    """What so many sessions waited for, in seconds, and what it took."""

    sessions: int
    changes: int
    median: float
    p95: float
    errors: int
    answers: int  # to changes, and to all else
    shares: Shares
    seconds: float

    @property
    def price(self) -> float:
        """Seconds of a core that the server took for an answer: the same on a busy machine."""
        return self.shares.server * self.seconds / max(self.answers, 1)

    @property
    def held(self) -> bool:
        """Whether everybody was answered, and nearly everybody in time."""
        return not self.errors and self.p95 < GOAL_P95


async def capacity(
    started: Sequence[servers.Started], levels: Sequence[int], seconds: float = LEVEL_SECONDS
) -> list[Level]:
    """Let ever more readers in until they wait too long; return what each number waited."""
    crowd = Crowd([one.address for one in started])
    found: list[Level] = []
    try:
        for sessions in levels:
            await crowd.grow(sessions, RAMP_SECONDS)
            await asyncio.sleep(SETTLE_SECONDS)
            found.append(await _level(crowd, sessions, [one.pid for one in started], seconds))
            print(found[-1], f"{found[-1].price:.3f} s of a core each", flush=True)
            if not found[-1].held:
                break
    finally:
        await crowd.leave()
    return found


async def _level(crowd: Crowd, sessions: int, pids: list[int], seconds: float) -> Level:
    times, since, watch = crowd.times, time.monotonic(), Watch(pids)
    answers, errors = times.answers, len(times.errors)
    await asyncio.sleep(seconds)
    waited = times.of(CHANGE, since)
    return Level(
        sessions=sessions,
        changes=len(waited),
        median=statistics.median(waited),
        p95=quantile(waited, 0.95),
        errors=len(times.errors) - errors,
        answers=times.answers - answers,
        shares=watch.shares(),
        seconds=seconds,
    )


@dataclass(frozen=True)
class Held:
    """Memory by the number of open sessions; `left` is after all of them were forgotten."""

    by_sessions: dict[int, Memory]
    left: Memory | None = None

    @property
    def per_session(self) -> float:
        """MB per session, between the fewest and the most that were open."""
        few, *_, many = self.by_sessions
        return (self.by_sessions[many].uss - self.by_sessions[few].uss) / (many - few)


async def held(
    started: servers.Started, opened: Sequence[int] = OPENED, *, forgotten: bool = False
) -> Held:
    """Let readers come who each look at several views and stay; return the memory they take.

    The views are the same for all: what a view takes is a cache's, and not a session's.
    """
    sizes = {}
    readers: list[Reader] = []
    await _leave(await _visit(started, AT_ONCE))  # what the first readers load is nobody's
    for wanted in opened:
        while len(readers) < wanted:
            readers += await _visit(started, min(AT_ONCE, wanted - len(readers)))
        await asyncio.sleep(SETTLE_SECONDS + SWEEP_SECONDS)
        sizes[wanted] = memory(started.pid)
    await _leave(readers)
    return Held(sizes, await _forgotten(started) if forgotten else None)


async def _visit(started: servers.Started, readers: int) -> list[Reader]:
    return await asyncio.gather(*(_looked(started.address) for _ in range(readers)))


async def _looked(address: str) -> Reader:
    """Return a reader who has seen several views, always the same."""
    reader = Reader(await session(address), Random(1))
    await reader.arrive()
    for _ in range(VIEWS_EACH):
        await reader.next()[1]
    return reader


async def _leave(readers: Sequence[Reader]) -> None:
    await asyncio.gather(*(reader.leave() for reader in readers))


async def _forgotten(started: servers.Started) -> Memory:
    """Return the memory once Streamlit has forgotten who left; it looks when somebody leaves."""
    await asyncio.sleep(FORGOTTEN_AFTER)
    await _leave(await _visit(started, 1))
    await asyncio.sleep(SETTLE_SECONDS + SWEEP_SECONDS)
    return memory(started.pid)


def cold(rounds: int = ROUNDS, data: Path | None = None) -> list[float]:
    """Return what readers wait for who all come at once to a new process, over several of them."""
    found: list[float] = []
    for _ in range(rounds):
        with servers.served(data=data) as started:
            found += asyncio.run(arrivals.first_views(started[0].address))
    return sorted(found)


async def soak(started: servers.Started, sessions: int, seconds: float, samples: Path) -> None:
    """Let readers come and go for a long time; write the memory down as it goes."""
    crowd, begun = Crowd([started.address]), time.monotonic()
    await crowd.grow(sessions, RAMP_SECONDS, stay=STAY)
    with samples.open("w", encoding="utf-8", buffering=1) as file:
        writer = csv.writer(file)
        writer.writerow(SAMPLED)
        while (at := time.monotonic() - begun) < seconds:
            watch, since = Watch([started.pid]), time.monotonic()
            await asyncio.sleep(SAMPLE_SECONDS)
            now, shares = memory(started.pid), watch.shares()
            waited = crowd.times.of(CHANGE, since) or [0.0]
            row = (at, now.rss, now.uss, now.threads, quantile(waited, 0.95), crowd.times.answers,
                   len(crowd.times.errors), shares.server, shares.others)  # fmt: skip
            writer.writerow([round(value, 2) for value in row])
    await crowd.leave()
    print(*crowd.times.errors[-5:], sep="\n")


SAMPLED = ("seconds", "rss", "uss", "threads", "p95", "changes", "errors", "server", "others")


@dataclass(frozen=True)
class Trend:
    """How memory went, in MB and MB per hour, over the second half of a soak."""

    hours: float
    begun: float
    ended: float
    slope: float
    error: float
    changes: int
    errors: int

    @property
    def flat(self) -> bool:
        """Whether memory grew less than what an operator would ever notice."""
        return self.slope < FLAT


def trend(samples: Path) -> Trend:
    """Return the trend of a soak's samples; the first half is caches that fill."""
    with samples.open(encoding="utf-8", newline="") as file:
        rows = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
    late = rows[len(rows) // 2 :]
    hours, sizes = [row["seconds"] / 3600 for row in late], [row["uss"] for row in late]
    slope, intercept = statistics.linear_regression(hours, sizes)
    off = [size - intercept - slope * hour for hour, size in zip(hours, sizes, strict=True)]
    spread = math.hypot(*off) / math.sqrt(max(len(late) - 2, 1))
    wide = math.sqrt(len(late)) * statistics.pstdev(hours)
    return Trend(
        rows[-1]["seconds"] / 3600, rows[0]["uss"], rows[-1]["uss"], slope, 2 * spread / wide,
        int(rows[-1]["changes"]), int(rows[-1]["errors"]),
    )  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """All of it, in the short form."""

    cold: list[float]
    levels: dict[int, list[Level]]
    ours: Held
    empty: Held
    soak: Trend | None


def measure(data: Path = NATIONAL) -> Measured:
    """Measure everything but the soak, of which the last one is told."""
    came = cold(data=data)
    levels = {}
    for replicas, steps in LEVELS.items():
        with servers.served(replicas, data) as started:
            levels[replicas] = asyncio.run(capacity(started, steps))
    with servers.served(data=data) as started:
        ours = asyncio.run(held(started[0], OPENED[:-1]))
    with servers.empty() as one:
        empty = asyncio.run(held(one, OPENED[:-1]))
    return Measured(came, levels, ours, empty, trend(SAMPLES) if SAMPLES.exists() else None)


def main() -> None:
    """Measure one part, and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("what", choices=("capacity", "memory", "arrivals", "soak", "trend"))
    parser.add_argument("--levels", help="numbers of sessions, as in 100,200,300")
    parser.add_argument("--seconds", type=float, help="per level, or of the soak")
    parser.add_argument("--replicas", type=int, default=1)
    parser.add_argument("--sessions", type=int, default=SOAK_SESSIONS)
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    given = parser.parse_args()
    if given.what == "arrivals":
        waited = cold()
        print(f"median {statistics.median(waited):.2f}, p95 {quantile(waited, 0.95):.2f} s")
    elif given.what == "capacity":
        steps = given.levels.split(",") if given.levels else LEVELS[given.replicas]
        with servers.served(given.replicas) as started:
            asyncio.run(capacity(started, [*map(int, steps)], given.seconds or LEVEL_SECONDS))
    elif given.what == "memory":
        with servers.served() as started:
            print("ours", asyncio.run(held(started[0], forgotten=True)), flush=True)
        with servers.empty() as one:
            print("empty", asyncio.run(held(one, forgotten=True)))
    else:
        if given.what == "soak":
            with servers.served() as started:
                seconds = given.seconds or SOAK_SECONDS
                asyncio.run(soak(started[0], given.sessions, seconds, given.samples))
        print(trend(given.samples))


if __name__ == "__main__":
    main()
