"""Packages that nobody wrote: any programme that validates, however odd, for hypothesis to draw.

Their kommuner are drawn mostly where the map of Norway was redrawn, in the numbers of any year,
so that what several years say of the same land meets.
"""

import csv
import io
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from geo.columns import EVIDENCE_LEVELS, GRANT_KINDS
from geo.coverage.bounds import MOST_OPEN
from geo.coverage.counted import counted
from geo.coverage.dataset import Dataset, choices
from geo.coverage.selection import Selection
from geo.coverage.view import COLOURS, View
from geo.dataset.package import DESCRIPTOR, keys_of, known_tables, load, offered_fields
from geo.dataset.storage import Memory
from geo.places.year_links import overlaps as shared
from geo.text.languages import LANGUAGES

# How many examples more than in the suite: `make fuzz` sets it.
TIMES = int(os.environ.get("GENERATED_TIMES", "1"))

_COLUMNS = ("nb", "en")  # languages whose columns every table has
# Words that have meant something to somebody: markup, formulas, templates, separators, length.
_ODD = (
    "A", "B", "Fosen", "Sør", "Ærøy", "Ål", "Næring & “hage” AS", "O'Reilly", 'Si "hei"',
    "<b>bold</b>", "</script><script>alert(1)</script>", "=1+1", "-1", "+47", "@home",
    "{n}", "{year}", "{{7*7}}", "$& $1 $$", "100 %", "a, b", "a; b", "C:\\temp", "null",
    "__proto__", "constructor", "0301", "1e3", "שלום", "漢字", "🙂",
    "e\u0301", "ẞ", "İstanbul", "W" * 130, "to ord " * 20 + "slutt",
    "AB", "BA", "Nord og Sør", "1", "10", "2", "toString", "\u00a0x\u00a0", "Linje\nto",
)  # fmt: skip
_LETTERS = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zs", "Zl", "Zp"),
    exclude_characters="|",
)  # fmt: skip
words = st.sampled_from(_ODD).map(str.strip) | st.text(_LETTERS, min_size=1, max_size=12)

# Kommuner of 2024 around which borders were drawn anew, one way or several.
_REDRAWN = (
    "5059", "5055", "5056", "5054", "1508", "1580", "1806", "1875", "4618", "4619", "5001", "3420",
    "5501", "1577", "0301", "1103",
)  # fmt: skip

# Of assumed rows and candidates together no more may share a kommune.
_ASSUMED = MOST_OPEN // 2

Rows = list[dict[str, Any]]
Places = st.SearchStrategy[tuple[str, int]]


@dataclass(frozen=True)
class Land:
    """Where hubs may lie, and the kommuner that coverage may be recorded in, with their year."""

    points: tuple[tuple[str, float, float], ...] = field(repr=False)
    redrawn: tuple[tuple[tuple[str, int], ...], ...] = field(repr=False)
    all: tuple[tuple[str, int], ...] = field(repr=False)

    def kommuner(self) -> st.SearchStrategy[st.SearchStrategy[tuple[str, int]]]:
        """Draw where a programme is at home: mostly around one kommune that was drawn anew."""
        return st.sampled_from(self.redrawn).map(
            lambda near: st.one_of(*[st.sampled_from(near)] * 4, st.sampled_from(self.all))
        )


def land_of(dataset: Dataset) -> Land:
    """Return the kommuner of every year, and those that share land with the redrawn."""
    register = dataset.register
    every = [(str(nr), year) for year in register.years for nr in register.kommuner(year).index]
    near = [
        tuple(
            (old, year)
            for year in register.years
            for old in shared(register, year, 2024).made_of[nr]
        )
        for nr in _REDRAWN
    ]
    shapes = dataset.boundaries(2020).shapes.sort_index()
    places = zip(shapes.index, shapes["lon"].round(4), shapes["lat"].round(4), strict=True)
    points = tuple((str(nr), float(lon), float(lat)) for nr, lon, lat in places)
    return Land(points, tuple(near), tuple(every))


@st.composite
def packages(draw: Callable[..., Any], land: Land) -> Memory:
    """Draw the files of a package."""
    tables = _programme(draw, land)
    groups = draw(_few(0, 3)) == 3  # projects that are groups of kommuner, without a hub
    if groups:
        tables |= {"hubs": [], "partners": []}
    projects = [row["project_id"] for row in tables["projects"]]
    hubs = sorted({row["hub_id"] for row in tables["partners"]})
    own = [row["hub_id"] for row in tables["hubs"] if row["hub_id"] not in hubs]
    several = draw(st.sampled_from([2, 1, 3, 1, 0]))
    assumptions = {f"A{n}": draw(st.sampled_from(projects)) for n in range(several)}
    least = draw(st.sampled_from([2, 1, 0]))
    names = st.lists(_apart, min_size=least, max_size=2, unique=True)
    sets = {assumption: draw(names) for assumption in assumptions}
    tables["assumptions"] = [_assumption(draw, *one) for one in assumptions.items()]
    kommuner = draw(land.kommuner())
    serving = projects if groups else [*hubs, *own]
    rows = _coverage(draw, kommuner, serving, tuple(assumptions))
    tables["coverage"] = _of_groups(rows) if groups else _of_some(draw, rows, tables["partners"])
    tables["candidates"] = _candidates(draw, kommuner, hubs, assumptions, sets)[
        : MOST_OPEN - _ASSUMED
    ]
    tables["claims"] = _claims(draw, projects)
    if not groups:
        tables |= _national(draw, land, kommuner, hubs)
    return Memory("generated", _files(tables))


_apart = words.filter(lambda text: "\n" not in text and text)


def _few(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


def _named(draw: Callable[..., Any], stem: str) -> dict[str, str]:
    return {f"{stem}_{language}": draw(words) for language in _COLUMNS}


def _programme(draw: Callable[..., Any], land: Land) -> dict[str, Rows]:
    """Draw a programme with its projects, hubs, and who takes part in what."""
    programme = {
        "programme_id": "p", **_named(draw, "name"), "year_from": draw(_few(2013, 2024)),
        "announced_total_nok": draw(_grants | st.just("")), "grant_years": draw(_few(1, 5)),
        "funder": draw(words), "source_ids": "S1",
    }  # fmt: skip
    projects = [_project(draw, f"p{n}") for n in range(draw(_few(1, 3)))]
    hubs = [_hub(draw, land, f"h{n}") for n in range(draw(_few(1, 5)))]
    placed = [hub["hub_id"] for hub in hubs if hub["lon"]] or [hubs[0]["hub_id"]]
    if not hubs[0]["lon"]:
        hubs[0] |= _seat(draw, land)
    pairs = st.tuples(st.sampled_from([p["project_id"] for p in projects]), st.sampled_from(placed))
    partners = [
        {
            "project_id": project, "hub_id": hub, "source_ids": "S1",
            "role": draw(st.sampled_from(["lead", "partner", "sole_recipient"])),
            "evidence": draw(st.sampled_from(EVIDENCE_LEVELS)),
        }
        for project, hub in draw(st.lists(pairs, min_size=1, max_size=6, unique=True))
    ]  # fmt: skip
    sources = [_source(draw, f"S{n}") for n in (1, 2)]
    return {
        "programmes": [programme], "projects": projects, "hubs": hubs, "partners": partners,
        "sources": sources,
    }  # fmt: skip


_grants = st.one_of(
    st.sampled_from((0, 1, 999_999, 1_000_000, 1_050_000, 1_125_000, 6_000_000, 10**11)),
    _few(1, 10**8),
)


# Mostly grants, so that sums of several kinds are not the rule.
_kinds = st.sampled_from(["", "", "", *GRANT_KINDS])


def _project(draw: Callable[..., Any], project_id: str) -> dict[str, Any]:
    return {
        "project_id": project_id, "programme_id": "p", "name": draw(words),
        "grant_nok": draw(_grants), "grant_kind": draw(_kinds), "year_from": draw(_few(2013, 2024)),
        "grant_years": draw(_few(1, 7)), **_named(draw, "purpose"),
        "years_basis": draw(st.sampled_from(["project", "programme"])),
        "source_ids": draw(st.sampled_from(["S1", "S1|S2"])),
    }  # fmt: skip


def _hub(draw: Callable[..., Any], land: Land, hub_id: str) -> dict[str, Any]:
    seat = _seat(draw, land) if draw(_few(0, 4)) else {"lon": "", "lat": ""}
    return {
        "hub_id": hub_id, "name": draw(words), "other_names": draw(st.just("") | words),
        "place": draw(st.just("") | words), "source_ids": "S2", **seat,
    }  # fmt: skip


def _seat(draw: Callable[..., Any], land: Land) -> dict[str, Any]:
    """Draw a kommune of the embedded year, and a point inside it."""
    nr, lon, lat = draw(st.sampled_from(land.points))
    return {
        "kommunenr": nr, "structure_year": 2020, "lon": lon, "lat": lat,
        "seat_evidence": "documented",
    }  # fmt: skip


def _source(draw: Callable[..., Any], source_id: str) -> dict[str, Any]:
    return {
        "source_id": source_id, "title": draw(words), "publisher": draw(st.just("") | words),
        "published": draw(st.sampled_from(["", "2015", "2015-08", "2015-08-24"])),
        "url": draw(st.sampled_from(["", "https://example.org/a?b=c&d='x'"])),
    }  # fmt: skip


def _assumption(draw: Callable[..., Any], assumption_id: str, project: str) -> dict[str, Any]:
    fields = known_tables()["assumptions"]["schema"]["fields"]
    texts = {f["name"]: draw(words) for f in fields if f["name"].endswith(("_nb", "_en"))}
    return {
        **texts, "assumption_id": assumption_id, "project_id": project, "source_ids": "S1",
    }  # fmt: skip


# The spans meet the years of any programme drawn here.
_STATED = ("", "2010-2030", "2010-2030 seat|2001 plan", "2009 region|2010-2030|2031 count")


def _coverage(
    draw: Callable[..., Any], places: Places, hubs: list[str], assumptions: tuple[str, ...]
) -> Rows:
    kommuner = st.tuples(st.sampled_from(hubs), places)
    levels = EVIDENCE_LEVELS if assumptions else EVIDENCE_LEVELS[:2]
    rows = []
    least = draw(st.sampled_from([8, 4, 12, 1]))
    for hub, (nr, year) in draw(st.lists(kommuner, min_size=least, max_size=16, unique=True)):
        evidence = draw(st.sampled_from(levels))
        if sum(row["evidence"] == "assumed" for row in rows) == _ASSUMED:
            evidence = "inferred"
        assumed = draw(st.sampled_from(assumptions)) if evidence == "assumed" else ""
        note = draw(st.just("") | words)
        rows.append(
            {
                "hub_id": hub, "kommunenr": nr, "structure_year": year, "evidence": evidence,
                "assumption_id": assumed, "source_ids": "S1", "note_nb": note, "note_en": note,
                "stated_years": draw(st.sampled_from(_STATED)),
            }
        )  # fmt: skip
    return rows


def _of_groups(rows: Rows) -> Rows:
    """Return rows with their hubs as projects."""
    return [{**row, "hub_id": "", "project_id": row["hub_id"]} for row in rows]


def _of_some(draw: Callable[..., Any], rows: Rows, partners: Rows) -> Rows:
    """Return rows, some of which name a project of their hub, or the project only."""
    projects: dict[str, list[str]] = {}
    for one in partners:
        projects.setdefault(one["hub_id"], []).append(one["project_id"])
    found = {}
    for row in rows:
        theirs, named = projects.get(row["hub_id"], []), draw(_few(0, 5))
        own = {"project_id": draw(st.sampled_from(theirs))} if theirs and named > 3 else {}
        one = {**row, **own, **({"hub_id": ""} if own and named > 4 else {})}
        key = one.get("project_id"), one["hub_id"], one["kommunenr"], one["structure_year"]
        found.setdefault(key, one)
    return list(found.values())


def _candidates(
    draw: Callable[..., Any],
    places: Places,
    hubs: list[str],
    assumptions: dict[str, str],
    sets: dict[str, list[str]],
) -> Rows:
    if not assumptions:
        return []
    rows = []
    for n in range(draw(st.sampled_from([6, 9, 4, 2, 0]))):
        assumption = draw(st.sampled_from(sorted(assumptions)))
        nr, year = draw(places)
        names = sets[assumption]
        least = draw(st.sampled_from([1, 1, 0]))
        inside = (
            draw(st.lists(st.sampled_from(names), min_size=least, unique=True)) if names else []
        )
        rows.append(
            {
                "candidate_id": f"C{n}", "project_id": assumptions[assumption],
                "hub_id": draw(st.sampled_from(["", *hubs])), "kommunenr": nr,
                "structure_year": year, "assumption_id": assumption,
                "alternative": "|".join(inside), "source_ids": "S2",
            }
        )  # fmt: skip
    return rows


def _national(
    draw: Callable[..., Any], land: Land, places: Places, hubs: list[str]
) -> dict[str, Rows]:
    """Draw hubs outside the projects, whom they serve, and who was in the national programme."""
    seen = st.sampled_from(["", "2012", "2015|2016", "2019"])
    others = [
        {**_hub(draw, land, f"o{n}"), "years_seen": draw(seen)}
        for n in range(draw(st.sampled_from([2, 1, 3, 0])))
    ]
    ids = [hub["hub_id"] for hub in others]
    served = _coverage(draw, places, ids, ()) if ids else []
    table = known_tables()["other_coverage"]["schema"]["fields"]
    known = {one["name"] for one in table}
    pairs = st.tuples(st.sampled_from([*hubs, *ids]), st.sampled_from([2014, 2015, 2016, 2018]))
    years = [
        {
            "hub_id": hub, "year": year, "source_ids": "S1", "evidence": "documented",
            "member": draw(st.sampled_from(["yes", "no", "applied", "unknown"])),
        }
        for hub, year in draw(st.lists(pairs, max_size=4, unique=True))
    ]  # fmt: skip
    totals = [{"year": 2014, "hubs": draw(_few(0, 60)), "source_ids": "S2"}]
    return {
        "other_hubs": others,
        "other_coverage": [{k: v for k, v in row.items() if k in known} for row in served],
        "hub_years": years,
        "hub_totals": draw(st.sampled_from([[], totals])),
    }


def _claims(draw: Callable[..., Any], projects: list[str]) -> Rows:
    metrics = ("kommuner", "fylker", "hubs", "grant_years", "projects_funded", "companies")
    return [
        {
            "claim_id": f"c{n}", "programme_id": "p",
            "project_id": draw(st.sampled_from(["", *projects])),
            "metric": draw(st.sampled_from(metrics)),
            "structure_year": draw(st.sampled_from(["", 2015, 2018, 2020, 2024])),
            "unit": draw(st.sampled_from(["kommune", "NOK", "hub", ""])),
            "value": draw(_few(0, 30)), **_named(draw, "text"), "source_ids": "S1",
        }
        for n in range(draw(_few(0, 3)))
    ]  # fmt: skip


def _files(tables: dict[str, Rows]) -> dict[str, bytes]:
    """Return the tables as the files of a package, leaving out those without rows."""
    kept = {name for name, rows in tables.items() if rows}
    resources, files = [], {}
    for name in kept:
        resource = json.loads(json.dumps(known_tables()[name]))
        fields = list(offered_fields(name))
        names = [field["name"] for field in fields]
        primary, keys = keys_of(name, names)
        resource["schema"] = {
            **resource["schema"],
            "fields": fields,
            "primaryKey": primary,
            "foreignKeys": [key for key in keys if key["reference"]["resource"] in kept],
        }
        text = io.StringIO()
        writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(tables[name])
        files[resource["path"]] = text.getvalue().encode()
        resources.append(resource)
    resources.sort(key=lambda one: list(tables).index(one["name"]))
    about = {"name": "generated", "version": "0.1.0", "resources": resources}
    return {**files, DESCRIPTOR: json.dumps(about).encode()}


def of_several_years(files: Memory) -> bool:
    """Say whether coverage is recorded in several years' numbers; the simplest is in one."""
    rows = csv.DictReader(io.StringIO(files.read("coverage.csv").decode()))
    return len({row["structure_year"] for row in rows}) > 2


def read(dataset: Dataset, files: Memory) -> Dataset:
    """Return the dataset of a generated package, with the registers and shapes that are at hand."""
    package = load(files)
    return replace(dataset, package=package, choices=choices(package, dataset.register))


def views(dataset: Dataset) -> st.SearchStrategy[View]:
    """Any view of a programme that an address may hold."""

    def some(codes: Iterable[str]) -> st.SearchStrategy[tuple[str, ...]]:
        known = list(codes)
        picked = st.sets(st.sampled_from(known), max_size=3) if known else st.just(set())
        ordered = picked.map(lambda those: tuple(code for code in known if code in those))
        return st.one_of(*[st.just(())] * 3, ordered)

    def of_year(year: int) -> st.SearchStrategy[View]:
        return st.builds(
            View,
            lang=st.sampled_from(LANGUAGES),
            year=st.just(year),
            project=some(dataset.choices.projects),
            hub=some(dataset.choices.hubs),
            fylke=some(dataset.choices.fylker[year]),
            scope=st.sampled_from(dataset.choices.scopes),
            evidence=st.sampled_from(EVIDENCE_LEVELS),
            colour=st.sampled_from(COLOURS),
            points=st.booleans(),
            lines=st.booleans(),
            uncovered=st.booleans(),
        )

    return st.sampled_from(dataset.choices.years).flatmap(of_year)


def claiming(dataset: Dataset, year: int) -> Dataset:
    """Return the programme with true claims: how many kommuner each project serves in a year."""
    fylker = dataset.register.kommuner(year)["fylkesnr"]
    claims = []
    for project in dataset.choices.projects:
        found = [fylker[nr] for nr in counted(dataset, Selection(year, (project,))).covered]
        claims.append((project, "kommuner", "", len(found)))
        claims += [(project, "kommuner_in_fylke", f, found.count(f)) for f in sorted(set(found))]
    columns = ["project_id", "metric", "fylkesnr", "value"]
    table = pd.DataFrame(claims, columns=columns).assign(structure_year=year)
    claimed = dataset.package["claims"].iloc[:0]
    whole = pd.concat([claimed, table.assign(claim_id=[f"c{n}" for n in range(len(table))])])
    return replace(
        dataset,
        package=replace(dataset.package, tables={**dataset.package.tables, "claims": whole}),
    )
