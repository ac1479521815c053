"""The load measurements as a section of docs/benchmark.md."""

import statistics

from bench.load import FLAT, GOAL_P95, Held, Level, Measured, Trend
from bench.readers import THINK_SECONDS, quantile

GOAL_SESSIONS, GOAL_MB, GOAL_FIRST = 400, 1.0, 3.0


def section(found: Measured) -> str:
    """Return the section, with each goal and whether it was met."""
    best = {replicas: _held(levels) for replicas, levels in found.levels.items()}
    each = found.ours.per_session - found.empty.per_session
    cold = quantile(found.cold, 0.95)
    rows = [
        *(
            (f"Sessions held, {replicas} {'process' if replicas == 1 else 'processes'}",
             str(sessions), str(GOAL_SESSIONS), sessions >= GOAL_SESSIONS)
            for replicas, sessions in best.items()
        ),
        ("Memory per session above an empty page's, MB", f"{each:.2f}", f"below {GOAL_MB:.0f}",
         each < GOAL_MB),
        ("First view of 20 who come at once to a new process, p95, s", f"{cold:.2f}",
         f"below {GOAL_FIRST:.0f}", cold < GOAL_FIRST),
        *_soak(found.soak),
    ]  # fmt: skip
    goals = (f"| {what} | {value} | {goal} | {'yes' if met else '**no**'} |"
             for what, value, goal, met in rows)  # fmt: skip
    return "\n".join(
        [
            "## Many readers",
            "",
            (
                "The invented national programme: every kommune, 40 hubs, 3,000 rows. Readers"
                f" change filters, years, pages and language at random, and think for"
                f" {THINK_SECONDS:.0f} s in between (from 1 to 40, never in step). A number of"
                f" sessions is held if the p95 of a change is below {GOAL_P95:.0f} s and nobody"
                " meets an error. What limits it is in [load.md](load.md)."
            ),
            "",
            "| | measured | goal | met |",
            "|---|---|---|---|",
            *goals,
            "",
            "Cores: what the server, the readers and everybody else took of this machine.",
            "",
            (
                "| processes | sessions | changes | median, s | p95, s | errors | ms of a core per"
                " answer | server | readers | others |"
            ),
            "|---|---|---|---|---|---|---|---|---|---|",
            *(_row(replicas, one) for replicas, levels in found.levels.items() for one in levels),
            "",
            "| sessions open | ours, MB | empty page, MB |",
            "|---|---|---|",
            *_sizes(found.ours, found.empty),
            "",
            (
                f"20 at once: {statistics.median(found.cold):.2f} s (median) for the page, its"
                " files and the first view."
            ),
            "",
        ]
    )


def _held(levels: list[Level]) -> int:
    return max((one.sessions for one in levels if one.held), default=0)


def _row(replicas: int, one: Level) -> str:
    shares = (one.shares.server, one.shares.client, one.shares.others)
    cores = " | ".join(f"{share:.2f}" for share in shares)
    waited = f"{one.median:.2f} | {one.p95:.2f} | {one.errors}"
    answer = f"{1000 * one.price:.0f}"
    return f"| {replicas} | {one.sessions} | {one.changes} | {waited} | {answer} | {cores} |"


def _sizes(ours: Held, empty: Held) -> list[str]:
    return [
        f"| {sessions} | {size.uss:.0f} | {empty.by_sessions[sessions].uss:.0f} |"
        for sessions, size in ours.by_sessions.items()
    ]


def _soak(found: Trend | None) -> list[tuple[str, str, str, bool]]:
    if found is None:
        return []
    what = f"Growth over the second half of {found.hours:.1f} h with readers coming and going, MB/h"
    value = f"{found.slope:.1f} ± {found.error:.1f} (of {found.ended:.0f} MB)"
    return [(what, value, f"below {FLAT:.0f}", found.flat)]
