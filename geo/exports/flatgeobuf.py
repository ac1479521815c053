"""Exports FlatGeobuf for programs that read over the web."""

import io
import json

import pyogrio

from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.exports.about import about
from geo.exports.geometry import shaped

LAYER = "kommuner"


def flatgeobuf(dataset: Dataset, view: View, *, full: bool) -> bytes:
    """Return FlatGeobuf with the columns of `shaped`, in EPSG:4326, in the order of the rows.

    The layer's title and description are those of `about`. It has no spatial index, which would
    put the rows in another order and leave out a kommune without a shape.
    """
    said = about(dataset, view, full=full)
    target = io.BytesIO()
    pyogrio.write_dataframe(
        shaped(dataset, view, full=full),
        target,
        layer=LAYER,
        driver="FlatGeobuf",
        geometry_type="MultiPolygon",
        promote_to_multi=True,
        layer_options={
            "SPATIAL_INDEX": "NO",
            "TITLE": said.title,
            "DESCRIPTION": json.dumps(said.texts(), ensure_ascii=False),
        },
    )
    return target.getvalue()
