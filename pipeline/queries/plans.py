"""What is planned of the stage that a deal is in: of its own pipeline, else of any of that name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from django.db.models import BooleanField, Case, FloatField, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable

from pipeline.models import Stage
from pipeline.queries import terms
from revops_site.kernel.queries import lasting

Planned: TypeAlias = Literal["days_to_invoice", "is_execution", "probability"]
KINDS: Mapping[
    Planned, type[IntegerField[Any, Any] | BooleanField[Any, Any] | FloatField[Any, Any]]
]
KINDS = {
    "days_to_invoice": IntegerField,
    "is_execution": BooleanField,
    "probability": FloatField,
}


@lasting
def stages() -> tuple[dict[str, Any], ...]:
    """Every stage that is not an end: its pipeline_id (None for any), its name and ``Planned``."""
    rows = Stage.objects.filter(is_closed=False).order_by("pipeline_id", "stage_order", "stage_id")
    return tuple(rows.values("pipeline_id", "stage_name", *KINDS))


def of_stage(what: Planned, default: Any = None) -> Combinable:
    """What is planned of a deal's stage; ``default`` where nothing is."""
    kind = KINDS[what]()
    named: dict[str, Any] = {}
    whens = []
    for stage in stages():
        given = stage[what]
        if given is None:
            continue
        then = Value(float(given) if what == "probability" else given, output_field=kind)
        own = Q(stage_name=stage["stage_name"])
        if stage["pipeline_id"] is not None:
            whens.append(When(own & Q(pipeline_id=stage["pipeline_id"]), then=then))
        named.setdefault(stage["stage_name"], (stage["pipeline_id"] is None, then))
    for name, (is_of_any, then) in named.items():
        place = Q() if is_of_any else Q(pipeline_id=None)
        whens.append(When(Q(stage_name=name) & place, then=then))
    return Case(*whens, default=Value(default, output_field=kind), output_field=kind)


def in_stages(
    which: Literal["order_stages", "production_stages"], pipeline: str = "pipeline_id"
) -> Q:
    """Whether the stage of a deal, or of a visit, is one of these by the terms of its pipeline."""
    own = terms.terms()
    usual = Q(stage_name__in=getattr(terms.USUAL, which))
    if not own:
        return usual
    others = Q(**{f"{pipeline}__isnull": True}) | ~Q(**{f"{pipeline}__in": list(own)})
    found = others & usual
    for key, theirs in own.items():
        found |= Q(**{pipeline: key}, stage_name__in=getattr(theirs, which))
    return found
