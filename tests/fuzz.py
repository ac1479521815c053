"""Bytes that nobody would write, led by the code they reach: python -m tests.fuzz TARGET FOLDER

A target may refuse what it is given, in its own words; whatever else it raises is a find, and the
bytes are kept in the working folder. What stands behind FOLDER is for libFuzzer: -runs=, -seed=,
-max_total_time=. FOLDER holds what it begins with, and gets what led further.
"""

import io
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import atheris
from openpyxl import Workbook

with atheris.instrument_imports(include=["geo"]):
    from geo.dataset import csv_accidents
    from geo.dataset.package import read_table
    from geo.errors import AnswerRefused, BoundaryRefused, PackageInvalid
    from geo.fetch.transfer import unpacking
    from geo.places.boundary_files import boundary_reading
    from geo.settings import ROOT
    from geo.text.messages import messages
    from geo.uploads.arrange import arrange, missing
    from geo.uploads.dropped import Dropped

EXAMPLE = ROOT / "data" / "examples" / "nummer-2024"
GML = b'<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2"></gml:FeatureCollection>'
MAP = (
    b'{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:25833"}},'
    b'"features":[{"type":"Feature","properties":{"kommunenr":"K-0301"},"geometry":{"type":'
    b'"Polygon","coordinates":[[[250000,6640000],[260000,6640000],[260000,6650000],'
    b"[250000,6640000]]]}}]}"
)
_T = messages("en")


def sent_zip(content: bytes) -> None:
    """A zip from an official service."""
    with suppress(AnswerRefused):
        unpacking.members(
            content, "https://example.org/", limits=unpacking.UnpackLimits(1_000_000, 20)
        )


def sent_gml(content: bytes) -> None:
    """A map from an official service."""
    with suppress(AnswerRefused):
        unpacking.require_gml(content, "https://example.org/")


def own_map(content: bytes) -> None:
    """A map file that somebody imports."""
    with suppress(BoundaryRefused):
        frame = boundary_reading.opened(content, "kart.geojson")
        boundary_reading.numbers(frame, "kart.geojson")


def dropped(kind: str) -> Callable[[bytes], None]:
    """A file that somebody drops on the page for one's own data."""

    def drop(content: bytes) -> None:
        made = arrange([Dropped(f"egne.{kind}", content)], _T)
        assert made.tables or made.issues or missing(made, _T)

    return drop


def table(content: bytes) -> None:
    """A table of a package on disk: what can be read is written, and read again as the same."""
    sheet = csv_accidents.read(content)
    if sheet.readable and sheet.rows:
        again = csv_accidents.read(sheet.cleaned())
        assert [row for _, row in again.rows] == [row for _, row in sheet.rows]
    with suppress(PackageInvalid):
        read_table("hubs", content)


def _workbook() -> bytes:
    """A workbook whose parts are stored as they are: a changed letter stays one letter."""
    book, made, target = Workbook(), io.BytesIO(), io.BytesIO()
    for row in ("hub_id", "kommunenr"), ("roros", "K-1640"):
        book.active.append(row)
    book.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name))
    return target.getvalue()


def _zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:  # stored: a changed letter stays one letter
        for name in ("projects.csv", "datapackage.json"):
            archive.writestr(name, (EXAMPLE / name).read_bytes()[:400])
    return target.getvalue()


TARGETS: dict[str, tuple[Callable[[bytes], None], Callable[[], bytes]]] = {
    "sent-zip": (sent_zip, _zipped),
    "sent-gml": (sent_gml, lambda: GML),
    "map": (own_map, lambda: MAP),
    "table": (table, (EXAMPLE / "hubs.csv").read_bytes),
    "zip": (dropped("zip"), _zipped),
    "xlsx": (dropped("xlsx"), _workbook),
    "csv": (dropped("csv"), (EXAMPLE / "hubs.csv").read_bytes),
    "json": (dropped("json"), lambda: (EXAMPLE / "datapackage.json").read_bytes()[:3000]),
}


def main() -> None:
    """Feed the target named on the command line."""
    name, folder, *options = sys.argv[1:]
    target, seed = TARGETS[name]
    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / "seed").write_bytes(seed())
    atheris.Setup([sys.argv[0], folder, *options], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
