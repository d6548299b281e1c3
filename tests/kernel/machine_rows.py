"""Further rows of tables that the worker writes, as it would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.db.models import Model

from insights.models import (
    Alert,
    AlertMail,
    Delivery,
    Firing,
    MadeFile,
    Pattern,
    ScanRun,
    SeriesScan,
    Subscription,
)
from revops_site.kernel import clock
from revops_site.kernel.models import Anomaly, User

DAY = date(2025, 6, 30)


def _anomaly(n: int) -> None:
    day = DAY - timedelta(days=n)
    Anomaly.objects.create(
        series="spend",
        by="channel",
        part=f"C{n}",
        scoped=False,
        grain="day",
        start=day,
        end=day,
        observed=900,
        expected=300,
        z=6,
        relative=2,
        severity="high",
        direction="spike",
        method="stl",
        in_batch=True,
        points=365,
    )


def _pattern(n: int) -> None:
    Pattern.objects.create(
        kind="break",
        series="spend",
        by="channel",
        part=f"C{n}",
        scoped=False,
        since=DAY,
        before=3,
        after=5,
        effect=0.6,
        p=0.001,
        q=0.01,
        weeks=60,
        tests=40,
    )


def _scan(n: int) -> None:
    SeriesScan.objects.create(
        series="spend",
        by="channel",
        part=f"C{n}",
        scoped=False,
        grain="day",
        start=DAY,
        observed=[1.0, None],
        expected=[1.0, None],
        method="stl",
        found=0,
    )


def _run(n: int) -> None:
    ScanRun.objects.create(
        generation=n,
        day=DAY,
        finished_at=clock.now(),
        seconds=2.5,
        scanned=90,
        silent=10,
        years=80.0,
        unusual=12,
        tests=50,
        patterns=3,
    )


def _alert(n: int) -> Alert:
    return Alert.objects.create(
        owner=User.objects.all()[0],
        name=f"Alert {n}",
        metric_slug="marketing-spend",
        kind="odd",
        limit=5.0,
        made_at=clock.now(),
    )


def _firing(n: int) -> None:
    one = _alert(n)
    Firing.objects.create(
        alert=one,
        owner=one.owner,
        text="Spend on 30 Jun 2025",
        day=DAY,
        generation=1,
        fired_at=clock.now(),
    )


def _mail(n: int) -> None:
    AlertMail.objects.create(
        recipient=User.objects.all()[0], rhythm="now", state="sent", changed_at=clock.now()
    )


def _file(n: int) -> None:
    MadeFile.objects.create(
        owner=User.objects.all()[0],
        kind="report",
        title=f"Board report {n}",
        address="/reports/board/",
        suffix="pdf",
        asked_at=clock.now(),
    )


def _subscription(n: int) -> Subscription:
    return Subscription.objects.create(
        owner=User.objects.all()[0],
        title=f"Board report {n}",
        address="/reports/board/",
        suffix="pdf",
        rhythm="weekly",
        made_at=clock.now(),
        next_on=DAY,
    )


def _delivery(n: int) -> None:
    one = _subscription(n)
    Delivery.objects.create(
        subscription=one, recipient=one.owner, due_on=DAY, state="sent", changed_at=clock.now()
    )


MAKERS: Mapping[type[Model], Callable[[int], object]] = {
    Alert: _alert,
    AlertMail: _mail,
    Anomaly: _anomaly,
    Delivery: _delivery,
    Firing: _firing,
    MadeFile: _file,
    Pattern: _pattern,
    ScanRun: _run,
    SeriesScan: _scan,
    Subscription: _subscription,
}


def fill(model: type[Model], count: int) -> None:
    """So many further rows of it."""
    for _ in range(count):
        MAKERS[model](model._base_manager.count())
