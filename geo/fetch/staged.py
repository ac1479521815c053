"""The result of a fetch, before anything in use is replaced."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from geo.official.origin import Origin


@dataclass(frozen=True)
class Staged:
    """Checked files ready to be put in use, with their origins and the changes they would make.

    `files` maps paths below the fetched data to contents: "kommuner.csv",
    "boundaries/kommuner-2015.parquet". `report` returns the changes as sentences in a language; an
    empty list means none. `replaces` is True if registers or figures in use would change, so that a
    user must confirm.
    """

    what: str
    files: Mapping[str, bytes]
    origins: Mapping[str, tuple[Origin, ...]]
    report: Callable[[str], list[str]]
    replaces: bool
