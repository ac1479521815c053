"""Lists the official data sets with the kommune boundaries of each year.

None of the services could be reached while this was written; `known` says what each row is based
on. A wrong row costs one failed request: the next data set for the year is tried.
"""

from dataclasses import dataclass, replace
from enum import Enum

from geo.official.services import KARTVERKET, SSB_MAPS, Service
from geo.places.register import Register

_CC0 = replace(KARTVERKET, licence="CC0 1.0")
CURRENT = f"{KARTVERKET.base}/geonorge/Basisdata/Kommuner/GeoJSON"


class Way(Enum):
    """How a data set is downloaded."""

    ORDER = "an order at Geonorge, by the data set's uuid"
    FILE = "a zip with a fixed address"
    PAGES = "pages of features at Statistics Norway; the key is what the title begins with"


class KnownMap(Enum):
    """How certain a row is."""

    DOCUMENTED = "the owner's documentation"
    USED = "several public programs use it"
    ONE = "one source only"
    GUESSED = "named beside one that is used; not confirmed"


@dataclass(frozen=True)
class OfficialMap:
    """A data set for a year; `coast` tells whether it is described as clipped to the coast."""

    year: int
    title: str
    way: Way
    key: str
    coast: bool
    service: Service
    known: KnownMap


# fmt: off
# In order of preference: clipped by the owner before clipped by us, the owner before others.
DATASETS = (
    OfficialMap(2017, "illustrasjonsdata 2017 (klippet etter kyst)", Way.ORDER,
            "b968a494-5341-4c2a-9e5b-afaf7581de1f", True, _CC0, KnownMap.USED),
    OfficialMap(2018, "illustrasjonsdata 2018 (klippet etter kyst)", Way.ORDER,
            "cbbdf78c-fa3a-48bf-8f3f-9eec74e428fd", True, KARTVERKET, KnownMap.USED),
    OfficialMap(2019, "illustrasjonsdata 2019 (klippet etter kyst)", Way.ORDER,
            "cb02ab77-d3e6-4500-8a92-ea67367e7734", True, KARTVERKET, KnownMap.GUESSED),
    OfficialMap(2020, "illustrasjonsdata 2020 (klippet etter kyst)", Way.ORDER,
            "7408853f-eb7d-48dd-bb6c-80c7e80f7392", True, KARTVERKET, KnownMap.USED),
    OfficialMap(2021, "illustrasjonsdata 2021 (klippet etter kyst)", Way.ORDER,
            "f08fca3c-33ee-49b9-be9f-028ebba5e460", True, _CC0, KnownMap.USED),
    OfficialMap(2020, "Administrative enheter, historiske data 2020", Way.ORDER,
            "cedaf13d-7ed2-4f1f-a214-3005be9f6172", False, KARTVERKET, KnownMap.ONE),
    OfficialMap(2024, "Administrative enheter kommuner", Way.FILE,
            f"{CURRENT}/Basisdata_0000_Norge_25833_Kommuner_GeoJSON.zip", False,
            KARTVERKET, KnownMap.USED),
    OfficialMap(2024, "Administrative enheter kommuner", Way.ORDER,
            "041f1e6e-bdbc-4091-b48f-8a5990f3cc5b", False, KARTVERKET, KnownMap.DOCUMENTED),
    OfficialMap(2015, "Historiske kommunegrenser 2013til2016", Way.PAGES,
            "kommunegrenser 2013til2016", False, SSB_MAPS, KnownMap.ONE),
    OfficialMap(2017, "Historiske kommunegrenser 2017", Way.PAGES,
            "kommunegrenser 2017", False, SSB_MAPS, KnownMap.ONE),
    OfficialMap(2018, "Historiske kommunegrenser 2018", Way.PAGES,
            "kommunegrenser 2018", False, SSB_MAPS, KnownMap.ONE),
    OfficialMap(2019, "Historiske kommunegrenser 2019", Way.PAGES,
            "kommunegrenser 2019", False, SSB_MAPS, KnownMap.ONE),
    OfficialMap(2024, "kommuner_2024", Way.PAGES,
            "2024", False, SSB_MAPS, KnownMap.ONE),
)
# fmt: on


def serving(year: int, register: Register) -> list[OfficialMap]:
    """Return the data sets whose kommuner equal those of a year, nearest year first.

    Raises UnknownYear if no register covers the year.
    """
    kommuner = set(register.kommuner(year).index)
    same = [
        one
        for one in DATASETS
        if one.year in register.years and set(register.kommuner(one.year).index) == kommuner
    ]
    return sorted(same, key=lambda one: abs(one.year - year))
