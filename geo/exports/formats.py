"""Lists the formats in which a view's rows can be downloaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.exports import csv_files, flatgeobuf, geojson, geopackage, geoparquet, workbook
from geo.report import tables
from geo.text.messages import messages


class Writer(Protocol):
    """Returns a file of a view: its listed rows, or every kommune if `full`."""

    def __call__(self, dataset: Dataset, view: View, *, full: bool) -> bytes:
        """Return the bytes of the file."""
        ...


@dataclass(frozen=True)
class Format:
    """A file format; `suffix` distinguishes formats with the same extension."""

    code: str
    extension: str
    media_type: str
    write: Writer
    suffix: str = ""

    def label(self, language: str) -> str:
        """Return the name users choose it by."""
        return messages(language)(f"export.format_{self.code}")

    def filename(self, dataset: Dataset, view: View, *, full: bool) -> str:
        """Return a file name that sorts well and describes the content."""
        kind = messages(view.lang)("export.file_all" if full else "export.file_shown")
        return tables.filename(dataset, view, kind + self.suffix, self.extension)


FORMATS: Mapping[str, Format] = {
    one.code: one
    for one in (
        Format("csv", "csv", "text/csv", csv_files.norwegian),
        Format(
            "xlsx",
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            workbook.workbook,
        ),
        Format("csv_plain", "csv", "text/csv", csv_files.plain, suffix="-rfc4180"),
        Format("geojson", "geojson", "application/geo+json", geojson.collection),
        Format("gpkg", "gpkg", "application/geopackage+sqlite3", geopackage.geopackage),
        Format("fgb", "fgb", "application/flatgeobuf", flatgeobuf.flatgeobuf),
        Format("parquet", "parquet", "application/vnd.apache.parquet", geoparquet.geoparquet),
    )
}
