"""Sets what rules go by, and keeps how often they spoke in past months."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from insights.models import RuleMonth, RuleSetting
from revops_site.kernel import audit, freshness
from revops_site.kernel.models import User


class ConflictError(ValueError):
    """Somebody else set the rule since the form was opened."""


@dataclass(frozen=True)
class Month:
    """What became of a rule's look at a month's end; ``digest`` tells how it was set."""

    rule: str
    month_end: date
    found: int
    state: str
    digest: str


def ready(rules: Collection[str]) -> None:
    """Have a row for each rule, as it is defined where nobody set it."""
    known = set(RuleSetting.objects.values_list("rule", flat=True))
    new = [RuleSetting(rule=rule) for rule in rules if rule not in known]
    RuleSetting.objects.bulk_create(new, ignore_conflicts=True)


@transaction.atomic
def configure(
    *, by: User, rule: str, parameters: Mapping[str, Any], seen: int, at: datetime
) -> None:
    """Set a rule; ``parameters`` are those that differ from its definition, none for all of it.

    ``seen`` is the version that the form was opened on; ConflictError where that is another now.
    """
    found = RuleSetting.objects.select_for_update().get(pk=rule)
    if found.version != seen:
        raise ConflictError("Somebody has set this rule since you opened it.")
    before = found.parameters
    if before == dict(parameters):
        return
    found.parameters, found.version = dict(parameters), found.version + 1
    found.changed_by, found.changed_at = by, at
    found.save()
    audit.record("rule set", user=by, target=rule, before=before, after=dict(parameters))
    freshness.bump()


@transaction.atomic
def keep_months(*, months: Collection[Month], generation: int, at: datetime) -> None:
    """Keep these looks in place of earlier ones at the same months' ends."""
    RuleMonth.objects.bulk_create(
        [
            RuleMonth(
                rule=one.rule,
                month_end=one.month_end,
                found=one.found,
                state=one.state,
                digest=one.digest,
                generation=generation,
                looked_at=at,
            )
            for one in months
        ],
        update_conflicts=True,
        unique_fields=["rule", "month_end"],
        update_fields=["found", "state", "digest", "generation", "looked_at"],
    )
