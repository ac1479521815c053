"""What can be taken away of a view: its picture, and its rows in the formats people ask for."""

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

PICTURE = "preview"  # the size that social media and the pages show
_FORMATS = ("csv", "xlsx", "geojson")


@dataclass(frozen=True)
class Taken:
    """The paths of a view's picture and of its files, each file with label and bytes."""

    picture: str
    files: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Order:
    """A view whose files are wanted, the name they carry, and the address they quote."""

    view: View
    name: str
    address: str = ""


@contextmanager
def taking(
    dataset: Dataset, orders: Sequence[Order]
) -> Iterator[Callable[[HashedFiles], list[Taken]]]:
    """Draw pictures and write files on all processors while the caller does something else.

    Yields a function that waits for them and puts those of every order on a shelf.
    """
    # Forked, so that every process has the dataset without reading or receiving it.
    forked = get_context("fork")
    with ProcessPoolExecutor(
        cpu_count(), mp_context=forked, initializer=_Process.begin, initargs=(dataset,)
    ) as pool:
        made = pool.map(_made, orders)
        yield lambda shelf: [
            _shelved(order, one, shelf) for order, one in zip(orders, made, strict=True)
        ]


class _Process:
    """What a drawing process knows from its start."""

    dataset: Dataset

    @classmethod
    def begin(cls, dataset: Dataset) -> None:
        cls.dataset = dataset


def _made(order: Order) -> dict[str, bytes]:
    dataset = _Process.dataset
    words = Words(address=order.address) if order.address else NO_WORDS
    files = {code: FORMATS[code].write(dataset, order.view, full=False) for code in _FORMATS}
    return {**files, "png": picture.png(dataset, order.view, PICTURE, words)}


def _shelved(order: Order, made: dict[str, bytes], shelf: HashedFiles) -> Taken:
    def put(code: str, extension: str) -> str:
        return shelf.put(f"{order.name}.{extension}", made[code])

    files = [
        (FORMATS[code].label(order.view.lang), put(code, FORMATS[code].extension), len(made[code]))
        for code in _FORMATS
    ]
    return Taken(put("png", "png"), tuple(files))
