"""What goes wrong around the program: nothing is lost, and the message says what to do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from geo.settings import ROOT
from tests import patience

SMALL_DISK = 300_000  # bytes, the largest file that may be written

# Everything that depends on text, numbers, days and files, told in one line.
DIGEST = """
import hashlib, sys
from geo import settings
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.exports.formats import FORMATS
from geo.report import figures, tables, titles
from geo.text.languages import LANGUAGES
from geo.validation import validate
from geo.versions import reload
dataset = reload.current()
texts = []
for lang in LANGUAGES:
    for year in dataset.choices.years:
        view = View(lang=lang, year=year)
        texts += [titles.title(dataset, coverage(dataset, view), view)]
        texts += [titles.summary(dataset, coverage(dataset, view), view)]
        texts += [tables.page_rows(dataset, view).to_csv()]
        texts += [repr(figures.key_figures(dataset, view))]
        for code in ("csv", "geojson"):
            texts += [FORMATS[code].write(dataset, view, full=False).hex()]
texts += map(str, validate.validate(settings.DATA_DIR))
sys.stdout.write(hashlib.sha256("".join(texts).encode()).hexdigest())
"""


# Root may write anywhere; without this power it obeys permissions like everybody else.
POWERLESS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"]


def run(*arguments, powerless=False, **environment):
    """Run Python from the project's folder in an environment."""
    before = POWERLESS if powerless and os.geteuid() == 0 else []
    return subprocess.run(
        [*before, sys.executable, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        check=False,
        timeout=patience.SECONDS,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture
def data(tmp_path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("examples", "fetched"))
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def plain(done) -> str:
    """Return what a command said of a failure: one message and no traceback."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


LOCALE_C = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture(scope="module")
def usual() -> str:
    return run("-c", DIGEST).stdout


@pytest.mark.parametrize(
    ("options", "environment"),
    [
        (("-O",), {"TZ": "Pacific/Kiritimati"} | LOCALE_C),
        (("-OO",), {"TZ": "Pacific/Pago_Pago"}),
    ],
)
def test_time_zone_locale_and_optimisation_change_nothing(usual, options, environment):
    done = run(*options, "-c", DIGEST, **environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout == usual
    assert len(usual) == 64


def test_commands_speak_norwegian_in_locale_c(data):
    text = (data / "projects.csv").read_text(encoding="utf-8")
    (data / "projects.csv").write_text(text.replace("kraftsenter-st,", "æøå,", 1), encoding="utf-8")
    c = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run("-m", "geo", "validate", data, "--lang", "nb", **c)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "projects.csv" in done.stdout


@pytest.mark.parametrize("command", [("keep",), ("fetch", "register"), ("boundaries", "import")])
def test_no_write_permission_is_said_and_nothing_is_lost(data, command, real_boundaries):
    before = everything(data)
    folders = [data, *(path for path in data.rglob("*") if path.is_dir())]
    for path in folders:
        path.chmod(0o555)
    arguments = {"keep": [data], "import": [real_boundaries / "readymaps-2018.geojson"]}
    last = arguments.get(command[-1], [])
    services = {"DATA_DIR": str(data), "GEO_MIRROR": "http://127.0.0.1:9"}
    done = run("-m", "geo", *command, *last, powerless=True, **services)
    for path in folders:
        path.chmod(0o755)
    assert "Permission denied" in plain(done) or "cannot be written" in done.stderr
    assert everything(data) == before


# Libraries' own threads may abort a process that ends in the middle of its work, after it has said
# all: one of twelve on a busy machine. It ends here without them, with the command's own code.
LIMITED = f"""
import os, resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({SMALL_DISK}, {SMALL_DISK}))
sys.argv[0] = "geo"
try:
    runpy.run_module("geo", run_name="__main__")
except SystemExit as ended:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(ended.code or 0))
"""


def limited(*arguments, **environment):
    """Run a command on a disk that takes no large files."""
    return run("-c", LIMITED, *arguments, **environment)


def test_full_disk_while_boundaries_are_imported_loses_nothing(data, real_boundaries):
    before = everything(data)
    file = real_boundaries / "readymaps-2018.geojson"
    done = limited("boundaries", "import", file, DATA_DIR=str(data))
    assert "File too large" in plain(done)
    assert {k: v for k, v in everything(data).items() if not k.endswith(".unfinished")} == before


def test_full_disk_while_an_edition_is_kept_loses_nothing(data):
    (data / "population.csv").write_text(
        (data / "population.csv").read_text(encoding="utf-8") + "\n" * SMALL_DISK, encoding="utf-8"
    )
    before = everything(data)
    plain(limited("keep", data))
    found = {k: v for k, v in everything(data).items() if not k.startswith("editions/.")}
    assert found == before


def test_full_disk_while_publishing_keeps_the_edition_that_was_there(tmp_path):
    out = tmp_path / "site"
    out.mkdir()
    (out / "edition.json").write_text('{"made_by": "naeringshage-kart"}', encoding="utf-8")
    (out / "index.html").write_text("before", encoding="utf-8")
    before = everything(out)
    code = (
        "import resource, pathlib\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({SMALL_DISK}, {SMALL_DISK}))\n"
        "from geo.publish import folder\n"
        f"folder.write(pathlib.Path({str(out)!r}), {{'a/index.html': b'x' * {SMALL_DISK + 1}}})\n"
    )
    done = run("-c", code)
    assert "OutputRefused" in done.stderr
    assert "earlier edition" in done.stderr
    assert everything(out) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
