"""How the open deals spread over the bands, what costs them points, and where that is going."""

from __future__ import annotations

import pandas as pd

from pipeline import metrics
from pipeline.analytics import bands
from pipeline.charts import health as charts
from pipeline.panels.health import known
from pipeline.panels.health.judged import rules
from pipeline.panels.known import OPEN
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import measure
from revops_site.kernel.panels import Panel, Shown

NOTHING = "No open deal is scored."
TONES = {"Healthy": "good", "At Risk": "warn", "Critical": "bad"}


def distribution(slice_: Slice) -> pd.DataFrame:
    """One row a band: deals and amount with their shares, which add up to 100 as shown."""
    found = bands.distribution(known.by_band(slice_))
    if not found["deals"].any():
        return found.assign(amount_shown=0.0, deals_shown=0.0, scores="").iloc[:0]
    return found.assign(
        amount_shown=bands.rounded(found["amount_share"]),
        deals_shown=bands.rounded(found["deals_share"]),
        scores=_scores(),
    )


def _scores() -> list[str]:
    """From which score to which each band is."""
    least = [start for _, start in rules().bands]
    return [
        f"{start}–{end}"
        for start, end in zip(least, [100, *(one - 1 for one in least[:-1])], strict=True)
    ]


def components(slice_: Slice) -> pd.DataFrame:
    """One row a component: its mean points, the most it can have, and what is lost."""
    found = known.totals(slice_)
    count = found["scored_deals"]
    names = [metric.label for metric in metrics.COMPONENT_METRICS]
    points = [measure(metric, found).value for metric in metrics.COMPONENT_METRICS]
    rows = pd.DataFrame(
        {"component": names, "points": points, "most": list(rules().weights.values())}
    ).astype({"points": "float64", "most": "int64"})
    rows = rows.assign(lost=rows["most"] - rows["points"])
    rows = rows.assign(lost_share=rows["lost"] / rows["most"])
    return rows if count else rows.iloc[:0]


def course(slice_: Slice) -> pd.DataFrame:
    """The share at risk, the score and the counts of the Mondays that were kept."""
    figures = (metrics.AT_RISK_SHARE, metrics.AVG_HEALTH, *metrics.BAND_METRICS)
    rows = [
        (formats.show(day.date(), "date"), *(measure(one, week).value for one in figures))
        for day, week in known.weeks(slice_).items()
    ]
    names = [one.field for one in figures]
    found = pd.DataFrame(rows, columns=["week", *names])
    return found.astype(dict.fromkeys(names, "float64"))


DISTRIBUTION = Panel(
    slug="health-distribution",
    title="How healthy are the deals?",
    question="Open deals by their health score, from 0 to 100.",
    frame=distribution,
    figure=charts.bands,
    columns=(
        Shown("health_category", "Band", tone=TONES),
        Shown("scores", "Score"),
        Shown("deals", "Deals", "integer"),
        Shown("deals_shown", "Of deals", "percent", help="Rounded so that they add up to 100."),
        Shown("amount", "Amount", "money"),
        Shown("amount_shown", "Of amount", "percent", help="Rounded so that they add up to 100."),
        Shown("amount_share", "Exact share of the amount", "percent2", filed=True),
        Shown("deals_share", "Exact share of the deals", "percent2", filed=True),
    ),
    dimensions=OPEN,
    unit="money",
    note=known.notes,
    nothing=NOTHING,
    contract="/pipeline/health/distribution.json",
)
COMPONENTS = Panel(
    slug="health-components",
    title="What costs them points?",
    question="The mean points of each component beside the most that it can have.",
    frame=components,
    figure=charts.components,
    columns=(
        Shown(
            "component",
            "Component",
            help="Each is explained in the glossary.",
        ),
        Shown(
            "points",
            "Points",
            "decimal1",
            metric={one.label: one for one in metrics.COMPONENT_METRICS},
        ),
        Shown("most", "At most", "integer"),
        Shown("lost", "Lost", "decimal1"),
        Shown("lost_share", "Lost of it", "percent", meter=True),
    ),
    dimensions=OPEN,
    nothing=NOTHING,
)
COURSE = Panel(
    slug="health-course",
    title="Where is it going?",
    question="The share of the open amount at risk or critical, as it was kept each Monday.",
    frame=course,
    figure=charts.weeks,
    columns=(
        Shown("week", "Monday"),
        Shown("at_risk_share", "At risk", "percent", help=metrics.AT_RISK_SHARE.meaning),
        Shown("avg_pipeline_health", "Health", "decimal1", help=metrics.AVG_HEALTH.meaning),
        Shown("healthy_count", "Healthy", "integer"),
        Shown("monitor_count", "Monitor", "integer"),
        Shown("at_risk_count", "At Risk", "integer"),
        Shown("critical_count", "Critical", "integer"),
    ),
    dimensions=OPEN,
    width="col-12",
    nothing="No Monday was kept yet. Mondays are kept in the background within minutes of a load.",
)
