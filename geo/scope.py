"""Which rows of coverage a view counts, carried into its structure year."""

from dataclasses import dataclass

import pandas as pd

from geo.atlas import Atlas
from geo.columns import EVIDENCE, EVIDENCE_LEVELS, KOMMUNENR

PROJECT_ID, HUB_ID, STRUCTURE_YEAR = "project_id", "hub_id", "structure_year"
TO, SHARE = "to_kommunenr", "share"
RANK = "rank"


@dataclass(frozen=True)
class Scope:
    """The part of a view that decides what is counted; language and looks do not."""

    year: int
    project: tuple[str, ...] = ()
    hub: tuple[str, ...] = ()
    fylke: tuple[str, ...] = ()
    evidence: str = EVIDENCE_LEVELS[-1]


def project_rows(atlas: Atlas) -> pd.DataFrame:
    """Return every coverage row of every project's hubs.

    Columns project_id, hub_id, kommunenr, structure_year, evidence, rank (0 = documented),
    assumption_id.
    """
    partners = atlas.package["partners"][[PROJECT_ID, HUB_ID]]
    rows = atlas.package["coverage"].merge(partners, on=HUB_ID)
    rows = rows.assign(**{RANK: rows[EVIDENCE].map(EVIDENCE_LEVELS.index)})
    columns = [PROJECT_ID, HUB_ID, KOMMUNENR, STRUCTURE_YEAR, EVIDENCE, RANK, "assumption_id"]
    return rows[columns]


def chosen(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Return the rows that the scope's projects, hubs and evidence let through."""
    keep = rows[RANK] <= EVIDENCE_LEVELS.index(scope.evidence)
    if scope.project:
        keep &= rows[PROJECT_ID].isin(scope.project)
    if scope.hub:
        keep &= rows[HUB_ID].isin(scope.hub)
    return rows[keep]


def carried(atlas: Atlas, rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the rows with to_kommunenr and share: where each kommune's land lies in `year`."""
    parts = []
    for own_year in rows[STRUCTURE_YEAR].unique():
        links = atlas.register.links(int(own_year), year)
        own = rows[rows[STRUCTURE_YEAR] == own_year]
        parts.append(own.merge(links, left_on=KOMMUNENR, right_on="from_kommunenr"))
    return pd.concat(parts) if parts else rows.assign(**{TO: "", SHARE: 0.0})
