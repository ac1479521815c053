"""What an earlier run made and a later one need not make again, in the user's folder for caches.

A file is found by its key alone, a hash of everything that its content is made from. Where nothing
can be written, everything is made anew.
"""

import hashlib
import logging
import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from geo import settings
from geo.base.content import hash_of, program

_DIGEST = hashlib.sha256().digest_size
_MOST = 256  # files of a kind: Streamlit has about 130 for browsers
_OF_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_log = logging.getLogger(__name__)


def kept(kind: str, made_from: bytes, make: Callable[[], bytes]) -> bytes:
    """Return what `make` makes of `made_from` with this program, as it was made once before."""
    key = hash_of([program().encode(), made_from])
    found = find(kind, key)
    if found is None:
        found = make()
        keep(kind, key, found)
    return found


def find(kind: str, key: str) -> bytes | None:
    """Return what was kept under a key; None if there is nothing, or it is damaged."""
    if not _ours(settings.CACHE_DIR):
        return None
    try:
        digest, content = _split((settings.CACHE_DIR / kind / key).read_bytes())
    except OSError:
        return None
    return content if digest == hashlib.sha256(content).digest() else None


def _split(file: bytes) -> tuple[bytes, bytes]:
    return file[:_DIGEST], file[_DIGEST:]


def keep(kind: str, key: str, content: bytes) -> None:
    """Keep a content under a key for later runs, if the folder can be written to."""
    folder = settings.CACHE_DIR / kind
    try:
        settings.CACHE_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(exist_ok=True)
        if not _ours(settings.CACHE_DIR):
            return
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as half:
            half.write(hashlib.sha256(content).digest() + content)
        Path(half.name).replace(folder / key)
        _forget_oldest(folder)
    except OSError as error:
        _log.info("nothing is kept for the next start", extra={"fields": {"why": str(error)}})


def _ours(folder: Path) -> bool:
    """Return whether nobody else can have written into a folder, since browsers get its content."""
    try:
        about = folder.stat()
    except OSError:
        return False
    own = not hasattr(os, "getuid") or about.st_uid == os.getuid()
    return own and not about.st_mode & _OF_OTHERS


def _forget_oldest(folder: Path) -> None:
    files = sorted(folder.iterdir(), key=_age)
    for path in files[:-_MOST]:
        with suppress(OSError):  # another process was first
            path.unlink()


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
