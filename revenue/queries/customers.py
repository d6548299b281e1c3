"""Which customers a slice lets through, with what each pays in the reporting currency."""

from __future__ import annotations

from datetime import date

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    ExpressionWrapper,
    F,
    Func,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf

from revenue.models import Customer, Movement
from revenue.queries.known import DIMENSIONS, OWNER, ends, knows_history, last_whole, month, window
from revenue.queries.months import movements
from revops_site.kernel import periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY, RateOn, rates
from revops_site.kernel.queries import cut

KNOWN = {**DIMENSIONS, **OWNER, "reason": "churn_reason"}
CONVERTED = ("mrr", "starting", "year_ago")


def gone(slice_: Slice) -> QuerySet[Customer]:
    """The customers whose churn date lies in the period."""
    return cut(Customer.objects.all(), slice_, when="churn_date", dimensions=KNOWN)


def lost(slice_: Slice) -> QuerySet[Customer]:
    """As ``gone``, each with ``rate``, ``paid`` before, its ``value``, ``reason``, owner_name.

    What one paid whom no MRR is known of is null.
    """
    return gone(slice_).annotate(
        owner_name=F("owner__name"),
        rate=rate_on(slice_, F("churn_date")),
        paid=NullIf("last_mrr", Value(0), output_field=MONEY),
        value=ExpressionWrapper(F("paid") * F("rate"), MONEY),
        reason=Coalesce(NullIf("churn_reason", Value("")), Value("Unknown")),
    )


def present(slice_: Slice) -> QuerySet[Customer]:
    """The customers at the start of the slice's last whole month, by start and churn date.

    Each with owner_name and ``leaves``: whether it left in that month. Who left on an unknown day
    is not among them.
    """
    at = last_whole(slice_)
    if at is None:
        return Customer.objects.none().annotate(owner_name=F("owner__name"), leaves=_is(Q(pk="")))
    rows = cut(Customer.objects.all(), slice_, when=None, dimensions={**DIMENSIONS, **OWNER})
    stays = Q(churn_date__isnull=True, churned_flag=False)
    return rows.filter(stays | Q(churn_date__gte=at), start_date__lt=at).annotate(
        owner_name=F("owner__name"),
        leaves=_is(Q(churn_date__isnull=False, churn_date__lt=periods.month(at).end)),
    )


def paying(slice_: Slice) -> QuerySet[Movement]:
    """Who pays at the slice's month, each with ``rate`` and ``value``."""
    return _at_month(slice_).filter(mrr__gt=0)


def of_a_year_ago(slice_: Slice) -> QuerySet[Movement]:
    """Who paid twelve months before the slice's month, with ``year_ago_value``."""
    return _at_month(slice_).filter(year_ago__gt=0)


def moved(slice_: Slice, kind: str) -> QuerySet[Movement]:
    """The movements of a kind in the slice's months, each with ``rate`` and ``moved_value``."""
    return _in_window(slice_).filter(kind=kind)


def balance(slice_: Slice) -> QuerySet[Movement]:
    """All that the slice's months began with and that moved in them, with both rates.

    ``opens`` and ``closes`` say of a row that it is of the first or of the last month.
    """
    first, last = window(slice_) or (slice_.as_of, slice_.as_of)
    rows = _in_window(slice_).filter(Q(starting__gt=0) | Q(mrr__gt=0))
    return rows.annotate(opens=_is(Q(month=first)), closes=_is(Q(month=last)))


def listed(slice_: Slice) -> QuerySet[Movement]:
    """Who pays at the slice's month, with all that is listed of them.

    What moved in the ledger's first month is not known: nobody knows the month before.
    """
    rows = _moved_by(paying(slice_))
    if not knows_history(slice_):
        rows = rows.annotate(year_ago_value=Value(None, output_field=MONEY))
    return named(rows)


def left(slice_: Slice) -> QuerySet[Movement]:
    """Who left in the slice's months, with the same columns."""
    return named(_moved_by(moved(slice_, Movement.Kind.CHURN)))


def is_kind(kind: str) -> Q:
    """What makes a listed customer one that moved so."""
    return Q(movement=kind)


def _is(what: Q) -> Combinable:
    return ExpressionWrapper(what, BooleanField())


def _moved_by(rows: QuerySet[Movement]) -> QuerySet[Movement]:
    known = ends()
    first = When(month=known[0] if known else None, then=Value(None))
    by = ExpressionWrapper((F("mrr") - F("starting")) * F("rate"), MONEY)
    return rows.annotate(
        movement=Case(first, default=F("kind"), output_field=CharField()),
        moved_by=Case(first, default=by, output_field=MONEY),
    )


def named(rows: QuerySet[Movement]) -> QuerySet[Movement]:
    """The rows with ``account_name``, ``account_id``, ``owner_name``, start_date."""
    return rows.annotate(
        account_name=F("listed__account_name"),
        account_id=F("listed__account_id"),
        owner_name=F("listed__owner__name"),
        start_date=F("listed__start_date"),
    )


def _at_month(slice_: Slice) -> QuerySet[Movement]:
    at = month(slice_)
    if at is None:
        return _valued(Movement.objects.none().annotate(rate=Value(None, output_field=MONEY)))
    known = rates(slice_.currency, min(periods.month(at).last_day, slice_.as_of))
    pairs = [
        When(currency=code, then=Value(rate, output_field=MONEY))
        for code, rate in sorted(known.items())
    ]
    rate = Case(*pairs, default=None, output_field=MONEY)
    return _valued(movements(slice_, at, at).annotate(rate=rate))


def _in_window(slice_: Slice) -> QuerySet[Movement]:
    """Each with the ``rate`` of its month's end and ``rate_before``, of the month's end before.

    Either is null where none is known.
    """
    found = window(slice_)
    rows = movements(slice_, *found) if found else Movement.objects.none()
    end = _day("LEAST((%(expressions)s + interval '1 month - 1 day')::date, DATE '{}')", slice_)
    before = Func(F("month"), template="(%(expressions)s - 1)", output_field=DateField())
    return _valued(rows.annotate(rate=rate_on(slice_, end))).annotate(
        rate_before=rate_on(slice_, before),
        started_value=ExpressionWrapper(F("starting") * F("rate_before"), MONEY),
        moved_value=ExpressionWrapper(
            Func(F("mrr") - F("starting"), function="abs", output_field=MONEY) * F("rate"), MONEY
        ),
    )


def _day(template: str, slice_: Slice) -> Func:
    day: date = slice_.as_of
    return Func(F("month"), template=template.format(day), output_field=DateField())


def _valued(rows: QuerySet[Movement]) -> QuerySet[Movement]:
    return rows.annotate(
        value=ExpressionWrapper(F("mrr") * F("rate"), MONEY),
        year_ago_value=ExpressionWrapper(F("year_ago") * F("rate"), MONEY),
    )


def rate_on(slice_: Slice, day: Combinable, of: str = "currency") -> Combinable:
    """The rate of a row's currency into the reporting one on a day; null where none is known."""
    own = Value(slice_.currency)
    return Case(
        When(**{of: slice_.currency}, then=Value(1, output_field=MONEY)),
        default=RateOn(F(of), own, day),
        output_field=MONEY,
    )
