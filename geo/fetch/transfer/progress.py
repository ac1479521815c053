"""Reports the progress of a fetch to a listener."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn


class Listener(Protocol):
    """Receives progress: the current file, its bytes, and messages."""

    def begin(self, label: str, total: int | None) -> None:
        """Report that a file begins; `total` is in bytes, None if the service does not state it."""

    def reached(self, count: int) -> None:
        """Report how many bytes of the file have arrived."""

    def say(self, text: str) -> None:
        """Report anything else: a pause, a retry."""


class Silent:
    """Ignores all progress."""

    def begin(self, label: str, total: int | None) -> None:
        """No-op."""

    def reached(self, count: int) -> None:
        """No-op."""

    def say(self, text: str) -> None:
        """No-op."""


class Terminal:
    """Shows a progress bar per file, or plain lines if the output is not a terminal."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def begin(self, label: str, total: int | None) -> None:
        """Start a new bar."""
        if not self._bars.console.is_terminal:
            self._bars.console.print(f"Fetching {label}", highlight=False, markup=False)
        self._task = self._bars.add_task(label, total=total)

    def reached(self, count: int) -> None:
        """Update the bar."""
        if self._task is not None:
            self._bars.update(self._task, completed=count)

    def say(self, text: str) -> None:
        """Print a line above the bars."""
        self._bars.console.print(text, highlight=False, markup=False)


@contextmanager
def on_terminal() -> Iterator[Terminal]:
    """Show progress bars until the block ends."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn())
    with Progress(*columns) as bars:
        yield Terminal(bars)
