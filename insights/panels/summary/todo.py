"""What to do: what the rules suggest of a period, the gravest first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pandas as pd

from insights.analytics.insight import SEVERITIES
from insights.panels.cards import answered
from insights.panels.cards.drawn import CATEGORIES
from insights.panels.cards.drawn import SEVERITIES as WORDS
from insights.panels.cards.found import Found, Rules, find
from insights.panels.summary.told import KNOWN, asked_of
from insights.queries import rule_settings
from revops_site.kernel import clock, formats
from revops_site.kernel.filters import Allowed, Slice
from revops_site.kernel.models import User
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.queries import workspace

MOST = 6
TONES = {"high": "bad", "medium": "warn", "good": "good"}
COLUMNS = (
    Shown(
        "severity",
        "Weight",
        words={name: WORDS[name][0] for name in SEVERITIES},
        tone=TONES,
    ),
    Shown(
        *("headline", "What needs it", "told"),
        to="evidence",
        prose=True,
        help="Leads to what it rests on.",
    ),
    Shown("action", "What to do", "told", prose=True),
    Shown("money", "At stake", "money", help="In the reporting currency; how, says its card."),
    Shown("confidence", "Confidence", "percent", help="How strongly the data support it."),
    Shown("rule", "Rule", filed=True),
    Shown("domain", "Domain", words={name: said[0] for name, said in CATEGORIES.items()}),
)


def todo(reader: User, rules: Callable[[], Rules]) -> Panel:
    """The panel of this reader, who is not told again what they dismissed."""
    answers, today = rule_settings.answers(reader, clock.now()), clock.now().date()

    def frame(slice_: Slice) -> pd.DataFrame:
        found = find(asked_of(slice_), Allowed(slice_.reps), rules(), workspace()).found
        shown, _ = answered.parted(found, answers)
        made = pd.DataFrame(
            [_row(one) for one in shown[:MOST]],
            columns=[*(one.name for one in COLUMNS), "evidence"],
            dtype="object",
        )
        return made.astype(dict.fromkeys(("money", "confidence"), "float64"))

    return Panel(
        slug="summary-actions",
        title="What to do",
        question="What the rules suggest, the gravest first.",
        frame=frame,
        columns=COLUMNS,
        dimensions=KNOWN,
        about=hashlib.blake2s(f"{today} {sorted(answers.items())}".encode()).hexdigest(),
        nothing="The rules looked at these days and found nothing to say.",
        width="col-12",
    )


def _row(found: Found) -> dict[str, object]:
    one = found.insight
    return {
        "severity": one.severity,
        "headline": formats.screen(one.said.headline),
        "action": one.said.action,
        "money": one.said.money,
        "confidence": one.strength.confidence,
        "rule": one.rule,
        "domain": one.category,
        "evidence": found.lasting_address,
    }
