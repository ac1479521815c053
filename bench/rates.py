"""Requests per second: the API, the public edition behind nginx, and the dashboard's page views."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.client import rerun, session
from bench.servers import ROOT

READERS, SECONDS = 20, 8
NGINX_PORT = 8641
TOOLS = ("wrk", "nginx")
_NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  include /etc/nginx/mime.types; access_log off; gzip on; gzip_types text/css text/javascript
  application/javascript application/json image/svg+xml;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


def measure(dashboard: str) -> dict[str, float]:
    """Return requests per second by what was asked for; empty where the tools are missing."""
    if not all(shutil.which(tool) for tool in TOOLS):
        return {}
    found = {
        "dashboard, page views": asyncio.run(_page_views(dashboard)),
        "API, coverage of the programme (JSON)": _wrk(f"{dashboard}/api/v1/coverage"),
        "API, one project's hubs (JSON)": _wrk(f"{dashboard}/api/v1/hubs?project=voss"),
    }
    with _public_edition() as address:
        found["public edition, front page (nginx)"] = _wrk(f"{address}/")
    return found


async def _page_views(address: str) -> float:
    """Let readers come, see the first page and go, one after the other."""
    until = time.monotonic() + SECONDS

    async def reader() -> int:
        seen = 0
        while time.monotonic() < until:
            async with session(address) as socket:
                await rerun(socket, {})
            seen += 1
        return seen

    return sum(await asyncio.gather(*(reader() for _ in range(READERS)))) / SECONDS


def _wrk(url: str) -> float:
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310
        answer.read()
    command = ["wrk", "-t1", f"-c{READERS}", f"-d{SECONDS}s", "-H", "Accept-Encoding: gzip", url]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        raise RuntimeError(output)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])  # type: ignore[index]


@contextmanager
def _public_edition() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "site"
        publish = [sys.executable, "-m", "geo", "publish", str(root)]
        subprocess.run(publish, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        # nginx's worker may be another user, who must be able to read.
        os.chmod(folder, 0o755)  # noqa: PTH101, S103
        config = Path(folder) / "nginx.conf"
        config.write_text(_NGINX.format(folder=folder, root=root, port=NGINX_PORT))
        server = subprocess.Popen(["nginx", "-c", str(config), "-e", f"{folder}/error.log"])
        try:
            time.sleep(1)
            yield f"http://127.0.0.1:{NGINX_PORT}"
        finally:
            server.terminate()
            server.wait(timeout=20)
