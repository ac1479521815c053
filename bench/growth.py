"""How time and memory grow with a package: `make growth` writes docs/growth.md.

Each package is measured in a process of its own, in seconds of a core, which others' work on the
machine does not lengthen.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from bench import examples, quick
from geo import settings
from geo.base.clock import today
from geo.coverage import dataset as datasets
from geo.coverage.dataset import Dataset
from geo.publish import stories
from geo.publish.front import fetched
from geo.publish.hashed_files import HashedFiles
from geo.report.story import story
from geo.settings import ROOT
from geo.uploads import trial
from geo.validation.validate import validate

# Projects and coverage rows.
PACKAGES = ((10, 1_000), (100, 1_000), (100, 10_000), (1_000, 10_000), (1_000, 100_000))
# Structure years: those that are offered and then others, up to all that have a register.
YEARS = (1, 4, 7, len(settings.REGISTER_YEARS))
# Those that are published: a thousand projects would be twenty minutes of a core.
PUBLISHED = ((10, 1_000), (100, 1_000))
DOCS = ROOT / "docs" / "growth.md"
_STORIES = 20
_ABOUT = """# How it grows

`make growth` measures invented programmes with one hub per project, each in a process of its own.
Seconds of a core; memory is the most that the process took. *First view* is what the map page shows
of the programme, made for the first time; *another view* the mean of ten that nobody has seen; *a
story* what is said of a kommune, the mean of twenty.
"""
_ABOUT_YEARS = """## Structure years

The shipped programme with more and fewer structure years; there are registers of 12. *A view of a
year* is the mean of one in each of them, with what all views of a year share; *public data* what
the public edition's front page fetches, made for all years and in all languages.
"""
_ABOUT_PUBLISHING = """## Publishing

The public edition of some of these programmes, made anew by `python -m geo publish`: seconds of a
core in all its processes, and the memory of the largest. Every edition has the pages of all
counties and kommuner; a project adds its own page in three languages, each with a picture and three
files.
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
_PUBLISH_HEADS = ("projects", "rows", "publish", "files", "MB", "memory, MB")
_YEAR_HEADS = (
    "years",
    "load",
    "first view",
    "a view of a year",
    "a story",
    "public data",
    "public data, kB",
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


@dataclass(frozen=True)
class YearCosts:
    """What structure years cost: seconds of a core, kilobytes as they are, and megabytes."""

    load: float
    first_view: float
    view_of_year: float
    story: float
    public_data: float
    public_size: float
    memory: float


@dataclass(frozen=True)
class PublishCosts:
    """What an edition costs: seconds of a core, and its files, megabytes and memory in MB."""

    publish: float
    files: int
    size: float
    memory: float


def measure_years() -> YearCosts:
    """Return what the structure years of the settings cost the shipped programme."""
    dataset, loaded = _timed(lambda: datasets.load(ROOT / "data"))
    start, numbers = dataset.choices.view(), sorted(dataset.choices.kommuner)[:_STORIES]
    _, first = _timed(lambda: quick.everything(dataset, start))
    views = [start.but(year=year, evidence="inferred") for year in dataset.choices.years]
    _, others = _timed(lambda: [quick.everything(dataset, view) for view in views])
    _, told = _timed(lambda: [story(dataset, nr, start) for nr in numbers])
    hashed = HashedFiles()
    _, sent = _timed(lambda: fetched(dataset, stories.of_years(dataset), hashed))
    size = sum(map(len, hashed.files.values())) / 1000
    each = others / len(views), told / len(numbers)
    return YearCosts(loaded, first, *each, sent, size, _most_memory())


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(folder: Path) -> Costs:
    """Return what a package costs, in this process."""
    _, validated = _timed(lambda: validate(folder))
    dataset, loaded = _timed(lambda: datasets.load(folder))
    start, numbers = dataset.choices.view(), sorted(dataset.choices.kommuner)[:_STORIES]
    _, first = _timed(lambda: quick.everything(dataset, start))
    _, tried = _timed(lambda: trial.faults(dataset, start.lang))
    views = quick.views(dataset)
    _, others = _timed(lambda: [quick.everything(dataset, view) for view in views])
    _, told = _timed(lambda: [story(dataset, nr, start) for nr in numbers])
    each = others / len(views), told / len(numbers)
    return Costs(validated, loaded, first, tried, *each, _most_memory())


def _timed(work: Callable[[], _Result]) -> tuple[_Result, float]:
    begun = time.process_time()
    result = work()
    return result, time.process_time() - begun


def report(
    found: dict[tuple[int, int], Costs],
    published: dict[tuple[int, int], PublishCosts],
    by_years: dict[int, YearCosts],
) -> str:
    """Return the content of docs/growth.md."""
    on = f"{today().isoformat()}, {platform.machine()}, Python {platform.python_version()}"
    packages = _table(_HEADS, (_cells(*size, one) for size, one in found.items()))
    editions = _table(_PUBLISH_HEADS, (_publish_cells(*size, p) for size, p in published.items()))
    years = _table(_YEAR_HEADS, (_year_cells(n, one) for n, one in by_years.items()))
    parts = [packages, _ABOUT_PUBLISHING, editions, _ABOUT_YEARS, years]
    return "\n".join([_ABOUT, f"Last run: {on}.", "", *parts])


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in (heads, ("---",) * len(heads), *rows))


def _cells(projects: int, rows: int, one: Costs) -> tuple[str, ...]:
    long = (one.validate, one.load, one.first_view, one.try_all)
    short = (one.another_view, one.story)
    seconds = [*(f"{n:.2f}" for n in long), *(f"{n:.4f}" for n in short)]
    return f"{projects:,}", f"{rows:,}", *seconds, f"{one.memory:.0f}"


def _publish_cells(projects: int, rows: int, one: PublishCosts) -> tuple[str, ...]:
    made = f"{one.publish:.0f}", f"{one.files:,}", f"{one.size:.0f}"
    return f"{projects:,}", f"{rows:,}", *made, f"{one.memory:.0f}"


def _year_cells(years: int, one: YearCosts) -> tuple[str, ...]:
    seconds = [f"{one.load:.2f}", f"{one.first_view:.2f}"]
    seconds += [f"{one.view_of_year:.4f}", f"{one.story:.4f}", f"{one.public_data:.2f}"]
    return str(years), *seconds, f"{one.public_size:,.0f}", f"{one.memory:.0f}"


def years_of(count: int) -> tuple[int, ...]:
    """Return so many structure years: those offered first, the first of them the default."""
    offered = settings.STRUCTURE_YEARS
    others = (year for year in settings.REGISTER_YEARS if year not in offered)
    return tuple(sorted((*offered, *others)[:count]))


def by_packages() -> dict[tuple[int, int], Costs]:
    """Make the packages and measure each in a process of its own."""
    shipped = datasets.load(ROOT / "data")
    found = {}
    with tempfile.TemporaryDirectory() as place:
        for projects, rows in PACKAGES:
            folder = _package(shipped, Path(place), projects, rows)
            found[projects, rows] = Costs(**_alone(["-m", "bench.growth", str(folder)]))
            print(projects, rows, found[projects, rows], flush=True)
    return found


def _package(shipped: Dataset, place: Path, projects: int, rows: int) -> Path:
    folder = place / f"{projects}-{rows}"
    examples.write(folder, examples.large(shipped, projects, rows), "Stort / Large")
    return folder


def published() -> dict[tuple[int, int], PublishCosts]:
    """Publish some of the packages, each to a new folder."""
    shipped = datasets.load(ROOT / "data")
    found = {}
    for projects, rows in PUBLISHED:
        with tempfile.TemporaryDirectory() as place:
            package = _package(shipped, Path(place), projects, rows)
            found[projects, rows] = _publish(package, Path(place) / "site")
        print(projects, rows, found[projects, rows], flush=True)
    return found


def _publish(package: Path, out: Path) -> PublishCosts:
    """Publish a package as an operator does; its processes count when they have ended."""
    command = [sys.executable, "-m", "geo", "publish", str(out)]
    environment = {**os.environ, "DATA_DIR": str(package)}
    started = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(started.pid, 0)
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise SystemExit(f"publishing {package.name} failed")
    sizes = [path.stat().st_size for path in out.rglob("*") if path.is_file()]
    seconds = used.ru_utime + used.ru_stime
    return PublishCosts(seconds, len(sizes), sum(sizes) / 1e6, used.ru_maxrss / 1024)


def by_years() -> dict[int, YearCosts]:
    """Measure the shipped programme with so many structure years, each in a process of its own."""
    found = {}
    for count in YEARS:
        # Set before any module reads them.
        code = (
            f"from geo import settings; settings.STRUCTURE_YEARS = {years_of(count)};"
            "import dataclasses, json; from bench import growth;"
            "print(json.dumps(dataclasses.asdict(growth.measure_years())))"
        )
        found[count] = YearCosts(**_alone(["-c", code]))
        print(count, "years", found[count], flush=True)
    return found


def _alone(arguments: list[str]) -> dict[str, float]:
    """Return what a process of its own measures."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def main() -> None:
    """Measure, and write the tables."""
    DOCS.write_text(report(by_packages(), published(), by_years()), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(asdict(measure(Path(sys.argv[1])))))
    else:
        main()
