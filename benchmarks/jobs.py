"""Times what the worker reckons anew after a load, on the database of the settings.

    python -m benchmarks.jobs [--job NAME …]

Each job is run as after a load, with nothing in the cache, and once more with nothing new, which
has to be found out within 100 ms. What the jobs keep is written again as it was. Exits with 1 when
a job that has nothing to do takes longer.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping

import django

IDLE_BUDGET_MS = 100


def main() -> int:
    """Print one line per job; 1 when one is over its budget."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--job", action="append", default=[], help="this job alone (repeatable)")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "revops_site.settings")
    django.setup()
    jobs = _jobs()
    print(f"{'job':22} {'after a load':>13} {'of it SQL':>10} {'queries':>8} {'idle':>9}  memory")
    over = [_timed(name, jobs[name]) for name in asked.job or jobs]
    return int(any(over))


def _jobs() -> Mapping[str, Callable[[int], None]]:
    from insights import tasks
    from insights.tasks import watching

    return {
        "insights": tasks.keep_insights.func,
        "KPIs": tasks.keep_kpis.func,
        "quality of the data": tasks.count_quality.func,
        "numbers compared": watching.check_numbers.func,
        "alerts": watching.look_at_alerts.func,
        "months of rules": watching.keep_rule_months.func,
        "anomalies": watching.keep_anomalies.func,
    }


def _timed(name: str, job: Callable[[int], None]) -> bool:
    from django.core.cache import cache
    from django.db import connection

    from benchmarks.pages import Stopwatch
    from insights.models import RuleMonth
    from revops_site.kernel import freshness

    freshness.bump()
    RuleMonth.objects.all().delete()  # told anew where loads brought other days
    cache.clear()
    clock = Stopwatch()
    with connection.execute_wrapper(clock):
        took = _seconds(job)
    idle = _seconds(job) * 1000
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    is_over = idle > IDLE_BUDGET_MS
    print(
        f"{name:22} {took:11.2f} s {sum(clock.milliseconds) / 1000:8.2f} s "
        f"{len(clock.milliseconds):8} {idle:6.1f} ms  {memory} MB{'  OVER' if is_over else ''}"
    )
    return is_over


def _seconds(job: Callable[[int], None]) -> float:
    started = time.perf_counter()
    job(0)
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
