"""What most tests start from: the data that ships, read once."""

from pathlib import Path

import pytest

from geo import atlas as atlases
from geo.atlas import Atlas
from geo.settings import ROOT

SHARED_BOUNDARIES = ROOT.parent / "shared" / "boundaries"


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    """The shipped programme with its registers and boundaries."""
    return atlases.load(ROOT / "data")


@pytest.fixture(scope="session")
def real_boundaries() -> Path:
    """The folder of real boundary files, which are not part of the repository."""
    if not SHARED_BOUNDARIES.is_dir():
        pytest.skip(f"real boundary files are not at {SHARED_BOUNDARIES.name}/ beside the project")
    return SHARED_BOUNDARIES
