"""Statistics Norway's services with the shipped tables as their answers, in their own shapes."""

import re

from geo.columns import KOMMUNENR, NAME, POPULATION, YEAR
from geo.coverage.dataset import Dataset
from tests.services import Asked, Given, Services, as_json

KLASS = "data.ssb.no/api/klass/v1/classifications"
PXWEB = "data.ssb.no/api/pxwebapi/v2/tables/07459/data"


class Office:
    """What the services answer; tests change it before they ask."""

    def __init__(self, dataset: Dataset, last: int) -> None:
        """Know the registers from the first year to `last`, the newest going on unchanged."""
        register = dataset.register
        self.kommuner = {y: register.kommuner(y)[NAME].to_dict() for y in register.years}
        self.fylker = {y: register.fylker(y)["official_name"].to_dict() for y in register.years}
        for year in range(register.years[-1] + 1, last + 1):
            self.kommuner[year] = dict(self.kommuner[year - 1])
            self.fylker[year] = dict(self.fylker[year - 1])
        changes = dataset.package["kommune_changes"]
        listed = changes[(changes["kind"] != "part-moved") & (changes["evidence"] == "KLASS131")]
        self.changes = [_change(*row) for row in listed.iloc[:, :3].itertuples(index=False)]
        own = dataset.package["fylke_changes"].iloc[:, :3]
        self.fylke_changes = [_change(*row) for row in own.itertuples(index=False)]
        people = dataset.package["population"]
        self.people = {
            (nr, int(year)): int(n)
            for nr, year, n in people[[KOMMUNENR, YEAR, POPULATION]].itertuples(index=False)
        }

    def serve(self, services: Services) -> None:
        """Answer for KLASS and the statistics bank."""
        services.put(f"{KLASS}/131/codesAt", lambda asked: _codes(asked, self.kommuner, "9999"))
        services.put(f"{KLASS}/104/codesAt", lambda asked: _codes(asked, self.fylker, "99"))
        services.put(f"{KLASS}/131/changes", lambda _: as_json({"codeChanges": self.changes}))
        services.put(f"{KLASS}/104/changes", lambda _: as_json({"codeChanges": self.fylke_changes}))
        services.put(PXWEB, self._cube)

    def change(self, day: str, old: str, new: str) -> None:
        """Add a change of numbers."""
        self.changes.append(_change(day, old, new))

    def _cube(self, asked: Asked) -> Given:
        wanted = asked.query["valueCodes[Tid]"]
        years = sorted({year for _, year in self.people})
        since = re.fullmatch(r"from\((\d+)\)", wanted)
        if since:
            years = [year for year in years if year >= int(since[1])]
        else:
            years = [year for year in years if str(year) in wanted.split(",")]
        return as_json(self.cube(years))

    def cube(self, years: list[int]) -> dict[str, object]:
        """Return the table as JSON-stat 2: every number that ever was, 0 where it was not."""
        numbers = [*sorted({nr for nr, _ in self.people}), "0716u"]
        values = [self.people.get((nr, year), 0) for nr in numbers for year in years]
        return {
            "version": "2.0",
            "class": "dataset",
            "label": "07459: Befolkning",
            "id": ["Region", "ContentsCode", "Tid"],
            "size": [len(numbers), 1, len(years)],
            "dimension": {
                "Region": {"category": {"index": {nr: n for n, nr in enumerate(numbers)}}},
                "ContentsCode": {"category": {"index": {"Personer1": 0}}},
                "Tid": {"category": {"index": {str(y): n for n, y in enumerate(years)}}},
            },
            "value": values,
        }


def _codes(asked: Asked, names: dict[int, dict[str, str]], unknown: str) -> Given:
    year = int(asked.query["date"][:4])
    codes = [*names.get(year, {}).items(), (unknown, "Uoppgitt")]
    return as_json(
        {
            "codes": [
                {"code": nr, "parentCode": None, "level": "1", "name": name, "shortName": ""}
                for nr, name in codes
            ]
        }
    )


def _change(day: object, old: str, new: str) -> dict[str, str]:
    names = {"oldName": "", "newName": ""}
    return {"oldCode": old, "newCode": new, "changeOccurred": str(day), **names}
