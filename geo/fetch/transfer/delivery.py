"""The files that a source of boundaries delivered."""

from collections.abc import Mapping
from dataclasses import dataclass

from geo.official.origin import Origin


@dataclass(frozen=True)
class Delivery:
    """Map files by name, unmodified, and their origins; the last origin is that of the files."""

    files: Mapping[str, bytes]
    origins: tuple[Origin, ...]

    @property
    def address(self) -> str:
        """The address the files came from."""
        return self.origins[-1].address
