"""The checks of the data's quality, those that make numbers wrong before those that are odd."""

from insights.queries.quality import Check
from insights.rules.quality.days import FUTURE
from insights.rules.quality.deals import DEALS
from insights.rules.quality.history import HISTORY
from insights.rules.quality.money import MONEY
from insights.rules.quality.orphans import ORPHANS
from insights.rules.quality.people import PEOPLE

SEVERITIES = ("wrong", "missing", "odd")


def _rank(check: Check) -> int:
    return SEVERITIES.index(check.severity)


CHECKS: tuple[Check, ...] = tuple(
    sorted((*DEALS, *HISTORY, *MONEY, *PEOPLE, *FUTURE, *ORPHANS), key=_rank)
)

__all__ = ["CHECKS"]
