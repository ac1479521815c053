"""The official open services: where they are, what their data may be used for, how often to ask.

Addresses and limits as their owners document them. `GEO_MIRROR` puts a private mirror in the place
of all of them: https://data.ssb.no/api/x is then asked for at GEO_MIRROR/data.ssb.no/api/x.
"""

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

MIRROR = "GEO_MIRROR"


@dataclass(frozen=True)
class Service:
    """A service: base address, licence, the credit it asks for, seconds between requests.

    `domain` is what its hosts' names end with; it may send us to these and to no others.
    """

    name: str
    base: str
    licence: str
    credit: str
    pause: float = 0.2

    @property
    def domain(self) -> str:
        """What the names of the service's hosts end with: "geonorge.no"."""
        return ".".join((urlsplit(self.base).hostname or "").split(".")[-2:])


KARTVERKET = Service(
    "Kartverket (Geonorge)", "https://nedlasting.geonorge.no", "CC BY 4.0", "© Kartverket"
)
# Statistics Norway allows 30 queries a minute and address.
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
    """Return where an official address is asked for: there, or at the private mirror."""
    mirror = os.environ.get(MIRROR, "").strip().rstrip("/")
    if not mirror or address.startswith(f"{mirror}/"):
        return address
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    return f"{mirror}/{parts.netloc}{parts.path}{query}"
