"""The kinds of briefing files: code, extension, media type and the function that makes them."""

from collections.abc import Callable
from dataclasses import dataclass

from geo.brief import factsheet, picture, slide
from geo.brief.picture import Words
from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.report.tables import filename
from geo.text.messages import messages

Maker = Callable[[Dataset, View, Words], bytes]


@dataclass(frozen=True)
class Kind:
    """A kind of file; `preview` is the picture size that previews it on the page."""

    code: str
    extension: str
    media_type: str
    make: Maker
    preview: str

    def name(self, dataset: Dataset, view: View) -> str:
        """Return a file name that sorts by view and says what the file contains."""
        return filename(
            dataset, view, messages(view.lang)(f"brief.file_{self.code}"), self.extension
        )


def _png(size: str) -> Maker:
    return lambda dataset, view, words: picture.png(dataset, view, size, words)


def _svg(dataset: Dataset, view: View, words: Words) -> bytes:
    return picture.svg(dataset, view, "slide", words)


_PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
KINDS = {
    kind.code: kind
    for kind in (
        Kind("slide", "png", "image/png", _png("slide"), "slide"),
        Kind("print", "png", "image/png", _png("print"), "print"),
        Kind("square", "png", "image/png", _png("square"), "square"),
        Kind("svg", "svg", "image/svg+xml", _svg, "slide"),
        Kind("pdf", "pdf", "application/pdf", factsheet.pdf, "sheet"),
        Kind("pptx", "pptx", _PPTX, slide.pptx, "slide"),
    )
}
