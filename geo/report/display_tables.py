"""Tables of formatted text for the pages: headings and numbers in the user's language."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from geo import columns as c
from geo.coverage.bounds import Range
from geo.coverage.dataset import Dataset
from geo.coverage.money import grants
from geo.dataset.package import every_hub, more_columns, split_ids
from geo.report.claims import Check, kommuner_by_year
from geo.report.wording import (
    evidence_counts,
    listed,
    marked,
    of_kind,
    span,
)
from geo.text.messages import Messages, messages
from geo.text.numbers import kroner, millions, number

# Cells written in digits are set to the right, so that sizes can be compared.
_FIGURE = re.compile(r"(NOK\s)?-?\d([\d\s.,%–()]|kr|mill\.|NOK|m)*|-")
_LONG = 24  # characters, above which a cell may wrap on a telephone
VERDICT_SIGNS = {
    c.AGREES: "✓",
    c.DEVIATES: "≠",
    c.PARTLY_CONFIRMED: "~",
    c.REPEATS: "=",
    c.UNCHECKED: "?",
}


def column_kind(texts: "pd.Series[str]", *, heads: bool) -> str:
    """Return the alignment class of a column of texts: "number", "long" or "" (default).

    `heads` says that it is the first column, which heads the rows.
    """
    if not heads and len(texts) and all(map(_FIGURE.fullmatch, texts)):
        return "number"
    return "long" if texts.str.len().max() > _LONG else ""


def years_table(dataset: Dataset, project_id: str, language: str) -> pd.DataFrame:
    """Return one row per structure year with a project's coverage, as text; "" is all projects.

    Columns, by their translated names: year, kommuner, partly, evidence, fylker, people (persons,
    with the range). Default index.
    """
    t = dataset.messages(language)
    rows = kommuner_by_year(dataset, project_id)
    return pd.DataFrame([_year(int(str(year)), row, t) for year, row in rows.iterrows()])


def _year(year: int, row: "pd.Series[Any]", t: Messages) -> dict[str, str]:
    counts = {level: int(str(row[level])) for level in c.EVIDENCE_LEVELS}
    by_fylke = row["kommuner_by_fylke"]
    fylker = [f"{name} {n}" for name, n in dict(by_fylke).items()]
    people, kommuner = (
        Range(*(float(str(row[name + end])) for end in ("", "_low", "_high")))
        for name in (c.POPULATION, "kommuner")
    )
    shown = span(people, t.language)
    if row[c.PARTLY]:
        everybody = number(float(str(row["population_kommuner"])), t.language)
        shown = t("display_tables.of_all", people=shown, everybody=everybody)
    if row["estimated"]:
        shown += f" {t('display_tables.estimate')}"
    return {
        t("display_tables.year"): str(year),
        t("display_tables.kommuner"): span(kommuner, t.language),
        t("display_tables.partly"): number(float(str(row[c.PARTLY])), t.language),
        t("display_tables.evidence"): evidence_counts(counts, t.language),
        t("display_tables.fylker"): listed(fylker, t.language),
        t("display_tables.people"): shown,
    }


def claims_table(claims: Iterable[Check], language: str) -> pd.DataFrame:
    """Return one row per claim, as text.

    Columns, by their translated names: claim, claim_source (source ids), register_says, verdict.
    Default index.
    """
    return pd.DataFrame([_claim(one, messages(language)) for one in claims])


def _claim(one: Check, t: Messages) -> dict[str, str]:
    found = "" if one.found is None else one.quantity(one.found, t.language)
    if one.unit == "kommune" and one.by_evidence:
        found += f" ({evidence_counts(one.by_evidence, t.language)})"
    return {
        t("display_tables.claim"): marked(one.text[t.language], t.language),
        t("display_tables.claim_source"): ", ".join(s.source_id for s in one.claim_sources),
        t("display_tables.register_says"): found,
        t("display_tables.verdict"): _verdict_in_full(one, t),
    }


def verdict(one: Check, t: Messages) -> str:
    """Return the verdict as a sign and a word: "✓ stemmer"."""
    return f"{VERDICT_SIGNS[one.verdict]} {t('claims.verdict_' + one.verdict)}"


def _verdict_in_full(one: Check, t: Messages) -> str:
    """Return the verdict; of a partly confirmed number also what is named and what assumed."""
    if one.rests_on_assumption:
        return f"{VERDICT_SIGNS[one.verdict]} {one.partly(t.language)}"
    return verdict(one, t)


def money_table(dataset: Dataset, project_id: str, language: str) -> pd.DataFrame:
    """Return one row per year with a project's grant, spread evenly, and a total, as text.

    Columns, by their translated names: grant_year, amount (NOK). Default index.
    """
    t = dataset.messages(language)
    project = dataset.project(project_id)
    years = int(str(project[c.GRANT_YEARS]))
    grant = grants(dataset)[project_id]
    yearly = grant.nok / years
    first = int(str(project[c.YEAR_FROM]))
    rows = [
        {
            t("display_tables.grant_year"): str(first + place),
            t("display_tables.amount"): of_kind(grant.kind, kroner(yearly, language), t),
        }
        for place in range(years)
    ]
    total = {
        t("display_tables.grant_year"): t("display_tables.total"),
        t("display_tables.amount"): of_kind(grant.kind, millions(yearly * years, language), t),
    }
    return pd.DataFrame([*rows, total])


def data_table(dataset: Dataset, name: str, search: str) -> pd.DataFrame:
    """Return a table of the package unchanged, but only rows that contain the search text.

    Index and columns are the table's own, without those that only other packages need; case is
    ignored.
    """
    table = dataset.package[name]
    unused = [one for one in more_columns(name) if one in table and not table[one].any()]
    table = table.drop(columns=unused) if unused else table
    wanted = search.strip().casefold()
    if not wanted:
        return table
    holds = [wanted in "\n".join(map(str, row)).casefold() for row in table.to_numpy()]
    return table.loc[holds]


def quality_flags(dataset: Dataset, language: str) -> list[str]:
    """Return sentences with counts on the quality of the data, such as hubs without a point."""
    t = dataset.messages(language)
    package = dataset.package
    hubs, areas, coverage = every_hub(package), package["areas"], package["coverage"]
    flagged = areas[areas["quality"] != "ok"]
    suspects = [f"{r.kommunenr} ({r.year})" for r in flagged.itertuples()]
    rough = hubs[hubs[c.POINT_ACCURACY_M].notna()][c.POINT_ACCURACY_M]
    counts = coverage[c.EVIDENCE].value_counts()
    lines = [
        t(
            "display_tables.flag_coverage",
            **{lv: number(counts.get(lv, 0), language) for lv in c.EVIDENCE_LEVELS},
        ),
        *_counted("display_tables.flag_no_orgnr", int((hubs[c.ORGNR] == "").sum()), t),
        *_counted("display_tables.flag_no_point", int(hubs[c.LON].isna().sum()), t),
    ]
    if len(rough):
        worst = number(float(rough.max()) / 1000, language)
        usual = number(float(rough.median()) / 1000, language)
        lines.append(t("display_tables.flag_points", usual=usual, worst=worst))
    if suspects:
        n = number(len(suspects), language)
        years = listed(map(str, sorted(set(flagged[c.YEAR]))), language)
        kommuner = listed(suspects, language)
        lines.append(t("display_tables.flag_areas", n=n, years=years, kommuner=kommuner))
    sources = package["sources"]
    unseen = set(sources.loc[(sources["url"] == "") & (sources["published"] == ""), c.SOURCE_ID])
    resting = sum(not unseen.isdisjoint(split_ids(cell)) for cell in coverage[c.SOURCE_IDS])
    return lines + _counted("display_tables.flag_unseen", resting, t)


def _counted(key: str, n: int, t: Messages) -> list[str]:
    """Return a sentence with a count; none if it is zero."""
    return [t.plural(key, n, number(n, t.language))] if n else []


def names_of(row: Mapping[str, object], t: Messages) -> str:
    """Return the other names of a hub as a phrase, empty if it has none."""
    parts = [
        t(f"display_tables.{key}", names=listed(split_ids(row[key]), t.language))
        for key in (c.FORMER_NAMES, c.LATER_NAMES, c.OTHER_NAMES)
        if row[key]
    ]
    return "; ".join(parts)
