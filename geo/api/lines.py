"""Lines to copy that bring the data into the tools that people work with."""

from collections.abc import Mapping

from geo.api.parameters import stated
from geo.base.links import API, FIRST_PAGE
from geo.coverage.dataset import Dataset

# A tool's name is one in every language; where its lines are pasted is in the catalogues.
LINES_OF: Mapping[str, str] = {
    "r": "R",
    "python": "Python",
    "excel": "Excel (Power Query)",
    "observable": "Observable",
    "qgis": "QGIS",
}
_LINES: Mapping[str, str] = {
    # Numbers of kommuner are text: 0301 is no 301.
    "r": """numbers <- c(kommunenr = "character", fylkesnr = "character")
coverage <- read.csv("{csv}", colClasses = numbers, encoding = "UTF-8")
table(coverage$state)""",
    "python": """import pandas as pd

numbers = {{"kommunenr": str, "fylkesnr": str}}
coverage = pd.read_csv("{csv}", dtype=numbers)
checked = pd.read_csv("{check}")
print(coverage["state"].value_counts())
print(checked[["text", "found", "verdict", "explanation"]].to_string())""",
    "excel": """let
    Answer = Web.Contents("{csv}"),
    Lines = Csv.Document(Answer, [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),
    Coverage = Table.PromoteHeaders(Lines, [PromoteAllScalars = true])
in
    Coverage""",
    "observable": """coverage = d3.json("{geojson}")

Plot.plot({{
  projection: {{type: "mercator", domain: coverage}},
  marks: [Plot.geo(coverage, {{fill: (one) => one.properties.state}})]
}})""",
    "qgis": """iface.addVectorLayer("{geojson}", "coverage", "ogr")""",
}


def lines(dataset: Dataset, root: str) -> dict[str, str]:
    """Return the lines by tool, a key of LINES_OF; `root` is the address of the first page."""
    about, figures = stated(dataset)
    year = dataset.choices.default_year
    inside = f"{root.removesuffix(FIRST_PAGE)}{API}"
    coverage = f"{inside}/coverage?project={about}&year={year}&format="
    check = f"{inside}/check?about={about}&claim={','.join(figures)}&year={year}&format=csv"
    addresses = {"csv": f"{coverage}csv", "geojson": f"{coverage}geojson", "check": check}
    return {tool: text.format(**addresses) for tool, text in _LINES.items()}
