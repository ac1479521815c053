"""The public edition for tests: built once, without the pictures that take most of the time."""

import fcntl
import pickle
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from geo.brief import picture
from geo.coverage.dataset import Dataset
from geo.publish import folder, site

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8"
    "ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)
PORTS = range(8730, 8751)
BASE = "https://kart.example.no/hager/"


def built(dataset: Dataset, base_url: str = "") -> dict[str, bytes]:
    """Return the files of an edition with a pixel for each picture."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture, "png", lambda *_: PIXEL)
        return site.build(dataset, base_url)


def once(folder: Path, dataset: Dataset) -> dict[str, bytes]:
    """Return the edition at BASE, built by the first process of a test run that asks for it.

    `folder` is one that the processes share; the others wait for the first.
    """
    kept = folder / "edition.pickle"
    with (folder / "edition.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(built(dataset, BASE)))
        files: dict[str, bytes] = pickle.loads(kept.read_bytes())  # noqa: S301 - written above
    return files


def shorter(dataset: Dataset, kept: Iterable[str], *, counties: int | None = 1) -> Dataset:
    """The dataset with few counties, years and kommuner: a whole edition takes a minute."""
    years = (2015, 2024)
    few = {year: dataset.choices.fylker[year][:counties] for year in years}
    fewer = replace(dataset.choices, years=years, fylker=few, kommuner=frozenset(kept))
    return replace(dataset, choices=fewer)


def write(dataset: Dataset, out: Path) -> Path:
    """Write an edition; return where."""
    folder.write(out, built(dataset))
    return out


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(root: Path) -> Iterator[str]:
    """Serve a folder as plain files and nothing else; yield the address."""
    handler = partial(_Silent, directory=str(root))
    for port in PORTS:
        try:
            server = ThreadingHTTPServer(("127.0.0.1", port), handler)
            break
        except OSError:
            continue
    else:
        pytest.fail("no free port")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
