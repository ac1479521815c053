"""Prometheus metrics for operations; no label identifies a person.

Several workers count in files that they share, so that each answers for all of them.
"""

import os
from collections import Counter as Tally
from collections.abc import Iterator
from functools import partial
from itertools import chain
from threading import Lock

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from geo.base import cache
from geo.server import handover, health
from geo.settings import TOOL_VERSION
from geo.versions import reload

disable_created_metrics()  # type: ignore[no-untyped-call]
_REGISTRY = CollectorRegistry()
# A change of filter takes about 20 ms on an idle machine and a second on a busy one.
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

SESSIONS = Gauge(
    "geo_sessions", "Readers connected now.", registry=_REGISTRY, multiprocess_mode="livesum"
)
OPENED = Counter("geo_sessions_opened", "Readers who connected.", registry=_REGISTRY)
REFUSED = Counter(
    "geo_sessions_refused", "Pages and sockets refused.", ["reason"], registry=_REGISTRY
)
RERUNS = Histogram(
    "geo_rerun_seconds", "How long a page took.", buckets=_SECONDS, registry=_REGISTRY
)
FAILED = Counter("geo_rerun_failures", "Pages that ended in an error.", registry=_REGISTRY)
REQUESTS = Counter("geo_requests", "Requests answered.", ["kind", "status"], registry=_REGISTRY)
SENT = Counter("geo_sent_bytes", "Bytes sent in answers.", ["kind"], registry=_REGISTRY)
RECEIVED = Counter(
    "geo_received_bytes",
    "Bytes received over sockets and as uploads.",
    ["kind"],
    registry=_REGISTRY,
)
TAKEN = Histogram(
    "geo_request_seconds",
    "How long an answer took.",
    ["kind"],
    buckets=_SECONDS,
    registry=_REGISTRY,
)


_HITS = Counter("geo_memory_hits", "Results from a cache.", ["result"], registry=_REGISTRY)
_MISSES = Counter("geo_memory_misses", "Results made.", ["result"], registry=_REGISTRY)


class _State(Collector):
    """Collector of values that are read at scrape time."""

    def collect(self) -> Iterator[Metric]:
        serving = reload.reloader().serving()
        version = GaugeMetricFamily("geo_version", "What runs.", labels=["program", "data"])
        version.add_metric([TOOL_VERSION, serving.dataset.data_version], 1)
        yield version
        yield GaugeMetricFamily("geo_ready", "1 if /readyz says so.", health.all_ready())
        yield GaugeMetricFamily(
            "geo_data_refused", "1 if newer data on disk are not valid.", bool(serving.refused)
        )


class _Processes(Collector):
    """Collector of memory, time and open files: of this process, or of all workers together."""

    def collect(self) -> Iterator[Metric]:
        worker = handover.current()
        pids = worker.table.pids() if worker else [os.getpid()]
        yield from _summed([ProcessCollector(pid=partial(int, pid), registry=None) for pid in pids])


def _summed(collectors: list[ProcessCollector]) -> Iterator[Metric]:
    """Yield the metrics of processes added up; of their starts, the first."""
    found: dict[str, list[Metric]] = {}
    for metric in chain.from_iterable(one.collect() for one in collectors):
        found.setdefault(metric.name, []).append(metric)
    for name, same in found.items():
        values = [sample.value for metric in same for sample in metric.samples]
        whole = Metric(name, same[0].documentation, same[0].type)
        total = min(values) if name == _START else sum(values)
        whole.add_sample(same[0].samples[0].name, {}, total)
        yield whole


_START = "process_start_time_seconds"
_others = (_State(), _Processes())
_counted: Tally[tuple[str, bool]] = Tally()
_counting = Lock()


def count_memory() -> None:
    """Count what caches found and made since the last call.

    They count for themselves; what a freed owner's caches counted is not in their sums any more.
    """
    with _counting:
        for name, tally in cache.tally().items():
            for counter, found, total in zip((_HITS, _MISSES), (True, False), tally, strict=True):
                counter.labels(name).inc(max(0, total - _counted[name, found]))
                _counted[name, found] = total


def exposition() -> tuple[bytes, str]:
    """Return the metrics of all workers in Prometheus' text format, and its media type."""
    count_memory()
    registry = CollectorRegistry()
    registry.register(_REGISTRY if handover.current() is None else _of_all_workers())
    for one in _others:
        registry.register(one)
    return generate_latest(registry), CONTENT_TYPE_LATEST


def _of_all_workers() -> Collector:
    found: Collector = MultiProcessCollector(None)  # type: ignore[no-untyped-call]
    return found


def worker_died(pid: int) -> None:
    """Take out what a worker had open; what it counted stays."""
    mark_process_dead(pid)  # type: ignore[no-untyped-call]


def page_failed(_error: Exception) -> None:
    """Count a page run that failed; Streamlit logs the error and shows it to the user."""
    FAILED.inc()
