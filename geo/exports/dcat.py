"""The dataset as a catalogue in DCAT-AP-NO 3, the Norwegian profile of W3C's DCAT.

https://data.norge.no/specification/dcat-ap-no: names in every language, an agent as publisher,
a contact point, a theme of the EU's list, and distributions with a licence.
"""

from rdflib import DCAT, DCTERMS, FOAF, RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from geo.coverage.dataset import Dataset
from geo.dataset.licence import licence_url
from geo.exports.catalogue import Published, description, identifier, makers, origins, period
from geo.report.contact import contact
from geo.text import languages
from geo.text.languages import DEFAULT, LANGUAGES
from geo.text.messages import messages

# RDF's names of file types by what the catalogue's files are called here.
_WRITERS = {"ttl": "turtle", "rdf": "xml"}
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_EU = "http://publications.europa.eu/resource/authority/"
_NORWAY = "https://data.geonorge.no/administrativeEnheter/nasjon/id/173163"
_VERSION = URIRef(f"{DCAT}version")  # newer than rdflib's list
_MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"


def catalogue(dataset: Dataset, published: Published, form: str) -> bytes:
    """Return the catalogue as "ttl" (Turtle) or "rdf" (RDF/XML), the same bytes each time.

    `published` has absolute addresses.
    """
    return graph(dataset, published).serialize(format=_WRITERS[form], encoding="utf-8")


def graph(dataset: Dataset, published: Published) -> Graph:
    """Return the catalogue, its one dataset and its distributions as triples."""
    found = Graph("SimpleMemory")  # keeps the order of what is added
    found.bind("vcard", VCARD)
    whole, about = URIRef(f"{published.page}#catalog"), URIRef(f"{published.page}#dataset")
    publisher = URIRef(f"{published.page}#publisher")
    found.add((publisher, RDF.type, FOAF.Agent))
    for name in makers(dataset) or [messages(DEFAULT)("common.name")]:
        found.add((publisher, FOAF.name, Literal(name)))
    reach = _contact(found, published)
    for subject, kind in ((whole, DCAT.Catalog), (about, DCAT.Dataset)):
        found.add((subject, RDF.type, kind))
        found.add((subject, DCTERMS.publisher, publisher))
        found.add((subject, DCAT.contactPoint, reach))
        for language in LANGUAGES:
            _describe(found, subject, dataset, language)
    found.add((whole, DCAT.dataset, about))
    found.add((whole, FOAF.homepage, URIRef(published.page)))
    _dataset(found, about, dataset, published)
    return found


def _describe(found: Graph, subject: Node, dataset: Dataset, language: str) -> None:
    said = Literal(dataset.package.title(language), lang=language)
    found.add((subject, DCTERMS.title, said))
    found.add((subject, DCTERMS.description, Literal(description(dataset, language), language)))
    if name := languages.language(language).authority:
        found.add((subject, DCTERMS.language, URIRef(f"{_EU}language/{name}")))


def _contact(found: Graph, published: Published) -> Node:
    """Add the contact point: the mail address of the settings, or else the first page."""
    reach = URIRef(f"{published.page}#contact")
    found.add((reach, RDF.type, VCARD.Organization))
    found.add((reach, VCARD.fn, Literal(messages(DEFAULT)("common.name"))))
    if mail := contact():
        found.add((reach, VCARD.hasEmail, URIRef(f"mailto:{mail}")))
    else:
        found.add((reach, VCARD.hasURL, URIRef(published.page)))
    return reach


def _dataset(found: Graph, about: Node, dataset: Dataset, published: Published) -> None:
    descriptor = dataset.package.descriptor
    found.add((about, DCTERMS.identifier, Literal(identifier(dataset))))
    found.add((about, _VERSION, Literal(dataset.data_version)))
    found.add((about, DCTERMS.modified, Literal(dataset.data_day.isoformat(), datatype=XSD.date)))
    found.add((about, DCAT.theme, URIRef(f"{_EU}data-theme/REGI")))
    found.add((about, DCTERMS.accessRights, URIRef(f"{_EU}access-right/PUBLIC")))
    found.add((about, DCTERMS.spatial, URIRef(_NORWAY)))
    found.add((about, DCAT.landingPage, URIRef(published.page)))
    for word in descriptor.get("keywords", []):
        found.add((about, DCAT.keyword, Literal(str(word), lang=DEFAULT)))
    for _, address in origins(dataset):
        found.add((about, DCTERMS.source, URIRef(address)))
    _time(found, about, dataset)
    for number, file in enumerate(published.files, start=1):
        one = URIRef(f"{published.page}#distribution-{number}")
        found.add((about, DCAT.distribution, one))
        found.add((one, RDF.type, DCAT.Distribution))
        found.add((one, DCTERMS.title, Literal(file.name)))
        found.add((one, DCAT.accessURL, URIRef(file.address)))
        found.add((one, DCAT.downloadURL, URIRef(file.address)))
        found.add((one, DCAT.mediaType, URIRef(_MEDIA_TYPE + file.media_type)))
        if address := licence_url(dataset.package):
            found.add((one, DCTERMS.license, URIRef(address)))


def _time(found: Graph, about: Node, dataset: Dataset) -> None:
    first, last = period(dataset)
    # A name and not a blank node, whose label would differ each time.
    span = URIRef(f"{about}-period")
    found.add((about, DCTERMS.temporal, span))
    found.add((span, RDF.type, DCTERMS.PeriodOfTime))
    found.add((span, DCAT.startDate, Literal(str(first), datatype=XSD.gYear)))
    if last is not None:
        found.add((span, DCAT.endDate, Literal(str(last), datatype=XSD.gYear)))
