"""Coroutines in tests run where no loop runs yet, whatever ran before them in the process."""

import ast

from geo.settings import ROOT

# The helper itself, and programs that run in a process of their own.
ALLOWED = {"loops.py", "inside.py", "firefox.py"}


def test_no_test_runs_a_loop_in_the_first_thread():
    for path in sorted((ROOT / "tests").rglob("*.py")):
        calls = [
            node.lineno
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Attribute)
            and node.attr in {"run", "run_until_complete"}
            and ast.unparse(node.value).startswith(("asyncio", "loop"))
            and ast.unparse(node.value) != "loops"
        ]
        assert not calls or path.name in ALLOWED, f"{path.name}, line {calls}: use tests.loops.run"
