"""Orders of open deals: those that wait to be begun, and whether their papers are there."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    Field,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from pipeline.metrics.lists import END_USER, REQUIRED
from pipeline.models import Order
from pipeline.queries import deals, listed, plans, terms
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import filled, shared
from revops_site.kernel.summing import asked, over, sums_over

FLAGS = (
    *("end_user_identified", "materials_purchased", "survey_checklist_present"),
    *("mdd_signed", "quality_docs_present"),
)
MISSING, UNKNOWN, COMPLIANT, NOT_REQUIRED = "missing", "unknown", "compliant", "not_required"
RECEIVED = {
    "orders": "count(*)",
    "order_amount": "COALESCE(sum(value), 0)::float8",
    "order_days": "COALESCE(sum(days_in_stage), 0)::bigint",
    "identified": "count(*) FILTER (WHERE end_user_identified)",
    "unidentified": "count(*) FILTER (WHERE NOT end_user_identified)",
    "end_user_unknown": "count(*) FILTER (WHERE end_user_identified IS NULL)",
}
COMPLIANCE = {
    name: f"count(*) FILTER (WHERE compliance = '{name}')"
    for name in (COMPLIANT, MISSING, UNKNOWN, NOT_REQUIRED)
}


def received(slice_: Slice) -> QuerySet[Any]:
    """The open deals whose order waits: in a stage of received orders for as long as the limit.

    As ``listed.open_deals`` gives them, with the newest order of each: ``order_id``, ``end_user``,
    ``end_user_requests_count``, ``evidence``, ``FLAGS`` (null where nobody knows),
    ``compliance`` and ``lacks``, what is still to be had of it in words ("" of nothing).
    """
    return _told(_waiting(listed.open_deals(slice_)), slice_)


def ordered(slice_: Slice) -> QuerySet[Any]:
    """The open deals that have an order, with the same columns."""
    return _told(_having(listed.open_deals(slice_), slice_), slice_)


@shared
def received_totals(slice_: Slice) -> dict[str, float]:
    """Operands of the orders that wait: ``RECEIVED``; money in the reporting currency."""
    return _sums(_waiting(deals.open_(slice_)), slice_, RECEIVED)


def received_sql(slice_: Slice) -> str:
    """The SQL of ``received_totals``."""
    return filled(*over(sums_over(RECEIVED), _known(_waiting(deals.open_(slice_)), slice_)))


@shared
def compliance_totals(slice_: Slice) -> dict[str, float]:
    """How many open deals with an order have each status: ``COMPLIANCE``."""
    return _sums(_having(deals.open_(slice_), slice_), slice_, COMPLIANCE)


def compliance_sql(slice_: Slice) -> str:
    """The SQL of ``compliance_totals``."""
    return filled(
        *over(sums_over(COMPLIANCE), _known(_having(deals.open_(slice_), slice_), slice_))
    )


def _waiting(rows: QuerySet[Any]) -> QuerySet[Any]:
    limit = terms.limit("order_days")
    return rows.filter(plans.in_stages("order_stages"), days_in_stage__gte=limit)


def _having(rows: QuerySet[Any], slice_: Slice) -> QuerySet[Any]:
    return rows.filter(Exists(_orders(slice_)))


def _orders(slice_: Slice) -> QuerySet[Order]:
    """The orders of a deal that had come in by the end of the day, the newest first."""
    known = Order.objects.filter(deal_id=OuterRef("deal_id"), received_on__lte=slice_.as_of)
    return known.order_by("-received_on", "-order_id")


def _told(rows: QuerySet[Any], slice_: Slice) -> QuerySet[Any]:
    orders = _orders(slice_)
    texts = ("order_id", "end_user", "evidence")
    kinds: dict[str, Field[Any, Any]] = {
        **dict.fromkeys(texts, CharField()),
        "end_user_requests_count": IntegerField(),
        **dict.fromkeys(FLAGS, BooleanField(null=True)),
    }
    newest = {
        name: Subquery(orders.values(name)[:1], output_field=kind) for name, kind in kinds.items()
    }
    found: QuerySet[Any] = rows.annotate(**newest).annotate(
        compliance=_compliance(), lacks=_lacks()
    )
    return found


def _lacks() -> Func:
    """What is not there, with a question mark where nobody knows: by ``REQUIRED``."""
    parts = [_unless("end_user_identified", END_USER, Q())]
    parts += [_unless(what, name, Q(**{when: True})) for when, what, name in REQUIRED]
    between = Value(", ", output_field=CharField())
    return Func(between, *parts, function="concat_ws", output_field=CharField())


def _unless(what: str, name: str, required: Q) -> Case:
    unknown = Q(**{f"{what}__isnull": True}) & required
    return Case(
        When(Q(**{what: False}) & required, then=Value(name)),
        When(unknown, then=Value(f"{name}?")),
        default=None,
        output_field=CharField(),
    )


def _compliance() -> Case:
    """The status of an order's papers; what is unknown is never taken for missing."""
    absent, unknown, required = Q(), Q(), Q()
    for when, what, _ in REQUIRED:
        absent |= Q(**{when: True, what: False})
        unknown |= Q(**{when: True, f"{what}__isnull": True})
        required |= Q(**{when: True})
    return Case(
        When(absent, then=Value(MISSING)),
        When(unknown, then=Value(UNKNOWN)),
        When(required, then=Value(COMPLIANT)),
        default=Value(NOT_REQUIRED),
    )


def _sums(rows: QuerySet[Any], slice_: Slice, wanted: dict[str, str]) -> dict[str, float]:
    (values,) = asked(sums_over(wanted), _known(rows, slice_)) or [(0,) * len(wanted)]
    return dict(zip(wanted, map(float, values), strict=True))


def _known(rows: QuerySet[Any], slice_: Slice) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = _told(rows, slice_).values(
        "value", "days_in_stage", "end_user_identified", "compliance", waits=F("deal_id")
    )
    return found
