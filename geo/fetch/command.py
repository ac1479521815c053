"""The commands `fetch` and `restore`."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from geo import settings
from geo.coverage import dataset as datasets
from geo.coverage.dataset import Dataset
from geo.fetch import differences, hubs, official_boundaries, population, registers, store
from geo.fetch.staged import Staged
from geo.fetch.transfer.progress import Listener, on_terminal
from geo.fetch.transfer.transport import Transport
from geo.text import languages
from geo.text.messages import messages

Fetching = Callable[[Transport, Dataset, tuple[int, ...]], Staged]
# Small downloads first, so that a network problem shows at once.
KINDS: dict[str, Fetching] = {
    "register": registers.fetch,
    "population": population.fetch,
    "hubs": hubs.fetch,
    "boundaries": official_boundaries.fetch,
}
ALL = "all"
INTERRUPTED = 130  # the exit code of a program stopped with Ctrl-C


def prepare(
    what: str, years: tuple[int, ...], data_dir: Path, listener: Listener
) -> Iterator[Staged]:
    """Yield each kind of data once it is fetched and checked, before anything is put in use.

    Raises FetchFailed if a kind cannot be fetched or fails its checks.
    """
    transport = Transport(store.answers(data_dir), listener)
    dataset = datasets.load(data_dir)
    for kind in KINDS if what == ALL else (what,):
        staged = KINDS[kind](transport, dataset, years)
        # The following kinds are checked against the registers fetched before them.
        dataset = differences.with_tables(dataset, staged.files)
        yield staged


def add_commands(commands: Any) -> None:
    """Add `fetch` and `restore` to the command line."""
    fetching = commands.add_parser("fetch", help="get official data from the open services")
    fetching.add_argument("what", nargs="?", choices=(*KINDS, ALL), default=ALL)
    fetching.add_argument("--year", type=int, action="append", help="only this year; repeatable")
    fetching.add_argument("--yes", action="store_true", help="replace without asking")
    fetching.add_argument("--lang", choices=languages.LANGUAGES, default=languages.COMMAND_LINE)
    fetching.set_defaults(run=_fetch)
    restoring = commands.add_parser("restore", help="go back to the data before the last fetch")
    restoring.set_defaults(run=_restore)


def _fetch(arguments: argparse.Namespace) -> int:
    data_dir, years = settings.DATA_DIR, tuple(arguments.year or ())
    t = messages(arguments.lang)
    try:
        with store.alone(data_dir):
            with on_terminal() as listener:
                staged = list(prepare(arguments.what, years, data_dir, listener))
            for one in staged:
                print("\n".join(_report_lines(one, arguments.lang)))  # noqa: T201
            ready = [one for one in staged if one.files]
            if not ready:
                return 0
            asks = any(one.replaces for one in ready) and not arguments.yes
            if asks and not _agreed(t("fetch.ask")):
                print(t("fetch.refused"))  # noqa: T201
                return 1
            store.commit(data_dir, ready)
    except KeyboardInterrupt:
        print(t("fetch.interrupted"), file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    print(t("fetch.done"))  # noqa: T201
    return 0


def _report_lines(one: Staged, language: str) -> list[str]:
    """Return what a fetch brought and would change, as lines."""
    t = messages(language)
    lines = one.report(language)
    return [t(f"fetch.{one.what}"), *(f"  - {line}" for line in lines or [t("fetch.same")])]


def _agreed(question: str) -> bool:
    """Return whether the user agrees; without a terminal the answer is no."""
    if not sys.stdin.isatty():
        return False
    return input(f"{question} ").strip().casefold() in {"y", "yes", "j", "ja"}


def _restore(_: argparse.Namespace) -> int:
    with store.alone(settings.DATA_DIR):
        state = store.restore(settings.DATA_DIR)
    print(f"In use now: {state.current or 'the data that shipped'}.")  # noqa: T201
    return 0
