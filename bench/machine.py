"""What a process takes of this machine, and what others took of it meanwhile."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_MB = 1000  # kB


@dataclass(frozen=True)
class Memory:
    """Megabytes of a process, all and what it shares with nobody; and its threads."""

    rss: float
    uss: float
    threads: int


def memory(pid: int) -> Memory:
    """Return what a process holds."""
    found: dict[str, int] = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
        name, _, value = line.partition(":")
        found[name] = int(value.split()[0])
    own = found["Private_Clean"] + found["Private_Dirty"]
    return Memory(found["Rss"] / _MB, own / _MB, len(list(Path(f"/proc/{pid}/task").iterdir())))


@dataclass(frozen=True)
class Shares:
    """How many cores were busy, by whose work; and the load average at the end."""

    server: float
    client: float
    others: float
    load: float


class Watch:
    """Counts from its making."""

    def __init__(self, pids: list[int]) -> None:
        self._pids = pids
        self._begun = self._now()

    def shares(self) -> Shares:
        """Return the shares since the watch was made."""
        wall, busy, server, client = (
            now - before for now, before in zip(self._now(), self._begun, strict=True)
        )
        others = max(busy - server - client, 0.0)
        return Shares(server / wall, client / wall, others / wall, os.getloadavg()[0])

    def _now(self) -> tuple[float, float, float, float]:
        server = sum(seconds(pid) for pid in self._pids)
        return time.monotonic(), _busy(), server, time.process_time()


def seconds(pid: int) -> float:
    """Return the seconds of a core that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _busy() -> float:
    """Return the seconds that the machine's cores worked, all together."""
    first = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()
    user, nice, system, _idle, _wait, interrupts, soft, *_ = map(int, first[1:])
    return (user + nice + system + interrupts + soft) / _TICKS
