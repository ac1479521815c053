"""Unpacks uploaded zip files in memory, treating all their content as untrusted."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from geo.text.messages import Messages
from geo.uploads.limits import TooMuch
from geo.validation.issue import Issue

MOST_DROPPED = 10_000_000  # bytes, all files together
MOST_BYTES = 20_000_000  # bytes unpacked, all files together
MOST_DESCRIPTOR = 1_000_000  # bytes of datapackage.json
MOST_FILES = 200
_CHUNK = 65_536
_ENCRYPTED = 0x1  # general purpose flag, bit 0
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Files that operating systems add to a zip.
_LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
# Exceptions of zipfile on malformed input, including undecodable names.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, LookupError),
    *(ValueError, ArithmeticError, RuntimeError),
)


@dataclass(frozen=True)
class Dropped:
    """An uploaded file with its name; for a zip member, its path in the zip."""

    name: str
    content: bytes = field(repr=False)

    @property
    def kind(self) -> str:
        """The extension in lower case: "csv"."""
        return PurePosixPath(self.name).suffix.lower().lstrip(".")

    @property
    def stem(self) -> str:
        """The name without folders and extension."""
        return PurePosixPath(self.name).stem


def unpacked(
    zipped: Dropped, t: Messages, most: int = MOST_BYTES
) -> tuple[list[Dropped], list[Issue]]:
    """Return the files of a zip, and the issues found in it."""
    found: list[Dropped] = []
    try:
        with zipfile.ZipFile(io.BytesIO(zipped.content)) as source:
            members = [m for m in source.infolist() if not m.is_dir() and not _litter(m.filename)]
            wrong = _refused(zipped, members, t)
            if not wrong:
                found = [
                    Dropped(m.filename, content)
                    for m, content in zip(members, _contents(source, members, most), strict=True)
                ]
    except TooMuch:
        wrong = [_issue(zipped, t("egne_data.too_big", most=MOST_BYTES // 1_000_000))]
    except _DAMAGED:
        wrong = [_issue(zipped, t("egne_data.not_a_zip"))]
    return found, wrong


def weigh(content: bytes) -> None:
    """Unpack a zip or workbook only to measure it. Raises TooMuch, zipfile.BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        for _ in _contents(source, source.infolist()):
            pass


def _contents(
    source: zipfile.ZipFile, members: list[zipfile.ZipInfo], left: int = MOST_BYTES
) -> Iterator[bytes]:
    """Yield the content of each member, counting real bytes since declared sizes may be false."""
    if len(members) > MOST_FILES:
        raise TooMuch
    for member in members:
        content = bytearray()
        with source.open(member) as opened:
            while chunk := opened.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise TooMuch
                content += chunk
        yield bytes(content)


def _refused(zipped: Dropped, members: list[zipfile.ZipInfo], t: Messages) -> list[Issue]:
    if len(members) > MOST_FILES:
        return [_issue(zipped, t("egne_data.too_many", n=len(members), most=MOST_FILES))]
    wrong, seen = [], set()
    for member in members:
        name = member.filename
        if _leaves(name):
            key = "egne_data.leaves"
        elif member.flag_bits & _ENCRYPTED:
            key = "egne_data.encrypted"
        elif name.lower().endswith(".zip"):
            key = "egne_data.nested"
        elif member.compress_type not in _METHODS:
            key = "egne_data.method"
        elif name.casefold() in seen:
            key = "egne_data.same_name"
        else:
            seen.add(name.casefold())
            continue
        wrong.append(_issue(zipped, t(key, name=name[:80])))
    return wrong


def _leaves(name: str) -> bool:
    """Return whether a path leads out of the folder it is unpacked in."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name


def _litter(name: str) -> bool:
    return any(part in _LITTER or part.startswith("._") for part in PurePosixPath(name).parts)


def _issue(zipped: Dropped, text: str) -> Issue:
    return Issue(zipped.name, None, "", "", text)
