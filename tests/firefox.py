"""Debian's Firefox for Playwright, which talks to it in WebDriver BiDi.

The long-term release is some versions behind what Playwright expects and refuses commands that it
does not know, before the first page is open. Run as a program, in the place of Firefox, this passes
everything on between the two and answers those commands itself: none of them changes what a story
sees, but for the wish for a colour scheme, which is then the system's.
"""

import asyncio
import json
import re
import shutil
import sys
from asyncio.subprocess import PIPE
from contextlib import suppress
from pathlib import Path
from stat import S_IXUSR

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

NOT_YET_KNOWN = {"emulation.setMediaFeaturesOverride"}
# Nothing but this machine can be reached: all else goes to a proxy that is not there.
OFFLINE: dict[str, str | float | bool] = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "127.0.0.1",
    "network.trr.mode": 5,
    "network.dns.disabled": True,
}
_LISTENING = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")


def find() -> str | None:
    """Return the path of Firefox, or None."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


def program(folder: Path) -> Path:
    """Write a program that starts this one, and return its path."""
    path = folder / "firefox"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {__name__} "$@"\n', encoding="utf-8")
    path.chmod(path.stat().st_mode | S_IXUSR)
    return path


async def _run(arguments: list[str]) -> None:
    firefox = await asyncio.create_subprocess_exec(str(find()), *arguments, stderr=PIPE)
    assert firefox.stderr is not None
    async for line in firefox.stderr:
        if listening := _LISTENING.search(line):
            break
    else:
        sys.exit("Firefox ended before it was ready")

    async def relay(playwright: ServerConnection) -> None:
        address = f"{listening[1].decode()}/session"
        async with connect(address, max_size=None, ping_interval=None) as browser:
            with suppress(ConnectionClosed):
                await asyncio.gather(_pass_on(playwright, browser), _return(browser, playwright))

    async with serve(relay, "127.0.0.1", 0, max_size=None, ping_interval=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        print(f"WebDriver BiDi listening on ws://127.0.0.1:{port}", file=sys.stderr, flush=True)
        async for _ in firefox.stderr:
            pass  # a full pipe would stop it
        await firefox.wait()


async def _pass_on(playwright: ServerConnection, browser: ClientConnection) -> None:
    async for message in playwright:
        command = json.loads(message)
        if command["method"] in NOT_YET_KNOWN:
            done = {"type": "success", "id": command["id"], "result": {}}
            await playwright.send(json.dumps(done))
        else:
            await browser.send(message)


async def _return(browser: ClientConnection, playwright: ServerConnection) -> None:
    async for message in browser:
        await playwright.send(message)


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1:]))
