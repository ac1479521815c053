"""The obvious way: a folium.GeoJson built on every rerun, handed to st_folium."""

import gzip
import json
from pathlib import Path
from typing import Any

import folium
import streamlit as st
from streamlit_folium import st_folium

GEOMETRY = Path(__file__).parent.parent / "data" / "boundaries" / "kommuner-2020-normal.geojson.gz"
FYLKER = ["50", "46", "34", "18"]


@st.cache_data
def kommuner() -> dict[str, Any]:
    """Return the same geometry as ours shows at first."""
    return json.loads(gzip.decompress(GEOMETRY.read_bytes()))


asked = st.query_params.get("fylke", FYLKER[0])
fylke = st.selectbox("Fylke", FYLKER, index=FYLKER.index(asked))
chart = folium.Map(location=[65, 15], zoom_start=4, tiles=None)
folium.GeoJson(
    kommuner(),
    style_function=lambda feature: {
        "fillColor": "#d62728" if feature["id"].startswith(fylke) else "#ffffff",
        "fillOpacity": 1,
        "color": "#888888",
        "weight": 0.5,
    },
    tooltip=folium.GeoJsonTooltip(["n"]),
).add_to(chart)
st_folium(chart, width=900, height=700, returned_objects=[])
