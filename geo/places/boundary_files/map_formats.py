"""Restricts GDAL to the map formats that may be opened.

GDAL identifies files by content, whatever their name. Many of its formats are texts that refer to
other files or addresses (VRT, WFS), which reading would follow. A driver that is not registered
cannot recognise its format anywhere.
"""

import os
from importlib import import_module

# FlatGeobuf is only written: it refers to nothing, and no name of a file lets one be imported.
OPENED = frozenset({"ESRI Shapefile", "FlatGeobuf", "GML", "GPKG", "GeoJSON", "MEM"})
# All other vector drivers of the installed GDAL; a test compares the two.
FORGOTTEN = (
    "ADBC", "AIVector", "AVCBin", "AVCE00", "AmigoCloud", "CSV", "CSW", "Carto", "DGN", "DXF",
    "EDIGEO", "EEDA", "ESRIJSON", "Elasticsearch", "GDALG", "GPSBabel", "GPX",
    "GTFS", "GeoJSONSeq", "GeoRSS", "HTTP", "Idrisi", "JML", "JSONFG", "KML", "LIBKML", "LVBAG",
    "MBTiles", "MVT", "MapInfo File", "MapML", "MiraMonVector", "NGW", "OAPIF", "ODS", "OGCAPI",
    "OGR_GMT", "OGR_PDS", "OGR_VRT", "OSM", "OpenFileGDB", "PCIDSK", "PDF", "PDS4", "PGDUMP",
    "PLSCENES", "PMTiles", "S57", "SQLite", "SXF", "Selafin", "TopoJSON", "VDV", "VFK", "VICAR",
    "WAsP", "WFS", "XLSX",
)  # fmt: skip
# A CRS may be given as a URL; an unreachable proxy keeps GDAL from requesting it.
NO_WAY_OUT = {
    "GDAL_HTTP_PROXY": "http://127.0.0.1:1",
    "GDAL_HTTPS_PROXY": "http://127.0.0.1:1",
}


def forget_others() -> None:
    """Load GDAL without the other drivers; must run before anything else loads it.

    The environment variable is removed again so that child processes do not inherit it.
    """
    os.environ["OGR_SKIP"] = ",".join(FORGOTTEN)
    import_module("pyogrio")
    del os.environ["OGR_SKIP"]
