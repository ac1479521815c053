"""Restricts requests to a service's own hosts over https, and blocks private networks (SSRF)."""

import ipaddress
import os
import socket
from urllib.request import getproxies, proxy_bypass

import httpx2

from geo.errors import AnswerRefused
from geo.official.services import MIRROR, Service, asked_at

MOST_REDIRECTS = 5
_HTTPS_PORTS = (None, 443)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address in the last four bytes
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def require(service: Service, address: str, asked: str) -> None:
    """Check an address that a service returned in response to `asked`.

    Raises AnswerRefused unless it is https, in the service's domain, without credentials, on port
    443.
    """
    try:
        url = httpx2.URL(address)
    except (httpx2.InvalidURL, ValueError) as error:
        raise AnswerRefused(asked, f"sends elsewhere, to no address: {_shown(address)}") from error
    host = url.host.casefold().rstrip(".")
    if url.scheme != "https":
        raise AnswerRefused(asked, f"sends elsewhere, not over https: {_shown(address)}")
    if not (host == service.domain or host.endswith(f".{service.domain}")):
        raise AnswerRefused(
            asked,
            f"sends elsewhere, to a host that is not {service.name}'s: {_shown(address)}",
        )
    if url.port not in _HTTPS_PORTS or url.userinfo:
        reason = "sends elsewhere, to an unusual port or with a password"
        raise AnswerRefused(asked, f"{reason}: {_shown(address)}")


def followed(service: Service, asked: str, response: httpx2.Response) -> httpx2.Request | None:
    """Return the request that a redirect leads to; None if the response is not a redirect.

    A private mirror (GEO_MIRROR) may redirect to itself; redirects to the service go through the
    mirror. Raises AnswerRefused if the target is not allowed.
    """
    request: httpx2.Request | None = response.next_request
    if request is None:
        return None
    if _at_mirror(request.url) and _at_mirror(response.request.url):
        return request
    require(service, str(request.url), asked)
    request.url = httpx2.URL(asked_at(str(request.url)))
    request.headers["Host"] = request.url.netloc.decode("ascii")
    return request


def require_public(url: httpx2.URL, asked: str) -> None:
    """Raise AnswerRefused if a host resolves to a private network.

    Checks all addresses of the name, in any notation. Not applied behind a proxy, which resolves
    names itself, or to the mirror, which the operator configured.
    """
    if _at_mirror(url) or _through_proxy(url):
        return
    try:
        found = socket.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx2.ConnectError(f"{url.host} is not known: {error}") from error
    for *_, where in found:
        if not is_public(str(where[0])):
            raise AnswerRefused(
                asked,
                f"sends into a private network: {url.host} is {where[0]} (a mirror of yours is "
                f"named with {MIRROR})",
            )


def require_public_peer(response: httpx2.Response, asked: str) -> None:
    """Raise AnswerRefused if the connection's peer is in a private network.

    Guards against DNS rebinding: a name may resolve differently each time.
    """
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    url = response.request.url
    if peer and not (_at_mirror(url) or _through_proxy(url)) and not is_public(str(peer[0])):
        raise AnswerRefused(asked, f"sends into a private network: {url.host} is {peer[0]}")


def is_public(text: str) -> bool:
    """Return whether an IP address is global, including any IPv4 address embedded in it."""
    try:
        address: _Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(one.is_global and not one.is_multicast for one in _with_hidden(address))


def _with_hidden(address: _Address) -> list[_Address]:
    """Return the IPv4 addresses embedded in an IPv6 address, or else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address in _NAT64:
        return [ipaddress.IPv4Address(address.packed[-4:])]
    hidden = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    # IPv4-compatible form: ::127.0.0.1
    old = ipaddress.IPv4Address(address.packed[-4:]) if not any(address.packed[:12]) else None
    return [one for one in (*hidden, old) if one is not None] or [address]


def _at_mirror(url: httpx2.URL) -> bool:
    mirror = os.environ.get(MIRROR, "").strip()
    if not mirror:
        return False
    own = httpx2.URL(mirror)
    return (own.scheme, own.host, own.port) == (url.scheme, url.host, url.port)


def _through_proxy(url: httpx2.URL) -> bool:
    proxies = getproxies()
    has_one = any(proxies.get(kind) for kind in (url.scheme, "all"))
    return has_one and not proxy_bypass(url.host)


def _shown(address: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in address[:100])
