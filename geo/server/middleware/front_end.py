"""Streamlit's own browser files: from memory, compressed, and asked for early.

A first visit needs some 130 of them, 4 MB in all. Streamlit reads each from disk and sends it as it
is; compressed they are a third. And the browser learns of the map's and the table's files last,
though they are what readers wait for.
"""

import gzip
import mimetypes
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from geo.base.links import STATIC, own_path
from geo.webmap.geometry_routes import FOR_EVER, send_gzipped

# The parts of the first page that browsers meet last and wait for longest, by Streamlit's names.
EARLY = ("ComponentInstance", "DataFrame")
_IMPORT = re.compile(r'(?:from|import)\s*"\./([\w.-]+\.js)"')


class FrontEnd:
    """ASGI middleware that answers for the files under /static/; the path is not ours to route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file that is there; leave all else to Streamlit."""
        path = scope.get("path", "")
        if scope["type"] == "http" and path.startswith(STATIC):
            name = path.removeprefix(STATIC)
            content = file(name)
            if content is not None:
                kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
                answer = send_gzipped(Request(scope), content, kind, FOR_EVER)
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


@cache
def folder() -> Path:
    """Return where the installed Streamlit keeps its browser files."""
    spec = find_spec("streamlit")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("streamlit is not installed: pip install -r requirements.txt")
    return Path(spec.origin).parent / "static" / "static"


def file(name: str) -> bytes | None:
    """Return a file by its path under /static/, gzipped; None if there is none."""
    return _file(name) if name in _names() else None


@cache
def _names() -> frozenset[str]:
    # What others ask for is looked up here: no name of theirs reaches the disk, or is kept.
    files = (path for path in folder().rglob("*") if path.is_file())
    return frozenset(path.relative_to(folder()).as_posix() for path in files)


@cache
def _file(name: str) -> bytes:
    return gzip.compress((folder() / name).read_bytes(), mtime=0)


@cache
def with_imports(part: str) -> tuple[str, ...]:
    """Return the file names of a part and of all that it imports, itself first."""
    scripts = folder() / "js"
    found = [p.name for p in scripts.glob(f"{part}.*.js")]
    for name in found:
        text = (scripts / name).read_text(encoding="utf-8")
        found += [n for n in dict.fromkeys(_IMPORT.findall(text)) if n not in found]
    return tuple(found)


def hints() -> str:
    """Return the HTML that makes the browser fetch the late parts with the early ones."""
    names = dict.fromkeys(name for part in EARLY for name in with_imports(part))
    addresses = (own_path(f"{STATIC}js/{name}") for name in names)
    return "".join(f'<link rel="modulepreload" href="{address}">' for address in addresses)


def warm() -> None:
    """Compress beforehand what the first page asks for early."""
    for part in EARLY:
        for name in with_imports(part):
            file(f"js/{name}")
