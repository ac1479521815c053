"""Start the three pages side by side on this machine, and stop them again."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = {"ours": "dashboard.py", "obvious": "bench/obvious.py", "empty": "bench/empty.py"}
FIRST_PORT = 8631


@contextmanager
def running() -> Iterator[dict[str, str]]:
    """Yield the address of each page."""
    started = {}
    try:
        for place, (name, script) in enumerate(PAGES.items()):
            started[name] = (_start(script, FIRST_PORT + place), FIRST_PORT + place)
        for _, port in started.values():
            _wait(port)
        yield {name: f"http://127.0.0.1:{port}" for name, (_, port) in started.items()}
    finally:
        for process, _ in started.values():
            process.terminate()
            process.wait(timeout=20)


def _start(script: str, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    return subprocess.Popen(
        [*command, "--server.headless", "true"],
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
