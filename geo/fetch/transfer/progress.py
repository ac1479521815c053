"""How far a fetch has come, for whoever shows it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn


class Listener(Protocol):
    """Is told what is being fetched and how many bytes of it have come."""

    def begin(self, label: str, total: int | None) -> None:
        """Hear that a file begins; total is in bytes, None where the service does not say."""

    def reached(self, count: int) -> None:
        """Hear how many bytes of the file have come."""

    def say(self, text: str) -> None:
        """Hear what happens besides: a pause, another try."""


class Silent:
    """Listens and shows nothing."""

    def begin(self, label: str, total: int | None) -> None:
        """Hear nothing."""

    def reached(self, count: int) -> None:
        """Hear nothing."""

    def say(self, text: str) -> None:
        """Hear nothing."""


class Terminal:
    """Shows a bar for each file; plain lines where the output is not a terminal."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def begin(self, label: str, total: int | None) -> None:
        """Start a new bar."""
        if not self._bars.console.is_terminal:
            self._bars.console.print(f"Fetching {label}", highlight=False, markup=False)
        self._task = self._bars.add_task(label, total=total)

    def reached(self, count: int) -> None:
        """Move the bar."""
        if self._task is not None:
            self._bars.update(self._task, completed=count)

    def say(self, text: str) -> None:
        """Print a line above the bars."""
        self._bars.console.print(text, highlight=False, markup=False)


@contextmanager
def on_terminal() -> Iterator[Terminal]:
    """Show bars until the block ends."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn())
    with Progress(*columns) as bars:
        yield Terminal(bars)
