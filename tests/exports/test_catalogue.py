"""The dataset as catalogues read it: what DCAT-AP-NO demands is there, and nothing is invented."""

import json
from dataclasses import replace

import pytest
from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from geo import settings
from geo.exports import dcat
from geo.exports.catalogue import CATALOGUE_TYPES, File, Published, json_ld, schema_org
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


def test_no_text_of_a_package_can_end_the_script(dataset):
    hostile = replace(PLACE, page="</script><script>alert(1)</script><!--")
    element = json_ld(dataset, hostile, "nb")
    assert element.count("<") == 2
    inside = element.partition(">")[2].rpartition("<")[0]
    assert json.loads(inside)["url"] == hostile.page
