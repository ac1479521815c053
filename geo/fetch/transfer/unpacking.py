"""Unpacks downloaded zips in memory, within limits, and screens XML."""

import io
import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

import defusedxml.sax
from defusedxml import DefusedXmlException

from geo.errors import AnswerRefused

_CHUNK = 65_536
_CENTRAL_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DRIVE = re.compile(r"[A-Za-z]:")
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")
_DEEPEST = 60  # nested elements; a map has a dozen levels
# Exceptions of zipfile on malformed input.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
)


@dataclass(frozen=True)
class UnpackLimits:
    """Limits on unpacked bytes, members, and the ratio of unpacked to packed bytes."""

    total: int = 500_000_000
    members: int = 200
    ratio: int = 100
    small: int = 10_000_000  # below it the ratio is not checked


LIMITS = UnpackLimits()


def members(
    content: bytes, address: str, endings: tuple[str, ...] = (), limits: UnpackLimits = LIMITS
) -> dict[str, bytes]:
    """Return the files of a zip by name, only those with one of `endings` if given.

    All members are checked, wanted or not. Raises AnswerRefused if the zip is damaged, unsafe or
    exceeds a limit.
    """
    # Counted before zipfile creates an object for each entry.
    if content.count(_CENTRAL_ENTRY) > 10 * limits.members:
        raise AnswerRefused(address, f"is a zip of more than {limits.members} files")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(entries, address, limits)
            wanted = [e for e in entries if not endings or e.filename.lower().endswith(endings)]
            return _inflated(archive, wanted, len(content), address, limits)
    except _BROKEN as error:
        raise AnswerRefused(address, f"is a zip that is cut short or damaged ({error})") from error


def _check(entries: list[zipfile.ZipInfo], address: str, limits: UnpackLimits) -> None:
    if len(entries) > limits.members:
        raise AnswerRefused(address, f"is a zip of more than {limits.members} files")
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise AnswerRefused(address, "is a zip that holds two files of the same name")
    for entry in entries:
        shown = entry.filename[:80]
        if not _stays_inside(entry.filename):
            raise AnswerRefused(address, f"is a zip with a file outside its folder: {shown!r}")
        if entry.flag_bits & _ENCRYPTED:
            raise AnswerRefused(address, f"is a zip that is locked with a password: {shown!r}")
        if entry.compress_type not in _METHODS:
            raise AnswerRefused(address, f"is a zip packed in an unusual way: {shown!r}")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise AnswerRefused(address, f"is a zip with a link in it: {shown!r}")


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    plain = name.isprintable() and "\\" not in name and not _DRIVE.match(name)
    return plain and bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def _inflated(
    archive: zipfile.ZipFile,
    entries: list[zipfile.ZipInfo],
    packed: int,
    address: str,
    limits: UnpackLimits,
) -> dict[str, bytes]:
    """Unpack in chunks and count bytes, since the sizes declared in a zip may be false."""
    found: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        pieces: list[bytes] = []
        with archive.open(entry) as member:
            while piece := member.read(_CHUNK):
                total += len(piece)
                if total > limits.total:
                    most = f"{limits.total / 1e6:.0f} MB"
                    raise AnswerRefused(address, f"is a zip that unpacks to more than {most}")
                if total > max(limits.small, limits.ratio * packed):
                    raise AnswerRefused(
                        address, f"is a zip bomb: it unpacks to {limits.ratio} times its size"
                    )
                if not pieces and piece.startswith(_ARCHIVES):
                    raise AnswerRefused(
                        address, f"is a zip with another archive in it: {entry.filename!r}"
                    )
                pieces.append(piece)
        found[entry.filename] = b"".join(pieces)
    return found


def require_gml(content: bytes, address: str) -> None:
    """Accept only plain GML: a FeatureCollection without DTD or entities, not too deeply nested.

    Call this before any other parser: entities may expand exponentially or refer to local files.
    Raises AnswerRefused otherwise.
    """
    try:
        defusedxml.sax.parseString(content, _Outline(), forbid_dtd=True)
    except DefusedXmlException as error:
        raise AnswerRefused(
            address, "is XML with declarations of its own (DOCTYPE), which no map needs"
        ) from error
    except (SAXException, ValueError, LookupError) as error:
        raise AnswerRefused(address, f"is not GML: {error}") from error


class _Outline(ContentHandler):
    """Checks the root element and the nesting depth."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def startElement(self, name: str, _: object) -> None:  # noqa: N802 - named by SAX
        if self._depth == 0 and name.rpartition(":")[2] != "FeatureCollection":
            raise ValueError(f"it begins with <{name[:40]}>, not with a FeatureCollection")
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError(f"it has elements more than {_DEEPEST} deep")

    def endElement(self, _: str) -> None:  # noqa: N802 - named by SAX
        self._depth -= 1
