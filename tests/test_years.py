"""Years are written once: texts and code ask the registers and the settings."""

import ast
import json
import re
from dataclasses import replace

import pytest

from bench import growth
from geo.places.register import Register
from geo.report import provenance
from geo.settings import LOCALE_DIR, REGISTER_YEARS, ROOT, STRUCTURE_YEARS
from geo.text.languages import LANGUAGES
from geo.text.messages import messages

WRITTEN_ONCE = {REGISTER_YEARS[0], REGISTER_YEARS[-1], *STRUCTURE_YEARS}
# What these say is of that year, whatever the registers hold.
OF_THAT_YEAR = {
    "geo/settings.py": "where they are written",
    "geo/fetch/official_maps.py": "a list of maps that others drew",
    "geo/places/embedded.py": "the year of the boundaries that ship",
    "geo/uploads/template.py": "a date that makes a file the same each time",
}
# They show how something is typed.
EXAMPLES = {"validate.not_date", "validate.no_fylke", "validate.stated_years"}
_ENTRY = re.compile(r'msgid "([\w.]+)"\n(.*?)(?:\n\n|\Z)', re.DOTALL)
_YEAR = re.compile(r"(?<!\d)20[12]\d(?!\d)")


def test_code_types_no_year_of_the_registers():
    typed = set()
    for file in [*(ROOT / "geo").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        name = str(file.relative_to(ROOT))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in WRITTEN_ONCE:
                typed.add(name)
    assert typed == set(OF_THAT_YEAR)


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_type_no_year_of_the_registers(language):
    typed = set()
    for path in (LOCALE_DIR / language).glob("*.po"):
        for key, text in re.findall(
            r'msgid "([\w.]+)"\n(.*?)(?:\n\n|\Z)', path.read_text("utf-8"), re.DOTALL
        ):
            if WRITTEN_ONCE & set(map(int, _YEAR.findall(text))):
                typed.add(key)
    assert typed - EXAMPLES == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_method_names_the_years_of_the_registers_in_use(dataset, language):
    package = dataset.package
    longer = replace(package, descriptor={**package.descriptor, "registers_to": 2031})
    later = replace(dataset, package=longer, register=Register(longer))
    texts = dict(provenance.method_sections(later, messages(language)))
    assert "2013–2031" in texts[messages(language)("metode.counting")]


def test_the_schema_limits_no_year_to_the_registers_that_ship():
    resources = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))["resources"]
    fields = [field for one in resources for field in one["schema"]["fields"]]
    years = [field for field in fields if field["name"] == "structure_year"]
    assert len(years) == 7
    assert not any({"minimum", "maximum"} & set(field.get("constraints", {})) for field in years)
    texts = [
        text for one in (*resources, *fields) for text in (one.get("description", ""), one["name"])
    ]
    assert [text for text in texts if REGISTER_YEARS[-1] in map(int, _YEAR.findall(text))] == []


def test_growth_is_measured_with_any_number_of_structure_years():
    assert growth.years_of(1) == STRUCTURE_YEARS[:1]
    assert growth.years_of(len(STRUCTURE_YEARS)) == STRUCTURE_YEARS
    assert growth.years_of(len(REGISTER_YEARS)) == tuple(REGISTER_YEARS)
