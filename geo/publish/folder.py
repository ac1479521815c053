"""Write the output folder in a folder beside it, then swap the two."""

import gzip
import hashlib
import json
import os
import re
import shutil
from collections.abc import Container, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from os import cpu_count
from pathlib import Path

import brotli
from filelock import FileLock, Timeout

from geo.errors import OutputRefused

MARK = "edition.json"
_MAKER = "naeringshage-kart"
_TEXTS = (".html", ".css", ".js", ".json", ".svg", ".csv", ".geojson", ".xml", ".ttl", ".rdf")
_LEAST = 1000  # bytes: what is smaller fits in one packet as it is
# What the front page loads is packed as small as can be. Of the rest brotli's last level would take
# a tenth off, in a hundred seconds of a core instead of two.
_LOADED_FIRST = (".css", ".js", ".json")


def mark(data_version: str, made_from: str = "", files: Mapping[str, bytes] = {}) -> bytes:
    """Return the marker file by which an earlier edition is recognised.

    It says what the edition was made from, and what its other files hold, as hashes.
    """
    held = hashlib.sha256()
    for name, content in sorted(files.items()):
        if name != MARK:
            held.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    said = {"made_by": _MAKER, "data_version": data_version, "made_from": made_from}
    return json.dumps({**said, "holds": held.hexdigest()}).encode()


def whole(out: Path, made_from: str) -> dict[str, bytes] | None:
    """Return the files of an edition that was made from the same and in which nothing was changed.

    None if there is no such edition.
    """
    try:
        said = json.loads((out / MARK).read_text(encoding="utf-8"))
        if said["made_from"] != made_from:
            return None
        paths = (path for path in out.rglob("*") if path.is_file())
        files = {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}
        expected = mark(said["data_version"], made_from, files)
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return files if files[MARK] == expected else None


def check(out: Path) -> None:
    """Raise OutputRefused unless the folder is new, empty, or an earlier edition of ours."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise OutputRefused(f"{out} is not a folder. Name a new folder, or an earlier edition.")
    if not out.exists() or not any(out.iterdir()):
        return
    try:
        found = json.loads((out / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or found.get("made_by") != _MAKER:
        raise OutputRefused(
            f"{out} holds something that is not an earlier public edition (it has no {MARK} of "
            "ours), and publishing would delete it. Name a new folder, or empty this one first."
        )


def packed(files: Mapping[str, bytes], first: Container[str]) -> dict[str, bytes]:
    """Return compressed copies of the texts, .gz and .br, for servers that send them as they are.

    `first` are the pages that most readers come to, which are packed as well as can be.
    """
    texts = [name for name, content in files.items() if _is_packed(name, content)]

    def copies(name: str) -> list[tuple[str, bytes]]:
        return _copies(name, files[name], hard=name in first or name.endswith(_LOADED_FIRST))

    with ThreadPoolExecutor(cpu_count()) as pool:  # both libraries let other threads run
        return {name: copy for made in pool.map(copies, texts) for name, copy in made}


def _is_packed(name: str, content: bytes) -> bool:
    return name.endswith(_TEXTS) and len(content) >= _LEAST and name != MARK


def _copies(name: str, content: bytes, *, hard: bool) -> list[tuple[str, bytes]]:
    """Return the name and content of both copies of a text."""
    gzipped = gzip.compress(content, 9 if hard else 6, mtime=0)
    smaller = brotli.compress(content, brotli.MODE_TEXT, quality=11 if hard else 5)
    return [(f"{name}.gz", gzipped), (f"{name}.br", smaller)]


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Lock the folder against other runs, and remove what a killed run left.

    Raises OutputRefused if another run is publishing to it, or nothing can be written beside it.
    """
    out = out.absolute()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(out.with_name(f".{out.name}.busy"), timeout=0):
            _clear(out)
            yield
    except Timeout:
        raise OutputRefused(
            f"Another run is publishing to {out}. Wait until it has ended; nothing was changed."
        ) from None


def _clear(out: Path) -> None:
    """Delete temporary folders of killed runs; restore an edition that one had moved away."""
    mine = re.compile(rf"\.{re.escape(out.name)}\.\d+\.(part|before)")
    left = [path for path in out.parent.iterdir() if mine.fullmatch(path.name) and path.is_dir()]
    before = [path for path in left if path.suffix == ".before"]
    if before and not out.exists():
        before[0].rename(out)
        left.remove(before[0])
    for path in left:
        shutil.rmtree(path, ignore_errors=True)


def write(out: Path, files: Mapping[str, bytes]) -> None:
    """Write all files to a folder beside, then replace the old edition. Raises OutputRefused.

    Call this while the folder is `held`.
    """
    check(out)
    out = out.absolute()
    half = out.with_name(f".{out.name}.{os.getpid()}.part")
    before = out.with_name(f".{out.name}.{os.getpid()}.before")
    try:
        for name, content in files.items():
            path = half / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        _swap(half, out, before)
    except OSError as error:
        raise OutputRefused(
            f"{out} cannot be written: {error}. An earlier edition there is as it was."
        ) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
        shutil.rmtree(before, ignore_errors=True)


def _swap(half: Path, out: Path, before: Path) -> None:
    if not out.exists():
        half.rename(out)
        return
    out.rename(before)
    try:
        half.rename(out)
    except OSError:
        before.rename(out)
        raise
