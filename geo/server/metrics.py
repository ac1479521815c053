"""Prometheus metrics for operations; no label identifies a person."""

from collections.abc import Iterator

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from geo.base import cache
from geo.server import health
from geo.settings import TOOL_VERSION
from geo.versions import reload

disable_created_metrics()  # type: ignore[no-untyped-call]
_REGISTRY = CollectorRegistry()
# A change of filter takes about 20 ms on an idle machine and a second on a busy one.
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

SESSIONS = Gauge("geo_sessions", "Readers connected now.", registry=_REGISTRY)
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


class _State(Collector):
    """Collector of values that are read at scrape time."""

    def collect(self) -> Iterator[Metric]:
        serving = reload.reloader().serving()
        version = GaugeMetricFamily("geo_version", "What runs.", labels=["program", "data"])
        version.add_metric([TOOL_VERSION, serving.dataset.data_version], 1)
        yield version
        yield GaugeMetricFamily("geo_ready", "1 if /readyz says so.", health.ready())
        yield GaugeMetricFamily(
            "geo_data_refused", "1 if newer data on disk are not valid.", bool(serving.refused)
        )
        hits = CounterMetricFamily("geo_memory_hits", "Results from a cache.", labels=["result"])
        misses = CounterMetricFamily("geo_memory_misses", "Results made.", labels=["result"])
        for name, (found, made) in cache.tally().items():
            hits.add_metric([name], found)
            misses.add_metric([name], made)
        yield hits
        yield misses


_REGISTRY.register(_State())
ProcessCollector(registry=_REGISTRY)


def exposition() -> tuple[bytes, str]:
    """Return all metrics in Prometheus' text format, and its media type."""
    return generate_latest(_REGISTRY), CONTENT_TYPE_LATEST


def page_failed(_error: Exception) -> None:
    """Count a page run that failed; Streamlit logs the error and shows it to the user."""
    FAILED.inc()
