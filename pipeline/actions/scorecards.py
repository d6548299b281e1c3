"""Changes what health and flags of all deals are judged by; every change is kept."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from pipeline.analytics.scorecard import Rules
from pipeline.models import Scorecard
from pipeline.queries.risks import newest_scorecard
from pipeline.rollups import mark_all
from revops_site.kernel import audit, freshness
from revops_site.kernel.models import User

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('pipeline scorecard', 0))"


class RefusedError(ValueError):
    """Why the scorecard stays as it is, in a sentence for who asked."""


@transaction.atomic
def save(*, by: User, rules: Rules, seen: str, at: datetime) -> bool:
    """Judge all deals by these rules from now on; whether they are others than before.

    ``seen`` is the id of the scorecard that the form was opened on, "" for the published one.
    RefusedError says who changed it meanwhile. All deals are due to be scored anew.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    before = newest_scorecard()
    if seen != (str(before.pk) if before else ""):
        who = (before and before.by) or "Somebody"
        raise RefusedError(
            f"{who} changed the scorecard since you opened this. Nothing was saved: look at what "
            "is there now, and save once more if yours is to hold."
        )
    was = before.rules if before else {}
    changed = rules.changed()
    if changed == was:
        return False
    Scorecard.objects.create(rules=changed, by=by, at=at)
    audit.record("scorecard changed", user=by, target="deal health", was=was, now=changed)
    mark_all()
    freshness.bump()
    return True
