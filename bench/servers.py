"""Start the pages side by side on this machine, and stop them again."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = {
    "ours": ("dashboard.py",),
    "obvious": ("bench/obvious.py",),
    # As Streamlit comes, it collects garbage after every run; our settings leave that to a thread.
    "empty": ("bench/empty.py", "--runner.postScriptGC", "true"),
    "tuned": ("bench/empty.py",),
}
FIRST_PORT, SERVED_PORT = 8631, 8651
_NOBODY_REFUSED = "100000"  # sessions


@contextmanager
def running() -> Iterator[dict[str, str]]:
    """Yield the address of each page."""
    started = {}
    try:
        for place, (name, page) in enumerate(PAGES.items()):
            started[name] = (_start(page, FIRST_PORT + place), FIRST_PORT + place)
        for _, port in started.values():
            _wait(port)
        yield {name: f"http://127.0.0.1:{port}" for name, (_, port) in started.items()}
    finally:
        for process, _ in started.values():
            process.terminate()
            process.wait(timeout=20)


@dataclass(frozen=True)
class Started:
    """A server that answers."""

    address: str
    pid: int


@contextmanager
def served(
    replicas: int = 1, data: Path | None = None, workers: int = 1
) -> Iterator[list[Started]]:
    """Yield servers as readers meet them, just started, of a data package (by default the own)."""
    command = [sys.executable, "-m", "geo", "serve", "--workers", str(workers), "--port"]
    ports = range(SERVED_PORT, SERVED_PORT + replicas)
    with _running({port: [*command, str(port)] for port in ports}, data) as started:
        yield started


@contextmanager
def empty() -> Iterator[Started]:
    """Yield a server of the empty page with our settings."""
    with _running({SERVED_PORT: _streamlit(PAGES["tuned"], SERVED_PORT)}) as started:
        yield started[0]


@contextmanager
def _running(commands: dict[int, list[str]], data: Path | None = None) -> Iterator[list[Started]]:
    refusing = dict.fromkeys(("GEO_MAX_SESSIONS", "GEO_SEATS_PER_ADDRESS"), _NOBODY_REFUSED)
    env = {**os.environ, "PYTHONPATH": str(ROOT), **refusing}
    if data:
        env["DATA_DIR"] = str(data)
    nowhere = subprocess.DEVNULL
    processes = {
        port: subprocess.Popen(command, cwd=ROOT, env=env, stdout=nowhere, stderr=nowhere)
        for port, command in commands.items()
    }
    try:
        for port in processes:
            _wait(port)
        yield [Started(f"http://127.0.0.1:{port}", one.pid) for port, one in processes.items()]
    finally:
        for process in processes.values():
            process.terminate()
            process.wait(timeout=40)


def _streamlit(page: Sequence[str], port: int) -> list[str]:
    command = [sys.executable, "-m", "streamlit", "run", *page, "--server.port", str(port)]
    return [*command, "--server.headless", "true"]


def _start(page: Sequence[str], port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        _streamlit(page, port),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"nothing answers on port {port}")
