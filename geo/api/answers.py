"""HTTP responses of the API: content negotiation, compression, ETags and caching."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from geo.api.parameters import DATA, Asked, parameters_of, read
from geo.api.problems import NOT_ACCEPTABLE, ApiError
from geo.api.resources import CSV, MEDIA_TYPES, Resource, body
from geo.base.cache import ANSWERS
from geo.base.links import API, own_path
from geo.versions.corrections import address

CACHING = "public, max-age=300"
ACCEPTED = "Accept, Accept-Encoding"


@dataclass(frozen=True)
class Content:
    """The content of a response, gzipped, and its digest for the ETag."""

    gzipped: bytes
    digest: str

    @classmethod
    def of(cls, content: bytes) -> "Content":
        """Return content from uncompressed bytes."""
        digest = hashlib.sha256(content).hexdigest()[:20]
        return cls(gzip.compress(content, compresslevel=6, mtime=0), digest)


def answer(request: Request, resource: Resource) -> Response:
    """Return the response with a resource.

    Raises ApiError if a parameter or the Accept header is not understood.
    """
    asked = read(request, resource.parameters, resource.formats)
    form = asked.format or _negotiated(resource, request.headers.get("accept", ""))
    content = _content(resource, replace(asked, format=form))
    charset = "; charset=utf-8; header=present" if form == CSV else ""
    headers = {"Content-Language": asked.view.lang, "Vary": ACCEPTED}
    if asked.corrected:
        headers["Link"] = _newer(request, resource, asked)
    return send(request, content, MEDIA_TYPES[form] + charset, headers)


def _newer(request: Request, resource: Resource, asked: Asked) -> str:
    """Return links from a kept version: to the newest one (RFC 5829), and to what was corrected."""
    others = [(name, text) for name, text in parameters_of(request) if name != DATA]
    query = f"?{urlencode(others)}" if others else ""
    newest = f'<{own_path(f"{API}/{resource.name}")}{query}>; rel="latest-version"'
    return f'{newest}, <{address(asked.view.lang)}>; rel="related"'


@lru_cache(ANSWERS.most)
def _content(resource: Resource, asked: Asked) -> Content:
    return Content.of(body(resource, asked, asked.format))


def send(
    request: Request, content: Content, media_type: str, headers: Mapping[str, str]
) -> Response:
    """Return content, gzipped if the client accepts it, or 304 if the client has it already."""
    zipped = _quality(request.headers.get("accept-encoding", ""), ("gzip", "*")) > 0
    # A strong ETag identifies bytes, and these differ when compressed (RFC 9110, 8.8.3).
    plain, packed = f'"{content.digest}"', f'"{content.digest}-gzip"'
    sent = {**headers, "Cache-Control": CACHING, "ETag": packed if zipped else plain}
    if _known(request.headers.get("if-none-match", ""), (plain, packed)):
        return Response(status_code=304, headers=sent)
    if zipped:
        sent["Content-Encoding"] = "gzip"
        return Response(content.gzipped, media_type=media_type, headers=sent)
    return Response(gzip.decompress(content.gzipped), media_type=media_type, headers=sent)


def _known(header: str, etags: tuple[str, ...]) -> bool:
    """Return whether If-None-Match has one of the ETags, by weak comparison (RFC 9110, 13.1.2)."""
    named = [part.strip().removeprefix("W/") for part in header.split(",")]
    return "*" in named or any(etag in named for etag in etags)


# -- content negotiation --------------------------------------------------------------------------


def _negotiated(resource: Resource, accept: str) -> str:
    """Return the format that an Accept header prefers; the first of equals.

    Raises ApiError if it accepts none (RFC 9110, 12.5.1).
    """
    if not accept.strip():
        return resource.formats[0]
    liked = {form: _quality(accept, _ranges(MEDIA_TYPES[form])) for form in resource.formats}
    best = max(resource.formats, key=liked.__getitem__)
    if not liked[best]:
        offered = ", ".join(MEDIA_TYPES[form] for form in resource.formats)
        raise ApiError(NOT_ACCEPTABLE, offered=offered)
    return best


def _ranges(media_type: str) -> tuple[str, ...]:
    """Return the media ranges that match a media type, most specific first."""
    return (media_type, f"{media_type.partition('/')[0]}/*", "*/*")


def _quality(header: str, names: tuple[str, ...]) -> float:
    """Return the quality (q) that a header gives the first of the names it has; 0 if none."""
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
