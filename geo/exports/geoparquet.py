"""Exports GeoParquet 1.1 for analysis."""

import io
import json

import pyarrow.parquet as pq

from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.exports.about import about
from geo.exports.geometry import shaped

METADATA = b"about"


def geoparquet(dataset: Dataset, view: View, *, full: bool) -> bytes:
    """Return GeoParquet 1.1 with the columns of `shaped`, in EPSG:4326.

    The schema metadata holds `about` as JSON.
    """
    written = io.BytesIO()
    shaped(dataset, view, full=full).to_parquet(written, index=False, schema_version="1.1.0")
    table = pq.read_table(written)
    said = json.dumps(about(dataset, view, full=full).texts(), ensure_ascii=False).encode()
    content = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata({**table.schema.metadata, METADATA: said}),
        content,
        compression="zstd",
    )
    return content.getvalue()
