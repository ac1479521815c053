"""Report what data are embedded, fetched, stale or damaged: `python -m geo doctor`."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from geo import settings
from geo.base.clock import today
from geo.coverage import dataset as datasets
from geo.coverage.dataset import Dataset
from geo.dataset.package import paths_of, read_descriptor
from geo.errors import PackageInvalid
from geo.official import fetched, hub_status
from geo.official.fetched import BOUNDARIES, FOLDER, STATE, Fetched
from geo.official.origin import LOCK, LockEntry
from geo.places.boundaries import BoundarySet
from geo.places.boundary_files import boundary_folder
from geo.report.wording import listed
from geo.text import languages
from geo.text.messages import Messages, messages
from geo.text.said import Said
from geo.validation.validate import validate

EMBEDDED, FETCHED, OWN, ABSENT = "embedded", "fetched", "own", "absent"
STALE, DAMAGED = "stale", "damaged"
OLD = timedelta(days=366)
# Statistics Norway publishes the population of 1 January in February.
_COUNTED_BY = (3, 1)
_SHIPPED = settings.ROOT / "data"


@dataclass(frozen=True)
class Finding:
    """A thing that was checked: its state, what was found, and advice if action is needed."""

    state: str
    subject: Said
    found: Said
    advice: Said | None = None


def examine(
    data_dir: Path, dataset: Dataset | None, issues: Sequence[str], now: date | None = None
) -> list[Finding]:
    """Return the state of everything in a data directory.

    `dataset` is what is served from it, None if it cannot be read; `issues` is what its validation
    found.
    """
    found, at = fetched.fetched(data_dir), now or today()
    findings = [_package(data_dir, issues)]
    if dataset is not None:
        findings += [
            _register(dataset, found, at),
            _population(dataset, found, at),
            *(_boundaries(data_dir, one, found) for one in dataset.library.by_year.values()),
            *_own_files(data_dir, dataset),
            *(() if dataset.without_hubs else (_hubs(dataset, found, at),)),
        ]
    findings += [*_damaged(data_dir, found), *_refused(dataset, found), *_kept_versions(data_dir)]
    return [*findings, *_answers(data_dir)]


def _package(data_dir: Path, issues: Sequence[str]) -> Finding:
    subject = Said("doctor.package")
    if issues:
        text = Said("doctor.problems", {"first": issues[0]}, len(issues))
        return Finding(DAMAGED, subject, text, _run(f"validate {data_dir.name}"))
    version = read_descriptor(data_dir).get("version", "0")
    state = EMBEDDED if data_dir == _SHIPPED else OWN
    return Finding(state, subject, Said("doctor.sound", {"version": version}))


def _register(dataset: Dataset, found: Fetched, at: date) -> Finding:
    subject, entry = Said("doctor.register"), _entry(found, "kommuner.csv")
    if entry:
        return _fetched(subject, entry, at, "fetch register")
    last = dataset.register.years[-1]
    span = {"first": str(dataset.register.years[0]), "last": str(last)}
    if at.year > last:
        state = Said("doctor.register_newer", {**span, "newest": str(at.year)})
        return Finding(STALE, subject, state, _run("fetch register"))
    return Finding(EMBEDDED, subject, Said("doctor.span", span))


def _population(dataset: Dataset, found: Fetched, at: date) -> Finding:
    subject, entry = Said("doctor.population"), _entry(found, "population.csv")
    if entry:
        return _fetched(subject, entry, at, "fetch population")
    years = dataset.package["population"]["year"]
    span = {"first": str(years.min()), "last": str(years.max())}
    newest = at.year if (at.month, at.day) >= _COUNTED_BY else at.year - 1
    if newest > years.max():
        state = Said("doctor.population_newer", {**span, "newest": str(newest)})
        return Finding(STALE, subject, state, _run("fetch population"))
    return Finding(EMBEDDED, subject, Said("doctor.span", span))


def _boundaries(data_dir: Path, drawn: BoundarySet, found: Fetched) -> Finding:
    """Return the state of a boundary set; boundaries of a past year do not become stale."""
    subject = Said("doctor.boundaries", {"year": str(drawn.year)})
    shared = len(drawn.shared)
    base = {"base": str(drawn.base_year)}
    state = Said("doctor.shared", base, shared) if shared else Said("doctor.exact", base)
    get = _run(f"fetch boundaries --year {drawn.year}") if shared else None
    if drawn.source == "embedded":
        return Finding(EMBEDDED, subject, state, get)
    entry = _entry(found, f"{BOUNDARIES}/{drawn.source}")
    if entry is None or (data_dir / BOUNDARIES / drawn.source).exists():
        return Finding(OWN, subject, state, get)
    key = "doctor.shared_fetched" if shared else "doctor.exact_fetched"
    got = {**base, "when": _when(entry), "services": _services(entry)}
    return Finding(FETCHED, subject, Said(key, got, state.count), get)


def _own_files(data_dir: Path, dataset: Dataset) -> Iterator[Finding]:
    """Yield findings about boundary files that were added to the data directory."""
    for path in boundary_folder.files(data_dir / boundary_folder.FOLDER):
        if path.name in dataset.library.refusals:
            continue
        subject = Said("doctor.file", {"file": path.name})
        own = dataset.library.of_file(path.name)
        if own and not any(standing.serves for standing in own.values()):
            why = tuple(
                Said("doctor.in_year", {"year": str(y), "why": s.why}) for y, s in own.items()
            )
            state = Said("doctor.serves_none", {"why": why})
            yield Finding(OWN, subject, state, _run(f"boundaries remove {path.name}"))
        for note in dataset.library.notes.get(path.name, ()):
            yield Finding(OWN, subject, note)


def _hubs(dataset: Dataset, found: Fetched, at: date) -> Finding:
    subject, entry = Said("doctor.hubs"), _entry(found, f"{hub_status.TABLE}.csv")
    if entry is None:
        return Finding(ABSENT, subject, Said("doctor.hubs_unasked"), _run("fetch hubs"))
    status = dataset.hub_status[hub_status.STATUS]
    lost = status.isin([hub_status.NOT_FOUND, hub_status.AMBIGUOUS])
    values = {
        "found": int((~lost).sum()),
        "total": len(status),
        "active": int((status == hub_status.ACTIVE).sum()),
        "when": _when(entry),
    }
    state = Said("doctor.hubs_asked", values)
    if _is_old(entry, at):
        return Finding(STALE, subject, state, _run("fetch hubs"))
    return Finding(FETCHED, subject, state)


def _fetched(subject: Said, entry: LockEntry, at: date, command: str) -> Finding:
    state = Said("doctor.got", {"when": _when(entry), "services": _services(entry)})
    if _is_old(entry, at):
        return Finding(STALE, subject, state, _run(command))
    return Finding(FETCHED, subject, state)


def _entry(found: Fetched, file: str) -> LockEntry | None:
    return None if file in found.damaged else found.lock.entry(file)


def _when(entry: LockEntry) -> date:
    return date.fromisoformat(entry.made_at[:10])


def _is_old(entry: LockEntry, at: date) -> bool:
    return at - _when(entry) > OLD


def _services(entry: LockEntry) -> str:
    return ", ".join(dict.fromkeys(origin.service for origin in entry.origins))


def _damaged(data_dir: Path, found: Fetched) -> Iterator[Finding]:
    """Yield fetched files that were altered or damaged; the shipped ones are used instead."""
    if (data_dir / FOLDER / STATE).exists() and fetched.state(data_dir) == fetched.State():
        subject = Said("doctor.file", {"file": f"{FOLDER}/{STATE}"})
        yield Finding(DAMAGED, subject, Said("doctor.unreadable"), Said("doctor.fetch_again"))
    for file in found.damaged:
        subject = Said("doctor.file", {"file": f"{FOLDER}/{file}"})
        state = Said("doctor.unreadable" if file == LOCK else "doctor.altered")
        yield Finding(DAMAGED, subject, state, Said("doctor.again_or_back"))


def _refused(dataset: Dataset | None, found: Fetched) -> Iterator[Finding]:
    reported = {f"{FOLDER}/{file}" for file in found.damaged}
    for file, why in dataset.library.refusals.items() if dataset else ():
        if file not in reported:
            subject = Said("doctor.file", {"file": file})
            state = Said("doctor.refused", {"why": why})
            yield Finding(DAMAGED, subject, state, Said("doctor.replace_file"))


def _kept_versions(data_dir: Path) -> Iterator[Finding]:
    """Yield the kept versions, and those that can no longer be read."""
    folders = sorted(path.parent for path in (data_dir / "editions").glob("*/datapackage.json"))
    broken = [folder for folder in folders if not _is_whole(folder)]
    whole = [folder.name for folder in folders if folder not in broken]
    if whole:
        versions = Said("doctor.editions_kept", {"versions": ", ".join(whole)})
        yield Finding(OWN, Said("doctor.editions"), versions)
    for folder in broken:
        subject = Said("doctor.file", {"file": f"editions/{folder.name}"})
        yield Finding(DAMAGED, subject, Said("doctor.edition_broken"), Said("doctor.copy_back"))


def _is_whole(edition: Path) -> bool:
    try:
        descriptor = read_descriptor(edition)
        return str(descriptor["version"]) == edition.name and all(
            (edition / path).is_file() for path in paths_of(descriptor)
        )
    except (PackageInvalid, KeyError, TypeError):
        return False


def _answers(data_dir: Path) -> Iterator[Finding]:
    folder = data_dir / FOLDER / "answers"
    whole = list(folder.glob("*.body"))
    sizes = [path.stat().st_size for path in folder.glob("*") if path.is_file()]
    if sizes:
        state = Said("doctor.answers_kept", {"kb": sum(sizes) / 1000}, len(whole))
        yield Finding(FETCHED, Said("doctor.answers"), state)


def _run(command: str) -> Said:
    return Said("doctor.run", {"command": f"python -m geo {command}"})


# -- the command line ------------------------------------------------------------------------------


def add_command(commands: Any) -> None:
    """Add `doctor` to the command line."""
    parser = commands.add_parser("doctor", help="tell what is embedded, fetched, stale or damaged")
    parser.add_argument("folder", nargs="?", type=Path, default=settings.DATA_DIR, metavar="DIR")
    parser.add_argument("--lang", choices=languages.LANGUAGES, default=languages.COMMAND_LINE)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print every finding; return 1 if something is damaged."""
    folder, t = arguments.folder.resolve(), messages(arguments.lang)
    issues = [str(one) for one in validate(folder, arguments.lang)]
    findings = examine(folder, _readable(folder), issues)
    for one in findings:
        print("\n".join(lines(one, t)))  # noqa: T201
    damaged = [one.subject.text(t) for one in findings if one.state == DAMAGED]
    if damaged:
        print(t("doctor.damage", what=listed(dict.fromkeys(damaged), arguments.lang)))  # noqa: T201
    return 1 if damaged else 0


def _readable(folder: Path) -> Dataset | None:
    try:
        return datasets.load(folder)
    except (PackageInvalid, OSError):
        return None


def lines(one: Finding, t: Messages) -> list[str]:
    """Return a finding as lines of text; the advice is on a line of its own."""
    head = f"{t(f'doctor.state_{one.state}'):<12}{one.subject.text(t)}: {one.found.text(t)}"
    return [head, f"{'':<12}-> {one.advice.text(t)}"] if one.advice else [head]
