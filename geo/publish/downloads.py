"""Render the downloads of the public edition: a picture of each view, and its rows as files."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from os import cpu_count

from geo.brief import picture
from geo.brief.picture import NO_WORDS, Words
from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.exports.formats import FORMATS
from geo.publish.hashed_files import HashedFiles

PICTURE = "preview"  # the size that pages and link previews use
_FORMATS = ("csv", "xlsx", "geojson")


@dataclass(frozen=True)
class Downloads:
    """Paths of a view's picture and files; each file as (label, path, size in bytes)."""

    picture: str
    files: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Order:
    """A view to render, the file name to use, and the address that the picture quotes."""

    view: View
    name: str
    address: str = ""


@contextmanager
def rendering(
    dataset: Dataset, orders: Sequence[Order]
) -> Iterator[Callable[[HashedFiles], list[Downloads]]]:
    """Render pictures and files on all processors while the caller does something else.

    Yields a function that waits for them and adds those of every order to the hashed files.
    """
    # Fork, so that the processes share the dataset instead of loading or unpickling it.
    forked = get_context("fork")
    with ProcessPoolExecutor(
        cpu_count(), mp_context=forked, initializer=_Process.begin, initargs=(dataset,)
    ) as pool:
        made = pool.map(_made, orders)
        yield lambda hashed: [
            _stored(order, one, hashed) for order, one in zip(orders, made, strict=True)
        ]


class _Process:
    """State of a worker process, set when it starts."""

    dataset: Dataset

    @classmethod
    def begin(cls, dataset: Dataset) -> None:
        cls.dataset = dataset


def _made(order: Order) -> dict[str, bytes]:
    dataset = _Process.dataset
    words = Words(address=order.address) if order.address else NO_WORDS
    files = {code: FORMATS[code].write(dataset, order.view, full=False) for code in _FORMATS}
    return {**files, "png": picture.png(dataset, order.view, PICTURE, words)}


def _stored(order: Order, made: dict[str, bytes], hashed: HashedFiles) -> Downloads:
    def put(code: str, extension: str) -> str:
        return hashed.put(f"{order.name}.{extension}", made[code])

    files = [
        (FORMATS[code].label(order.view.lang), put(code, FORMATS[code].extension), len(made[code]))
        for code in _FORMATS
    ]
    return Downloads(put("png", "png"), tuple(files))
