"""Exports GeoJSON after RFC 7946."""

import json
from typing import Any

import pandas as pd

from geo import columns as c
from geo.base.cache import LEVELS, cache_on
from geo.coverage.dataset import Dataset
from geo.coverage.view import View
from geo.exports.about import about
from geo.exports.geometry import DETAIL, geometry, shaped
from geo.places.boundaries import BoundarySet
from geo.places.shapes import DETAILS, rounded


@cache_on(LEVELS)
def geometries(boundaries: BoundarySet, detail: str) -> dict[str, dict[str, Any]]:
    """Return GeoJSON geometries by shape_id in EPSG:4326, rounded to the detail's decimals."""
    decimals = DETAILS[detail][1]
    found = geometry(boundaries, detail)
    return {str(i): rounded(one, decimals) for i, one in found.items()}


def collection(dataset: Dataset, view: View, *, full: bool) -> bytes:
    """Return a FeatureCollection (RFC 7946): WGS 84, right-hand rule, kommunenr as feature id.

    Properties are the columns of `shaped`; the metadata is in the foreign member `about`, which RFC
    7946 allows.
    """
    said = about(dataset, view, full=full)
    frame = shaped(dataset, view, full=full)
    forms = geometries(dataset.boundaries(view.year), DETAIL)
    properties = pd.DataFrame(frame.drop(columns="geometry"))
    features = [
        {
            "type": "Feature",
            "id": row[c.KOMMUNENR],
            "properties": {name: None if pd.isna(value) else value for name, value in row.items()},
            "geometry": forms.get(row[c.SHAPE_ID]),
        }
        for row in properties.astype("object").to_dict("records")
    ]
    content = {"type": "FeatureCollection", "about": said.texts(), "features": features}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
