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
ELSEWHERE_HUB_IDS = "elsewhere_hub_ids"  # hubs outside the projects
PROJECT_IDS = "project_ids"
HUB_IDS = "hub_ids"
COVERED_PREDECESSORS = "covered_predecessors"
UNCOVERED_PREDECESSORS = "uncovered_predecessors"
NO_SOURCE_PREDECESSORS = "no_source_predecessors"  # predecessors that no source says anything about
PREDECESSOR_YEAR = "predecessor_year"
SOURCE_IDS = "source_ids"
EVIDENCE = "evidence"  # the weakest level among the rows behind the state
EVIDENCE_STRONGEST = "evidence_strongest"
STATED_YEARS = "stated_years"  # the years that the sources speak of
POPULATION_COVERED = "population_covered"
BASIS_COLUMN = "population_basis"
POPULATION_UNKNOWN = "population_unknown"  # persons where no source was found
POPULATION_LOW = "population_low"
POPULATION_HIGH = "population_high"
POPULATION_YEAR = "population_year"
GRANT_PER_INHABITANT_YEAR = "grant_per_inhabitant_year"
SHAPE_ID = "shape_id"
SHAPE_SHARED = "shape_shared"
MAP_LOOK = "map_look"  # how the map draws a shape

# tables of the package
PROGRAMME_ID = "programme_id"
PROJECT_ID = "project_id"
HUB_ID = "hub_id"
SOURCE_ID = "source_id"
ASSUMPTION_ID = "assumption_id"
CLAIM_ID = "claim_id"
STRUCTURE_YEAR = "structure_year"
YEAR_FROM = "year_from"
YEAR_TO = "year_to"
GRANT_YEARS = "grant_years"
SEAT_EVIDENCE = "seat_evidence"
CORRECTION_ID = "correction_id"
GRANT_NOK = "grant_nok"
GRANT_KIND = "grant_kind"  # what the amount is: one of GRANT_KINDS
ANNOUNCED_TOTAL_NOK = "announced_total_nok"
NORWEGIAN_NAME = "norwegian_name"
OTHER_NAMES = "other_names"
FORMER_NAMES = "former_names"
LATER_NAMES = "later_names"
ORGNR = "orgnr"
LON = "lon"
LAT = "lat"
YEARS_SEEN = "years_seen"
MEMBER = "member"  # of the national programme, in a year
POINT_ACCURACY_M = "point_accuracy_m"
FROM_KOMMUNENR = "from_kommunenr"
TO_KOMMUNENR = "to_kommunenr"
PEOPLE_SHARE = "people_share"

# States: two of covered kommuner, six of the others.
WHOLE = "whole"
PARTLY = "partly"
ELSEWHERE = "elsewhere"  # served by a hub outside the projects
NOT_COVERED = "not_covered"
PARTLY_UNKNOWN = "partly_unknown"  # no source for some of its parts, the others not covered
NO_SOURCE = "no_source"
DID_NOT_EXIST = "did_not_exist"
OUTSIDE_VIEW = "outside_view"
COVERED_STATES = (WHOLE, PARTLY)
# Those that no hub is known to serve, as far as the rows of a view go.
UNSERVED_STATES = (PARTLY_UNKNOWN, NO_SOURCE, NOT_COVERED)
STATES = (
    *COVERED_STATES, ELSEWHERE, NOT_COVERED, PARTLY_UNKNOWN, NO_SOURCE, DID_NOT_EXIST,
    OUTSIDE_VIEW,
)  # fmt: skip

# Evidence levels, strongest first.
DOCUMENTED = "documented"
INFERRED = "inferred"
ASSUMED = "assumed"
EVIDENCE_LEVELS = (DOCUMENTED, INFERRED, ASSUMED)
# What a project's amount is: what it was granted, the most it may get, what was paid, what it
# applied for. A package without the column speaks of grants.
GRANTED = "granted"
UPPER_LIMIT = "upper_limit"
PAID = "paid"
APPLIED = "applied"
GRANT_KINDS = (GRANTED, UPPER_LIMIT, PAID, APPLIED)
# What a source says of a year, where it does not name the kommune as served; the last one does
# name the hub's seat in it.
STATED_QUALIFIERS = ("plan", "count", "region", "seat")

# Verdicts on published claims; the first three test something.
AGREES = "agrees"  # also without the claim's own sources
DEVIATES = "deviates"
PARTLY_CONFIRMED = "partly_confirmed"  # only with kommuner that are assumed to fill the number
REPEATS = "repeats_source"  # the data have the value from the claim's own sources
UNCHECKED = "cannot_be_checked"
TESTED = (AGREES, DEVIATES, PARTLY_CONFIRMED)
VERDICTS = (*TESTED, REPEATS, UNCHECKED)

# how the inhabitants of the covered part were counted
BASIS_REGISTER = "register"  # the whole kommune, from its own year
BASIS_PREDECESSORS = "predecessors"  # the year's count, shared as the predecessors' last counts
BASIS_DELOMRAADER = "delomraader"  # whole statistical districts of a split predecessor, counted
BASIS_AREA = "area"  # an estimate: people of a predecessor or its districts, spread by their land

# Metrics a published claim may be about: computable from the data, and not computable.
CHECKED_METRICS = (
    "announced_total",
    "paid_out",
    "grant_sum",
    "grant",
    GRANT_YEARS,
    "projects_funded",
    "hubs",
    "kommuner",
    "fylker",
    "kommuner_in_fylke",
)
# Of these a project's kommuner are counted; the first is of all its kommuner.
KOMMUNE_METRICS = ("kommuner", "kommuner_in_fylke")
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
