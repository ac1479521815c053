"""Overlays fetched registers on the files of a package."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from geo.dataset.package import ABOUT_REGISTERS, DESCRIPTOR, REGISTERS, described, read_descriptor
from geo.dataset.storage import Folder
from geo.official.fetched import Fetched


@dataclass(frozen=True)
class Official(Folder):
    """A package folder whose registers are replaced by fetched ones; its version gets a suffix."""

    fetched: Fetched = field(default_factory=Fetched)

    @cached_property
    def _tables(self) -> Mapping[str, Path]:
        tables = self.fetched.tables()
        return {name: tables[name] for name in REGISTERS if name in tables}

    @cached_property
    def _in_place_of(self) -> Mapping[str, Path]:
        """The fetched path for each package path that it replaces."""
        listed = filter(described, read_descriptor(self.path)["resources"])
        paths = {str(r["name"]): str(r["path"]) for r in listed}
        return {paths[name]: table for name, table in self._tables.items() if name in paths}

    def registers(self) -> Mapping[str, bytes]:
        """Return fetched registers as CSV by table name."""
        return {name: path.read_bytes() for name, path in self._tables.items()}

    def read(self, name: str) -> bytes:
        """Return the content of a file. Raises OSError if it cannot be read."""
        if name == DESCRIPTOR:
            return self._descriptor()
        return self._in_place_of.get(name, self.path / name).read_bytes()

    def _descriptor(self) -> bytes:
        digest = self.fetched.digest(REGISTERS)
        if not digest:
            return (self.path / DESCRIPTOR).read_bytes()
        descriptor = read_descriptor(self.path)
        changed: dict[str, Any] = {"version": f"{descriptor.get('version', '0')}-{digest}"}
        if "kommuner" in self._tables and (about := self.fetched.file(ABOUT_REGISTERS)):
            changed |= json.loads(about.read_text(encoding="utf-8"))
        return json.dumps({**descriptor, **changed}, ensure_ascii=False).encode()
