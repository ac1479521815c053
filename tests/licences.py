"""Write docs/licences.md: under which terms everything may be used that a server runs.

Run by `make licences`; tests/test_dependencies.py says when it has to be.
"""

import json
import re
import subprocess
import sys

from geo.settings import ROOT

PAGE = ROOT / "docs" / "licences.md"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
# What packages do not say of themselves, found in their repositories.
_FOUND = {
    "XStatic-Leaflet": "BSD-2-Clause (as Leaflet)",
    "streamlit-folium": "MIT (its repository)",
}
_HEAD = """# Licences of what is installed

Everything that `requirements.txt` installs, as the packages say of themselves. Written by
`make licences`. Our own code: [LICENSE](../LICENSE). Data and geometry:
[data/README.md](../data/README.md).

| package | version | licence |
|---|---|---|
"""


def page() -> str:
    """Return the page for what is installed now."""
    names = _PINNED.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    command = [sys.executable, "-m", "piplicenses", "--from", "mixed", "--format", "json"]
    done = subprocess.run([*command, "--packages", *names], capture_output=True, check=True)
    rows = [
        f"| {one['Name']} | {one['Version']} | {_FOUND.get(one['Name'], one['License'])} |\n"
        for one in sorted(json.loads(done.stdout), key=lambda one: one["Name"].casefold())
    ]
    return _HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
