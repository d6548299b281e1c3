"""How deals are sold and, if they are projects, carried out: the pipelines and their stages."""

from __future__ import annotations

from dataclasses import dataclass

from revops_site.kernel.world.company import LOST, OPEN_STAGES, WON

COMMERCIAL, PROJECTS = 0, 1
SELLING = len(OPEN_STAGES)


@dataclass(frozen=True)
class Stage:
    """A step of a pipeline. ``pace``: days an execution stage really takes, on average.

    ``expected_days`` is the benchmark, after ``rotten_days`` a deal counts as stuck,
    ``days_to_invoice`` are expected from entering the stage to the invoice.
    """

    name: str
    probability: float
    expected_days: int | None = None
    rotten_days: int | None = None
    days_to_invoice: int | None = None
    pace: float = 0.0

    @property
    def is_execution(self) -> bool:
        """Whether the customer has ordered and the work is being done."""
        return self.pace > 0

    @property
    def is_closed(self) -> bool:
        """Whether a deal in it is decided."""
        return self.name in {WON, LOST}


@dataclass(frozen=True)
class Pipeline:
    """A way of selling: its stages, in order; the first three sell, the last two are the ends."""

    id: str
    name: str
    stages: tuple[Stage, ...]


ENDS = (Stage(WON, 1.0), Stage(LOST, 0.0))
PIPELINES = (
    Pipeline(
        "PIPE_1",
        "Commercial",
        (
            Stage("Discovery", 0.25, expected_days=25, rotten_days=60),
            Stage("Demo", 0.45, expected_days=30, rotten_days=75),
            Stage("Negotiation", 0.75, expected_days=35, rotten_days=90),
            *ENDS,
        ),
    ),
    Pipeline(
        "PIPE_2",
        "Projects",
        (
            Stage("Discovery", 0.25, expected_days=40, rotten_days=90),
            Stage("Site Survey", 0.45, expected_days=50, rotten_days=110),
            Stage("Negotiation", 0.75, expected_days=60, rotten_days=120, days_to_invoice=60),
            Stage("Order Received", 1.0, 14, 30, days_to_invoice=43, pace=17.0),
            Stage("Approved", 1.0, 2, 10, days_to_invoice=29, pace=4.0),
            Stage("Awaiting Payment", 1.0, 5, 15, days_to_invoice=27, pace=7.0),
            Stage("Site Readiness", 1.0, 5, 15, days_to_invoice=22, pace=8.0),
            Stage("Everything Ready", 1.0, 5, 15, days_to_invoice=17, pace=6.0),
            Stage("Under Progress", 1.0, 2, 10, days_to_invoice=12, pace=7.0),
            Stage("MDD", 1.0, 2, 10, days_to_invoice=12, pace=4.0),
            Stage("GCC", 1.0, 3, 10, days_to_invoice=10, pace=5.0),
            Stage("GR", 1.0, 7, 14, days_to_invoice=7, pace=9.0),
            *ENDS,
        ),
    ),
)
EXECUTION = tuple(stage for stage in PIPELINES[PROJECTS].stages if stage.is_execution)
