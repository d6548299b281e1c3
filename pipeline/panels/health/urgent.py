"""The deals that need somebody now: stuck or urgent, with what to do, with whom, and why."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from pipeline import metrics
from pipeline.analytics.risks import ACTIONS, FLAGS, URGENCIES
from pipeline.panels.health import known
from pipeline.panels.known import DEAL_LINK, FLAGS_LINK, OPEN
from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Flag, Listing
from revops_site.kernel.panels import Shown

LEVELS = {name: name.capitalize() for name in URGENCIES}
RANKED = {f"{place} {name}": LEVELS[name] for place, name in enumerate(URGENCIES, 1)}
RANK_TONES = {"1 CRITICAL": "bad", "2 HIGH": "warn"}
DOING = {"escalate": "Escalate", "call": "Call", "meeting": "Meet", "email": "Mail"}
BANDS = {"Healthy": "good", "At Risk": "warn", "Critical": "bad"}


def _slug(name: str) -> str:
    return name.lower().replace("_", "-")


def _raised(flag: str) -> Flag:
    """A flag that nobody muted."""
    where = Q(risk_flags__contains=[flag]) & ~Q(muted__contains=[flag])
    return Flag(FLAGS[flag], where, f"Flagged {FLAGS[flag]}, and nobody muted it.")


FILTERS = {
    **{
        f"urgency-{_slug(name)}": Flag(LEVELS[name], Q(urgency=name), metrics.URGENT.edge)
        for name in ("CRITICAL", "HIGH")
    },
    "slipping": Flag("Likely to slip", Q(slip_risk="HIGH"), metrics.SLIPPING.meaning),
    **{
        f"do-{name}": Flag(DOING[name], Q(primary_action=name), metrics.NEEDING_ACTION.edge)
        for name in ACTIONS
    },
    **{_slug(flag): _raised(flag) for flag in FLAGS},
    "muted": Flag("Muted", ~Q(muted=[]), "Deals with a flag that somebody muted."),
}


def notes(slice_: Slice) -> Sequence[str]:
    """Which deals are listed."""
    count = int(known.totals(slice_)["scored_deals"])
    return [
        f"Of {count:,} scored deals those that are flagged Stuck, unless somebody muted that, or "
        "whose urgency is critical or high.",
    ]


STUCK_VIEW = Listing(
    slug="stuck-view",
    title="Stuck and urgent deals",
    question="What to do next, with whom and why; the most urgent first, then the largest.",
    rows=known.stuck,
    columns=(
        Shown("deal_name", "Deal", link=DEAL_LINK, steps="stuck-view"),
        Shown("deal_id", "Id"),
        Shown("account_name", "Account", link="/accounts/{account_id}/"),
        Shown("rank", "Urgency", words=RANKED, tone=RANK_TONES, help=metrics.URGENT.edge),
        Shown("primary_action", "Do", words=DOING, help=metrics.NEEDING_ACTION.edge),
        Shown("action_target", "With"),
        Shown("action_reason", "Why"),
        Shown("value", "Amount", "money", help="In the reporting currency at the day's rate."),
        Shown("health_score", "Health", "integer", help=metrics.AVG_HEALTH.meaning),
        Shown("health_category", "Band", tone=BANDS),
        Shown(
            "heeded_display",
            "Flags",
            link=FLAGS_LINK,
            help=metrics.FLAGGED.meaning,
        ),
        Shown("muted_display", "Muted", link=FLAGS_LINK),
        Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
        Shown("slip_risk", "Slip risk", words=LEVELS, help=metrics.SLIPPING.meaning),
        Shown("stage_name", "Stage", drill="stage"),
        Shown("days_in_stage", "In stage", "days", help="Days since it entered its stage."),
        Shown("close_date", "Expected close", "date"),
        Shown("days_until_close", "Until close", "days", help="Below 0 where it is past."),
        Shown("deviation_days", "Over", "days", help="Days in the stage beyond its benchmark."),
        Shown("days_since_activity", "Quiet", "days", help="Days since the last activity."),
        Shown("push_count", "Pushes", "integer", help="Times it was moved to a later month."),
        Shown("segment", "Segment", drill="segment"),
        Shown("region", "Region", drill="region"),
    ),
    key=("less", "deal_id"),
    sort="rank",
    search=("opportunity_name", "account_name", "deal_id", "action_target"),
    groups=("rank", "owner_name", "primary_action", "slip_risk", "stage_name", "segment", "region"),
    sums=("value",),
    hidden=(
        *("deal_id", "health_category", "muted_display", "days_until_close", "deviation_days"),
        *("days_since_activity", "push_count", "segment", "region", "account_name"),
    ),
    flags=FILTERS,
    dimensions=OPEN,
    unit="money",
    noun="deals",
    note=notes,
    contract="/pipeline/health/stuck.json",
)
