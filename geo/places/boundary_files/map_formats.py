"""Which kinds of map files may be opened at all: everything else GDAL is told to forget.

GDAL looks into a file and takes it for what it finds there, whatever it is called. Many of its
kinds are letters that name other files or addresses (a VRT, a WFS description), and reading one
means to follow them. A kind that is not registered is not recognised, wherever it hides.
"""

import os
from importlib import import_module

OPENED = frozenset({"ESRI Shapefile", "GML", "GPKG", "GeoJSON", "MEM"})
# Every other driver for vectors in the library that is installed; a test compares the two.
FORGOTTEN = (
    "ADBC", "AIVector", "AVCBin", "AVCE00", "AmigoCloud", "CSV", "CSW", "Carto", "DGN", "DXF",
    "EDIGEO", "EEDA", "ESRIJSON", "Elasticsearch", "FlatGeobuf", "GDALG", "GPSBabel", "GPX",
    "GTFS", "GeoJSONSeq", "GeoRSS", "HTTP", "Idrisi", "JML", "JSONFG", "KML", "LIBKML", "LVBAG",
    "MBTiles", "MVT", "MapInfo File", "MapML", "MiraMonVector", "NGW", "OAPIF", "ODS", "OGCAPI",
    "OGR_GMT", "OGR_PDS", "OGR_VRT", "OSM", "OpenFileGDB", "PCIDSK", "PDF", "PDS4", "PGDUMP",
    "PLSCENES", "PMTiles", "S57", "SQLite", "SXF", "Selafin", "TopoJSON", "VDV", "VFK", "VICAR",
    "WAsP", "WFS", "XLSX",
)  # fmt: skip
# A coordinate system may be given as an address to ask; there is no way out to ask it.
NO_WAY_OUT = {
    "GDAL_HTTP_PROXY": "http://127.0.0.1:1",
    "GDAL_HTTPS_PROXY": "http://127.0.0.1:1",
}


def forget_others() -> None:
    """Load GDAL without the other kinds; nothing else may have loaded it before.

    The programs that this one starts are told nothing of it.
    """
    os.environ["OGR_SKIP"] = ",".join(FORGOTTEN)
    import_module("pyogrio")
    del os.environ["OGR_SKIP"]
