"""Who asks, as far as limits must know: an address that is counted and never written down."""

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
_HOME = 64  # bits of an IPv6 address that one customer shares


def client_address(scope: Scope) -> str:
    """Return the address that a request or socket comes from; of IPv6 the customer's network.

    That is the peer's, or, if the peer is in GEO_TRUSTED_PROXIES, the last address in
    X-Forwarded-For that is not. Empty where the server does not know its peer. Raises
    SettingInvalid.
    """
    named = str(scope["client"][0]) if scope.get("client") else ""
    found = _address(named)
    if found is None:
        return named
    if _trusted(found):
        for text in _forwarded(scope):
            before = _address(text)
            if before is None:  # nothing to go by: the proxy that passed it on stands for it
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
    """Yield what X-Forwarded-For names, the last first: each proxy writes behind the others."""
    lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    for line in reversed(lines):
        yield from reversed(line.decode("latin-1").split(","))


def _address(text: str) -> _Address | None:
    """Return an address as proxies write it, also with a port; None if it is none."""
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
