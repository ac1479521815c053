"""Defines the official open services: address, licence, credit and pause between requests.

Addresses and rate limits follow the owners' documentation. `GEO_MIRROR` redirects all of them to a
private mirror: https://data.ssb.no/api/x is then requested from GEO_MIRROR/data.ssb.no/api/x.
"""

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

MIRROR = "GEO_MIRROR"


@dataclass(frozen=True)
class Service:
    """A service: base address, licence, required credit, seconds between requests.

    Redirects are followed only to hosts within `domain`.
    """

    name: str
    base: str
    licence: str
    credit: str
    pause: float = 0.2

    @property
    def domain(self) -> str:
        """The registered domain of the service: "geonorge.no"."""
        return ".".join((urlsplit(self.base).hostname or "").split(".")[-2:])


KARTVERKET = Service(
    "Kartverket (Geonorge)", "https://nedlasting.geonorge.no", "CC BY 4.0", "© Kartverket"
)
# Statistics Norway allows 30 queries per minute from one IP address.
SSB = Service(
    "Statistisk sentralbyrå", "https://data.ssb.no/api", "CC BY 4.0", "Statistisk sentralbyrå", 2.1
)
SSB_MAPS = Service(
    "Statistisk sentralbyrå (kart)",
    "https://kart.ssb.no/api/core/v1/ogc/features",
    "NLOD 1.0",
    "© Kartverket, Statistisk sentralbyrå",
)
BRREG = Service(
    "Brønnøysundregistrene",
    "https://data.brreg.no/enhetsregisteret/api",
    "NLOD 2.0",
    "Brønnøysundregistrene",
)


def asked_at(address: str) -> str:
    """Return the address to request: the official one, or the private mirror's."""
    mirror = os.environ.get(MIRROR, "").strip().rstrip("/")
    if not mirror or address.startswith(f"{mirror}/"):
        return address
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    return f"{mirror}/{parts.netloc}{parts.path}{query}"
