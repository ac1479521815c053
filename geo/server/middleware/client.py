"""The client address that limits are counted by; it is never logged."""

from collections.abc import Iterator
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TypeAlias

from starlette.types import Scope

from geo import settings
from geo.base.cache import SETTINGS
from geo.errors import SettingInvalid

_Address: TypeAlias = IPv4Address | IPv6Address
_HOME = 64  # prefix length of an IPv6 network that one customer has


def client_address(scope: Scope) -> str:
    """Return the address a request or WebSocket comes from; for IPv6 the customer's /64 network.

    This is the peer's address, or, if the peer is in GEO_TRUSTED_PROXIES, the last address in
    X-Forwarded-For that is not. Empty if the server does not know its peer. Raises SettingInvalid
    if GEO_TRUSTED_PROXIES is not understood.
    """
    named = str(scope["client"][0]) if scope.get("client") else ""
    found = _address(named)
    if found is None:
        return named
    if _trusted(found):
        for text in _forwarded(scope):
            before = _address(text)
            if before is None:  # unreadable: count by the proxy that passed it on
                break
            found = before
            if not _trusted(found):
                break
    return _written(found)


def check() -> None:
    """Raise SettingInvalid if GEO_TRUSTED_PROXIES is not understood."""
    _networks(settings.TRUSTED_PROXIES)


def _trusted(address: _Address) -> bool:
    return any(address in network for network in _networks(settings.TRUSTED_PROXIES))


@lru_cache(SETTINGS.most)
def _networks(setting: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(text.strip()) for text in setting.split(",") if text.strip())
    except ValueError:
        raise SettingInvalid(
            "GEO_TRUSTED_PROXIES", setting,
            "addresses and networks with commas between, such as 127.0.0.1,10.0.0.0/8",
        ) from None  # fmt: skip


def _forwarded(scope: Scope) -> Iterator[str]:
    """Yield the entries of X-Forwarded-For, last first, since each proxy appends its own."""
    lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    for line in reversed(lines):
        yield from reversed(line.decode("latin-1").split(","))


def _address(text: str) -> _Address | None:
    """Return the address in an entry, which may have a port; None if it is not an address."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _written(address: _Address) -> str:
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), _HOME), strict=False))
    return str(address)
