"""The lock file: where each fetched file came from and what was made of it."""

import hashlib
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from geo.base import clock
from geo.errors import LockDamaged
from geo.settings import TOOL_VERSION

LOCK = "lock.json"


def now() -> str:
    """Return the current time as lock files have it: UTC, in seconds, ISO 8601."""
    return clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def digest(content: bytes) -> str:
    """Return the sha256 of a file's content in hex."""
    return hashlib.sha256(content).hexdigest()


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise ValueError("a file of the lock must lie in its folder")
    return name


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Origin(_Frozen):
    """One response of a service: address, request body, time, size in bytes and sha256."""

    address: str
    body: str = ""
    fetched_at: str
    size: int
    sha256: str
    media_type: str
    etag: str = ""
    modified: str = ""
    service: str
    licence: str
    credit: str


class LockEntry(_Frozen):
    """One file in use, the responses it was made from, when, and by which program version."""

    file: Annotated[str, AfterValidator(_inside)]
    what: str
    size: int
    sha256: str
    made_at: str
    made_with: str
    origins: tuple[Origin, ...]

    def fits(self, content: bytes) -> bool:
        """Return whether the content has the size and sha256 of this entry."""
        return len(content) == self.size and digest(content) == self.sha256


class Lock(_Frozen):
    """All fetched files in use, sorted by name."""

    files: tuple[LockEntry, ...] = ()

    def entry(self, file: str) -> LockEntry | None:
        """Return the entry of a file; None if it was not fetched."""
        return next((one for one in self.files if one.file == file), None)

    def but(self, entries: list[LockEntry]) -> "Lock":
        """Return a lock with entries added or replaced."""
        kept = {one.file: one for one in (*self.files, *entries)}
        return Lock(files=tuple(kept[name] for name in sorted(kept)))

    def text(self) -> str:
        """Return the lock as JSON."""
        return self.model_dump_json(indent=2) + "\n"


def entry(file: str, what: str, content: bytes, origins: tuple[Origin, ...]) -> LockEntry:
    """Return the lock entry of a file that was made just now."""
    return LockEntry(
        file=file,
        what=what,
        size=len(content),
        sha256=digest(content),
        made_at=now(),
        made_with=TOOL_VERSION,
        origins=origins,
    )


def read(text: str) -> Lock:
    """Return a lock from its JSON. Raises LockDamaged if it does not have that form."""
    try:
        return Lock.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise LockDamaged(
            f"{LOCK} is damaged at {where}: {first['msg']}. Fetch again, or go back with "
            "`python -m geo restore`."
        ) from error
