"""Lets a process that a test starts live at the test's time; Python reads this at its start."""

import os
import sys
import time
from pathlib import Path

import time_machine

time_machine.travel(time.time() + float(os.environ["TEST_CLOCK_AHEAD"])).start()

# Python imports the first sitecustomize on the path; that of the test itself comes after this one.
_here = sys.path.index(str(Path(__file__).parent))
del sys.path[_here]
for _folder in sys.path[_here:]:
    _next = Path(_folder) / "sitecustomize.py"
    if _next.is_file():
        exec(compile(_next.read_text(encoding="utf-8"), str(_next), "exec"))  # noqa: S102
        break
