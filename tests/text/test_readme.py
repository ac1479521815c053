"""README is there in English and in bokmål, and both say the same."""

import re

import pytest

from geo.settings import ROOT

ENGLISH, BOKMAAL = "README.md", "README.nb.md"


def _parts(name: str, pattern: str) -> list[str]:
    return re.findall(pattern, (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"^    (\\S.*?)(?:$|  |\\s+#)", id="commands"),  # without what is said of them
        pytest.param(r"\]\(((?!README)[^)]*)\)", id="links"),
        pytest.param(r"^(#+) ", id="headings"),
        pytest.param(r"^- (\*\*)?", id="points"),
    ],
)
def test_both_have_the_same_commands_links_and_parts(pattern):
    assert _parts(BOKMAAL, pattern) == _parts(ENGLISH, pattern)


def test_both_name_the_same_settings():
    setting = r"GEO_[A-Z_]+|DATA_DIR|[A-Z]+_PROXY"
    assert set(_parts(BOKMAAL, setting)) == set(_parts(ENGLISH, setting))


@pytest.mark.parametrize("name", [ENGLISH, BOKMAAL])
def test_its_links_lead_to_files_that_are_there(name):
    for link in _parts(name, r"\]\((?!https?:)([^)#]+)"):
        assert (ROOT / link).exists(), link
