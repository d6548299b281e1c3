"""What the files promise that every domain needs: people, accounts, yardsticks, calendars."""

from insights.datasets.benchmarks import BENCHMARKS
from insights.datasets.calendar import FX_RATES, HOLIDAYS
from insights.datasets.people import ACCOUNTS, REPS, TEAMS

DATASETS = (TEAMS, REPS, ACCOUNTS, FX_RATES, HOLIDAYS, BENCHMARKS)

__all__ = ["ACCOUNTS", "BENCHMARKS", "DATASETS", "FX_RATES", "HOLIDAYS", "REPS", "TEAMS"]
