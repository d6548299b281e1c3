"""The Forecast page: will the quarter be made, what decides it, and how good past ones were."""

from __future__ import annotations

from pipeline import queries
from pipeline.panels.known import OPEN
from pipeline.panels.ledgers import DATASETS
from pipeline.panels.outlook.course import PARTS, TREND
from pipeline.panels.outlook.headline import HEADLINE
from pipeline.panels.outlook.record import CALIBRATION, SCORES
from pipeline.panels.outlook.whose import REGIONS, REPS, SEGMENTS, SWING, TEAMS
from revops_site.kernel.panels import Page

PAGE = Page(
    slug="forecast",
    title="Forecast",
    url="/pipeline/forecast/",
    panels=(
        *(HEADLINE, TREND, PARTS, CALIBRATION, SWING, TEAMS, REPS),
        *(SEGMENTS, REGIONS, SCORES),
    ),
    datasets=DATASETS,
    dimensions=OPEN,
    choices=queries.choices,
    default_period="this_quarter",
    dated=False,
    quarterly=True,
)
