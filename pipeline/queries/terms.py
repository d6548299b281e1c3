"""The limits and payment terms of pipelines, and a limit as SQL that depends on the deal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from django.db.models import Case, IntegerField, Value, When
from django.db.models.expressions import Combinable

from pipeline.models import PipelineTerms
from revops_site.kernel.queries import lasting

Limit: TypeAlias = Literal[
    "overdue_days", "stuck_days", "inactive_days", "order_days", "payment_terms_days", "late_days"
]


@dataclass(frozen=True)
class Terms:
    """What the lists of one pipeline go by; days are whole."""

    overdue_days: int
    stuck_days: int
    inactive_days: int
    order_days: int
    payment_terms_days: int
    late_days: int
    order_stages: tuple[str, ...]
    production_stages: tuple[str, ...]


def _as_terms(row: PipelineTerms) -> Terms:
    return Terms(
        overdue_days=row.overdue_days,
        stuck_days=row.stuck_days,
        inactive_days=row.inactive_days,
        order_days=row.order_days,
        payment_terms_days=row.payment_terms_days,
        late_days=row.late_days,
        order_stages=lines(row.order_stages),
        production_stages=lines(row.production_stages),
    )


def lines(text: str) -> tuple[str, ...]:
    """The stages of a text, one a line, without blanks around them."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


USUAL = _as_terms(PipelineTerms())


@lasting
def terms() -> Mapping[str, Terms]:
    """The terms of the pipelines that have their own, by pipeline id."""
    return {
        str(row.pipeline_id): _as_terms(row)
        for row in PipelineTerms.objects.order_by("pipeline_id")
    }


def of(pipeline_id: str | None) -> Terms:
    """The terms of a pipeline; the usual ones where it has none of its own, or nobody knows it."""
    return terms().get(pipeline_id or "", USUAL)


def of_all() -> tuple[Terms, ...]:
    """Every set of terms in use, the usual ones first."""
    return (USUAL, *terms().values())


def limit(name: Limit) -> Combinable:
    """A limit, in days, of the pipeline that a deal is in."""
    own = [
        When(pipeline_id=key, then=Value(getattr(found, name))) for key, found in terms().items()
    ]
    return Case(*own, default=Value(getattr(USUAL, name)), output_field=IntegerField())


def said(name: Limit, pipelines: tuple[str, ...] = ()) -> str:
    """A limit in words, of these pipelines or of all: "7 days", "7 to 14 days, by pipeline"."""
    asked = [of(key) for key in pipelines] if pipelines else of_all()
    found = sorted({int(getattr(one, name)) for one in asked})
    if len(found) == 1:
        return f"{found[0]:,} {'day' if found[0] == 1 else 'days'}"
    return f"{found[0]:,} to {found[-1]:,} days, by pipeline"
