"""Limit uploads before they are read, since Streamlit keeps every upload in memory.

What is kept is read from Streamlit's own store, so that deleted files and ended sessions no longer
count.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from geo.base.links import UPLOADS
from geo.server.middleware.client import client_address
from geo.text.languages import LANGUAGES
from geo.text.messages import messages

MOST_FILES = 20  # per session
MOST_OF_SESSION = 20_000_000  # bytes; one upload is at most 10 MB, and may be replaced once
MOST_OF_ADDRESS = 100_000_000
MOST_OF_ALL = 300_000_000
_UPLOAD = re.compile(rf"{UPLOADS}(?P<session>[^/]+)/[^/]+")

# Sizes in bytes of the files that are kept, by session.
Kept = Callable[[], Mapping[str, list[int]]]


class UploadLimits:
    """ASGI middleware that refuses an upload with too many files or bytes before it is read."""

    def __init__(self, app: ASGIApp, kept: Kept) -> None:
        self._app, self._kept = app, kept
        self._addresses: dict[str, str] = {}  # by session with files, as long as these are kept
        self._coming: list[tuple[str, int]] = []  # uploads in progress: session and bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the upload or refuse it with 413; pass all other requests on."""
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
            await PlainTextResponse(_refusal_text(), 413)(scope, receive, send)
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


def _refusal_text() -> str:
    most = {"files": MOST_FILES, "mb": MOST_OF_SESSION // 1_000_000}
    return "\n".join(messages(lang)("operations.uploads_full", **most) for lang in LANGUAGES)
