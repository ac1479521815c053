"""The dataset as catalogues read it: what DCAT-AP-NO demands is there, and nothing is invented."""

import hashlib
import json
from dataclasses import replace

import pytest
from rdflib import DCAT, DCTERMS, FOAF, RDF, SDO, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from geo import settings
from geo.dataset.package import load
from geo.exports import croissant, dcat
from geo.exports.catalogue import (
    CATALOGUE_TYPES,
    File,
    Published,
    json_ld,
    makers,
    schema_org,
)
from geo.settings import ROOT
from geo.text.languages import LANGUAGES

PLACE = Published(
    "https://example.no/",
    (File("https://example.no/pakke.zip", "application/zip", "naeringshager-2015"),),
)
# What the profile says a catalogue, a dataset and a distribution shall have.
DEMANDED = {
    DCAT.Catalog: (
        DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.contactPoint, DCAT.dataset,
    ),
    DCAT.Dataset: (
        DCTERMS.title, DCTERMS.description, DCTERMS.identifier, DCTERMS.publisher,
        DCAT.contactPoint, DCAT.theme,
    ),
    DCAT.Distribution: (DCAT.accessURL, DCTERMS.license, DCAT.mediaType),
    FOAF.Agent: (FOAF.name,),
}  # fmt: skip


def read(dataset, form):
    text = dcat.catalogue(dataset, PLACE, form)
    return Graph().parse(data=text, format={"ttl": "turtle", "rdf": "xml"}[form])


def test_both_forms_say_the_same_and_are_the_same_bytes_each_time(dataset):
    assert isomorphic(read(dataset, "ttl"), read(dataset, "rdf"))
    for form in CATALOGUE_TYPES:
        assert dcat.catalogue(dataset, PLACE, form) == dcat.catalogue(dataset, PLACE, form)


@pytest.mark.parametrize(
    "kind", list(DEMANDED), ids=["catalogue", "dataset", "distribution", "agent"]
)
def test_what_the_profile_demands_is_there(dataset, kind):
    found = read(dataset, "ttl")
    things = list(found.subjects(RDF.type, kind))
    assert things
    for thing in things:
        for wanted in DEMANDED[kind]:
            assert (thing, wanted, None) in found, wanted


def test_title_and_description_are_in_every_language(dataset):
    found = read(dataset, "ttl")
    (one,) = found.subjects(RDF.type, DCAT.Dataset)
    for name in (DCTERMS.title, DCTERMS.description):
        assert {said.language for said in found.objects(one, name)} == set(LANGUAGES)
    assert (one, URIRef(f"{DCAT}version"), Literal("2.0.0")) in found


def test_the_contact_is_that_of_the_settings(dataset, monkeypatch):
    assert URIRef("mailto:kart@example.no") not in set(read(dataset, "ttl").objects())
    monkeypatch.setattr(settings, "CONTACT", "kart@example.no")
    assert URIRef("mailto:kart@example.no") in set(read(dataset, "ttl").objects())


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_engines_get_what_they_ask_for(dataset, language):
    found = schema_org(dataset, PLACE, language)
    for name in ("name", "description", "license", "creator", "distribution", "temporalCoverage"):
        assert found[name], name
    assert found["isBasedOn"][0].startswith("https://www.regjeringen.no/")


def test_search_engines_and_catalogues_get_the_id_that_the_package_has(dataset):
    given = dataset.package.descriptor["id"]
    assert schema_org(dataset, PLACE, LANGUAGES[0])["identifier"] == given
    found = read(dataset, "ttl")
    (one,) = found.subjects(RDF.type, DCAT.Dataset)
    assert found.value(one, DCTERMS.identifier) == Literal(given)


def test_who_made_a_package_has_one_name_or_two(dataset, monkeypatch):
    people = [{"title": "A"}, {"givenName": "Kari", "familyName": "Nordmann"}, {"roles": ["x"]}, 7]
    monkeypatch.setitem(dataset.package.descriptor, "contributors", people)
    assert makers(dataset) == ["A", "Kari Nordmann"]


# -- Croissant ------------------------------------------------------------------------------------

CR = Namespace("http://mlcommons.org/croissant/")
# What the specification requires of a dataset, besides @context and @type.
REQUIRED = (
    DCTERMS.conformsTo, SDO.description, SDO.license, SDO.name, SDO.url, SDO.creator,
    SDO.datePublished, SDO.distribution, CR.recordSet,
)  # fmt: skip


@pytest.fixture(scope="module")
def described(dataset):
    listed = dataset.package.descriptor["resources"]
    return {str(one["name"]): f"https://example.no/data/{one['path']}" for one in listed}


@pytest.fixture(scope="module")
def baked(dataset, described):
    text = croissant.croissant(dataset, PLACE, described)
    # schema.org's terms have either scheme; rdflib has the newer.
    return Graph().parse(data=text, format="json-ld", publicID="https://example.no/")


def test_croissant_has_what_the_specification_requires(baked):
    (one,) = baked.subjects(RDF.type, SDO.Dataset)
    for wanted in REQUIRED:
        assert (one, wanted, None) in baked, wanted
    assert baked.value(one, DCTERMS.conformsTo) == Literal(
        "http://mlcommons.org/croissant/1.0", "nb"
    )


def test_croissant_names_each_file_with_the_checksum_of_what_is_there(baked, dataset, described):
    files = {
        str(baked.value(f, SDO.contentUrl)): f for f in baked.subjects(RDF.type, CR.FileObject)
    }
    assert files.keys() == set(described.values())
    for address, file in files.items():
        content = dataset.package.files.read(address.rpartition("/")[2])
        assert str(baked.value(file, SDO.sha256)) == hashlib.sha256(content).hexdigest()
        assert str(baked.value(file, SDO.contentSize)) == f"{len(content)} B"
        assert str(baked.value(file, SDO.encodingFormat)) == "text/csv"


def test_croissant_has_each_table_with_its_columns_types_and_key(baked, dataset):
    package = load(ROOT / "data")
    for resource in dataset.package.descriptor["resources"]:
        name, schema = resource["name"], resource["schema"]
        table = URIRef(f"https://example.no/{name}")
        assert (table, RDF.type, CR.RecordSet) in baked
        columns = [f"{table}/{column['name']}" for column in schema["fields"]]
        assert set(map(str, baked.objects(table, CR.field))) == set(columns)
        keys = {f"{table}/{key}" for key in schema["primaryKey"]}
        assert set(map(str, baked.objects(table, CR.key))) == keys
        for column in columns:
            field = URIRef(column)
            source = baked.value(field, CR.source)
            assert baked.value(source, CR.fileObject) == URIRef(f"https://example.no/{name}.csv")
            extract = baked.value(source, CR.extract)
            there = str(baked.value(extract, CR.column))
            assert there in package[name].columns
            assert baked.value(field, CR.dataType) in {
                SDO.Text,
                SDO.Integer,
                SDO.Float,
                SDO.Boolean,
                SDO.Date,
            }
    assert baked.value(URIRef("https://example.no/hubs/kommunenr"), CR.dataType) == SDO.Text


def test_croissant_is_the_same_bytes_each_time(dataset, described):
    first = croissant.croissant(dataset, PLACE, described)
    assert first == croissant.croissant(dataset, PLACE, described)


def test_no_text_of_a_package_can_end_the_script(dataset):
    hostile = replace(PLACE, page="</script><script>alert(1)</script><!--")
    element = json_ld(dataset, hostile, "nb")
    assert element.count("<") == 2
    inside = element.partition(">")[2].rpartition("<")[0]
    assert json.loads(inside)["url"] == hostile.page
