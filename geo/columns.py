"""Column names and codes of the tables, each defined once."""

# kommuner and fylker
KOMMUNENR = "kommunenr"
FYLKESNR = "fylkesnr"
FYLKE = "fylke"
NAME = "name"
LABEL = "label"
YEAR = "year"
POPULATION = "population"
AREA_KM2 = "area_km2"

# coverage of a kommune in one structure year
STATE = "state"
PROJECT_IDS = "project_ids"
HUB_IDS = "hub_ids"
COVERED_PREDECESSORS = "covered_predecessors"
UNCOVERED_PREDECESSORS = "uncovered_predecessors"
NO_SOURCE_PREDECESSORS = "no_source_predecessors"  # predecessors that no source says anything about
PREDECESSOR_YEAR = "predecessor_year"
SOURCE_IDS = "source_ids"
EVIDENCE = "evidence"  # the weakest level among the rows behind the state
EVIDENCE_STRONGEST = "evidence_strongest"
POPULATION_COVERED = "population_covered"
BASIS_COLUMN = "population_basis"
POPULATION_YEAR = "population_year"
GRANT_PER_INHABITANT_YEAR = "grant_per_inhabitant_year"
SHAPE_ID = "shape_id"
SHAPE_SHARED = "shape_shared"

# States: two of covered kommuner, four of the others.
WHOLE = "whole"
PARTLY = "partly"
NOT_COVERED = "not_covered"
NO_SOURCE = "no_source"
DID_NOT_EXIST = "did_not_exist"
OUTSIDE_VIEW = "outside_view"
STATES = (WHOLE, PARTLY, NOT_COVERED, NO_SOURCE, DID_NOT_EXIST, OUTSIDE_VIEW)

# Evidence levels, strongest first.
DOCUMENTED = "documented"
INFERRED = "inferred"
ASSUMED = "assumed"
EVIDENCE_LEVELS = (DOCUMENTED, INFERRED, ASSUMED)

# How the population of the covered part was determined.
BASIS_REGISTER = "register"  # the whole kommune, counted in its own year
BASIS_PREDECESSORS = "predecessors"  # last count of each covered predecessor
BASIS_AREA = "area"  # estimate: a split predecessor's people in proportion to area

# Metrics a published claim may be about: computable from the data, and not computable.
CHECKED_METRICS = (
    "announced_total",
    "paid_out",
    "grant_sum",
    "grant",
    "grant_years",
    "projects_funded",
    "hubs",
    "kommuner",
    "fylker",
    "kommuner_in_fylke",
)
UNCHECKED_METRICS = (
    "agreement",
    "applications",
    "companies",
    "deadline",
    "employees",
    "hubs_discontinued",
    "hubs_in_programme",
    "left_programme",
    "projects_expected_high",
    "projects_expected_low",
    "target_companies",
    "target_kommuner",
)
