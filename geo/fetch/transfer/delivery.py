"""What a source of boundaries delivered."""

from collections.abc import Mapping
from dataclasses import dataclass

from geo.official.origin import Origin


@dataclass(frozen=True)
class Delivery:
    """Map files by name, as they came, and where they came from; the last origin is the file's."""

    files: Mapping[str, bytes]
    origins: tuple[Origin, ...]

    @property
    def address(self) -> str:
        """Where the files themselves came from."""
        return self.origins[-1].address
