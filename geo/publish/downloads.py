"""Render the downloads of the public edition: a picture of a view, and its rows as files."""

from dataclasses import dataclass

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


def downloads(
    dataset: Dataset, view: View, name: str, address: str, hashed: HashedFiles
) -> Downloads:
    """Add the picture and the files of a view to the hashed files.

    They are called `name`; the picture quotes the address, if there is one.
    """
    words = Words(address=address) if address else NO_WORDS
    drawn = picture.png(dataset, view, PICTURE, words)
    files = []
    for code in _FORMATS:
        form = FORMATS[code]
        content = form.write(dataset, view, full=False)
        path = hashed.put(f"{name}.{form.extension}", content)
        files.append((form.label(view.lang), path, len(content)))
    return Downloads(hashed.put(f"{name}.png", drawn), tuple(files))
