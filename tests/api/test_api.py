"""The open API: the page's figures, told to programs, and tried against its own description."""

import csv
import io
import json
from typing import get_args
from urllib.parse import parse_qsl, urlencode

import pytest
import schemathesis
import shapely
from hypothesis import given
from hypothesis import settings as bounds
from starlette.applications import Starlette
from starlette.testclient import TestClient

from geo import columns as c
from geo.api import api_routes, models, parameters
from geo.api import app as app_module
from geo.api.examples import question
from geo.api.models import SourceRow
from geo.api.resources import EVERY, MEDIA_TYPES, RESOURCES, as_csv
from geo.base import links
from geo.coverage.join import coverage
from geo.coverage.view import View
from geo.report import tables
from geo.settings import ROOT
from geo.text.languages import LANGUAGES

BASE = links.API
NAMES = [resource.name for resource in RESOURCES]
FORMS = [(resource.name, form) for resource in RESOURCES for form in resource.formats]
KRAFTSENTER = "project=kraftsenter-st"
TWO_VALUES = (("project", "voss", "troms"), ("hub", "roros", "tkk"), ("fylke", "15", "16"))


@pytest.fixture(scope="module")
def app():
    return Starlette(routes=api_routes.routes())


@pytest.fixture(scope="module")
def client(app):
    with TestClient(app) as found:
        yield found


def get(client, address, **headers):
    answer = client.get(
        f"{BASE}/{address}", headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    assert answer.status_code == 200, answer.text
    return answer


def wrong(client, address, status, method="GET", **headers):
    """A problem's details, after the checks that hold for all of them."""
    sent = {k.replace("_", "-"): v for k, v in headers.items()}
    answer = client.request(method, f"{BASE}/{address}", headers=sent)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    details = answer.json()
    assert details["status"] == status
    for name in ("type", "title", "detail", "advice"):
        assert details[name]
    assert details["instance"].startswith(f"{BASE}/")
    return details


# -- resources and formats ------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "form"), FORMS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_resource_comes_in_each_of_its_formats(client, name, form, lang):
    answer = get(client, f"{name}?format={form}&lang={lang}")
    assert answer.headers["content-type"].startswith(MEDIA_TYPES[form])
    assert answer.headers["content-language"] == lang
    by_header = get(client, f"{name}?lang={lang}", accept=MEDIA_TYPES[form])
    assert by_header.content == answer.content


@pytest.mark.parametrize("name", NAMES)
def test_json_says_where_it_comes_from(client, dataset, name):
    answer = get(client, name).json()
    meta = answer["meta"]
    assert meta["resource"] == name
    assert meta["count"] == len(answer["data"]) > 0
    assert meta["data_version"] == dataset.data_version
    assert "© Kartverket, CC BY 4.0" in meta["attribution"]
    assert "CC BY 4.0" in meta["licence"]
    assert meta["source"].startswith("Kilder: ")
    assert meta["page"].startswith("/")


def test_meta_links_to_the_page_that_shows_the_same(client):
    meta = get(client, f"coverage?{KRAFTSENTER}&year=2020&lang=en").json()["meta"]
    assert meta["page"] == "/?lang=en&year=2020&project=kraftsenter-st"
    assert meta["structure_year"] == 2020


@pytest.mark.parametrize("name", NAMES)
def test_csv_has_a_line_for_each_row_and_a_heading_for_each_column(client, name):
    text = get(client, f"{name}?format=csv").content.decode("utf-8")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    rows = get(client, name).json()["data"]
    assert len(lines) == len(rows) + 1
    assert {len(line) for line in lines} == {len(lines[0])}
    assert [line[0] for line in lines[1:]] == [next(iter(row.values())) for row in rows]


def test_csv_keeps_zeros_and_names_nested_figures(client):
    text = get(client, "projects?format=csv").content.decode("utf-8")
    first = next(csv.DictReader(io.StringIO(text)))
    assert first["sums_kommuner_value"] == "25"
    assert first["sums_fylker"] == "04|15|16"
    kommuner = get(client, "kommuner?format=csv").text
    assert "\r\n0301,Oslo," in kommuner


def test_no_cell_of_a_csv_answer_runs():
    row = SourceRow(
        source_id="S1",
        title="=1+1",
        publisher="@x",
        published="",
        published_text="-1",
        url=None,
        says='a "quoted", text',
    )
    lines = as_csv(SourceRow, [row]).decode().split("\r\n")
    assert lines[1] == 'S1,\'=1+1,\'@x,,\'-1,,"a ""quoted"", text"'


def test_a_view_without_rows_is_an_answer(client):
    address = "coverage?project=voss&hub=roros"
    assert get(client, address).json()["data"] == []
    assert get(client, f"{address}&format=geojson").json()["features"] == []
    assert get(client, f"{address}&format=csv").text.startswith("kommunenr,name,")


# -- the same figures as on the page --------------------------------------------------------------


def test_kraftsenter_covers_25_kommuner_in_three_counties_in_2015(client):
    sums = get(client, f"coverage?{KRAFTSENTER}&year=2015").json()["sums"]
    assert sums["kommuner"]["value"] == 25
    assert len(sums["fylker"]) == 3
    assert sums["by_evidence"] == {"documented": 4, "inferred": 14, "assumed": 7}
    assert sums["population_covered"] == {"value": 95548, "low": 88630, "high": 127804}


def test_every_row_says_which_years_its_sources_speak_of(client):
    rows = {r["kommunenr"]: r for r in get(client, f"coverage?{KRAFTSENTER}").json()["data"]}
    assert rows["0432"]["stated_years"] == ["2014 plan", "2015 count", "2020"]
    assert rows["1612"]["stated_years"] == []
    shapes = get(client, f"coverage?{KRAFTSENTER}&format=geojson").json()["features"]
    stated = {one["id"]: one["properties"]["stated_years"] for one in shapes}
    assert stated["0432"] == rows["0432"]["stated_years"]


def test_kraftsenter_covers_20_kommuner_in_2020(client):
    answer = get(client, f"coverage?{KRAFTSENTER}&year=2020").json()
    assert answer["sums"]["kommuner"]["value"] == 20
    rows = {row["kommunenr"]: row for row in answer["data"]}
    partly = [row for row in rows.values() if row["state"] == "partly"]
    assert len(partly) == answer["sums"]["partly"] > 0
    assert all(row["uncovered_predecessors"] or row["no_source_predecessors"] for row in partly)


@pytest.mark.parametrize(
    "view",
    [
        View(),
        View(year=2024, lang="en"),
        View(fylke=("16",)),
        View(year=2018, evidence=c.DOCUMENTED, uncovered=True),
        View(hub=("tkk", "halti"), year=2020),
    ],
)
def test_filters_give_the_rows_and_sums_of_the_page(client, dataset, view):
    query = "&".join(
        f"{name}={','.join(value) if isinstance(value, tuple) else value}"
        for name, value in (
            ("lang", view.lang),
            ("year", view.year),
            ("hub", view.hub),
            ("fylke", view.fylke),
            ("evidence", view.evidence),
            ("uncovered", int(view.uncovered)),
        )
    )
    answer = get(client, f"coverage?{query}").json()
    shown = tables.page_rows(dataset, view)[tables.headings(dataset, view.lang)[c.KOMMUNENR]]
    assert [row["kommunenr"] for row in answer["data"]] == list(shown)
    sums = coverage(dataset, view).totals
    covered = [row for row in answer["data"] if row["state"] in (c.WHOLE, c.PARTLY)]
    assert answer["sums"]["kommuner"]["value"] == sums.kommuner == len(covered)
    people = sum(row["population_covered"] for row in covered)
    assert answer["sums"]["population_covered"]["value"] == people
    assert any(row["population_estimated"] for row in covered) == sums.estimated


def test_a_kommune_is_found_by_its_old_number_whatever_its_state(client):
    rows = get(client, "coverage?kommune=1636&year=2020").json()["data"]
    assert [row["name"] for row in rows] == ["Orkland", "Meldal"]
    assert rows[1]["state"] == c.DID_NOT_EXIST
    assert get(client, "coverage?kommune=0301").json()["data"][0]["state"] == c.NOT_COVERED
    assert get(client, "kommuner?kommune=1636&year=2020").json()["data"][0]["name"] == "Orkland"


def test_hubs_are_filtered_by_project_and_by_the_county_they_serve(client):
    of_project = get(client, f"hubs?{KRAFTSENTER}").json()["data"]
    assert {hub["hub_id"] for hub in of_project} >= {"roros", "tkk", "orkdal"}
    assert all("kraftsenter-st" in hub["project_ids"] for hub in of_project)
    in_county = get(client, "hubs?fylke=04").json()["data"]
    assert [hub["hub_id"] for hub in in_county] == ["roros", "magnor", "solor"]
    assert [hub["project_ids"] for hub in in_county[1:]] == [[], []]
    assert all(nr.startswith("04") for nr in in_county[0]["serves"])


def test_claims_and_sources_of_a_project(client):
    about = get(client, f"claims?{KRAFTSENTER}").json()["data"]
    assert {claim["project_id"] for claim in about} == {"kraftsenter-st"}
    count = next(claim for claim in about if claim["metric"] == "kommuner")
    assert (count["claimed"], count["found"], count["verdict"]) == (25, 25, "partly_confirmed")
    assert (count["documented"], count["named"]) == (4, 18)
    assert count["rests_on_assumption"]
    cited = {source["source_id"] for source in get(client, f"sources?{KRAFTSENTER}").json()["data"]}
    assert set(count["claim_source_ids"]) <= cited


# -- GeoJSON --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["hubs", "coverage", "kommuner"])
def test_geojson_follows_rfc_7946(client, name):
    answer = get(client, f"{name}?format=geojson").json()
    assert answer["type"] == "FeatureCollection"
    assert "crs" not in answer
    rows = get(client, name).json()["data"]
    assert [feature["properties"] for feature in answer["features"]] == rows
    assert all(isinstance(feature["id"], str) for feature in answer["features"])
    for feature in answer["features"]:
        if feature["geometry"]:
            shape = shapely.geometry.shape(feature["geometry"])
            assert shape.is_valid
            assert all(one.exterior.is_ccw for one in getattr(shape, "geoms", [shape]) if one.area)


def test_shared_shapes_say_so(client, dataset):
    shared = dataset.boundaries(2015).shared
    rows = {row["kommunenr"]: row for row in get(client, "kommuner?year=2015").json()["data"]}
    for members in shared.values():
        assert all(rows[nr]["shape_shared"] for nr in members)


# -- what is wrong --------------------------------------------------------------------------------


def test_every_mistake_is_told_at_once(client):
    details = wrong(client, "coverage?project=mars&prosjekt=voss&year=1999&format=pdf", 422)
    parameters = {error["parameter"] for error in details["errors"]}
    assert parameters == {"project", "prosjekt", "year", "format"}


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("coverage?year=1999", "2015, 2018, 2020, 2024"),
        ("coverage?kommune=301", "four digits"),
        ("coverage?evidence=rumour", "documented, inferred, assumed"),
        ("coverage?colour=state", "known are"),
        ("kommuner?project=voss", "known are: year, fylke"),
        ("claims?format=geojson", "json, csv"),
        ("coverage?data=0.1", "1.0.0"),
        ("coverage?year=2015&year=2020", "one value only"),
        ("coverage?project=voss&project=mars", "voss"),
        ("coverage?utm=x", "known are"),
        ("coverage?_x=1", "known are"),
        ("coverage?year=", "2015"),
        ("coverage?uncovered=true", "0, 1"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_what_would(client, address, hint):
    details = wrong(client, f"{address}&lang=en", 422)
    assert any(hint in error["detail"] for error in details["errors"])


@pytest.mark.parametrize(("name", "one", "two"), [*TWO_VALUES])
@pytest.mark.parametrize(
    "form",
    [
        "{name}={one}&{name}={two}",
        "{name}={two}&{name}={one}",
        "{name}={two}&{name}=&{name}={one},{two}",
    ],
)
def test_several_values_may_be_repeated_as_well_as_joined(client, name, one, two, form):
    joined = get(client, f"coverage?{name}={one},{two}")
    assert get(client, f"coverage?{form.format(name=name, one=one, two=two)}").json() == (
        joined.json()
    )
    assert f"{name}={one},{two}" in joined.json()["meta"]["page"]
    assert joined.json()["data"] != get(client, f"coverage?{name}={one}").json()["data"]


def test_every_parameter_of_several_values_is_tried_with_two():
    assert {name for name, _, _ in TWO_VALUES} == set(parameters.SEVERAL)


@pytest.mark.parametrize("tag", ["utm_source", "fbclid", "gclid", "mc_cid", "mc_eid", "_"])
def test_what_other_sites_add_to_links_is_passed_over(client, tag):
    assert get(client, f"claims?{tag}=1&{tag}=2").content == get(client, "claims").content


def test_a_kommune_that_never_was_is_not_found(client):
    assert wrong(client, "kommuner?kommune=9999", 404)["type"].endswith("#no_such_place")


def test_a_county_of_another_year_is_not_found_in_this_one(client):
    details = wrong(client, "coverage?fylke=16&year=2020&lang=en", 404)
    assert "50" in details["errors"][0]["detail"]


@pytest.mark.parametrize("address", ["nothing", "projects/", "projects/voss", "../v2/projects"])
def test_an_unknown_address_says_what_there_is(client, address):
    answer = client.get(f"{BASE}/{address}")
    assert answer.status_code == 404
    if address.startswith(".."):
        return
    assert f"{BASE}/coverage" in wrong(client, address, 404)["advice"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("name", [*NAMES, "", "openapi.json"])
def test_writing_is_not_allowed(client, method, name):
    wrong(client, name, 405, method)
    assert client.request(method, f"{BASE}/{name}").headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", "text/csv;q=0, image/*"])
def test_a_format_that_nobody_has_is_not_acceptable(client, accept):
    assert "application/json" in wrong(client, "sources", 406, accept=accept)["advice"]


def test_problems_are_told_in_the_language_asked_for(client):
    assert wrong(client, "hubs?x=1", 422)["title"].startswith("En parameter")
    assert wrong(client, "hubs?x=1&lang=en", 422)["title"].startswith("A parameter")


def test_a_failure_of_ours_is_told_without_its_insides(app, monkeypatch):
    def broken(*_args):
        raise RuntimeError("secret")

    monkeypatch.setattr("geo.api.app.answer", broken)
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get(f"{BASE}/hubs")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text


def terms(client):
    """The licence that the API's description states, and the one that every answer links to."""
    stated = client.get(f"{BASE}/openapi.json").json()["info"].get("license")
    links = client.get(f"{BASE}/hubs").headers["link"].split(", ")
    return stated, [link for link in links if link.endswith('rel="license"')]


def test_the_terms_are_those_of_the_package_that_is_served(client, monkeypatch):
    ours = "https://creativecommons.org/licenses/by/4.0/"
    name = "Creative Commons Attribution 4.0"
    assert terms(client) == ({"name": name, "url": ours}, [f'<{ours}>; rel="license"'])
    monkeypatch.setattr("geo.settings.DATA_DIR", ROOT / "data" / "examples" / "nummer-2024")
    other = "https://creativecommons.org/publicdomain/zero/1.0/"
    assert terms(client) == (
        {"name": "CC0 1.0", "url": other}, [f'<{other}>; rel="license"']
    )  # fmt: skip


def test_a_package_that_states_no_terms_is_given_none(client, monkeypatch, tmp_path, small_package):
    small_package(tmp_path)
    about = tmp_path / "datapackage.json"
    descriptor = json.loads(about.read_text(encoding="utf-8"))
    del descriptor["licenses"]
    about.write_text(json.dumps(descriptor), encoding="utf-8")
    monkeypatch.setattr("geo.settings.DATA_DIR", tmp_path)
    assert terms(client) == (None, [])


# -- choosing the format --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", "json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "json"),
        ("text/csv, application/json;q=0.5", "csv"),
        ("application/geo+json", "geojson"),
        ("application/json;q=0.1, application/*;q=0.9, text/csv;q=0.2", "geojson"),
        ("TEXT/CSV", "csv"),
        ("text/csv;q=nonsense, */*;q=0.1", "json"),
    ],
)
def test_the_accept_header_chooses_what_it_likes_best(client, accept, form):
    answer = get(client, "hubs", accept=accept)
    assert answer.headers["content-type"].startswith(MEDIA_TYPES[form])
    assert "Accept" in answer.headers["vary"]


def test_the_address_comes_before_the_header(client):
    answer = get(client, "hubs?format=csv", accept="application/json")
    assert answer.headers["content-type"].startswith("text/csv")


# -- how it travels -------------------------------------------------------------------------------


def test_what_is_known_is_not_sent_again(client):
    etag = get(client, "coverage").headers["etag"]
    assert etag.startswith('"')
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*", etag.replace("-gzip", "")):
        answer = client.get(f"{BASE}/coverage", headers={"if-none-match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == etag
        assert "max-age" in answer.headers["cache-control"]
        assert answer.headers["access-control-allow-origin"] == "*"
    assert get(client, "coverage", if_none_match='"other"').content


def test_different_bytes_have_different_etags(client):
    addresses = ("coverage", "coverage?year=2020", "coverage?lang=en", "coverage?format=csv")
    etags = {get(client, address).headers["etag"] for address in addresses}
    plain = get(client, "coverage", accept_encoding="identity").headers["etag"]
    assert len({*etags, plain}) == len(addresses) + 1


def test_it_is_compressed_for_whoever_can_read_it(client):
    packed = get(client, "kommuner", accept_encoding="gzip")
    plain = get(client, "kommuner", accept_encoding="gzip;q=0")
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content) / 4


def test_the_same_request_is_the_same_bytes(client):
    assert get(client, "projects").content == get(client, "projects").content


@pytest.mark.parametrize("address", ["hubs", "hubs?format=csv", "openapi.json", "", "hubs?x=1"])
def test_head_is_get_without_content(client, address):
    full = client.get(f"{BASE}/{address}")
    head = client.head(f"{BASE}/{address}")
    assert head.content == b""
    assert head.status_code == full.status_code
    assert dict(head.headers) == dict(full.headers)


def test_every_origin_may_read_and_see_the_etag(client):
    asked = {"origin": "https://example.org", "access-control-request-method": "GET"}
    before = client.options(f"{BASE}/coverage", headers=asked)
    assert before.status_code == 204
    assert before.headers["access-control-allow-origin"] == "*"
    assert "GET" in before.headers["access-control-allow-methods"]
    assert "POST" not in before.headers["access-control-allow-methods"]
    assert "If-None-Match" in before.headers["access-control-allow-headers"]
    answer = get(client, "coverage", origin="https://example.org")
    assert "ETag" in answer.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in answer.headers


# -- the description ------------------------------------------------------------------------------


def test_the_description_is_openapi_3_1_and_names_every_code(client, dataset):
    found = get(client, "openapi.json").json()
    assert found["openapi"].startswith("3.1")
    assert set(found["paths"]) == {f"/{one.name}" for one in EVERY}
    parameters = found["components"]["parameters"]
    assert set(parameters["project"]["schema"]["items"]["enum"]) == {*dataset.choices.projects}
    assert parameters["year"]["schema"]["enum"] == list(dataset.choices.years)


def nodes(value):
    """Every object in a JSON document."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from nodes(inner)


def test_every_operation_and_tag_is_explained(client):
    found = get(client, "openapi.json").json()
    tags = {tag["name"] for tag in found["tags"] if tag["description"]}
    operations = [path["get"] for path in found["paths"].values()]
    assert all(one["summary"] and one["description"] for one in operations)
    assert {tag for one in operations for tag in one["tags"]} == tags
    assert all(len(one["tags"]) == 1 for one in operations)


def test_every_parameter_is_explained_with_an_example_that_is_accepted(client, dataset):
    found = get(client, "openapi.json").json()
    shared = found["components"]["parameters"]
    needs = {f"/{one.name}": dict(parse_qsl(question(dataset, one))) for one in EVERY}
    for path, operations in found["paths"].items():
        for one in operations["get"]["parameters"]:
            parameter = shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
            assert parameter["description"]
            example = parameter["example"]
            text = ",".join(example) if isinstance(example, list) else example
            name = parameter["name"]
            needed = {k: v for k, v in needs[path].items() if k != name}
            get(client, f"{path[1:]}?{urlencode({name: text, **needed})}")


def test_the_description_says_what_it_is_and_that_no_key_is_needed(client, dataset):
    found = get(client, "openapi.json").json()
    assert dataset.data_version in found["info"]["description"]
    assert found["security"] == []


def test_every_property_is_explained(client):
    schemas = get(client, "openapi.json").json()["components"]["schemas"]
    missing = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, one in schema.get("properties", {}).items()
        if not one.get("description")
        and not schemas.get(one.get("$ref", "").rpartition("/")[2], {}).get("description")
    ]
    assert not missing


def test_no_code_is_empty_though_an_empty_choice_is_accepted(client):
    found = get(client, "openapi.json").json()
    assert not [one for one in nodes(found) if "" in one.get("enum", ())]
    for name in parameters.SEVERAL:
        assert get(client, f"coverage?{name}=").json() == get(client, "coverage").json()


def test_the_description_names_whom_to_tell_where_that_is_set(client, monkeypatch):
    def info():
        api.cache_clear()
        return get(client, "openapi.json").json()["info"]

    api = app_module._described
    assert "contact" not in info()
    monkeypatch.setattr("geo.settings.CONTACT", "kart@example.no")
    assert info()["contact"] == {"email": "kart@example.no"}
    assert info()["version"] == app_module.VERSION
    monkeypatch.undo()
    assert "contact" not in info()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_explains_the_api_and_fetches_nothing(client, lang):
    page = get(client, f"?lang={lang}").text
    assert f'<html lang="{lang}">' in page
    for one in EVERY:
        assert f">/{one.name}</a>" in page
    assert "<script" not in page
    assert "<link" not in page
    assert "src=" not in page


@pytest.mark.parametrize("door", ["/api", "/api/", BASE])
def test_every_door_leads_to_the_page(client, door):
    assert str(client.get(door).url).endswith(f"{BASE}/")


def test_it_is_mounted_on_the_dashboard():
    import dashboard  # noqa: PLC0415 - builds Streamlit's application

    assert BASE in [getattr(route, "path", "") for route in dashboard.app._user_routes]


def test_the_codes_of_the_description_are_the_engines():
    assert get_args(models.State) == c.STATES
    assert get_args(models.Evidence) == c.EVIDENCE_LEVELS
    described = models.Claim.model_json_schema()["properties"]["verdict"]
    assert tuple(described["enum"]) == c.VERDICTS


# -- schemathesis: the API against its own description --------------------------------------------

schema = schemathesis.openapi.from_asgi(
    f"{BASE}/openapi.json", Starlette(routes=api_routes.routes())
)


@pytest.mark.parametrize(
    "operation",
    [found.ok() for found in schema.get_all_operations()],
    ids=lambda operation: operation.label,  # names of their own: xdist runs equal names once
)
def test_it_keeps_what_its_description_promises(operation):
    @given(case=operation.as_strategy())
    @bounds(max_examples=25, derandomize=True, deadline=None)
    def promised(case):
        case.call_and_validate()

    promised()
