"""Where the browser is: $CHROMIUM, the system's Chromium, or the one Playwright downloaded."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# Without these, Chromium calls its maker's hosts at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--no-first-run",
]


def find() -> str | None:
    """Return the path of a Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    print(find())
    sys.exit(0 if find() else 1)
