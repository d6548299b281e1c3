"""Days between two dates, and dates that lie some days apart, as SQL."""

from __future__ import annotations

from datetime import date

from django.db.models import DateField, Func, IntegerField, Value
from django.db.models.expressions import Combinable

DATE, WHOLE = DateField(), IntegerField()


def days(start: Combinable, end: Combinable) -> Func:
    """Whole days from one date to another: 0 of the same day, below 0 where it ends earlier."""
    return Func(end, start, template="(%(expressions)s)", arg_joiner=" - ", output_field=WHOLE)


def later(day: Combinable, *by: Combinable) -> Func:
    """The date that lies so many days after another."""
    template = "((%(expressions)s)::date)"
    return Func(day, *by, template=template, arg_joiner=" + ", output_field=DATE)


def ago(day: Combinable, by: Combinable) -> Func:
    """The date that lies so many days before another."""
    return Func(day, by, template="(%(expressions)s)", arg_joiner=" - ", output_field=DATE)


def on(day: date) -> Value:
    """A known date."""
    return Value(day, output_field=DATE)
