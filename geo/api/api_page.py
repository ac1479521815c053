"""The HTML documentation of the API: one page without external files."""

import html
from collections.abc import Sequence

from geo.api.examples import question
from geo.api.lines import LINES_OF, lines
from geo.api.parameters import HUB, SCOPE
from geo.api.problems import STATUS
from geo.api.resources import EVERY, Resource
from geo.api.tools import TOOLS
from geo.base.cache import TABLES, cache_on
from geo.base.links import API, FIRST_PAGE, MCP, own_path
from geo.coverage.dataset import Dataset
from geo.dataset.licence import licence
from geo.text.languages import others
from geo.text.messages import Messages

_STYLE = (
    "body{font:1rem/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}a{color:#0b4f9e}code,pre{font-family:ui-monospace,monospace;"
    "background:#f3f4f6;padding:.1rem .3rem}pre{padding:.8rem;overflow-x:auto;user-select:all}"
    "table{border-collapse:collapse;display:block;overflow-x:auto}"
    "th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;"
    "border-bottom:1px solid #d1d5db}"
)
_EXAMPLES = (
    "/coverage?project={project}&year={first}",
    "/coverage?project={project}&year={middle}&format=geojson",
    "/kommuner?year={last}&format=csv",
    "/claims?lang=en",
)


@cache_on(TABLES)
def page(dataset: Dataset, language: str, root: str) -> str:
    """Return the page in a language; `root` is the address of the first page."""
    t = dataset.messages(language)
    sections = (
        f"<h1>{_safe(t('api.title'))}</h1>",
        f"<p>{_safe(t('api.intro', version=dataset.data_version))}</p>",
        _links(t),
        f"<h2>{_safe(t('api.resources'))}</h2>{_resources(dataset, t)}",
        f"<h2>{_safe(t('api.examples'))}</h2>{_examples(dataset)}",
        f"<h2>{_safe(t('api.lines'))}</h2>{_lines(dataset, root, t)}",
        f"<h2>{_safe(t('api.tools'))}</h2>{_tools(root, t)}",
        f"<h2>{_safe(t('api.how'))}</h2>{_how(t)}",
        f"<h2>{_safe(t('api.problems'))}</h2><p>{_safe(t('api.problems_intro'))}</p>{_problems(t)}",
        f"<h2>{_safe(t('api.terms'))}</h2><p>{_safe(licence(dataset.package, language))}</p>",
    )
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_safe(t('api.title'))}</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(sections)}</main></body></html>"
    )


def _safe(text: object) -> str:
    return html.escape(str(text))


def _links(t: Messages) -> str:
    links = [
        *(_link(f"?lang={o.code}", o.heading, o.code) for o in others(t.language)),
        _link("openapi.json", "openapi.json"),
        _link(own_path(FIRST_PAGE), t("common.name")),
    ]
    return f"<p>{' · '.join(links)}</p>"


def _link(target: str, name: str, language: str = "") -> str:
    in_it = f' hreflang="{language}" lang="{language}"' if language else ""
    return f'<a href="{target}"{in_it}>{_safe(name)}</a>'


def _resources(dataset: Dataset, t: Messages) -> str:
    heads = (t("api.address"), t("api.content"), t("api.parameters"), t("api.formats"))
    lines = [
        (
            f'<a href="{_address(dataset, r)}lang={t.language}">/{r.name}</a>',
            _safe(t(f"api.about_{r.name}")),
            _codes(_parameters(dataset, r)),
            _codes(r.formats),
        )
        for r in EVERY
        if r.name != "hubs" or not dataset.without_hubs
    ]
    return _table(heads, lines)


def _address(dataset: Dataset, resource: Resource) -> str:
    asked = question(dataset, resource)
    return _safe(own_path(f"{API}/{resource.name}?") + (f"{asked}&" if asked else ""))


def _parameters(dataset: Dataset, resource: Resource) -> tuple[str, ...]:
    """Return the parameters of a resource that something can be chosen with."""
    idle = (HUB, SCOPE) if dataset.without_hubs else ()
    return tuple(name for name in resource.parameters if name not in idle)


def _codes(names: tuple[str, ...]) -> str:
    return " ".join(f"<code>{_safe(name)}</code>" for name in names)


def _table(heads: tuple[str, ...], lines: Sequence[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{_safe(text)}</th>' for text in heads)
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _examples(dataset: Dataset) -> str:
    years = dataset.choices.years
    given = {"first": years[0], "middle": years[len(years) // 2], "last": years[-1]}
    project = dataset.choices.projects[0]
    addresses = (_safe(own_path(API + one.format(project=project, **given))) for one in _EXAMPLES)
    links = (f'<li><a href="{one}"><code>{one}</code></a></li>' for one in addresses)
    return f"<ul>{''.join(links)}</ul>"


def _lines(dataset: Dataset, root: str, t: Messages) -> str:
    texts = lines(dataset, root)
    return f"<p>{_safe(t('api.lines_intro'))}</p>" + "".join(
        f"<h3>{_safe(name)}</h3><p>{_safe(t(f'api.lines_{tool}'))}</p>"
        f'<pre lang="zxx" tabindex="0">{_safe(texts[tool])}</pre>'
        for tool, name in LINES_OF.items()
    )


def _tools(root: str, t: Messages) -> str:
    intro = t("api.tools_intro", address=root.removesuffix(FIRST_PAGE) + MCP)
    rows = [(f"<code>{name}</code>", _safe(t(f"api.tool_{name}"))) for name in TOOLS]
    return f"<p>{_safe(intro)}</p>{_table((t('api.tool'), t('api.content')), rows)}"


def _how(t: Messages) -> str:
    keys = ("how_filters", "how_format", "how_meta", "how_cache", "how_cors")
    return "<ul>" + "".join(f"<li>{_safe(t(f'api.{key}'))}</li>" for key in keys) + "</ul>"


def _problems(t: Messages) -> str:
    lines = [
        (f'<span id="{kind}">{status}</span>', _safe(t(f"api.{kind}_title")))
        for kind, status in STATUS.items()
    ]
    return _table((t("api.status"), t("api.meaning")), lines)
