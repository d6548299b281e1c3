"""What rules are set to, how often they spoke in past months, and what readers said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from django.db.models import Q

from insights.models import InsightAnswer, RuleMonth, RuleSetting
from revops_site.kernel import freshness
from revops_site.kernel.models import User
from revops_site.kernel.queries import generation

__all__ = ["Answer", "InsightAnswer", "RuleMonth", "RuleSetting", "answers", "kept", "records"]

Said = InsightAnswer.Said
Key: TypeAlias = tuple[str, str]
YEAR = timedelta(days=365)
MONTHS = 12
PATIENCE = timedelta(hours=20)  # past months change seldom: once a day is often enough


@dataclass(frozen=True)
class Answer:
    """What a reader last said of an insight, and what it was like then; ``at`` when."""

    said: str
    version: int
    severity: str
    value: float
    at: datetime


@dataclass(frozen=True)
class Record:
    """In how many of the looked at months' ends a rule spoke, and how readers found it.

    ``useful`` and ``dismissed`` count readers and insights of a year, each by the last word.
    """

    months: int = 0
    spoke: int = 0
    useful: int = 0
    dismissed: int = 0


def kept() -> Mapping[str, Mapping[str, Any]]:
    """What rules are set to that differ from their definition, by rule."""
    return freshness.remembered(
        f"rule-settings:{generation()}",
        lambda: dict(RuleSetting.objects.exclude(parameters={}).values_list("rule", "parameters")),
    )


def answers(user: User, now: datetime) -> Mapping[Key, Mapping[str, Answer]]:
    """What a reader said of which insight in a year: ``useful`` and ``dismissed``, as they hold."""
    rows = InsightAnswer.objects.filter(user=user, at__gt=now - YEAR).exclude(said=Said.TASK)
    rows = rows.order_by("id")
    found: dict[Key, dict[str, Answer]] = {}
    for one in rows:
        said = found.setdefault((one.rule, one.subject), {})
        told = Answer(one.said, one.version, one.severity, one.value, one.at)
        if one.said in {Said.USEFUL, Said.DISMISSED}:
            said[one.said] = told
        else:
            said.pop(Said.USEFUL if one.said == Said.UNSAID else Said.DISMISSED, None)
    return found


def records(now: datetime, month_ends: Sequence[date]) -> Mapping[str, Record]:
    """The record of each rule: at these months' ends, and by answers of the last year."""
    months = RuleMonth.objects.filter(month_end__in=month_ends)
    found: dict[str, dict[str, int]] = {}
    for rule, spoke in months.values_list("rule", "found"):
        one = found.setdefault(rule, {})
        one["months"] = one.get("months", 0) + 1
        one["spoke"] = one.get("spoke", 0) + bool(spoke)
    newest = InsightAnswer.objects.filter(at__gt=now - YEAR).exclude(said=Said.TASK)
    newest = newest.order_by("rule", "subject", "user_id", "-id").distinct(
        "rule", "subject", "user_id"
    )
    for rule, said in newest.values_list("rule", "said"):
        if said in {Said.USEFUL, Said.DISMISSED}:
            one = found.setdefault(rule, {})
            one[said] = one.get(said, 0) + 1
    return {rule: Record(**counts) for rule, counts in found.items()}


def stale(
    month_ends: Sequence[date], digests: Mapping[str, str], generation: int, now: datetime
) -> Sequence[date]:
    """The months' ends that some rule has to be looked at for: never, otherwise set, or of old.

    A month that was looked at in another state of the data is again after a while.
    """
    rows = RuleMonth.objects.filter(month_end__in=month_ends)
    rows = rows.filter(Q(generation=generation) | Q(looked_at__gt=now - PATIENCE))
    known = set(rows.values_list("rule", "month_end", "digest"))
    return [
        day
        for day in month_ends
        if any((rule, day, digest) not in known for rule, digest in digests.items())
    ]
