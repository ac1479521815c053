"""How an answer travels: chosen format, compressed, with an ETag, and not twice."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

from geo.api.parameters import Asked, read
from geo.api.problems import NOT_ACCEPTABLE, ApiError
from geo.api.resources import CSV, MEDIA_TYPES, Resource, body
from geo.base.cache import ANSWERS
from geo.base.clock import today

CACHING = "public, max-age=300"
ACCEPTED = "Accept, Accept-Encoding"


@dataclass(frozen=True)
class Content:
    """The bytes of an answer, gzipped, and a name that changes with them."""

    gzipped: bytes
    digest: str

    @classmethod
    def of(cls, content: bytes) -> "Content":
        """Return bytes ready to travel."""
        digest = hashlib.sha256(content).hexdigest()[:20]
        return cls(gzip.compress(content, compresslevel=6, mtime=0), digest)


def answer(request: Request, resource: Resource) -> Response:
    """Return a resource as a request asks for it. Raises Problem."""
    asked = read(request, resource.parameters, resource.formats)
    form = asked.format or _negotiated(resource, request.headers.get("accept", ""))
    # A view's look is not part of the answer, and the source line holds today's date.
    content = _content(resource, replace(asked, format=form), today())
    charset = "; charset=utf-8; header=present" if form == CSV else ""
    headers = {"Content-Language": asked.view.lang, "Vary": ACCEPTED}
    return send(request, content, MEDIA_TYPES[form] + charset, headers)


@lru_cache(ANSWERS.most)
def _content(resource: Resource, asked: Asked, _today: date) -> Content:
    return Content.of(body(resource, asked, asked.format))


def send(
    request: Request, content: Content, media_type: str, headers: Mapping[str, str]
) -> Response:
    """Return content compressed if it may be, or "unchanged" where the asker has it."""
    zipped = _quality(request.headers.get("accept-encoding", ""), ("gzip", "*")) > 0
    # A strong ETag names bytes, and these differ when compressed (RFC 9110, 8.8.3).
    plain, packed = f'"{content.digest}"', f'"{content.digest}-gzip"'
    sent = {**headers, "Cache-Control": CACHING, "ETag": packed if zipped else plain}
    if _known(request.headers.get("if-none-match", ""), (plain, packed)):
        return Response(status_code=304, headers=sent)
    if zipped:
        sent["Content-Encoding"] = "gzip"
        return Response(content.gzipped, media_type=media_type, headers=sent)
    return Response(gzip.decompress(content.gzipped), media_type=media_type, headers=sent)


def _known(header: str, etags: tuple[str, ...]) -> bool:
    """Say whether If-None-Match names one of the ETags, by weak comparison (RFC 9110, 13.1.2)."""
    named = [part.strip().removeprefix("W/") for part in header.split(",")]
    return "*" in named or any(etag in named for etag in etags)


# -- content negotiation --------------------------------------------------------------------------


def _negotiated(resource: Resource, accept: str) -> str:
    """Return the format that an Accept header likes best, the first of equals."""
    if not accept.strip():
        return resource.formats[0]
    liked = {form: _quality(accept, _ranges(MEDIA_TYPES[form])) for form in resource.formats}
    best = max(resource.formats, key=liked.__getitem__)
    if not liked[best]:
        offered = ", ".join(MEDIA_TYPES[form] for form in resource.formats)
        raise ApiError(NOT_ACCEPTABLE, offered=offered)
    return best


def _ranges(media_type: str) -> tuple[str, ...]:
    """Return what may name a media type, the most specific first."""
    return (media_type, f"{media_type.partition('/')[0]}/*", "*/*")


def _quality(header: str, names: tuple[str, ...]) -> float:
    """Return how much a header likes something known by any of some names; 0 is not at all."""
    weights = {}
    for part in header.split(","):
        name, *parameters = (text.strip().lower() for text in part.split(";"))
        weights[name] = _weight(parameters)
    return next((weights[name] for name in names if name in weights), 0.0)


def _weight(parameters: list[str]) -> float:
    for text in parameters:
        key, _, value = text.partition("=")
        if key.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
