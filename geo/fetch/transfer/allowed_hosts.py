"""Where a service may send us: to itself, over https, and never into the network we stand in."""

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
    """Let an address pass that a service names in an answer to `asked`. Raises AnswerRefused.

    It has to be https, of the service's own domain, without a name and password, at the usual
    port.
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
        told = "sends elsewhere, to an unusual port or with a password"
        raise AnswerRefused(asked, f"{told}: {_shown(address)}")


def followed(service: Service, asked: str, response: httpx2.Response) -> httpx2.Request | None:
    """Return the request that a redirect leads to; None if the response is none.

    A private mirror (GEO_MIRROR) may send to itself; to the service it is asked at the mirror.
    Raises AnswerRefused.
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
    """Raise AnswerRefused if a host's name leads into a private network.

    Every address of the name counts, however it is written. Behind a proxy it is the proxy that
    resolves names; a mirror was configured by whoever runs this.
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
    """Raise AnswerRefused if the other end is in a private network after all.

    A name may be answered with another address each time it is asked for.
    """
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    url = response.request.url
    if peer and not (_at_mirror(url) or _through_proxy(url)) and not is_public(str(peer[0])):
        raise AnswerRefused(asked, f"sends into a private network: {url.host} is {peer[0]}")


def is_public(text: str) -> bool:
    """Say whether an IP address is one of the open internet, also where it hides another."""
    try:
        address: _Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(one.is_global and not one.is_multicast for one in _with_hidden(address))


def _with_hidden(address: _Address) -> list[_Address]:
    """Return an address and what it stands for: IPv4 within IPv6 is reached all the same."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address in _NAT64:
        return [ipaddress.IPv4Address(address.packed[-4:])]
    hidden = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    # ::127.0.0.1, the old way of writing an IPv4 address as IPv6
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
