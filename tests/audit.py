"""Look every pinned package up in a database of known vulnerabilities: `make audit`.

Fails where one is known. Where no database is at hand (a mirror of packages alone has none), it
says so and is no fault: nobody could do anything about it here.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from geo.settings import ROOT

SECONDS = 180
NO_DATABASE = "No database of vulnerabilities is at hand: nothing was audited."


def main() -> int:
    """Audit what servers and tests run; return 1 for known vulnerabilities."""
    found = [summary(asked(ROOT / name)) for name in ("requirements.txt", "requirements-dev.txt")]
    print(*(text for text, _ in found), sep="\n")
    return max(code for _, code in found)


def asked(requirements: Path) -> list[dict[str, Any]]:
    """Return what is known of each package; empty where there is nobody to ask."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"]
    options = ["--progress-spinner", "off", "--format", "json", "--requirement", requirements]
    try:
        done = subprocess.run(
            [*command, *options], capture_output=True, timeout=SECONDS, check=False
        )
        return list(json.loads(done.stdout)["dependencies"])
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return []


def summary(packages: list[dict[str, Any]]) -> tuple[str, int]:
    """Return what to say of packages, and 1 if one of them is vulnerable."""
    known = [package for package in packages if "vulns" in package]
    if not known:
        return NO_DATABASE, 0
    faults = [
        f"{package['name']} {package['version']}: {fault['id']}, cured in "
        + (", ".join(fault["fix_versions"]) or "no version yet")
        for package in known
        for fault in package["vulns"]
    ]
    counted = f"{len(known)} of {len(packages)} packages audited, {len(faults)} vulnerabilities."
    return "\n".join([counted, *faults]), 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
