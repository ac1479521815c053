"""How time and memory grow with a package: `make growth` writes docs/growth.md.

Each package is measured in a process of its own, in seconds of a core, which others' work on the
machine does not lengthen.
"""

import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from bench import examples, quick
from geo.base.clock import today
from geo.coverage import dataset as datasets
from geo.report.story import story
from geo.settings import ROOT
from geo.uploads import trial
from geo.validation.validate import validate

# Projects and coverage rows.
PACKAGES = ((10, 1_000), (100, 1_000), (100, 10_000), (1_000, 10_000), (1_000, 100_000))
DOCS = ROOT / "docs" / "growth.md"
_STORIES = 20
_ABOUT = """# How it grows

`make growth` measures invented programmes with one hub per project, each in a process of its own.
Seconds of a core; memory is the most that the process took. *First view* is what the map page shows
of the programme, made for the first time; *another view* the mean of ten that nobody has seen; *a
story* what is said of a kommune, the mean of twenty.
"""
_HEADS = (
    "projects",
    "rows",
    "validate",
    "load",
    "first view",
    "try all views",
    "another view",
    "a story",
    "memory, MB",
)
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Costs:
    """What a package costs: seconds of a core, and megabytes."""

    validate: float
    load: float
    first_view: float
    try_all: float
    another_view: float
    story: float
    memory: float


def measure(folder: Path) -> Costs:
    """Return what a package costs, in this process."""
    _, validated = _timed(lambda: validate(folder))
    dataset, loaded = _timed(lambda: datasets.load(folder))
    start, numbers = dataset.choices.view(), sorted(dataset.choices.kommuner)[:_STORIES]
    _, first = _timed(lambda: quick.everything(dataset, start))
    _, tried = _timed(lambda: trial.faults(dataset, start.lang))
    views = quick.views(dataset)
    _, others = _timed(lambda: [quick.everything(dataset, view) for view in views])
    _, stories = _timed(lambda: [story(dataset, nr, start) for nr in numbers])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    each = others / len(views), stories / len(numbers)
    return Costs(validated, loaded, first, tried, *each, memory)


def _timed(work: Callable[[], _Result]) -> tuple[_Result, float]:
    begun = time.process_time()
    result = work()
    return result, time.process_time() - begun


def report(found: dict[tuple[int, int], Costs]) -> str:
    """Return the content of docs/growth.md."""
    on = f"{today().isoformat()}, {platform.machine()}, Python {platform.python_version()}"
    rows = [_HEADS, ("---",) * len(_HEADS), *(_cells(*size, one) for size, one in found.items())]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([_ABOUT, f"Last run: {on}.", "", *lines, ""])


def _cells(projects: int, rows: int, one: Costs) -> tuple[str, ...]:
    long = (one.validate, one.load, one.first_view, one.try_all)
    short = (one.another_view, one.story)
    seconds = [*(f"{n:.2f}" for n in long), *(f"{n:.4f}" for n in short)]
    return f"{projects:,}", f"{rows:,}", *seconds, f"{one.memory:.0f}"


def main() -> None:
    """Make the packages, measure each in a process of its own, and write the table."""
    shipped = datasets.load(ROOT / "data")
    found = {}
    with tempfile.TemporaryDirectory() as place:
        for projects, rows in PACKAGES:
            folder = Path(place) / f"{projects}-{rows}"
            examples.write(folder, examples.large(shipped, projects, rows), "Stort / Large")
            command = [sys.executable, "-m", "bench.growth", str(folder)]
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
            found[projects, rows] = Costs(**json.loads(done.stdout))
            print(projects, rows, found[projects, rows], flush=True)
    DOCS.write_text(report(found), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(asdict(measure(Path(sys.argv[1])))))
    else:
        main()
