"""Real borders in the shapes in which the official services deliver them."""

import io
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from shapely.ops import split

from geo.places import shapes
from geo.places.boundary_files import boundary_import
from geo.places.register import Register
from geo.settings import CRS_DEGREES, CRS_METRES
from tests.services import Asked, Given, Services, as_json

GEONORGE = "nedlasting.geonorge.no/api"
DOWNLOAD = f"{GEONORGE}/download/order/1a-2b/file"
SSB = "kart.ssb.no/api/core/v1/ogc/features/collections"
COLLECTION = "068d24a0-01bd-76a5-8000-7f51f6a3530a"
BOM = b"\xef\xbb\xbf"
URN = "urn:ogc:def:crs:EPSG::25833"


def kommuner(path: Path, register: Register) -> gpd.GeoDataFrame:
    """The kommuner of a file in metres, with their number in `kommunenummer`."""
    return boundary_import.read(path, register).shapes.reset_index(names="kommunenummer")


def of_2015(folder: Path, register: Register) -> gpd.GeoDataFrame:
    """The 428 kommuner of 2015: those of 2017, with Sandefjord cut into the three it was."""
    drawn = kommuner(folder / "kommuner-2017.geojson", register).set_index("kommunenummer")
    pieces = drawn.loc["0710", "geometry"]
    west, south, east, north = pieces.bounds
    for part in (1, 2):
        x = west + part * (east - west) / 3
        cut = shapely.LineString([(x, south - 1), (x, north + 1)])
        pieces = shapely.multipolygons(
            [p for one in shapely.get_parts(pieces) for p in shapely.get_parts(split(one, cut))]
        )
    parts = shapely.get_parts(pieces)
    third = np.minimum(2, (shapely.get_x(shapely.centroid(parts)) - west) // ((east - west) / 3))
    rest = drawn.drop(index="0710")["geometry"]
    for place, nr in enumerate(("0706", "0719", "0720")):
        rest[nr] = shapely.multipolygons(parts[third == place])
    frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(rest, crs=CRS_METRES))
    return frame.rename_axis("kommunenummer").reset_index()


def with_sea(land: gpd.GeoDataFrame, reach: float = 20_000) -> gpd.GeoDataFrame:
    """The kommuner with the sea in front of each, as Kartverket's own borders have it."""
    own = land.geometry.to_numpy()
    country = shapely.coverage_union_all(own)
    points, index = shapely.get_coordinates(shapely.simplify(own, 400), return_index=True)
    points, first = np.unique(points, axis=0, return_index=True)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), ordered=True))
    nearest = [shapely.coverage_union_all(cells[index[first] == k]) for k in range(len(land))]
    around = shapely.buffer(shapely.simplify(country, 2000), reach, quad_segs=2)
    sea = shapely.intersection(np.array(nearest), shapely.difference(around, country))
    both = land.set_geometry(gpd.GeoSeries(shapely.union(own, sea), crs=land.crs))
    whole = shapes.repair(both.set_index("kommunenummer").rename_axis("shape_id"))
    return whole.rename_axis("kommunenummer").reset_index()


def squares(numbers, kilometres: int = 1) -> gpd.GeoDataFrame:
    """A country that is far too small: one square for each kommune, side by side."""
    side = 1000 * kilometres
    boxes = [
        shapely.box(x, y, x + side, y + side)
        for x, y in (
            (300_000 + side * (i % 30), 6_700_000 + side * (i // 30)) for i in range(len(numbers))
        )
    ]
    return gpd.GeoDataFrame({"kommunenummer": list(numbers)}, geometry=boxes, crs=CRS_METRES)


def zipped(**files: bytes) -> bytes:
    """A zip; "kommuner_geojson" is written kommuner.geojson."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files.items():
            archive.writestr(".".join(name.rsplit("_", 1)), file)
    return content.getvalue()


def wrapped(frame: gpd.GeoDataFrame) -> bytes:
    """GeoJSON as Geonorge delivers it: a BOM, and several collections in one object."""
    crs = {"type": "name", "properties": {"name": URN}}
    named = [{"navn": "Navn", "rekkefolge": "", "sprak": "norsk"}]
    kommune = json.loads(frame.assign(objtype="Kommune").to_json(drop_id=True))
    for feature in kommune["features"]:
        feature["properties"]["administrativenhetnavn"] = named
    lines = frame.head(3).set_geometry(frame.head(3).boundary)[["geometry"]]
    border = json.loads(lines.assign(objtype="Kommunegrense").to_json(drop_id=True))
    both = {"Grense": {**border, "crs": crs}, "Kommune": {**kommune, "crs": crs}}
    return BOM + json.dumps(both, ensure_ascii=False).encode()


def gml(frame: gpd.GeoDataFrame, before: str = "", after: str = "") -> bytes:
    """GML 3.2 as Geonorge delivers it; `before` stands before the first element."""
    kommuner = "".join(
        f'<gml:featureMember><app:Kommune gml:id="k{place}"><app:kommunenummer>{nr}'
        f"</app:kommunenummer><app:omr\u00e5de>{_surface(shape, place)}</app:omr\u00e5de>"
        "</app:Kommune></gml:featureMember>"
        for place, (nr, shape) in enumerate(
            zip(frame["kommunenummer"], frame.geometry, strict=True)
        )
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{before}<gml:FeatureCollection gml:id="c" '
        'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:app="http://skjema.geonorge.no/app">'
        f"{kommuner}{after}</gml:FeatureCollection>"
    ).encode()


def _surface(shape, place: int) -> str:
    def ring(one) -> str:
        flat = " ".join(f"{x:.2f} {y:.2f}" for x, y in one.coords)
        return f"<gml:LinearRing><gml:posList>{flat}</gml:posList></gml:LinearRing>"

    members = "".join(
        f'<gml:surfaceMember><gml:Polygon gml:id="p{place}.{i}" srsName="{URN}"><gml:exterior>'
        f"{ring(part.exterior)}</gml:exterior>"
        + "".join(f"<gml:interior>{ring(hole)}</gml:interior>" for hole in part.interiors)
        + "</gml:Polygon></gml:surfaceMember>"
        for i, part in enumerate(shapely.get_parts(shape))
    )
    return f'<gml:MultiSurface gml:id="m{place}" srsName="{URN}">{members}</gml:MultiSurface>'


def offer(services: Services, uuid: str, file: Given, *, polls: int = 0, form="GeoJSON ") -> None:
    """Take orders for a data set; the file is ready after so many questions for it."""
    waits = [polls]
    ready = {"downloadUrl": f"https://{DOWNLOAD}", "name": "x.zip", "status": "ReadyForDownload"}

    def receipt(asked: Asked) -> Given:
        done = waits[0] == 0
        waits[0] -= 0 if done else asked.method == "GET" or asked.body is not None
        return as_json({"referenceNumber": "1a-2b", "files": [ready] if done else []})

    formats = [{"name": "SOSI 4.5"}, {"name": form}]
    projections = [{"code": code, "formats": formats} for code in ("25832", "4258", "25833")]
    whole = {"type": "landsdekkende", "name": "Hele landet", "code": "0000"}
    oslo = {"type": "kommune", "name": "Oslo", "code": "0301", "projections": projections}
    can = {"supportsProjectionSelection": True, "supportsFormatSelection": True, "_links": []}
    services.put(f"{GEONORGE}/capabilities/{uuid}", as_json(can))
    area = [oslo, {**whole, "projections": projections}]
    services.put(f"{GEONORGE}/codelists/area/{uuid}", as_json(area))
    services.put(f"{GEONORGE}/order", receipt)
    services.put(DOWNLOAD, file)


def serve_pages(services: Services, title: str, frame: gpd.GeoDataFrame, field: str) -> None:
    """Serve the kommuner as features in pages, beside collections that are something else."""
    degrees = frame.to_crs(CRS_DEGREES)
    features = [
        {"type": "Feature", "properties": {field: nr, "NAVN": "Navn"}, "geometry": shape}
        for nr, shape in zip(
            degrees["kommunenummer"],
            map(shapely.geometry.mapping, shapely.set_precision(degrees.geometry, 1e-5)),
            strict=True,
        )
    ]
    listed = [
        {"id": "a", "title": f"Fylkesgrenser {title}"},
        {"id": "b", "title": "Kommuner 1838"},
        {"id": COLLECTION, "title": title},
    ]

    def page(asked: Asked) -> Given:
        first, count = int(asked.query["offset"]), int(asked.query["limit"])
        content = {
            "type": "FeatureCollection",
            "features": features[first : first + count],
            "numberMatched": len(features),
        }
        return as_json(content, media="application/geo+json")

    services.put(SSB, as_json({"collections": listed}))
    services.put(f"{SSB}/{COLLECTION}/items.json", page)
