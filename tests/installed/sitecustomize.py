"""Ends a process that reads from the checkout; Python reads this at its start.

What is installed for the tests may lie inside the checkout, in .venv: that is no part of it.
"""

import os
import sys

_CHECKOUT, _TOOLS = os.environ["TEST_CHECKOUT"] + os.sep, os.environ["TEST_TOOLS"] + os.sep
_READING = {"open", "os.listdir", "os.scandir"}


def _look(event: str, arguments: tuple[object, ...]) -> None:
    if event in _READING and isinstance(arguments[0], str | bytes | os.PathLike):
        path = os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100 - pathlib is not there yet
        if path.startswith(_CHECKOUT) and not path.startswith(_TOOLS):
            os.write(2, f"{event} of {path}, which is in the checkout\n".encode())
            os._exit(70)


sys.addaudithook(_look)
