"""What a file of touches promises: who was reached by what, on the way to which deal."""

from __future__ import annotations

from marketing import rollups
from revops_site.kernel.datasets import Column, Dataset, Reference, Touch


def _text(name: str, meaning: str, *aliases: str) -> Column:
    return Column(name, "text", meaning, aliases=aliases, required=False, nullable=True)


TOUCHPOINTS = Dataset(
    name="touchpoints",
    model="marketing.Touchpoint",
    meaning="One row per touch of a lead by a channel.",
    key=("touch_id",),
    days=("touched_at",),
    columns=(
        Column("touch_id", "text", "The touch's id."),
        _text("lead_id", "Who was touched."),
        _text("account_id", "The company that they are of."),
        _text("deal_id", "The deal that it led to.", "opportunity_id", "conversion_id"),
        Column("channel", "text", "What touched them."),
        _text("campaign", "The campaign."),
        _text("segment", "The account's size."),
        _text("region", "The region.", "geo"),
        Column("touched_at", "instant", "When."),
        _text("type", "Click, form, webinar, event, mail …", "touch_type"),
    ),
    touches=(
        Touch(rollups.DEALS, ("NULLIF(deal_id, '')",)),
        Touch(rollups.LEADS, ("NULLIF(lead_id, '')",)),
    ),
    references=(
        Reference("account_id", "kernel.Account", "account_id", "name an unknown account"),
    ),
)
