"""Make the two example packages, all invented, with `python -m bench.examples`.

`data/examples/national` covers every kommune of 2015 with 40 hubs and 3,000 coverage rows; the load
test uses it. `data/examples/nummer-2024` is small and uses the numbers of 2024. The same registers
and boundaries give the same files.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

from geo.columns import EVIDENCE_LEVELS, FYLKESNR, LABEL
from geo.coverage import dataset as datasets
from geo.coverage.dataset import Dataset
from geo.dataset.package import DESCRIPTOR, known_tables
from geo.settings import ROOT
from geo.uploads import descriptors
from geo.validation.validate import validate

EXAMPLES = ROOT / "data" / "examples"
HUBS, ROWS = 40, 3000
_CREATED = date(2026, 11, 24)
# Fylker of 2015, neighbours together, from north to south.
REGIONS = {
    "alfa": ("20", "19", "18"),
    "beta": ("17", "16"),
    "gamma": ("15", "14"),
    "delta": ("12", "11"),
    "epsilon": ("01", "02", "03", "04", "05"),
    "zeta": ("06", "07", "08", "09", "10"),
}
Row = Mapping[str, Any]
Tables = Mapping[str, list[Row]]
_ACCURACY_M = 5000


def national(dataset: Dataset) -> Tables:
    """Return the tables of the national programme."""
    points = _points(dataset, 2015)
    fylke_of = dataset.register.kommuner(2015)[FYLKESNR].to_dict()
    region_of = {nr: r for nr, f in fylke_of.items() for r, own in REGIONS.items() if f in own}
    hubs = _hubs(dataset, points, region_of)
    return {
        "programmes": [_programme("landsprogram", "Syntetisk landsprogram (oppdiktet)",
                                  "Synthetic national programme (invented)", 2015, 45_000_000)],
        "projects": [_project(r, "landsprogram", f"Syntetisk {r.capitalize()}",
                              (n + 5) * 1_000_000, 2015) for n, r in enumerate(REGIONS)],
        "hubs": hubs,
        "partners": [_partner(region_of[hub["kommunenr"]], hub["hub_id"]) for hub in hubs],
        "coverage": _served(points, region_of, hubs),
        "sources": [_source("Syntetisk landsprogram")],
    }  # fmt: skip


def _points(dataset: Dataset, year: int) -> dict[str, tuple[float, float]]:
    """Return a point inside each kommune that has a shape of its own (lon, lat)."""
    drawn = dataset.boundaries(year)
    return {
        nr: (float(drawn.shapes.at[ids[0], "lon"]), float(drawn.shapes.at[ids[0], "lat"]))
        for nr, ids in sorted(drawn.shapes_of.items())
    }


def _far(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return how far apart two points are, roughly, in degrees of latitude."""
    return hypot((one[0] - other[0]) * cos(radians(one[1])), one[1] - other[1])


def _hubs(
    dataset: Dataset, points: Mapping[str, tuple[float, float]], region_of: Mapping[str, str]
) -> list[Row]:
    """Return hubs that stand far from each other, more of them where there are more kommuner."""
    drawn = dataset.boundaries(2015)
    alone = [nr for nr in points if not drawn.drawn_with(nr)]
    sizes = {r: sum(own == r for own in region_of.values()) for r in REGIONS}
    left = HUBS
    seats: list[str] = []
    for place, region in enumerate(REGIONS):
        wanted = left if place == len(REGIONS) - 1 else round(HUBS * sizes[region] / len(region_of))
        left -= wanted
        mine = [nr for nr in alone if region_of[nr] == region]
        chosen = mine[:1]
        while len(chosen) < wanted:
            away = {nr: min(_far(points[nr], points[c]) for c in chosen) for nr in mine}
            chosen.append(max(mine, key=away.__getitem__))
        seats += chosen
    labels = dataset.register.kommuner(2015)[LABEL]
    return [
        _hub(f"nav-{n:02}", labels[nr], nr, 2015, points[nr]) for n, nr in enumerate(seats, start=1)
    ]


def _served(
    points: Mapping[str, tuple[float, float]], region_of: Mapping[str, str], hubs: list[Row]
) -> list[Row]:
    """Return exactly ROWS rows: each hub its own region, then the nearest across the border."""
    near = {
        hub["hub_id"]: sorted(points, key=lambda nr: _far(seat, points[nr]))
        for hub in hubs
        for seat in [points[hub["kommunenr"]]]
    }
    own = [
        (hub["hub_id"], nr)
        for hub in hubs
        for nr in near[hub["hub_id"]]
        if region_of[nr] == region_of[hub["kommunenr"]]
    ]
    taken = set(own)
    across = (
        (hub["hub_id"], near[hub["hub_id"]][place])
        for place in range(len(points))
        for hub in hubs
        if (hub["hub_id"], near[hub["hub_id"]][place]) not in taken
    )
    pairs = own[:ROWS] + [pair for _, pair in zip(range(ROWS - len(own)), across, strict=False)]
    return [
        _serves(hub, nr, 2015, "documented" if near[hub].index(nr) < 16 else "inferred")
        for hub, nr in sorted(pairs)
    ]


def large(dataset: Dataset, projects: int, rows: int) -> Tables:
    """Return the tables of a programme with a hub for each project, and so many coverage rows."""
    points = _points(dataset, 2015)
    numbers, labels = list(points), dataset.register.kommuner(2015)[LABEL]
    codes = [f"nav-{n:04}" for n in range(projects)]
    seats = {code: numbers[n * 7 % len(numbers)] for n, code in enumerate(codes)}
    own = {f"prosjekt-{n:04}": code for n, code in enumerate(codes)}
    served = rows // projects
    return {
        "programmes": [_programme("stort", "Syntetisk stort program (oppdiktet)",
                                  "Synthetic large programme (invented)", 2015,
                                  projects * 1_000_000)],
        "projects": [_project(project, "stort", f"Syntetisk {project}", 1_000_000, 2015)
                     for project in own],
        "hubs": [_hub(code, labels[nr], nr, 2015, points[nr]) for code, nr in seats.items()],
        "partners": [_partner(project, hub) for project, hub in own.items()],
        "coverage": [
            _serves(hub, numbers[(n * 7 + place) % len(numbers)], 2015, EVIDENCE_LEVELS[place % 2])
            for n, hub in enumerate(codes)
            for place in range(served)
        ],
        "sources": [_source("Syntetisk stort program")],
    }  # fmt: skip


def numbers_2024(dataset: Dataset) -> Tables:
    """Return the tables of the small programme in the numbers of 2024."""
    points = _points(dataset, 2024)
    label = dataset.register.kommuner(2024)[LABEL]
    served = {"nav-nord": ("5501", "5532", "5534"), "nav-vest": ("1508", "1580", "1532"),
              "nav-sor": ("4204", "4215")}  # fmt: skip
    assumed = {**_serves("nav-sor", "4223", 2024, "assumed"), "assumption_id": "A1"}
    return {
        "programmes": [_programme("nummer-2024", "Syntetisk program i 2024-numre (oppdiktet)",
                                  "Synthetic programme in the numbers of 2024 (invented)", 2024,
                                  9_000_000)],
        "projects": [_project("kyst", "nummer-2024", "Syntetisk Kyst", 6_000_000, 2024),
                     _project("hei", "nummer-2024", "Syntetisk Hei", 3_000_000, 2024)],
        "hubs": [_hub(hub, label[own[0]], own[0], 2024, points[own[0]])
                 for hub, own in served.items()],
        "partners": [_partner("kyst", "nav-nord"), _partner("kyst", "nav-vest"),
                     _partner("hei", "nav-sor")],
        "coverage": [*(_serves(hub, nr, 2024, "documented") for hub, own in served.items()
                       for nr in own), assumed],
        "candidates": [{"candidate_id": "C1", "project_id": "hei", "hub_id": "nav-sor",
                        "kommunenr": "4217", "structure_year": 2024, "assumption_id": "A1",
                        "alternative": "A", "source_ids": "S1"}],
        "assumptions": [_assumption()],
        "claims": [{"claim_id": "hei-kommuner", "programme_id": "nummer-2024", "project_id": "hei",
                    "metric": "kommuner", "structure_year": 2024, "value": 3, "unit": "kommuner",
                    "text_nb": "Tre kommuner (oppdiktet)", "text_en": "Three kommuner (invented)",
                    "source_ids": "S1"}],
        "sources": [_source("Syntetisk program i 2024-numre")],
    }  # fmt: skip


# -- rows -------------------------------------------------------------------------------------


def _programme(code: str, name_nb: str, name_en: str, year: int, total: int) -> Row:
    return {"programme_id": code, "name_nb": name_nb, "name_en": name_en, "year_from": year,
            "announced_total_nok": total, "grant_years": 3,
            "funder": "Oppdiktet (invented)", "source_ids": "S1"}  # fmt: skip


def _project(code: str, programme: str, name: str, grant: int, year: int) -> Row:
    return {"project_id": code, "programme_id": programme, "name": name, "grant_nok": grant,
            "year_from": year, "grant_years": 3, "years_basis": "programme",
            "purpose_nb": "Oppdiktet prosjekt, til prøve og eksempel.",
            "purpose_en": "An invented project, for trial and example.",
            "source_ids": "S1"}  # fmt: skip


def _hub(code: str, place: str, nr: str, year: int, point: tuple[float, float]) -> Row:
    name = code.replace("-", " ").replace("sor", "sør").title()
    return {"hub_id": code, "name": name, "place": place, "kommunenr": nr, "structure_year": year,
            "lon": round(point[0], 3), "lat": round(point[1], 3), "point_accuracy_m": _ACCURACY_M,
            "seat_evidence": "documented", "source_ids": "S1"}  # fmt: skip


def _partner(project: str, hub: str) -> Row:
    return {"project_id": project, "hub_id": hub, "role": "partner", "evidence": "documented",
            "source_ids": "S1"}  # fmt: skip


def _serves(hub: str, nr: str, year: int, evidence: str) -> Row:
    return {"hub_id": hub, "kommunenr": nr, "structure_year": year, "evidence": evidence,
            "source_ids": "S1"}  # fmt: skip


def _assumption() -> Row:
    fields = {
        "published": ("Tre kommuner.", "Three kommuner."),
        "missing": ("Navnet på den tredje.", "The name of the third."),
        "assumed": ("Vennesla.", "Vennesla."),
        "reasons": ("Oppdiktet, for å vise en antakelse.", "Invented, to show an assumption."),
        "alternatives": ("A: en nabokommune.", "A: a neighbouring kommune."),
        "against": ("Ingenting; alt er oppdiktet.", "Nothing; all of it is invented."),
        "settled_by": ("Kan ikke avgjøres.", "It cannot be settled."),
    }
    texts = {f"{part}_{lang}": text for part, both in fields.items()
             for lang, text in zip(("nb", "en"), both, strict=True)}  # fmt: skip
    return {"assumption_id": "A1", "project_id": "hei", **texts, "source_ids": "S1"}


def _source(title: str) -> Row:
    return {"source_id": "S1", "title": f"{title} (oppdiktet, invented)",
            "publisher": "Syntetisk eksempel (synthetic example)", "published": "2026-11-24",
            "says_nb": "Ingenting her er hentet fra virkeligheten.",
            "says_en": "Nothing here was taken from reality."}  # fmt: skip


# -- files ------------------------------------------------------------------------------------


def write(folder: Path, tables: Tables, title: str, **said: Any) -> None:
    """Write a package, and make sure that it is one."""
    folder.mkdir(parents=True, exist_ok=True)
    headers = {t: [f["name"] for f in known_tables()[t]["schema"]["fields"]] for t in tables}
    paths = {table: f"{table}.csv" for table in tables}
    licence = {"name": "CC0-1.0", "title": "CC0 1.0",
               "path": "https://creativecommons.org/publicdomain/zero/1.0/"}  # fmt: skip
    given = {"name": folder.name, "title": title, "version": "1.0.0", "licenses": [licence], **said}
    descriptor = descriptors.descriptor(given, headers, paths, _CREATED)
    text = json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n"
    (folder / DESCRIPTOR).write_text(text, encoding="utf-8")
    for table, rows in tables.items():
        (folder / paths[table]).write_text(_csv(headers[table], rows), encoding="utf-8")
    problems = validate(folder)
    if problems:
        raise SystemExit("\n".join(map(str, problems)))


def _csv(header: list[str], rows: Iterable[Row]) -> str:
    target = io.StringIO()
    writer = csv.DictWriter(target, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()


def main(folder: Path = EXAMPLES) -> None:
    """Write both packages."""
    dataset = datasets.load(ROOT / "data")
    limits = {"nb": ["Alt i denne pakken er oppdiktet."],
              "en": ["Everything in this package is invented."]}  # fmt: skip
    write(folder / "national", national(dataset),
          "Syntetisk landsprogram / Synthetic national programme", limits=limits)  # fmt: skip
    write(folder / "nummer-2024", numbers_2024(dataset),
          "Syntetisk program i 2024-numre / Synthetic programme in the numbers of 2024",
          default_year=2024, limits=limits)  # fmt: skip


if __name__ == "__main__":
    main()
