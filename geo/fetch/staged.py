"""What a fetch has made ready, before anything in use is replaced."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from geo.official.origin import Origin


@dataclass(frozen=True)
class Staged:
    """Checked files ready to be put in use, with where they came from and what they would change.

    `files` are contents by their path among the fetched files: "kommuner.csv",
    "boundaries/kommuner-2015.parquet". `report` gives, in a language, what changes in sentences;
    none if nothing does. `replaces` says whether registers or figures in use would change, so
    that a person must agree first.
    """

    what: str
    files: Mapping[str, bytes]
    origins: Mapping[str, tuple[Origin, ...]]
    report: Callable[[str], list[str]]
    replaces: bool
