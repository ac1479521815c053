"""Serve Streamlit's browser files from memory, compressed, with preload hints.

A first visit needs about 130 of them, 4 MB in all. Streamlit reads each from disk and sends it
uncompressed; gzip makes them a third. The scripts of the map and the table are discovered last by
the browser, although the page waits for them: they are preloaded.
"""

import mimetypes
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from geo.base.links import STATIC, own_path
from geo.webmap.geometry_routes import FOR_EVER, send_gzipped, zipped

# Scripts of the first page that browsers discover last, by Streamlit's chunk names.
EARLY = ("ComponentInstance", "DataFrame")
_IMPORT = re.compile(r'(?:from|import)\s*"\./([\w.-]+\.js)"')


class FrontEnd:
    """ASGI middleware that serves /static/, a path that Streamlit routes itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a known file; pass all other requests to Streamlit."""
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
    """Return the folder of the installed Streamlit's browser files."""
    spec = find_spec("streamlit")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("streamlit is not installed: pip install -r requirements.txt")
    return Path(spec.origin).parent / "static" / "static"


def file(name: str) -> bytes | None:
    """Return a file by its path under /static/, gzipped; None if there is none."""
    return _file(name) if name in _names() else None


@cache
def _names() -> frozenset[str]:
    # Requested names are looked up in this set, so that none reaches the disk or a cache.
    files = (path for path in folder().rglob("*") if path.is_file())
    return frozenset(path.relative_to(folder()).as_posix() for path in files)


@cache
def _file(name: str) -> bytes:
    return zipped((folder() / name).read_bytes())


@cache
def with_imports(part: str) -> tuple[str, ...]:
    """Return the file names of a script and everything it imports, itself first."""
    scripts = folder() / "js"
    found = [p.name for p in scripts.glob(f"{part}.*.js")]
    for name in found:
        text = (scripts / name).read_text(encoding="utf-8")
        found += [n for n in dict.fromkeys(_IMPORT.findall(text)) if n not in found]
    return tuple(found)


def hints() -> str:
    """Return the modulepreload links for the scripts that browsers discover late."""
    names = dict.fromkeys(name for part in EARLY for name in with_imports(part))
    addresses = (own_path(f"{STATIC}js/{name}") for name in names)
    return "".join(f'<link rel="modulepreload" href="{address}">' for address in addresses)


def warm() -> None:
    """Compress the preloaded scripts before the first request."""
    for part in EARLY:
        for name in with_imports(part):
            file(f"js/{name}")
