"""Earlier data versions that were kept, so that a frozen link shows what it showed.

`python -m geo keep` copies the package as it is now to DATA_DIR/editions/VERSION.
"""

import argparse
import filecmp
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo import atlas as atlases
from geo import settings
from geo.atlas import Atlas
from geo.errors import EditionExists, PackageInvalid
from geo.package import read_descriptor
from geo.validate import validate


def edition(version: str) -> Atlas:
    """Return the data as they were in a version; the current data if it was not kept."""
    if not version or version == atlases.current().data_version or version not in kept():
        return atlases.current()
    return _read(version)


def kept() -> tuple[str, ...]:
    """Return the versions that were kept."""
    folder = settings.DATA_DIR / "editions"
    return tuple(sorted(p.parent.name for p in folder.glob("*/datapackage.json")))


@lru_cache(maxsize=4)
def _read(version: str) -> Atlas:
    return atlases.load(settings.DATA_DIR / "editions" / version, settings.DATA_DIR)


def keep(folder: Path) -> Path:
    """Keep the package in a folder as an edition; return where.

    Raises PackageInvalid if the package does not pass validation, EditionExists if another one
    of the same version was kept before.
    """
    problems = validate(folder)
    if problems:
        raise PackageInvalid("\n".join(map(str, problems)))
    descriptor = read_descriptor(folder)
    version = str(descriptor["version"])
    target = folder / "editions" / version
    names = ["datapackage.json", *(str(one["path"]) for one in descriptor["resources"])]
    if target.exists():
        _, differing, missing = filecmp.cmpfiles(folder, target, names, shallow=False)
        if differing or missing:
            raise EditionExists(version, [*differing, *missing])
        return target
    half = target.with_name(f".{version}.part")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    for name in names:
        shutil.copy2(folder / name, half / name)
    half.rename(target)
    return target


def add_command(commands: Any) -> None:
    """Add `keep [DIR]` to the command line."""
    parser = commands.add_parser("keep", help="keep this data version for frozen links")
    parser.add_argument("folder", nargs="?", type=Path, default=settings.DATA_DIR, metavar="DIR")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    print(keep(arguments.folder))  # noqa: T201
    return 0
