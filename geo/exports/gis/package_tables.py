"""Adds to a GeoPackage in memory what GDAL cannot: layers, relations, column titles and styles.

After OGC 12-128r15 (GeoPackage 1.2, with its schema extension), OGC 18-000 (related tables), and
QGIS for `layer_styles`. All of it is plain SQL, so that the same data give the same bytes.
"""

import sqlite3
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
import shapely

from geo.coverage.dataset import Dataset
from geo.exports.gis.map_layers import Layer
from geo.exports.rows import DECIMAL, WHOLE, YEAR, YES_NO, ExportColumn

_SRS = 25833
_SQL_TYPES = {YES_NO: "BOOLEAN", WHOLE: "INTEGER", YEAR: "INTEGER", DECIMAL: "REAL"}
_SCHEMA = "http://www.geopackage.org/spec121/#extension_schema"
_RELATED = "http://docs.opengeospatial.org/is/18-000/18-000.html"


class Style(NamedTuple):
    """A layer's style: QML, SLD where there is one, and what it is called."""

    table: str
    qml: str
    sld: str
    name: str


class Relation(NamedTuple):
    """A table that relates the rows of two layers, and its columns beside their fids."""

    name: str
    base: str
    related: str
    columns: Sequence[ExportColumn]


class Package:
    """An open GeoPackage with one layer, to which the rest is added."""

    def __init__(self, database: sqlite3.Connection, day: str) -> None:
        """Take an open database, and the time of its data."""
        self._database = database
        self._day = day

    def attributes(self, name: str, title: str, table: pd.DataFrame) -> None:
        """Add a table without geometry, all of text."""
        columns = "".join(f', "{column}" TEXT' for column in table.columns)
        self._run(f'CREATE TABLE "{name}" ("fid" INTEGER PRIMARY KEY{columns})')
        self._insert(name, table.itertuples(index=False, name=None), len(table.columns))
        self._contents(name, "attributes", title, "")

    def layer(self, layer: Layer, title: str, description: str) -> None:
        """Add a layer with its geometry."""
        self._run(
            f'CREATE TABLE "{layer.name}" ("fid" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, '
            f'"geom" {layer.geometry_type}{_defined(layer.columns)})'
        )
        names = [column.name for column in layer.columns]
        cells = layer.frame[names].itertuples(index=False, name=None)
        forms = (_geometry(form) for form in layer.frame.geometry)
        rows = ((form, *row) for form, row in zip(forms, cells, strict=True))
        self._insert(layer.name, rows, len(names) + 1)
        self._contents(layer.name, "features", title, description, layer.frame.total_bounds)
        self._run(
            "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
            (layer.name, layer.geometry_type, _SRS),
        )
        self._run("INSERT INTO gpkg_ogr_contents VALUES (?, ?)", (layer.name, len(layer.frame)))

    def related(self, relation: Relation, title: str, pairs: Iterable[tuple[Any, ...]]) -> None:
        """Add a relation of two layers: pairs of their fids, each with its columns beside."""
        self._run(
            f'CREATE TABLE "{relation.name}" ("fid" INTEGER PRIMARY KEY, "base_id" INTEGER '
            f'NOT NULL, "related_id" INTEGER NOT NULL{_defined(relation.columns)})'
        )
        self._insert(relation.name, pairs, len(relation.columns) + 2)
        self._contents(relation.name, "attributes", title, "")
        self._run(
            "CREATE TABLE gpkgext_relations (id INTEGER PRIMARY KEY AUTOINCREMENT, "
            "base_table_name TEXT NOT NULL, base_primary_column TEXT NOT NULL DEFAULT 'id', "
            "related_table_name TEXT NOT NULL, related_primary_column TEXT NOT NULL DEFAULT 'id', "
            "relation_name TEXT NOT NULL, mapping_table_name TEXT NOT NULL UNIQUE)"
        )
        row = (relation.base, "fid", relation.related, "fid", "features", relation.name)
        self._insert("gpkgext_relations", [row], len(row))
        for table in ("gpkgext_relations", relation.name):
            self._extension(table, "gpkg_related_tables", _RELATED)

    def titles(self, columns: Mapping[str, Iterable[tuple[str, str, str]]]) -> None:
        """Give the columns of tables a title and a description: (name, title, description)."""
        self._run(
            "CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, "
            "name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT, "
            "CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), "
            "CONSTRAINT gdc_tn UNIQUE (table_name, name))"
        )
        self._run(
            "CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, "
            "constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, "
            "max NUMERIC, max_is_inclusive BOOLEAN, description TEXT, "
            "CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))"
        )
        for table in ("gpkg_data_columns", "gpkg_data_column_constraints"):
            self._extension(table, "gpkg_schema", _SCHEMA)
        for table, listed in columns.items():
            for name, title, description in listed:
                row = (table, name, name, title, description)
                self._run("INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)", row)

    def styles(self, styles: Sequence[Style], description: str) -> None:
        """Add the styles that QGIS takes when it opens a layer."""
        self._run(
            "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "
            "f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), "
            "f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, "
            "useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), "
            "update_time DATETIME)"
        )
        rows = [
            ("", "", s.table, "geom", s.name, s.qml, s.sld, 1, description, "", None, self._day)
            for s in styles
        ]
        self._insert("layer_styles", rows, 12)
        self._contents("layer_styles", "attributes", "layer_styles", "")

    def _contents(
        self, name: str, kind: str, title: str, description: str, bounds: Sequence[float] = ()
    ) -> None:
        """Register a table; those with bounds are layers."""
        box: list[float | None] = [None if pd.isna(side) else float(side) for side in bounds]
        box = box or [None, None, None, None]
        self._run(
            "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (name, kind, title, description, self._day, *box, _SRS if len(bounds) else None),
        )

    def _extension(self, table: str, name: str, definition: str) -> None:
        row = (table, None, name, definition, "read-write")
        self._run("INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)", row)

    def _insert(self, table: str, rows: Iterable[tuple[Any, ...]], width: int) -> None:
        """Insert rows without their first column, which SQLite numbers."""
        places = ", ".join("?" * width)
        insert = f'INSERT INTO "{table}" VALUES (NULL, {places})'  # noqa: S608 - our own table names
        self._database.executemany(insert, rows)

    def _run(self, command: str, given: tuple[Any, ...] = ()) -> None:
        self._database.execute(command, given)


def described(
    dataset: Dataset, columns: Iterable[ExportColumn], language: str
) -> list[tuple[str, str, str]]:
    """Return (name, title, description) of columns."""
    return [
        (column.name, column.heading(dataset, language), column.meaning(dataset, language))
        for column in columns
    ]


def _defined(columns: Iterable[ExportColumn]) -> str:
    """Return columns as the end of a list in SQL."""
    return "".join(f', "{one.name}" {_SQL_TYPES.get(one.kind, "TEXT")}' for one in columns)


def _geometry(form: Any) -> bytes:
    """Return a geometry as GeoPackage stores it: a header with its bounds, and WKB."""
    if form.geom_type == "Polygon":
        form = shapely.multipolygons([form])
    west, south, east, north = form.bounds
    point = form.geom_type == "Point"
    box = b"" if point else struct.pack("<4d", west, east, south, north)
    flags = 1 if point else 3  # little-endian, and bounds of two dimensions
    head = struct.pack("<2sBBi", b"GP", 0, flags, _SRS)
    return head + box + bytes(shapely.to_wkb(form, byte_order=1))
