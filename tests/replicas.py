"""The dashboard as it is deployed: processes from `make serve` behind nginx."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from geo.settings import ROOT
from tests import patience

CONFIG = ROOT / "deploy" / "nginx.conf"
PATH_CONFIG = ROOT / "deploy" / "nginx-path.conf"
_AROUND = """
{user} worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  include /etc/nginx/mime.types; default_type application/octet-stream;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  include {folder}/kart.conf;
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(url: str, *, context: ssl.SSLContext | None = None, **headers: str) -> tuple[int, bytes]:
    """Return the status and the body of an answer, whatever the status."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    asked = urllib.request.Request(url, headers=named)  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=patience.SECONDS, context=context) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def serve_command(port: int) -> list[str]:
    """Return what `make serve` would run, as make itself says it."""
    make = ["make", "--dry-run", "--silent", "--old-file=.venv/runs", "serve", f"PORT={port}"]
    output = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    command = next(line for line in output.splitlines() if "geo serve" in line).split()
    return [str(ROOT / command[0]), *command[1:]]


@dataclass
class Replica:
    """One server of the dashboard, by default with one worker."""

    folder: Path
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> Path:
        return self.folder / f"{self.port}.log"

    def start(self) -> "Replica":
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                serve_command(self.port),
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), "GEO_WORKERS": "1", **self.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self

    def status(self, path: str) -> int:
        """Return the status of an answer; 0 if nobody listens."""
        try:
            return get(self.url + path)[0]
        except OSError:
            return 0

    def until_ready(self) -> "Replica":
        patience.until(self._ready, f"readiness on port {self.port}")
        return self

    def _ready(self) -> bool:
        assert self.alive, self.log.read_text()
        return self.status("/readyz") == 200

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal; return the exit code."""
        assert self.process is not None
        if self.alive:
            self.process.send_signal(sign)
        return self.process.wait(timeout=patience.SECONDS)

    def counted(self, name: str, **labels: str) -> float:
        """Return the sum of a metric over its labels, or over those with the given ones."""
        lines = get(f"{self.url}/metrics")[1].decode().splitlines()
        found = [line for line in lines if line.startswith((f"{name} ", f"{name}{{"))]
        pairs = [f'{label}="{value}"' for label, value in labels.items()]
        found = [line for line in found if all(pair in line for pair in pairs)]
        return sum(float(line.rpartition(" ")[2]) for line in found)


@dataclass(frozen=True)
class Front:
    """nginx's addresses, how to trust its certificate, and where it keeps its files."""

    dashboard: str
    public: str
    plain: str
    trust: ssl.SSLContext
    folder: Path


@dataclass(frozen=True)
class Ports:
    """Where nginx listens: for the dashboard and the public edition, and without TLS."""

    dashboard: int = field(default_factory=free_port)
    public: int = field(default_factory=free_port)
    plain: int = field(default_factory=free_port)

    @property
    def environment(self) -> dict[str, str]:
        """What replicas behind it are told, as deploy/ tells them."""
        return {
            "GEO_BASE_URL": f"https://127.0.0.1:{self.dashboard}/",
            "GEO_TRUSTED_PROXIES": "127.0.0.1",
        }


def render(folder: Path, site: Path, replicas: list[int], ports: Ports) -> Path:
    """Write deploy/nginx.conf with our ports and folders, and a whole configuration around it."""
    text = CONFIG.read_text(encoding="utf-8")
    secure = [f"listen 127.0.0.1:{port} ssl http2" for port in (ports.dashboard, ports.public)]
    everywhere = " ".join(f"{listen} default_server;" for listen in secure)
    text = _put(text, "listen 443 ssl http2 default_server;", everywhere, 1)
    for left, listen in zip((2, 1), secure, strict=True):
        text = _put(text, "listen 443 ssl http2;", f"{listen};", left, first=True)
    for kind in (" default_server;", ";"):
        text = _put(text, f"listen 80{kind}", f"listen 127.0.0.1:{ports.plain}{kind}", 1)
    text = text.replace("kart.example.no", "127.0.0.1")
    text = text.replace("naeringshager.example.no", "localhost")
    for place, port in enumerate(replicas):
        text = _put(text, f"127.0.0.1:{8501 + place} ", f"127.0.0.1:{port} ", 1)
    text = _put(text, "/etc/ssl/certs/kart.pem", f"{folder}/kart.pem", 3)
    text = _put(text, "/etc/ssl/private/kart.key", f"{folder}/kart.key", 3)
    text = _put(text, "/var/cache/nginx/naeringshage-kart", f"{folder}/cache", 1)
    text = text.replace("/var/log/nginx/", f"{folder}/")
    text = _put(text, "root /srv/naeringshage-kart", f"root {site}", 1)
    return _whole(folder, text)


def render_path(folder: Path, replica: int, port: int) -> Path:
    """Write deploy/nginx-path.conf with our ports and folders, and a configuration around it."""
    text = PATH_CONFIG.read_text(encoding="utf-8")
    text = _put(text, "listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;", 1)
    text = text.replace("example.no", "127.0.0.1")
    text = _put(text, "127.0.0.1:8501 ", f"127.0.0.1:{replica} ", 1)
    text = _put(text, "/etc/ssl/certs/kart.pem", f"{folder}/kart.pem", 1)
    text = _put(text, "/etc/ssl/private/kart.key", f"{folder}/kart.key", 1)
    text = _put(text, "/var/cache/nginx/naeringshage-kart", f"{folder}/cache", 1)
    return _whole(folder, text.replace("/var/log/nginx/", f"{folder}/"))


def _whole(folder: Path, text: str) -> Path:
    (folder / "kart.conf").write_text(text, encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    whole = folder / "nginx.conf"
    whole.write_text(_AROUND.format(folder=folder, user=user), encoding="utf-8")
    return whole


def _put(text: str, old: str, new: str, times: int, *, first: bool = False) -> str:
    assert text.count(old) == times, f"nginx: {old!r} {text.count(old)} times, not {times}"
    return text.replace(old, new, 1 if first else -1)


def certificate(folder: Path) -> ssl.SSLContext:
    """Make a certificate for this machine; return what trusts it and nothing else."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    files = ["-keyout", str(folder / "kart.key"), "-out", str(folder / "kart.pem")]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    return ssl.create_default_context(cafile=str(folder / "kart.pem"))


def needs_nginx() -> None:
    """Skip a test where nginx or openssl is not installed."""
    for tool in ("nginx", "openssl"):
        if not shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin"):
            pytest.skip(f"{tool} is not installed (Debian: apt install {tool})")


@contextmanager
def nginx(folder: Path, site: Path, replicas: list[int], ports: Ports) -> Iterator[Front]:
    """Run nginx in front of replicas, which know ports.environment, and of a public edition."""
    trust = certificate(folder)
    whole = render(folder, site, replicas, ports)
    front = Front(
        f"https://127.0.0.1:{ports.dashboard}",
        f"https://localhost:{ports.public}",
        f"http://127.0.0.1:{ports.plain}",
        trust,
        folder,
    )
    with _running(whole, front.public, trust):
        yield front


@contextmanager
def nginx_path(folder: Path, replica: int, port: int) -> Iterator[ssl.SSLContext]:
    """Run nginx in front of a replica below /kart/; yield what trusts its certificate."""
    trust = certificate(folder)
    with _running(render_path(folder, replica, port), f"https://127.0.0.1:{port}/kart/", trust):
        yield trust


@contextmanager
def _running(whole: Path, address: str, trust: ssl.SSLContext) -> Iterator[None]:
    """Run nginx with a configuration, from when it answers for an address."""
    path, log = f"{os.environ['PATH']}:/usr/sbin", whole.parent / "error.log"
    command = [str(shutil.which("nginx", path=path)), "-e", str(log), "-c", str(whole)]
    process = subprocess.Popen(command)

    def answers() -> bool:
        assert process.poll() is None, log.read_text()
        try:
            return get(address, context=trust)[0] == 200
        except OSError:
            return False

    try:
        patience.until(answers, "an answer of nginx")
        yield
    finally:
        process.terminate()
        process.wait(timeout=patience.SECONDS)
