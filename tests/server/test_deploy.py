"""What is deployed: container, unit, nginx and Kubernetes agree with the program."""

import configparser
import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from geo import settings
from geo.server import uvicorn_server
from geo.server.middleware import admission
from geo.settings import ROOT
from tests import replicas
from tests.replicas import Ports, Replica, free_port, get, needs_nginx, serve_command

DEPLOY = ROOT / "deploy"
GZIPPED_OF_THE_EDITION = (
    "text/css text/javascript application/javascript application/json image/svg+xml text/csv"
)
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))


def steps():
    """Return the recipe as (instruction, argument)."""
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    written = [line for line in lines if line and not line.startswith("#")]
    return [tuple(line.split(" ", 1)) for line in written]


def step(name):
    return [argument for instruction, argument in steps() if instruction == name]


def command():
    return json.loads(step("CMD")[0])


# -- the container --------------------------------------------------------------------------------


def test_the_recipe_names_its_base_by_digest_and_runs_as_nobody_in_particular():
    assert re.fullmatch(r"\S+:3\.11\.\d+-slim-\w+@sha256:[0-9a-f]{64}", step("FROM")[0])
    assert all(int(part) >= 10000 for part in step("USER")[0].split(":"))
    assert any("--require-hashes -r requirements.txt" in run for run in step("RUN"))
    assert step("ADD") == []


def test_the_containers_health_check_asks_the_process():
    check = json.loads(step("HEALTHCHECK")[0].partition("CMD ")[2])
    assert f"http://127.0.0.1:{step('EXPOSE')[0]}/healthz" in check[-1]
    compile(check[-1], "HEALTHCHECK", "exec")


def test_the_container_is_given_what_it_copies_and_nothing_else():
    rules = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").split()
    copied = {argument.split()[0] for argument in step("COPY")}
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == copied


def _bound_by_permissions():
    """Return what makes a process heed file permissions, which root's do not."""
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []


def _copy(argument, app):
    source, target = argument.split()
    if (ROOT / source).is_dir():
        shutil.copytree(ROOT / source, app / target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(ROOT / source, app / target)


def _run(argument, app):
    """Do a step where the packages are installed already, from the same locked list."""
    if argument == "pip install --no-cache-dir --require-hashes -r requirements.txt":
        shipped = (app / "requirements.txt").read_bytes()
        assert shipped == (ROOT / "requirements.txt").read_bytes()
        return
    program, *arguments = argument.split()
    assert program == "python", argument
    subprocess.run([sys.executable, *arguments], cwd=app, check=True)


def healthy(replica):
    """Return whether the recipe's health check is content with a container."""
    check = json.loads(step("HEALTHCHECK")[0].partition("CMD ")[2])
    code = check[-1].replace(f":{step('EXPOSE')[0]}/", f":{replica.port}/")
    command = [sys.executable, *check[1:-1], code]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def container(tmp_path):
    """Do the recipe's steps in a clean folder that cannot be written to; start what it starts."""
    app, tmp = tmp_path / "app", tmp_path / "tmp"
    app.mkdir()
    tmp.mkdir()
    for instruction, argument in steps():
        if instruction == "COPY":
            _copy(argument, app)
        elif instruction == "RUN":
            _run(argument, app)
    for path in (app, *app.rglob("*")):
        path.chmod(path.stat().st_mode & ~0o222)
    environment = dict(pair.split("=") for pair in shlex.split(step("ENV")[0]))
    environment = {key: text.replace("/tmp", str(tmp)) for key, text in environment.items()}  # noqa: S108
    port = free_port()
    arguments = [port if text == step("EXPOSE")[0] else text for text in command()[1:]]
    arguments = ["127.0.0.1" if text == "0.0.0.0" else str(text) for text in arguments]  # noqa: S104
    replica = Replica(tmp, port=port)
    with replica.log.open("wb") as log:
        replica.process = subprocess.Popen(
            [*_bound_by_permissions(), sys.executable, *arguments],
            cwd=app,
            env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp), **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    yield replica
    replica.stop()
    for path in (app, *app.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)


def test_the_container_needs_no_file_that_is_not_copied_and_writes_only_to_tmp(container):
    app = container.until_ready().folder.parent / "app"
    before = sorted(path for path in app.rglob("*"))
    assert container.status("/healthz") == 200
    assert get(f"{container.url}/", Accept="text/html")[0] == 200
    status, picture = get(f"{container.url}/picture/preview.png?year=2020")
    assert (status, picture[:4]) == (200, b"\x89PNG")
    assert get(f"{container.url}/api/v1/coverage")[0] == 200
    assert sorted(path for path in app.rglob("*")) == before
    assert list((app / "geo").rglob("*.pyc"))
    write = [*_bound_by_permissions(), "touch", str(app / "geo" / "written")]
    assert subprocess.run(write, check=False, stderr=subprocess.DEVNULL).returncode != 0
    assert '"level": "error"' not in container.log.read_text(encoding="utf-8")
    assert healthy(container)
    container.stop()
    assert not healthy(container)


# -- the unit -------------------------------------------------------------------------------------


def unit():
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str
    found.read(DEPLOY / "naeringshage-kart.service", encoding="utf-8")
    return found


def settings_of_unit():
    text = (DEPLOY / "naeringshage-kart.service").read_text(encoding="utf-8")
    lines = re.findall(r"^Environment=(.*)$", text, re.MULTILINE)
    return dict(pair.split("=", 1) for line in lines for pair in line.split())


def test_the_unit_and_the_container_run_what_make_serve_runs():
    wanted = serve_command(8501)[1:]
    in_unit = unit()["Service"]["ExecStart"].replace("%i", "8501").split()[1:]
    assert in_unit == [text for text in wanted if text not in {"--host", "127.0.0.1"}]
    assert command()[1:] == [text.replace("127.0.0.1", "0.0.0.0") for text in wanted]  # noqa: S104


def test_whoever_stops_a_process_waits_until_it_has_left_in_order():
    longest = settings.DRAIN_SECONDS + uvicorn_server._FINISH_SECONDS
    assert int(unit()["Service"]["TimeoutStopSec"]) > longest
    pod = manifest("Deployment")["spec"]["template"]["spec"]
    drain = float(environment(pod)["GEO_DRAIN_SECONDS"])
    assert pod["terminationGracePeriodSeconds"] > drain + uvicorn_server._FINISH_SECONDS


def test_the_unit_may_do_little():
    service = unit()["Service"]
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    for wanted in ("DynamicUser", "NoNewPrivileges", "PrivateTmp", "ProtectHome", "PrivateDevices"):
        assert service[wanted] == "yes"


def test_systemd_understands_the_unit(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed (Debian: apt install systemd)")
    text = (DEPLOY / "naeringshage-kart.service").read_text(encoding="utf-8")
    text = text.replace("/opt/naeringshage-kart/.venv/bin/python", "/bin/true")
    copied = tmp_path / "naeringshage-kart@.service"
    copied.write_text(text, encoding="utf-8")
    verify = ["systemd-analyze", "verify", "--man=no", str(copied)]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    lines = [line for line in done.stderr.splitlines() if copied.name in line]
    assert (done.returncode, lines) == (0, [])


# -- nginx ----------------------------------------------------------------------------------------


def test_nginx_understands_the_file(tmp_path):
    needs_nginx()
    replicas.certificate(tmp_path)
    whole = replicas.render(tmp_path, tmp_path, [free_port() for _ in range(3)], Ports())
    path = f"{os.environ['PATH']}:/usr/sbin"
    nginx = str(shutil.which("nginx", path=path))
    check = [nginx, "-t", "-q", "-e", f"{tmp_path}/error.log", "-c", str(whole)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_nginx_understands_the_file_for_a_path_too(tmp_path):
    needs_nginx()
    replicas.certificate(tmp_path)
    whole = replicas.render_path(tmp_path, free_port(), free_port())
    path = f"{os.environ['PATH']}:/usr/sbin"
    nginx = str(shutil.which("nginx", path=path))
    check = [nginx, "-t", "-q", "-e", f"{tmp_path}/error.log", "-c", str(whole)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_nginx_treats_what_lies_below_a_path_as_what_lies_at_the_root():
    root, below = (
        file.read_text(encoding="utf-8") for file in (replicas.CONFIG, replicas.PATH_CONFIG)
    )
    for setting in ("proxy_cache_key", "proxy_next_upstream", "client_max_body_size", "gzip_types"):
        assert set(re.findall(rf"^ *{setting} (.*);", below, re.MULTILINE)) == set(
            re.findall(rf"^ *{setting} ([^;]*);(?:.*)$", root, re.MULTILINE)
        ) - {GZIPPED_OF_THE_EDITION}
    places = [re.findall(r"location ~ \^/(?:kart/)?(\(.*?\))", text) for text in (root, below)]
    assert places[0] == places[1]


@pytest.mark.parametrize("config", [replicas.CONFIG, replicas.PATH_CONFIG], ids=lambda p: p.name)
def test_nginx_writes_down_nothing_of_who_asks(config):
    text = config.read_text(encoding="utf-8")
    # A redirect keeps the query and writes it nowhere.
    text = text.replace("return 308 /kart/$is_args$args;", "")
    for name in ("$http_user_agent", "$args", "$query_string", "$http_referer", "forwarded_for"):
        assert name not in text
    written = re.search(r"log_format.*?;", text, re.DOTALL)[0]
    assert "remote_addr" not in written
    assert set(re.findall(r"access_log (?:off|\S+ (\w+));", text)) <= {"", "without_readers"}


@pytest.mark.parametrize("config", [replicas.CONFIG, replicas.PATH_CONFIG], ids=lambda p: p.name)
def test_nginx_passes_on_who_asks_and_not_who_somebody_says_they_are(config):
    text = config.read_text(encoding="utf-8")
    assert re.findall(r"X-Forwarded-For +(\S+);", text) == ["$remote_addr"]
    trusted = ip_network(settings_of_unit()["GEO_TRUSTED_PROXIES"])
    assert all(
        ip_address(address) in trusted for address in re.findall(r"server (127\S+):\d+", text)
    )


def test_the_dashboard_is_told_the_name_that_nginx_has_for_it():
    text = replicas.CONFIG.read_text(encoding="utf-8")
    base = urlsplit(settings_of_unit()["GEO_BASE_URL"])
    assert base.scheme == "https"
    assert f"server_name {base.hostname};" in text
    pod = environment(manifest("Deployment")["spec"]["template"]["spec"])
    assert urlsplit(pod["GEO_BASE_URL"]).hostname == manifest("Ingress")["spec"]["rules"][0]["host"]


def test_nginx_keeps_answers_by_the_name_they_were_asked_under():
    text = replicas.CONFIG.read_text(encoding="utf-8")
    keys = re.findall(r'proxy_cache_key "(.*)";', text)
    assert keys
    assert all(key.startswith("$scheme://$host ") for key in keys)
    assert "$http_host" not in text


def test_one_address_gets_half_of_all_seats_from_nginx_too():
    text = replicas.CONFIG.read_text(encoding="utf-8")
    seats = len(re.findall(r"server 127", text)) * settings.MAX_SESSIONS
    assert int(re.search(r"limit_conn readers (\d+);", text)[1]) == seats / 2


def test_nginx_marks_what_it_passes_on_so_that_the_counts_stay_inside():
    text = replicas.CONFIG.read_text(encoding="utf-8")
    sent = {name.lower() for name in re.findall(r"proxy_set_header (\S+)", text)}
    assert sent & set(admission._BY_PROXY) >= {"x-forwarded-proto"}


def test_nginx_lets_through_the_uploads_that_are_allowed():
    config = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    allowed = int(re.search(r"maxUploadSize = (\d+)", config)[1])
    text = replicas.CONFIG.read_text(encoding="utf-8")
    limits = [int(found) for found in re.findall(r"client_max_body_size (\d+)m", text)]
    assert limits == [allowed + 1]  # the form around a file weighs something
    ingress = manifest("Ingress")["metadata"]["annotations"]
    assert ingress["nginx.ingress.kubernetes.io/proxy-body-size"] == f"{allowed + 1}m"


# -- kubernetes -----------------------------------------------------------------------------------


def manifest(kind):
    read = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in MANIFESTS]
    return next(one for one in read if one["kind"] == kind)


def environment(pod):
    return {pair["name"]: pair["value"] for pair in pod["containers"][0]["env"]}


def test_every_manifest_is_listed():
    listed = manifest("Kustomization")["resources"]
    assert sorted([*listed, "kustomization.yaml"]) == [path.name for path in MANIFESTS]


def test_selectors_find_the_pods_and_references_what_they_name():
    deployment = manifest("Deployment")
    name = deployment["metadata"]["name"]
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    for selector in (
        deployment["spec"]["selector"]["matchLabels"],
        manifest("Service")["spec"]["selector"],
        manifest("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
    ):
        assert selector.items() <= labels.items()
    target = manifest("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) == ("Deployment", name)
    backend = manifest("Ingress")["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    service = manifest("Service")
    assert backend["name"] == service["metadata"]["name"]
    assert backend["port"]["name"] == service["spec"]["ports"][0]["name"]


def test_ports_and_probes_are_the_programs():
    container = manifest("Deployment")["spec"]["template"]["spec"]["containers"][0]
    port = container["ports"][0]
    assert str(port["containerPort"]) == step("EXPOSE")[0]
    assert manifest("Service")["spec"]["ports"][0]["targetPort"] == port["name"]
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_the_pod_is_as_bound_as_the_container():
    pod = manifest("Deployment")["spec"]["template"]["spec"]
    container = pod["containers"][0]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert str(pod["securityContext"]["runAsUser"]) == step("USER")[0].split(":")[0]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert [mount["mountPath"] for mount in container["volumeMounts"]] == ["/tmp"]  # noqa: S108
    image = manifest("Kustomization")["images"][0]
    assert (image["name"], image["newTag"]) == (container["image"], settings.TOOL_VERSION)


def test_the_same_seat_sticks_a_reader_in_nginx_and_in_kubernetes():
    annotations = manifest("Ingress")["metadata"]["annotations"]
    cookie = annotations["nginx.ingress.kubernetes.io/session-cookie-name"]
    assert f"$cookie_{cookie}" in replicas.CONFIG.read_text(encoding="utf-8")


def test_kubectl_puts_the_manifests_together():
    if not shutil.which("kubectl"):
        pytest.skip("kubectl is not installed")
    build = ["kubectl", "kustomize", str(DEPLOY / "kubernetes")]
    output = subprocess.run(build, capture_output=True, text=True, check=True).stdout
    kinds = sorted(one["kind"] for one in yaml.safe_load_all(output))
    assert kinds == sorted(
        yaml.safe_load(path.read_text(encoding="utf-8"))["kind"]
        for path in MANIFESTS
        if not fnmatch.fnmatch(path.name, "kustomization*")
    )


# -- what the team reads --------------------------------------------------------------------------


def test_every_setting_and_every_count_is_explained():
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "geo").rglob("*.py"))
    named = set(re.findall(r'(?:environ\.get|_number)\("(\w+)"', code))
    counted = set(re.findall(r'"(geo_[a-z_]+)"', (ROOT / "geo/server/metrics.py").read_text()))
    assert named
    assert counted
    assert [name for name in sorted(named | counted) if name not in manual] == []


def test_links_in_the_operations_paper_lead_somewhere():
    paper = ROOT / "docs" / "operations.md"
    links = re.findall(r"\]\(([^)#]+)\)", paper.read_text(encoding="utf-8"))
    assert links
    for link in links:
        assert Path(paper.parent / link).exists(), link
