"""Keeps what was known on a day: the rules' insights, and every figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from insights.analytics.insight import Insight
from insights.models import InsightDay, Kpi
from insights.queries.kpis import Taken


@dataclass(frozen=True)
class Told:
    """An insight with the address of its evidence, and the last day of its data."""

    insight: Insight
    address: str
    as_of: date


@transaction.atomic
def keep_insights(
    *, day: date, told: Iterable[Told], currency: str, generation: int, at: datetime
) -> None:
    """Keep these as the day's insights, in place of what was found earlier on it."""
    InsightDay.objects.filter(day=day).delete()
    InsightDay.objects.bulk_create(
        InsightDay(
            day=day,
            rule=one.insight.rule,
            subject=one.insight.said.subject,
            version=one.insight.version,
            category=one.insight.category,
            severity=one.insight.severity,
            headline=one.insight.said.headline,
            explanation=one.insight.said.explanation,
            action=one.insight.said.action,
            evidence=one.address,
            value=one.insight.said.value,
            threshold=one.insight.said.threshold,
            n=one.insight.said.n,
            confidence=one.insight.strength.confidence,
            money=one.insight.said.money,
            currency=currency,
            parameters=dict(one.insight.parameters),
            operands=dict(one.insight.said.operands),
            data_hash=one.insight.data_hash,
            as_of=one.as_of,
            generation=generation,
            found_at=at,
        )
        for one in told
    )


def keep_kpis(*, taken: Sequence[Taken], generation: int, at: datetime) -> None:
    """Keep these figures, in place of those of the same metric and day; other days stay."""
    changing = ("field", "value", "operands", "currency", "period_start", "period_end")
    Kpi.objects.bulk_create(
        [
            Kpi(
                day=one.day,
                metric_slug=one.slug,
                field=one.field,
                value=one.value,
                operands=dict(one.operands),
                currency=one.currency,
                period_start=one.period.start if one.period else None,
                period_end=one.period.last_day if one.period else None,
                generation=generation,
                taken_at=at,
            )
            for one in taken
        ],
        update_conflicts=True,
        unique_fields=["metric_slug", "day"],
        update_fields=[*changing, "generation", "taken_at"],
    )
