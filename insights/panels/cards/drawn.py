"""An insight as its card prints it, and as a row of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from insights.analytics.insight import Category, Insight, Look, Severity, State
from insights.analytics.strength import WEIGHTS, equals
from insights.panels.cards.found import Found
from revops_site.kernel import formats
from revops_site.kernel.filterform import LABELS

CATEGORIES: Mapping[Category, tuple[str, str]] = {
    "marketing": ("Marketing", "marketing"),
    "pipeline": ("Pipeline", "pipeline"),
    "revenue": ("Revenue", "revenue"),
    "people": ("People", "coaching"),
    "series": ("Anomaly", "warn"),
}
SEVERITIES: Mapping[Severity, tuple[str, str, str]] = {
    "high": ("High", "bad", "bad"),
    "medium": ("Medium", "warn", "warn"),
    "low": ("Low", "info", "muted"),
    "good": ("Opportunity", "up", "good"),
}
STATES: Mapping[State, str] = {
    "quiet": "looked, and found nothing to say",
    "few": "has too little to go by",
    "late": "has more to go through than one can wait for",
    "silent": "waits for data",
    "failed": "could not be reckoned",
}
MEANING = (
    "How strongly the data support the sentence, from 5% to 95%: half for how far the figure lies "
    "beyond its limit, three tenths for how much it was counted from, two tenths for how much of "
    "what is needed is known. It says nothing about the cause."
)
COLUMNS = (
    *("severity", "category", "rule", "version", "subject", "headline", "explanation"),
    *("suggested_action", "value", "threshold", "n", "confidence", "money_at_stake", "currency"),
    *("evidence", "as_of", "data_hash"),
)


def card(found: Found, since: date | None) -> dict[str, Any]:
    """What ``_cards.html`` prints of an insight."""
    one, currency = found.insight, found.view.slice_.currency
    said, how_sure = one.said, one.strength.confidence
    word, icon = CATEGORIES[one.category]
    grave, sign, tone = SEVERITIES[one.severity]
    percent = formats.show(how_sure, "percent")
    return {
        "key": f"{one.rule}-{said.subject}".lower().replace("_", "-"),
        "label": one.label,
        "category": {"slug": one.category, "word": word, "icon": icon},
        "severity": {"word": grave, "icon": sign, "tone": tone},
        "headline": formats.screen(said.headline),
        "explanation": formats.screen(said.explanation),
        "action": said.action,
        "confidence": {"value": f"{how_sure:.4f}", "text": percent},
        "money": _money(said.money, currency),
        "evidence": {"url": found.address, "label": said.evidence.label},
        "since": _since(since),
        "as_of": _day(found.view.slice_.as_of),
        "not_applied": _not_applied(found),
        "computed": _computed(found),
    }


def rule_line(look: Look[Any]) -> dict[str, str]:
    """A rule that found nothing, and why."""
    rule = look.rule
    least = rule.parameters.min_n
    more = {
        "quiet": "",
        "late": "The worker does it once a day; choose a team or an owner to see it here.",
        "few": f"It speaks from {least:,} on.",
        "failed": "Why is in the log of the server; what the others say is not touched by it.",
        "silent": f"It needs rows of {' and '.join(rule.needs)} {rule.besides}".strip() + ".",
    }[look.state]
    return {
        "label": rule.label,
        "id": rule.id,
        "looks": rule.looks,
        "state": STATES[look.state],
        "more": more,
    }


def frame(found: Sequence[Found]) -> pd.DataFrame:
    """The cards as rows for a file: ``COLUMNS``."""
    rows = [
        (
            *(one.severity, one.category, one.rule, one.version, one.said.subject),
            *(one.said.headline, one.said.explanation, one.said.action, one.said.value),
            *(one.said.threshold, one.said.n, one.strength.confidence, one.said.money),
            *(each.view.slice_.currency, each.address, each.view.slice_.as_of.isoformat()),
            one.data_hash,
        )
        for each in found
        for one in [each.insight]
    ]
    made = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = ("value", "threshold", "confidence", "money_at_stake")
    return made.astype(dict.fromkeys(numbers, "float64"))


def _computed(found: Found) -> dict[str, Any]:
    """All that the sentence rests on."""
    one, currency = found.insight, found.view.slice_.currency
    said, sure = one.said, one.strength
    sign = ">" if said.value > said.threshold else "<"
    sign = "=" if equals(said.value, said.threshold) else sign
    value, limit = (
        formats.screen(formats.show(number, said.show, currency))
        for number in (said.value, said.threshold)
    )
    parts = zip(WEIGHTS, (sure.effect, sure.sample, sure.filled), strict=True)
    sums = " + ".join(f"{weight} × {part:.3f}" for weight, part in parts)
    return {
        "rule": f"{one.rule}, version {one.version}",
        "fires": f"{value} {sign} {limit}",
        "n": f"{said.n:,} {said.counted}",
        "confidence": f"0.05 + 0.9 × ({sums}) = {sure.confidence:.3f}",
        "stake": said.stake if said.money is not None else "",
        "parameters": [(_words(name), _plain(value)) for name, value in one.parameters.items()],
        "operands": [(_words(name), _plain(value)) for name, value in said.operands.items()],
        "hash": one.data_hash,
    }


def _money(money: float | None, currency: str) -> dict[str, str] | None:
    if money is None:
        return None
    return {
        "text": formats.screen(formats.show(money, "amount_auto", currency)),
        "exact": formats.screen(formats.show(money, "money2", currency)),
    }


def _since(day: date | None) -> dict[str, str] | None:
    return None if day is None else _day(day)


def _day(day: date) -> dict[str, str]:
    return {"text": formats.show(day, "date"), "iso": day.isoformat()}


def _not_applied(found: Found) -> str:
    """Which filters say nothing about what this rests on."""
    view = found.view
    ignored = [name for name in found.insight.ignores if getattr(view.asked, name)]
    names = (*view.slice_.not_applied(view.domain.dimensions), *ignored)
    return ", ".join(LABELS.get(name, name).lower() for name in dict.fromkeys(names))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else formats.screen(formats.show(value, "decimal"))


def subject_of(one: Insight) -> tuple[str, str]:
    """What tells an insight from another."""
    return one.rule, one.said.subject
