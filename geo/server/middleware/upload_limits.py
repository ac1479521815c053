"""How much may be left here before it is read: Streamlit keeps every upload in memory.

What is kept is asked of Streamlit's own store, so that files which are deleted, or whose session
is gone, count no more.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from geo.server.middleware.client import client_address
from geo.text.languages import LANGUAGES
from geo.text.messages import messages

MOST_FILES = 20  # of one session
MOST_OF_SESSION = 20_000_000  # bytes: what is dropped together is 10 MB, corrected once
MOST_OF_ADDRESS = 100_000_000
MOST_OF_ALL = 300_000_000
_UPLOAD = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/[^/]+")

# The sizes in bytes of the files that are kept, by session.
Kept = Callable[[], Mapping[str, list[int]]]


class UploadLimits:
    """ASGI middleware: refuses an upload that would be too many or too much, before it is read."""

    def __init__(self, app: ASGIApp, kept: Kept) -> None:
        self._app, self._kept = app, kept
        self._addresses: dict[str, str] = {}  # of sessions with files, in memory while these last
        self._coming: list[tuple[str, int]] = []  # uploads under way: session and bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count an upload in, or refuse it; let all else pass."""
        found = _UPLOAD.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is None or scope["method"] != "PUT":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        if not (length.isascii() and length.isdecimal() and len(length) < len(str(10**12))):
            await PlainTextResponse("Content-Length is needed.", 411)(scope, receive, send)
            return
        session = found["session"]
        if self._too_much(session, client_address(scope), int(length)):
            await PlainTextResponse(_told(), 413)(scope, receive, send)
            return
        coming = (session, int(length))
        self._coming.append(coming)
        try:
            await self._app(scope, receive, send)
        finally:
            self._coming.remove(coming)

    def _too_much(self, session: str, address: str, size: int) -> bool:
        kept = self._kept()
        uploading = {one for one, _ in self._coming}
        self._addresses = {s: a for s, a in self._addresses.items() if s in kept or s in uploading}
        self._addresses[session] = address
        totals = Counter({one: sum(sizes) for one, sizes in kept.items()})
        files = Counter({one: len(sizes) for one, sizes in kept.items()})
        for one, coming in self._coming:
            totals[one] += coming
            files[one] += 1
        of_address = sum(n for one, n in totals.items() if self._addresses.get(one) == address)
        return (
            files[session] + 1 > MOST_FILES
            or totals[session] + size > MOST_OF_SESSION
            or of_address + size > MOST_OF_ADDRESS
            or totals.total() + size > MOST_OF_ALL
        )


def _told() -> str:
    most = {"files": MOST_FILES, "mb": MOST_OF_SESSION // 1_000_000}
    return "\n".join(messages(lang)("operations.uploads_full", **most) for lang in LANGUAGES)
