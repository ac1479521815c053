"""Clients that others generate from our description call a served API: Python and TypeScript."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from geo.base.links import API
from tests import patience
from tests.api.web import WEB

HERE = Path(__file__).parent / "clients"
PYTHON = Path(sys.prefix) / "clients" / "bin"
TYPESCRIPT = Path(sys.prefix) / "typescript" / "node_modules"
GENERATOR = PYTHON / "openapi-python-client"


@pytest.fixture(scope="module")
def description(served, tmp_path_factory) -> Path:
    found = tmp_path_factory.mktemp("description") / "openapi.json"
    found.write_bytes(WEB.get(f"{served}{API[1:]}/openapi.json").content)
    return found


def run(*command, cwd, **environment):
    """What a command prints; a client asks this machine only."""
    own = {"PATH": f"{PYTHON}{os.pathsep}{os.environ['PATH']}", "NO_PROXY": "*"}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**os.environ, **own, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=patience.SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def is_what_is_expected(printed):
    found = json.loads(printed)
    assert found["kommuner"] == 27
    assert {"0301", "0438", "1612"} & set(found["covered"]) == {"0438", "1612"}
    assert found["verdicts"] == ["partly_confirmed", "agrees"]
    assert found["problem"] == ["kommune"]


@pytest.mark.skipif(not GENERATOR.exists(), reason="needs openapi-python-client: make tools")
def test_a_generated_python_client_works(description, served, tmp_path):
    made = tmp_path / "kart_client"
    options = ("--path", description, "--output-path", made, "--meta", "none")
    assert "Warning" not in run(GENERATOR, "generate", *options, cwd=tmp_path)
    using = (PYTHON / "python", HERE / "use.py", served, patience.SECONDS)
    is_what_is_expected(run(*using, cwd=tmp_path, PYTHONPATH=str(tmp_path)))


@pytest.mark.skipif(not GENERATOR.exists(), reason="needs openapi-spec-validator: make tools")
def test_the_description_is_valid(description, tmp_path):
    run(PYTHON / "python", "-m", "openapi_spec_validator", description, cwd=tmp_path)


@pytest.mark.skipif(
    not TYPESCRIPT.exists() or shutil.which("node") is None,
    reason="needs Node and the packages of tests/api/clients/package.json: make tools",
)
def test_a_generated_typescript_client_works(description, served, tmp_path):
    (tmp_path / "node_modules").symlink_to(TYPESCRIPT)
    for name in ("use.ts", "package.json", "tsconfig.json"):
        shutil.copy(HERE / name, tmp_path)
    scripts = tmp_path / "node_modules"
    generator = scripts / "openapi-typescript" / "bin" / "cli.js"
    run("node", generator, description, "-o", "schema.d.ts", cwd=tmp_path)
    compiler = scripts / "typescript" / "bin" / "tsc"
    run("node", compiler, "--project", ".", cwd=tmp_path)
    is_what_is_expected(run("node", "use.js", served, cwd=tmp_path))
