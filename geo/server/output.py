"""Turn everything on standard output and error into JSON lines, libraries and crashes included.

Both streams go through a child process, which passes JSON log lines on and wraps everything else in
one. It outlives a process that crashes. This file must import little: it runs before everything
else, and as a script.
"""

import atexit
import json
import os
import re
import selectors
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent.parent
_LONGEST = 100_000  # bytes of a line
_PATIENCE = 5  # seconds to wait for the last lines at exit
_AROUND = re.compile(r".*/(?:(?:site|dist)-packages|lib/python3\.\d+)/")  # a library
_PATH = re.compile(r"""(?<![\w/:.~-])(?:/[^/\s"':;,()<>|]+)+/([^/\s"':;,()<>|]+)""")
_QUERY = re.compile(r"\?[^\s\"']+")
_ADDRESS = re.compile(
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.])|\[?\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,7}\]?",
    re.IGNORECASE,
)


def only_lines() -> None:
    """Redirect standard output and error through the JSON filter until the process ends."""
    inner, outer = zip(os.pipe(), os.pipe(), strict=True)
    keeper = subprocess.Popen(  # noqa: S603 - our own file
        [sys.executable, "-S", "-E", "-P", __file__, *map(str, inner)],
        pass_fds=inner,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl+C is for this process only
    )
    before = [os.dup(1), os.dup(2)]
    for stream, end in zip((1, 2), outer, strict=True):
        os.dup2(end, stream)
        os.close(end)
    for end in inner:
        os.close(end)
    # The old stream objects, set up for a file for example, do not fit the pipes.
    sys.stdout = _stream(1)
    sys.stderr = _stream(2)
    atexit.register(_last_lines, keeper, before)


def _stream(descriptor: int) -> TextIOWrapper:
    opened = os.fdopen(descriptor, "wb", closefd=False)
    return TextIOWrapper(opened, "utf-8", "backslashreplace", line_buffering=True)


def _last_lines(keeper: "subprocess.Popen[bytes]", before: list[int]) -> None:
    """Wait until everything is written: in a container, the child ends when this process does."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    for stream, end in zip((1, 2), before, strict=True):
        os.dup2(end, stream)
    try:
        keeper.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        keeper.kill()


def short(file: str) -> str:
    """Return a file's path within the project or its library, without the folders around it."""
    found = _AROUND.sub("", file, count=1).removeprefix(f"{_ROOT}{os.sep}")
    return Path(found).name if found.startswith(os.sep) else found


def plain(text: str) -> str:
    """Return a text with file paths shortened, and queries and IP addresses removed."""
    text = _PATH.sub(lambda found: short(found[0]), text)
    return _ADDRESS.sub("[address]", _QUERY.sub("?", text))


def line(text: bytes) -> bytes:
    """Return a line unchanged if it is one of our JSON log lines, else wrapped in one."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and {"time", "level", "event"} <= found.keys():
        return text
    fields = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": "warning",
        "event": plain(text.decode("utf-8", "backslashreplace").strip()),
        "from": "output",
    }
    return json.dumps(fields).encode()


def keep(sources: list[int], target: int) -> None:
    """Pass on complete lines from all sources until they close."""
    half = dict.fromkeys(sources, b"")
    with selectors.DefaultSelector() as waiting:
        for source in sources:
            waiting.register(source, selectors.EVENT_READ)
        while waiting.get_map():
            for key, _ in waiting.select():
                content = os.read(key.fd, 65_536)
                *whole, half[key.fd] = (half[key.fd] + content).split(b"\n")
                if not content or len(half[key.fd]) > _LONGEST:
                    whole.append(half[key.fd])
                    half[key.fd] = b""
                _write(target, b"".join(line(one) + b"\n" for one in whole if one.strip()))
                if not content:
                    waiting.unregister(key.fd)


def _write(target: int, content: bytes) -> None:
    # If nobody reads the output any more, keep reading, so that the server does not block.
    with suppress(OSError):
        while content:
            content = content[os.write(target, content) :]


if __name__ == "__main__":
    # Ignore signals that are meant for the server: its last lines are still to be written.
    for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    keep([int(source) for source in sys.argv[1:]], sys.stdout.fileno())
