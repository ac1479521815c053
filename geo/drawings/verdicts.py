"""Published claims as cards: what was said, the verdict as a shape and a word, and why."""

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo import columns as c
from geo.columns import EVIDENCE_LEVELS
from geo.coverage.dataset import Dataset
from geo.drawings import bars
from geo.drawings.dress import Dress
from geo.report.claims import Check, check, split_tested
from geo.report.looks import SEVERAL, project_colours
from geo.report.wording import in_millions, marked, shortened
from geo.text.messages import Messages
from geo.webmap.swatches import svg

_CARDS = 3  # that stand before the lines
_GREEN, _RED, _AMBER, _GREY = "#1B6B44", "#A32014", "#8A5A00", "#56616B"
_RING = f'<circle cx="10" cy="10" r="7.6" fill="#fff" stroke="{_GREY}" stroke-width="1.6"'
# Green only where a source that is not the claim's own agrees.
_SHAPES: Mapping[str, str] = {
    c.AGREES: f'<circle cx="10" cy="10" r="8.6" fill="{_GREEN}"/>'
    '<path d="M5.8 10.4l2.9 2.9 5.6-6" fill="none" stroke="#fff" stroke-width="2"/>',
    c.REPEATS: f'{_RING}/><path d="M6.4 8.2h7.2M6.4 11.8h7.2" stroke="{_GREY}" '
    'stroke-width="1.6"/>',
    c.PARTLY_CONFIRMED: f'<circle cx="10" cy="10" r="7.8" fill="#fff" stroke="{_AMBER}" '
    f'stroke-width="1.8"/><path d="M10 2.2a7.8 7.8 0 0 1 0 15.6z" fill="{_AMBER}"/>',
    c.DEVIATES: f'<path d="M10 .6l9.4 9.4-9.4 9.4-9.4-9.4z" fill="{_RED}"/>'
    '<path d="M6 8.3h8M6 11.9h8M12.4 5.4l-4.8 9.4" stroke="#fff" stroke-width="1.5"/>',
    c.UNCHECKED: f'{_RING} stroke-dasharray="3 2.4"/>',
}


def mark(verdict: str) -> str:
    """Return the shape of a verdict, decoration beside its word."""
    return svg(_SHAPES[verdict], 20, 20)


def card(dataset: Dataset, one: Check, t: Messages, dress: Dress) -> str:
    """Return a claim as a card."""
    picture = _picture(dataset, one, t)
    parts = [
        f'<p class="said">{_quoted(one, t)}</p>',
        f'<p class="who">{_escaped(_who(one, t))}</p>',
        f'<p class="verdict">{dress(mark(one.verdict))}<strong>{_word(one, t)}</strong></p>',
        f'<div class="counted">{dress(picture)}</div>' if picture else "",
        f"<p>{_escaped(one.answer(t.language))}</p>",
    ]
    return f'<article class="card">{"".join(parts)}</article>'


def cards(dataset: Dataset, found: Iterable[Check], t: Messages, dress: Dress) -> str:
    """Return claims as cards side by side; "" if there are none."""
    drawn = "".join(card(dataset, one, t, dress) for one in found)
    return f'<div class="cards">{drawn}</div>' if drawn else ""


def lines(found: Iterable[Check], t: Messages, dress: Dress) -> str:
    """Return claims as lines: what was said, and the verdict; "" if there are none."""
    drawn = "".join(
        f'<li><span>{_quoted(one, t)}</span><span class="verdict">{dress(mark(one.verdict))}'
        f"<span>{_word(one, t)}</span></span></li>"
        for one in found
    )
    return f'<ul class="claims">{drawn}</ul>' if drawn else ""


@dataclass(frozen=True)
class Shown:
    """Claims by how they are shown: as cards, as lines, and those that test nothing."""

    cards: tuple[Check, ...]
    lines: tuple[Check, ...]
    others: tuple[Check, ...]

    @classmethod
    def of(cls, found: Iterable[Check]) -> "Shown":
        """Return claims in their order, the first that were tested as cards."""
        tested, others = split_tested(found)
        return cls(tested[:_CARDS], tested[_CARDS:], others)


def of_project(dataset: Dataset, project_id: str) -> Shown:
    """Return the claims on a project, and the first on the whole programme; "" are all of that."""
    found = check(dataset)
    own = [one for one in found if one.project_id == project_id]
    if not project_id:
        return Shown.of(own)
    mine = Shown.of(sorted(own, key=lambda one: one.metric != c.KOMMUNE_METRICS[0]))
    whole, _ = split_tested(one for one in found if not one.project_id)
    cards = (*mine.cards[:1], *whole[:1])
    return Shown(cards, (*mine.cards[1:], *mine.lines), mine.others)


def _quoted(one: Check, t: Messages) -> str:
    return _escaped(t("numbers.quoted", text=marked(one.text[t.language], t.language)))


def _who(one: Check, t: Messages) -> str:
    if not one.claim_sources:
        return ""
    first = one.claim_sources[0]
    said = (shortened(first.publisher), shortened(first.when(t.language)))
    return ", ".join(filter(None, said))


def _word(one: Check, t: Messages) -> str:
    if one.rests_on_assumption:
        return _escaped(one.partly(t.language))
    return _escaped(t(f"claims.verdict_{one.verdict}"))


def _picture(dataset: Dataset, one: Check, t: Messages) -> str:
    """Return what was counted: a square for each kommune, a box for each grant."""
    if one.unit == "kommune" and one.found:
        counts = [one.by_evidence.get(level, 0) for level in EVIDENCE_LEVELS]
        return bars.squares(_hue(dataset, one), counts)
    if one.unit == "NOK" and len(one.parts) > 1 and one.claimed and one.found:
        hues = project_colours(dataset).values()
        found = [
            bars.Box(hue, value, in_millions(value, t.language))
            for hue, value in zip(hues, one.parts, strict=False)
        ]
        missing = max(one.claimed - one.found, 0)
        return bars.boxes(found, missing, in_millions(missing, t.language))
    return ""


def _hue(dataset: Dataset, one: Check) -> str:
    return project_colours(dataset).get(one.project_id, SEVERAL)


def _escaped(text: str) -> str:
    return html.escape(text)
