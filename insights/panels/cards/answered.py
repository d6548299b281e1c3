"""What a reader said of insights, and what they can say: useful, dismiss, make a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse

from insights.analytics.insight import MATERIAL, material
from insights.panels.cards.domains import PAGE
from insights.panels.cards.found import Found, Rules
from insights.queries import rule_settings
from insights.queries.rule_settings import Answer, Key, Record
from revops_site.kernel import clock, formats, freshness
from revops_site.kernel.models import User, Workspace
from revops_site.kernel.periods import plus
from revops_site.kernel.permissions import may

REST = timedelta(days=30)
DUE_DAYS = 7
RULE = (
    f"A dismissed insight comes back after {REST.days} days, or as soon as its figure has moved by "
    f"more than {MATERIAL:.0%}, it has become graver, or its rule has changed."
)
Answers = Mapping[Key, Mapping[str, Answer]]


def is_gone(found: Found, answer: Answer | None, now: datetime) -> bool:
    """Whether an insight that was dismissed stays away: see ``RULE``."""
    if answer is None or now - answer.at >= REST:
        return False
    return not material(found.insight, answer.value, answer.severity, answer.version)


def parted(
    found: Sequence[Found], answers: Answers
) -> tuple[Sequence[Found], Sequence[tuple[Found, Answer]]]:
    """Those that are shown, and those that the reader dismissed, each with that answer."""
    now, shown, gone = clock.now(), [], []
    for one in found:
        answer = answers.get(key_of(one), {}).get("dismissed")
        if answer is not None and is_gone(one, answer, now):
            gone.append((one, answer))
        else:
            shown.append(one)
    return shown, gone


def key_of(one: Found) -> Key:
    """What answers are kept by."""
    return one.insight.rule, one.insight.said.subject


def month_ends(at: Workspace) -> Sequence[date]:
    """The last days of the twelve months that the data have seen the end of, the newest first.

    Those before the data begin are left out.
    """
    known = freshness.of(PAGE.datasets, at)
    if known.first_day is None or known.last_day is None:
        return []
    ends, day = [], plus(min(known.last_day, freshness.stamp(at)), 1)
    for _ in range(rule_settings.MONTHS):
        day = plus(day.replace(day=1), -1)
        ends.append(day)
    return [one for one in ends if one >= known.first_day]


@dataclass(frozen=True)
class Ways:
    """The forms of cards: whose, with what they said before and how each rule fared."""

    answers: Answers
    records: Mapping[str, Record]
    may_task: bool
    token: str
    query: str
    due: str
    said: Mapping[str, str]

    @classmethod
    def of(
        cls,
        reader: User,
        at: Workspace,
        rules: Rules,
        token: str,
        query: str,
        said: Mapping[str, str],
    ) -> Ways:
        """Of a reader, by now."""
        now, today = clock.now(), freshness.stamp(at)
        return cls(
            answers=rule_settings.answers(reader, now),
            records=rule_settings.records(now, month_ends(at)),
            may_task=may(reader, "work deals"),
            token=token,
            query=query,
            due=(today + timedelta(days=DUE_DAYS)).isoformat(),
            said=said,
        )

    def card(self, one: Found) -> dict[str, Any]:
        """What a card offers."""
        rule, subject = key_of(one)
        mine = (rule, subject) == (self.said.get("rule"), self.said.get("subject"))
        return {
            **self._form(one),
            "is_useful": "useful" in self.answers.get((rule, subject), {}),
            "may_task": self.may_task,
            "due": self.said.get("due", self.due) if mine else self.due,
            "error": self.said.get("error", "") if mine else "",
            "record": record(self.records.get(rule, Record())),
        }

    def gone(self, one: Found, answer: Answer) -> dict[str, Any]:
        """A dismissed one, and since when."""
        until = (answer.at + REST).date()
        return {
            **self._form(one),
            "headline": formats.screen(one.insight.said.headline),
            "until": formats.show(until, "date"),
        }

    def _form(self, one: Found) -> dict[str, Any]:
        url = reverse("insights:answer")
        return {
            "url": f"{url}?{self.query}" if self.query else url,
            "token": self.token,
            "rule": one.insight.rule,
            "subject": one.insight.said.subject,
        }


def record(found: Record) -> str:
    """How often a rule spoke, and how often readers called that useful, in a sentence."""
    if found.months:
        spoke = (
            f"Over the company it spoke in {found.spoke} of the last {found.months} months’ ends"
        )
    else:
        spoke = "The worker looks at past months within a day"
    said = found.useful + found.dismissed
    if not said:
        return f"{spoke}; no reader has called it useful or dismissed it yet."
    return f"{spoke}; readers found it useful in {found.useful} of {said} cases in a year."
