"""HTTP client for the official services: rate-limited, with retries and size limits.

Responses are cached with their origin, for conditional requests (ETag, Last-Modified); a partial
download is resumed with a range request, even by a later run.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx2
import stamina

from geo.base import clock
from geo.errors import AnswerRefused, FetchFailed
from geo.fetch.transfer import allowed_hosts
from geo.fetch.transfer.progress import Listener, Silent
from geo.official.origin import Origin, digest, now
from geo.official.services import MIRROR, Service, asked_at
from geo.settings import TOOL_VERSION

JSON = ("application/json",)
ZIP = ("application/zip", "application/x-zip-compressed", "application/octet-stream")
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_SPARE_DISK = 200_000_000  # bytes of free disk space to leave
_CHANGEABLE = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True)
class Wanted:
    """A request, with the accepted media types and the maximum size in bytes."""

    service: Service
    address: str
    media: tuple[str, ...] = JSON
    limit: int = 60_000_000
    body: Mapping[str, Any] | None = None
    label: str = ""

    @property
    def asked(self) -> str:
        """The request body as JSON; "" if there is none."""
        return "" if self.body is None else json.dumps(self.body, ensure_ascii=False)

    @property
    def name(self) -> str:
        """The name of the download shown to users."""
        return self.label or self.address


@dataclass(frozen=True)
class HttpAnswer:
    """A response checked for size and media type, with its origin."""

    content: bytes
    origin: Origin
    unchanged: bool

    def json(self) -> Any:
        """Return the content parsed as JSON. Raises AnswerRefused if it is not JSON."""
        try:
            return json.loads(self.content.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise AnswerRefused(self.origin.address, f"is not JSON: {error}") from error


@dataclass(frozen=True)
class Patience:
    """Time-outs and pauses in seconds, and the number of attempts."""

    connect: float = 10
    read: float = 30
    whole: float = 1800
    attempts: int = 4
    first_pause: float = 1
    longest_pause: float = 60
    slowest: float = 500  # bytes per second, enforced after `settling` seconds
    settling: float = 60
    polite: bool = True


@dataclass
class Transport:
    """The connection to the services for one run; `folder` caches full and partial responses."""

    folder: Path
    listener: Listener = field(default_factory=Silent)
    patience: Patience = field(default_factory=Patience)
    _asked: dict[str, float] = field(default_factory=dict)

    def get(self, wanted: Wanted) -> HttpAnswer:
        """Return the response to a request.

        Raises FetchFailed if there is none after all attempts or the disk is full, AnswerRefused if
        it is not what was requested.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        tries = stamina.retry_context(
            on=self._pause_before_again,
            attempts=self.patience.attempts,
            timeout=self.patience.whole,
            wait_initial=self.patience.first_pause,
            wait_max=self.patience.longest_pause,
            wait_jitter=self.patience.first_pause,
        )
        try:
            for attempt in tries:
                with attempt:
                    return self._once(wanted)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise FetchFailed(_plainly(wanted, error)) from error
        except OSError as error:
            raise FetchFailed(f"{wanted.name} cannot be kept in {self.folder}: {error}") from error
        raise AssertionError("stamina tries at least once")

    def _pause_before_again(self, error: Exception) -> bool | float:
        """Return whether to retry, or the pause in seconds that the service requests."""
        if isinstance(error, httpx2.HTTPStatusError):
            if error.response.status_code not in _AGAIN:
                return False
            asked = _retry_after(error.response)
            self.listener.say(f"{error.request.url.host} answers {error.response.status_code}.")
            return True if asked is None else min(asked, self.patience.longest_pause)
        return isinstance(error, httpx2.TransportError)

    def _once(self, wanted: Wanted) -> HttpAnswer:
        self._be_polite(wanted.service)
        kept = _Kept(self.folder, wanted)
        timeout = httpx2.Timeout(self.patience.read, connect=self.patience.connect)
        with (
            httpx2.Client(timeout=timeout, follow_redirects=False) as client,
            closing(self._answer(client, wanted, kept.headers())) as response,
        ):
            if response.status_code == httpx2.codes.NOT_MODIFIED and kept.origin:
                return HttpAnswer(kept.content(), kept.origin, unchanged=True)
            if response.status_code == httpx2.codes.RANGE_NOT_SATISFIABLE:
                kept.forget_beginning()
                raise httpx2.RemoteProtocolError("the rest of the file is gone")
            response.raise_for_status()
            self._check_head(wanted, response)
            self._take(wanted, response, kept)
        return kept.finish(response)

    @staticmethod
    def _answer(
        client: httpx2.Client, wanted: Wanted, headers: Mapping[str, str]
    ) -> httpx2.Response:
        """Follow redirects; return the response, its body unread. Raises AnswerRefused."""
        request = client.build_request(
            "POST" if wanted.asked else "GET",
            asked_at(wanted.address),
            content=wanted.asked or None,
            headers=headers,
        )
        for _ in range(allowed_hosts.MOST_REDIRECTS + 1):
            allowed_hosts.require_public(request.url, wanted.address)
            response = client.send(request, stream=True)
            try:
                allowed_hosts.require_public_peer(response, wanted.address)
                onward = allowed_hosts.followed(wanted.service, wanted.address, response)
            except AnswerRefused:
                response.close()
                raise
            if onward is None:
                return response
            request = onward
            response.close()
        most = allowed_hosts.MOST_REDIRECTS
        raise AnswerRefused(wanted.address, f"sends on more than {most} times")

    def _be_polite(self, service: Service) -> None:
        last = self._asked.get(service.base)
        if self.patience.polite and last is not None:
            time.sleep(max(0.0, last + service.pause - time.monotonic()))
        self._asked[service.base] = time.monotonic()

    def _check_head(self, wanted: Wanted, response: httpx2.Response) -> None:
        media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in wanted.media:
            reason = f"sent {media or 'a file of no stated type'} in place of {wanted.media[0]}"
            if media in _CHANGEABLE:
                reason += "; a web page often means that the service is down, or that a login page"
                reason += " of your network stands between"
            raise AnswerRefused(wanted.address, reason)
        length = int(response.headers.get("content-length", "0") or 0)
        free = shutil.disk_usage(self.folder).free - _SPARE_DISK
        if length > wanted.limit:
            raise AnswerRefused(wanted.address, _too_large(length, wanted.limit))
        if min(length or wanted.limit, wanted.limit) > free:
            raise FetchFailed(
                f"{wanted.name} may need {wanted.limit / 1e6:.0f} MB, and the disk has "
                f"{max(free, 0) / 1e6:.0f} MB to spare. Make room and fetch again."
            )

    def _take(self, wanted: Wanted, response: httpx2.Response, kept: "_Kept") -> None:
        """Write the body to the cache as it arrives, enforcing size, time and minimum speed."""
        count = kept.begin(response)
        total = int(response.headers.get("content-length", "0") or 0)
        self.listener.begin(wanted.name, count + total if total else None)
        started, before = time.monotonic(), count
        with kept.part.open("ab") as part:
            for chunk in response.iter_bytes():
                count += len(chunk)
                if count > wanted.limit:
                    kept.forget_beginning()
                    raise AnswerRefused(wanted.address, _too_large(count, wanted.limit))
                part.write(chunk)
                self.listener.reached(count)
                spent = time.monotonic() - started
                crawls = count - before < self.patience.slowest * spent
                if spent > self.patience.whole or (spent > self.patience.settling and crawls):
                    raise httpx2.ReadTimeout("the answer comes too slowly")


class _Kept:
    """The cache files of one request: the last complete response, and a partial new one."""

    def __init__(self, folder: Path, wanted: Wanted) -> None:
        key = hashlib.sha256(f"{wanted.address}\n{wanted.asked}".encode()).hexdigest()[:24]
        self._wanted = wanted
        self._body = folder / f"{key}.body"
        self._about = folder / f"{key}.json"
        self.part = folder / f"{key}.part"
        self._part_about = folder / f"{key}.part.json"
        self.origin = self._origin()

    def _origin(self) -> Origin | None:
        try:
            origin = Origin.model_validate_json(self._about.read_text(encoding="utf-8"))
            return origin if digest(self._body.read_bytes()) == origin.sha256 else None
        except (OSError, ValueError):
            return None

    def content(self) -> bytes:
        return self._body.read_bytes()

    def headers(self) -> dict[str, str]:
        """Return headers that request only a changed response, or the rest of a partial one."""
        headers = {
            "Accept": ", ".join(self._wanted.media),
            "Accept-Encoding": "identity",
            "User-Agent": f"naeringshage-kart/{TOOL_VERSION}",
        }
        if self._wanted.asked:
            headers["Content-Type"] = "application/json"
        validator = self._validator_of_part()
        if validator:
            headers["Range"] = f"bytes={self.part.stat().st_size}-"
            headers["If-Range"] = validator
        elif self.origin and self.origin.etag:
            headers["If-None-Match"] = self.origin.etag
        elif self.origin and self.origin.modified:
            headers["If-Modified-Since"] = self.origin.modified
        return headers

    def _validator_of_part(self) -> str:
        """Return the ETag or date of the partial response; "" if unknown."""
        try:
            validator = str(json.loads(self._part_about.read_text(encoding="utf-8")))
            return validator if self.part.stat().st_size else ""
        except (OSError, ValueError):
            return ""

    def begin(self, response: httpx2.Response) -> int:
        """Return the number of bytes already stored, at which the response continues."""
        there = self.part.stat().st_size if self.part.exists() else 0
        goes_on = response.headers.get("content-range", "").startswith(f"bytes {there}-")
        if response.status_code == httpx2.codes.PARTIAL_CONTENT:
            if goes_on:
                return there
            self.forget_beginning()
            raise httpx2.RemoteProtocolError("another part than asked for was sent")
        self.forget_beginning()
        self.part.touch()
        etag = response.headers.get("etag", "")
        validator = "" if etag.startswith("W/") else etag
        validator = validator or response.headers.get("last-modified", "")
        if validator and "content-encoding" not in response.headers:
            self._part_about.write_text(json.dumps(validator), encoding="utf-8")
        return 0

    def forget_beginning(self) -> None:
        self.part.unlink(missing_ok=True)
        self._part_about.unlink(missing_ok=True)

    def finish(self, response: httpx2.Response) -> HttpAnswer:
        """Replace the last complete response by the new one."""
        content = self.part.read_bytes()
        origin = Origin(
            address=self._wanted.address,
            body=self._wanted.asked,
            fetched_at=now(),
            size=len(content),
            sha256=digest(content),
            media_type=response.headers.get("content-type", ""),
            etag=response.headers.get("etag", ""),
            modified=response.headers.get("last-modified", ""),
            service=self._wanted.service.name,
            licence=self._wanted.service.licence,
            credit=self._wanted.service.credit,
        )
        self._about.unlink(missing_ok=True)
        self.part.replace(self._body)
        self._part_about.unlink(missing_ok=True)
        self._about.write_text(origin.model_dump_json(), encoding="utf-8")
        return HttpAnswer(content, origin, unchanged=False)


def _retry_after(response: httpx2.Response) -> float | None:
    """Return the seconds in Retry-After, which may be a number or a date (RFC 9110)."""
    text = response.headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text)
    try:
        said = parsedate_to_datetime(text)
    except ValueError:
        return None
    # A date without a zone ("-0000") is in UTC.
    return max(0.0, (said.replace(tzinfo=said.tzinfo or UTC) - clock.now()).total_seconds())


def _too_large(size: int, limit: int) -> str:
    return f"is larger than agreed: {size / 1e6:.1f} MB or more, at most {limit / 1e6:.1f} MB"


def _plainly(wanted: Wanted, error: Exception) -> str:
    """Return what went wrong and what to do, for users."""
    address = asked_at(wanted.address)
    host = httpx2.URL(address).host if "://" in address else address
    kept = "Nothing was replaced; the dashboard goes on with the data it has."
    if isinstance(error, httpx2.HTTPStatusError):
        status = error.response.status_code
        return f"{wanted.name}: {host} answered {status} {error.response.reason_phrase}. {kept}"
    if isinstance(error, httpx2.ProxyError):
        return f"{wanted.name}: the proxy refused ({error}). Check HTTPS_PROXY and NO_PROXY. {kept}"
    if isinstance(error, httpx2.TimeoutException):
        return f"{wanted.name}: {host} did not answer in time ({error or 'timeout'}). {kept}"
    if address != wanted.address:
        return f"{wanted.name}: the mirror {host} cannot be used ({error}). Check {MIRROR}. {kept}"
    return (
        f"{wanted.name}: {host} cannot be reached ({error}). Is this machine on the internet? "
        f"Behind a proxy set HTTPS_PROXY; with a private mirror set {MIRROR}. {kept}"
    )
