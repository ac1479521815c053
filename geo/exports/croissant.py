"""The dataset in Croissant 1.0, which machine learning tools load tables by.

https://docs.mlcommons.org/croissant/docs/croissant-spec.html: schema.org's Dataset with the files
and their checksums as distribution, and each table as a record set with typed fields.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from geo.coverage.dataset import Dataset
from geo.exports.catalogue import Published, makers, schema_org
from geo.text.languages import DEFAULT
from geo.text.messages import messages

MEDIA_TYPE = "application/ld+json"
_TERMS = (
    *("citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject"),
    *("fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField"),
    *("path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate"),
    *("separator", "source", "subField", "transform"),
)
_JSON_TERMS = ("data", "examples")
_CONTEXT: Mapping[str, Any] = {
    "@language": DEFAULT,
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    **{term: f"cr:{term}" for term in _TERMS},
    **{term: {"@id": f"cr:{term}", "@type": "@json"} for term in _JSON_TERMS},
}
# The types of Table Schema that tables here have.
_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}


def croissant(dataset: Dataset, published: Published, tables: Mapping[str, str]) -> bytes:
    """Return the description as JSON-LD, the same bytes each time.

    `published` has absolute addresses; `tables` are those of the CSV files by table name.
    """
    said = schema_org(dataset, published, DEFAULT)
    names = makers(dataset) or [messages(DEFAULT)("common.name")]
    resources = [one for one in dataset.package.descriptor["resources"] if one["name"] in tables]
    described = {
        **said,
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "@id": f"{published.page}#dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "creator": [{"@type": "sc:Organization", "name": name} for name in names],
        "datePublished": said["dateModified"],
        "distribution": [_file(dataset, one, tables[one["name"]]) for one in resources],
        "recordSet": [_records(one) for one in resources],
    }
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def _file(dataset: Dataset, resource: Mapping[str, Any], address: str) -> dict[str, Any]:
    content = dataset.package.files.read(resource["path"])
    return {
        "@type": "cr:FileObject",
        "@id": resource["path"],
        "name": resource["path"],
        "contentUrl": address,
        "contentSize": f"{len(content)} B",
        "encodingFormat": "text/csv",
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _records(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table as a record set.

    What its columns refer to stays in the data package: loading tools join by such references, and
    mlcroissant fails where a table has two.
    """
    name, schema = resource["name"], resource["schema"]
    stated = schema.get("primaryKey") or []
    keys = [stated] if isinstance(stated, str) else stated
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": resource.get("description") or resource.get("title") or name,
        **({"key": [{"@id": f"{name}/{key}"} for key in keys]} if keys else {}),
        "field": [_field(resource, field) for field in schema["fields"]],
    }


def _field(resource: Mapping[str, Any], field: Mapping[str, Any]) -> dict[str, Any]:
    column = field["name"]
    return {
        "@type": "cr:Field",
        "@id": f"{resource['name']}/{column}",
        "name": column,
        "description": field.get("description") or field.get("title") or column,
        "dataType": _TYPES.get(field.get("type", "string"), "sc:Text"),
        "source": {"fileObject": {"@id": resource["path"]}, "extract": {"column": column}},
    }
