"""Kept data versions, so that a permalink shows the same figures later.

`python -m geo keep` copies the current package to DATA_DIR/editions/VERSION.
"""

import argparse
import logging
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo import settings
from geo.base.cache import VERSIONS
from geo.coverage import dataset as datasets
from geo.coverage.dataset import Dataset
from geo.dataset.package import DESCRIPTOR, Package, load, read_descriptor
from geo.dataset.storage import Files, Folder
from geo.dataset.version_order import version_key
from geo.errors import EditionExists, GeoError, PackageInvalid
from geo.official.fetched import fetched
from geo.official.overlay import Official
from geo.validation.validate import validate
from geo.versions import reload

EDITIONS = "editions"  # the folder of kept versions, beside the package
_log = logging.getLogger(__name__)


def dataset_version(version: str) -> Dataset:
    """Return the dataset of a version; the current one if it was not kept or is damaged."""
    if not version or version == reload.current().data_version or version not in kept_versions():
        return reload.current()
    folder = settings.DATA_DIR / EDITIONS / version
    return _read(folder, reload.stamp(folder)) or reload.current()


def kept_versions() -> tuple[str, ...]:
    """Return the versions that were kept, the oldest first."""
    return tuple(folder.name for folder in _folders(settings.DATA_DIR))


def kept_packages(files: Files) -> tuple[Package, ...]:
    """Return the versions kept beside a package on disk, the oldest first; damaged ones are not."""
    folders = _folders(files.path) if isinstance(files, Folder) else []
    found = (_package(folder, reload.stamp(folder)) for folder in folders)
    return tuple(package for package in found if package is not None)


def _folders(data_dir: Path) -> list[Path]:
    found = [path.parent for path in (data_dir / EDITIONS).glob(f"*/{DESCRIPTOR}")]
    return sorted(found, key=lambda folder: version_key(folder.name))


@lru_cache(VERSIONS.most)
def _read(folder: Path, _stamp: reload.Stamp) -> Dataset | None:
    """Return a kept version, None if unreadable; `_stamp` changes when its files do."""
    try:
        return datasets.load(folder, settings.DATA_DIR)
    except Exception:  # noqa: BLE001 - nothing on disk may break a page
        _log.exception("an edition cannot be read", extra={"fields": {"edition": folder.name}})
        return None


@lru_cache(VERSIONS.most)
def _package(folder: Path, _stamp: reload.Stamp) -> Package | None:
    """Return the tables of a kept version, None if unreadable."""
    try:
        return load(folder)
    except (GeoError, OSError):
        _log.exception("an edition cannot be read", extra={"fields": {"edition": folder.name}})
        return None


def keep_version(folder: Path) -> Path:
    """Copy the served package of a folder to its kept versions; return the new folder.

    Raises PackageInvalid if the package is not valid, EditionExists if a different package with the
    same version was kept before.
    """
    issues = validate(folder)
    if issues:
        raise PackageInvalid("\n".join(map(str, issues)))
    files = Official(folder, fetched(folder))
    descriptor = read_descriptor(files)
    version = str(descriptor["version"])
    target = folder / EDITIONS / version
    names = [DESCRIPTOR, *(str(one["path"]) for one in descriptor["resources"])]
    contents = {name: files.read(name) for name in names}
    if target.exists():
        differing = [name for name in names if _kept(target / name) != contents[name]]
        if differing:
            raise EditionExists(version, differing)
        return target
    half = target.with_name(f".{version}.part")
    shutil.rmtree(half, ignore_errors=True)
    for name, content in contents.items():
        (half / name).parent.mkdir(parents=True, exist_ok=True)
        (half / name).write_bytes(content)
    half.rename(target)
    return target


def _kept(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def add_command(commands: Any) -> None:
    """Add `keep [DIR]` to the command line."""
    parser = commands.add_parser("keep", help="keep this data version for frozen links")
    parser.add_argument("folder", nargs="?", type=Path, default=settings.DATA_DIR, metavar="DIR")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    print(keep_version(arguments.folder))  # noqa: T201
    return 0
