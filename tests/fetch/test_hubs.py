"""The hubs are looked up in Enhetsregisteret; what is not certain is said, and never invented."""

from dataclasses import replace

import pytest

from geo.dataset.package import every_hub
from geo.errors import AnswerRefused, FetchFailed
from geo.fetch import hubs, store
from geo.official import fetched, hub_status
from geo.report import projects
from geo.settings import ROOT
from tests import services
from tests.services import Asked, Given, as_json, hasty

API = "data.brreg.no/enhetsregisteret/api/enheter"
# A unit as the register was recorded to show it, with more than we use.
VOSS = {
    "organisasjonsnummer": "987654321",
    "navn": "NÆRINGSHAGEN PÅ VOSS AS",
    "organisasjonsform": {"kode": "AS", "beskrivelse": "Aksjeselskap", "_links": {}},
    "historiskeNavn": [{"navn": "VOSS HAGE AS", "fraDato": "1999-01-01 10:00:00", "tilDato": None}],
    "forretningsadresse": {
        "adresse": ["Uttrågata 9", None],
        "kommune": "VOSS",
        "kommunenummer": "4621",
        "land": "Norge",
        "landkode": "NO",
        "postnummer": "5700",
        "poststed": "VOSS",
    },
    "registreringsdatoEnhetsregisteret": "2003-05-06",
    "konkurs": False,
    "underAvvikling": False,
    "underTvangsavviklingEllerTvangsopplosning": False,
    "antallAnsatte": 4,
    "respons_klasse": "Enhet",
}


@pytest.fixture
def local():
    with services.running() as running:
        running.put(API, found())
        yield running


def found(*units: dict) -> Given:
    page = {"size": 500, "totalElements": len(units), "totalPages": 1, "number": 0}
    hits = {"_embedded": {"enheter": list(units)}} if units else {}
    return as_json({**hits, "_links": {}, "page": page})


def called(name: str, *units: dict):
    """Answer a search for a name with these, and any other with nothing."""
    return lambda asked: found(*units) if asked.query["navn"] == name else found()


def with_hub(dataset, hub_id="voss", **changes):
    """The shipped programme with one hub only."""
    table = dataset.package["hubs"]
    # Only the hubs in question are asked about, none outside the projects.
    tables = {**dataset.package.tables, "other_hubs": dataset.package["other_hubs"][:0]}
    mine = table[table["hub_id"] == hub_id].assign(**changes)
    return replace(dataset, package=replace(dataset.package, tables={**tables, "hubs": mine}))


def fetch(dataset, tmp_path):
    staged = hubs.fetch(hasty(tmp_path), dataset, ())
    store.commit(tmp_path, [staged])
    return staged, hub_status.read(fetched.fetched(tmp_path)).iloc[0]


def test_hub_with_a_number_is_asked_for_by_it(local, dataset, tmp_path):
    local.put(f"{API}/987654321", as_json(VOSS))
    staged, row = fetch(with_hub(dataset, orgnr="987654321"), tmp_path)
    assert dict(row) | {"checked_at": ""} == {
        "hub_id": "voss",
        "orgnr": "987654321",
        "found_by": "orgnr",
        "name_now": "NÆRINGSHAGEN PÅ VOSS AS",
        "form": "AS",
        "address": "Uttrågata 9",
        "postcode": "5700",
        "place": "VOSS",
        "kommunenr_now": "4621",
        "status": "active",
        "registered": "2003-05-06",
        "dissolved_on": "",
        "checked_at": "",
    }
    assert row["checked_at"].endswith("Z")
    assert staged.report("en") == [
        "1 of 1 hubs found: 1 by organisation number, 0 by the same name only"
    ]
    assert not staged.replaces
    assert [asked.path for asked in local.asked] == [f"{API}/987654321"]


def test_answer_is_kept_with_its_provenance(local, dataset, tmp_path):
    local.put(f"{API}/987654321", as_json(VOSS))
    fetch(with_hub(dataset, orgnr="987654321"), tmp_path)
    origin = fetched.fetched(tmp_path).lock.entry("hub_status.csv").origins[0]
    assert origin.address == "https://data.brreg.no/enhetsregisteret/api/enheter/987654321"
    assert (origin.service, origin.licence) == ("Brønnøysundregistrene", "NLOD 2.0")


@pytest.mark.parametrize(
    ("mark", "ending"),
    [
        ("konkurs", ("bankrupt", "bankrupt")),
        ("underAvvikling", ("winding_up", "being wound up")),
        ("underTvangsavviklingEllerTvangsopplosning", ("winding_up", "being wound up")),
    ],
)
def test_hub_that_ends_is_reported(local, dataset, tmp_path, mark, ending):
    local.put(f"{API}/987654321", as_json(VOSS | {mark: True}))
    status, sentence = ending
    staged, row = fetch(with_hub(dataset, orgnr="987654321"), tmp_path)
    assert row["status"] == status
    assert staged.report("en")[1:] == [f"Næringshagen på Voss (987\u00a0654\u00a0321): {sentence}"]


def test_dissolved_hub_is_reported_with_its_day(local, dataset, tmp_path):
    gone = {k: VOSS[k] for k in ("organisasjonsnummer", "navn", "organisasjonsform")}
    gone |= {"slettedato": "2021-03-04", "respons_klasse": "SlettetEnhet"}
    local.put(f"{API}/987654321", as_json(gone))
    staged, row = fetch(with_hub(dataset, orgnr="987654321"), tmp_path)
    assert (row["status"], row["dissolved_on"], row["address"]) == ("dissolved", "2021-03-04", "")
    assert "dissolved" in staged.report("en")[1]
    text = hub_status.status_text(hub_status.read(fetched.fetched(tmp_path)), "voss", "nb")
    assert "slettet 4. mars 2021" in text


@pytest.mark.parametrize(
    ("code", "ending"),
    [(404, ("not_found", "not found")), (410, ("removed", "removed from the register"))],
)
def test_unknown_and_removed_numbers_are_told_apart(local, dataset, tmp_path, code, ending):
    status, sentence = ending
    local.put(f"{API}/987654321", as_json({"melding": "x"}, status=code))
    staged, row = fetch(with_hub(dataset, orgnr="987654321"), tmp_path)
    assert (row["status"], row["name_now"]) == (status, "")
    assert staged.report("en")[1:] == [f"Næringshagen på Voss (987\u00a0654\u00a0321): {sentence}"]


def test_renamed_and_moved_hub_is_reported_and_hubs_csv_stays(local, dataset, tmp_path):
    away = VOSS["forretningsadresse"] | {"kommunenummer": "4601", "poststed": "BERGEN"}
    local.put(
        f"{API}/987654321", as_json(VOSS | {"navn": "VEST HAGE AS", "forretningsadresse": away})
    )
    before = (ROOT / "data" / "hubs.csv").read_bytes()
    staged, row = fetch(with_hub(dataset, orgnr="987654321"), tmp_path)
    assert staged.report("nb")[1:] == [
        "Næringshagen på Voss: heter nå VEST HAGE AS (987\u00a0654\u00a0321)",
        "Næringshagen på Voss: har nå adresse i BERGEN (kommune 4601), ikke i Voss (1235)",
    ]
    assert row["name_now"] == "VEST HAGE AS"
    assert (ROOT / "data" / "hubs.csv").read_bytes() == before
    assert list(staged.files) == ["hub_status.csv"]


# -- by name ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "unit",
    [
        VOSS,
        VOSS | {"navn": "næringshagen  på VOSS"},
        VOSS | {"navn": "NY AS", "historiskeNavn": [{"navn": "NÆRINGSHAGEN PÅ VOSS AS"}]},
    ],
)
def test_one_unit_of_the_same_name_is_a_candidate_and_called_one(local, dataset, tmp_path, unit):
    local.put(API, called("Næringshagen på Voss", unit))
    staged, row = fetch(with_hub(dataset), tmp_path)
    assert (row["found_by"], row["orgnr"], row["status"]) == ("name", "987654321", "active")
    assert "0 by organisation number, 1 by the same name only" in staged.report("en")[0]
    table = hub_status.read(fetched.fetched(tmp_path))
    assert "det kan være en annen" in hub_status.status_text(table, "voss", "nb")


@pytest.mark.parametrize(
    "name",
    [
        "NÆRINGSHAGEN PÅ VOSS EIENDOM AS",
        "VOSS NÆRINGSHAGE AS",
        "NÆRINGSHAGEN PÅ VOSS AS UNDER AVVIKLING",
    ],
)
def test_name_that_is_only_alike_is_nobody(local, dataset, tmp_path, name):
    local.put(API, found(VOSS | {"navn": name}))
    staged, row = fetch(with_hub(dataset), tmp_path)
    assert (row["status"], row["orgnr"], row["found_by"]) == ("not_found", "", "")
    assert "Næringshagen på Voss" in staged.report("en")[1]


def test_legal_form_that_we_state_must_agree(local, dataset, tmp_path):
    address = VOSS["forretningsadresse"] | {"kommunenummer": "1134"}
    vekst = VOSS | {"navn": "SULDAL VEKST SA", "forretningsadresse": address}
    local.put(API, found(vekst))
    assert fetch(with_hub(dataset, "suldal"), tmp_path)[1]["status"] == "not_found"
    local.put(API, found(vekst | {"navn": "SULDAL VEKST AS"}))
    assert fetch(with_hub(dataset, "suldal"), tmp_path)[1]["found_by"] == "name"


@pytest.mark.parametrize(
    "units",
    [
        (VOSS, VOSS | {"organisasjonsnummer": "987654322"}),
        (VOSS | {"forretningsadresse": {"kommunenummer": "5501", "poststed": "TROMSØ"}},),
        (VOSS | {"forretningsadresse": None},),
    ],
    ids=["two", "far away", "nowhere"],
)
def test_namesakes_are_listed_and_none_is_taken(local, dataset, tmp_path, units):
    local.put(API, found(*units))
    staged, row = fetch(with_hub(dataset), tmp_path)
    assert (row["status"], row["orgnr"], row["name_now"]) == ("ambiguous", "", "")
    sentence = staged.report("en")[1]
    assert sentence.count("NÆRINGSHAGEN PÅ VOSS AS (987") == len(units)
    assert "hubs.csv" in sentence


def test_a_later_name_is_looked_for_too(local, dataset, tmp_path):
    stavanger = VOSS["forretningsadresse"] | {"kommunenummer": "1103"}
    local.put(API, called("TEAL", VOSS | {"navn": "TEAL AS", "forretningsadresse": stavanger}))
    staged, row = fetch(with_hub(dataset, "ryfylke"), tmp_path)
    assert (row["found_by"], row["name_now"]) == ("name", "TEAL AS")
    assert "Ryfylke Næringshage AS: now called TEAL AS" in staged.report("en")[1]
    asked = [asked.query for asked in local.asked]
    assert [query["navn"] for query in asked] == [
        "Ryfylke Næringshage AS",
        "Finnøy Næringshage",
        "TEAL",
    ]
    assert asked[0]["navnMetodeForSoek"] == "FORTLOEPENDE"


def test_name_of_hundreds_of_units_says_nothing(local, dataset, tmp_path):
    page = {"size": 500, "totalElements": 501, "totalPages": 2, "number": 0}
    local.put(API, as_json({"_embedded": {"enheter": [VOSS]}, "page": page}))
    assert fetch(with_hub(dataset), tmp_path)[1]["status"] == "not_found"


# -- what must not happen ---------------------------------------------------------------------


def test_change_since_last_time_needs_a_yes(local, dataset, tmp_path):
    local.put(f"{API}/987654321", as_json(VOSS))
    one = with_hub(dataset, orgnr="987654321")
    fetch(one, tmp_path)
    known = replace(one, hub_status=hub_status.read(fetched.fetched(tmp_path)))
    assert not hubs.fetch(hasty(tmp_path), known, ()).replaces
    local.put(f"{API}/987654321", as_json(VOSS | {"konkurs": True}))
    staged = hubs.fetch(hasty(tmp_path), known, ())
    assert staged.replaces
    assert staged.report("en")[-1] == "Not the same as when last asked: Næringshagen på Voss"


@pytest.mark.parametrize(
    "answer",
    [
        as_json(VOSS | {"organisasjonsnummer": "123456789"}),
        as_json({"navn": "NÆRINGSHAGEN PÅ VOSS AS"}),
        as_json(VOSS | {"slettedato": "i går"}),
        as_json([]),
        Given(b"<html>", media="text/html"),
        Given(b'{"navn": ', media="application/json"),
    ],
    ids=["another unit", "no number", "no date", "no unit", "web page", "cut short"],
)
def test_answer_that_cannot_be_right_is_refused(local, dataset, tmp_path, answer):
    local.put(f"{API}/987654321", answer)
    with pytest.raises(AnswerRefused, match="Nothing was replaced"):
        hubs.fetch(hasty(tmp_path), with_hub(dataset, orgnr="987654321"), ())


def test_search_that_fails_is_no_empty_search(local, dataset, tmp_path):
    local.put(API, as_json({}, status=404))
    with pytest.raises(FetchFailed, match="404"):
        hubs.fetch(hasty(tmp_path), with_hub(dataset), ())


def test_service_that_is_down_is_not_an_unknown_hub(local, dataset, tmp_path):
    local.put(f"{API}/987654321", as_json({}, status=503))
    with pytest.raises(FetchFailed, match="503"):
        hubs.fetch(hasty(tmp_path), with_hub(dataset, orgnr="987654321"), ())


def test_every_shipped_hub_is_asked_and_shown_where_its_project_is(local, dataset, tmp_path):
    def answer(asked: Asked) -> Given:
        return found(VOSS) if asked.query["navn"] == "Næringshagen på Voss" else found()

    local.put(API, answer)
    fetch(dataset, tmp_path)
    table = hub_status.read(fetched.fetched(tmp_path))
    assert list(table["hub_id"]) == list(every_hub(dataset.package)["hub_id"])
    (member,) = projects.members(replace(dataset, hub_status=table), "voss", "nb")
    assert "NÆRINGSHAGEN PÅ VOSS AS" in member.now
    assert projects.members(dataset, "voss", "nb")[0].now == ""
