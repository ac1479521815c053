"""The public edition's engine in Node: what a browser would compute of a package, without one."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.publish import numbers_page, texts
from geo.publish.hashed_files import ASSETS
from geo.text.languages import LANGUAGES
from geo.webmap import geometry_routes
from tests import patience

_SCRIPTS = ("engine.js", "words.js", "address.js")


class Edition:
    """A process of Node that holds the engine and one package at a time."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def _ask(self, question: dict[str, Any]) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"Node ended: {self._process.poll()}"
        answer = json.loads(line)
        if isinstance(answer, dict) and "failed" in answer:
            pytest.fail(answer["failed"])
        return answer

    def load(self, dataset: Dataset, years: tuple[int, ...]) -> None:
        """Give the engine what the edition of a package would fetch for some structure years."""
        setup = {
            "counties": {y: geometry_routes.county_url(dataset.boundaries(y)) for y in years},
            "fylker": dataset.choices.fylker,
        }
        self._ask(
            {
                "load": {
                    "programme": numbers_page.programme(dataset),
                    "texts": {one: texts.of_language(dataset, one) for one in LANGUAGES},
                    "numbers": {y: numbers_page.of_year(dataset, y) for y in years},
                    "setup": setup,
                }
            }
        )

    def tell(self, view: View) -> Any:
        """Return everything that the edition says and draws of a view."""
        return self.tell_raw(vars(view))

    def tell_raw(self, view: dict[str, Any]) -> Any:
        """Return the same of what may be no view of the dashboard's."""
        return self._ask({"view": view})

    def write(self, figures: list[tuple[float, int]], lang: str) -> Any:
        """Return each number with its decimals, in millions of kroner, and as a share."""
        return self._ask({"write": figures, "lang": lang})

    def read(self, search: str, lang: str) -> Any:
        """Return the view of an address, and each part that means nothing with the reason."""
        return self._ask({"search": search, "lang": lang})


@contextmanager
def running() -> Iterator[Edition]:
    """Start Node with the edition's scripts; skips where there is none, as for other tools."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node (Debian: apt install nodejs)")
    scripts = [str(ASSETS / name) for name in _SCRIPTS]
    harness = str(Path(__file__).with_suffix(".js"))
    process = subprocess.Popen(
        [node, harness, *scripts], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, encoding="utf-8",
    )  # fmt: skip
    try:
        yield Edition(process)
    finally:
        process.stdin.close()
        process.wait(timeout=patience.SECONDS)
        process.stdout.close()
