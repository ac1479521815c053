"""Puts fetched files in use atomically, keeps the previous version and restores it."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from geo.base.clock import now
from geo.errors import FetchedElsewhere, FetchFailed, NothingToRestore
from geo.fetch.staged import Staged
from geo.official import fetched
from geo.official.fetched import State
from geo.official.origin import LOCK, Lock, entry

_ANSWERS = "answers"


def answers(data_dir: Path) -> Path:
    """Return the folder of cached responses."""
    return data_dir / fetched.FOLDER / _ANSWERS


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Lock the data directory against other fetches.

    Raises FetchedElsewhere if another process holds the lock, FetchFailed without write access.
    """
    folder = data_dir / fetched.FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "busy", timeout=0):
            yield
    except Timeout:
        raise FetchedElsewhere(
            f"Another process is fetching into {data_dir.name}/ now. Wait until it is done."
        ) from None
    except PermissionError as error:
        raise FetchFailed(f"{folder} cannot be written: {error}. Nothing was replaced.") from error


def commit(data_dir: Path, staged: Sequence[Staged]) -> State:
    """Put staged files in use together with the ones kept; return the new state.

    Keeps the previous version and deletes older ones. Raises FetchFailed if a file cannot be
    written; the data in use are then unchanged.
    """
    before = fetched.fetched(data_dir)
    files = {one.file: (before.folder or data_dir) / one.file for one in before.lock.files}
    fresh = {name: content for one in staged for name, content in one.files.items()}
    entries = [
        entry(name, one.what, content, one.origins.get(name, ()))
        for one in staged
        for name, content in one.files.items()
    ]
    lock = before.lock.but(entries)
    kept = {n: path for n, path in files.items() if n not in fresh and n not in before.damaged}
    lock = Lock(files=tuple(e for e in lock.files if e.file in fresh or e.file in kept))
    version = f"{now():%Y%m%dT%H%M%SZ}-{uuid4().hex[:4]}"
    target = fetched.folder_of(data_dir, version)
    half = target.with_name(f".{version}.part")
    try:
        _fill(half, fresh, kept, lock)
        half.rename(target)
        new = State(version, fetched.state(data_dir).current)
        _point(data_dir, new)
    except OSError as error:
        shutil.rmtree(half, ignore_errors=True)
        shutil.rmtree(target, ignore_errors=True)
        raise FetchFailed(
            f"The fetched files cannot be put in place: {error}. Nothing was replaced."
        ) from error
    _tidy(data_dir, new, lock)
    return new


def _fill(half: Path, fresh: dict[str, bytes], kept: dict[str, Path], lock: Lock) -> None:
    for name in (*fresh, *kept):
        (half / name).parent.mkdir(parents=True, exist_ok=True)
    for name, content in fresh.items():
        (half / name).write_bytes(content)
    for name, path in kept.items():
        shutil.copyfile(path, half / name)
    (half / LOCK).write_text(lock.text(), encoding="utf-8")
    for path in half.rglob("*"):
        if path.is_file():
            _flush(path)


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _point(data_dir: Path, new: State) -> None:
    """Replace state.json atomically, so that readers see the old or the new version."""
    path = data_dir / fetched.FOLDER / fetched.STATE
    half = path.with_suffix(".part")
    half.write_text(json.dumps(asdict(new)), encoding="utf-8")
    _flush(half)
    half.replace(path)


def _tidy(data_dir: Path, new: State, lock: Lock) -> None:
    """Delete versions that cannot be restored, and cached responses not used by the current one."""
    for folder in (data_dir / fetched.FOLDER / "versions").iterdir():
        if folder.name not in {new.current, new.previous}:
            shutil.rmtree(folder, ignore_errors=True)
    used = {origin.sha256 for one in lock.files for origin in one.origins}
    for about in answers(data_dir).glob("*.json"):
        body = about.with_suffix(".body")
        if body.exists() and json.loads(about.read_text(encoding="utf-8"))["sha256"] not in used:
            about.unlink()
            body.unlink()


def restore(data_dir: Path) -> State:
    """Put the previous version in use; calling it again returns to the newer one.

    Before the first fetch, the previous version is the shipped data. Raises NothingToRestore if
    nothing was ever fetched.
    """
    state = fetched.state(data_dir)
    if not state.current and not state.previous:
        raise NothingToRestore(
            f"Nothing was fetched into {data_dir.name}/ yet, so there is nothing to go back to."
        )
    new = State(state.previous, state.current)
    _point(data_dir, new)
    return new
