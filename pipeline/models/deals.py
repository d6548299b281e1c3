"""The deals."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Collate, Lower

from revops_site.kernel.models import Loaded, currency_field


class Deal(Loaded):
    """An opportunity with its owner, its stage and its money.

    ``account`` and ``pipeline`` may point at what was never loaded: that is reported, not refused.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        WON = "won", "Won"
        LOST = "lost", "Lost"

    deal_id = models.CharField(max_length=120, primary_key=True)
    account = models.ForeignKey(
        "kernel.Account",
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    account_name = models.CharField(max_length=200, blank=True)
    opportunity_name = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(
        "kernel.Rep",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
    )
    manager_name = models.CharField("manager", max_length=200, blank=True)
    region = models.CharField(max_length=80, blank=True)
    segment = models.CharField(max_length=40, blank=True)
    pipeline = models.ForeignKey(
        "pipeline.Pipeline",
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    stage_name = models.CharField("stage", max_length=120)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = currency_field()
    created_at = models.DateField("created")
    close_date = models.DateField("expected close", null=True, blank=True)
    closed_at = models.DateField("closed", null=True, blank=True)
    status = models.CharField(max_length=4, choices=Status)
    lost_reason = models.CharField(max_length=200, blank=True)
    probability = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    # What counts: by hand where somebody said so, else the file's own, which is kept beside it.
    forecast_category = models.CharField(max_length=40, blank=True)
    file_category = models.CharField(
        "forecast category", max_length=40, blank=True, default="", db_default=""
    )
    last_stage_change = models.DateField(null=True, blank=True)
    last_activity_at = models.DateField(null=True, blank=True)
    # The day that counts: of the next step set by hand, else the file's, which is kept beside it.
    next_activity_at = models.DateField(null=True, blank=True)
    file_next_activity_at = models.DateField("next activity", null=True, blank=True)
    update_time = models.DateTimeField("last updated in the CRM", null=True, blank=True)
    has_champion = models.BooleanField(null=True, blank=True)
    has_economic_buyer = models.BooleanField(null=True, blank=True)
    discount_pct = models.DecimalField(
        "discount", max_digits=9, decimal_places=6, null=True, blank=True
    )
    source_channel = models.CharField(max_length=120, blank=True)
    is_deleted = models.BooleanField(default=False)
    # Kept with the deals' pasts; empty where no history is recorded.
    state_since = models.DateField("as it is since", null=True, blank=True, editable=False)
    # The first amount that was known, where it has changed since; else ``amount`` is the first.
    first_amount = models.DecimalField(
        max_digits=18, decimal_places=2, null=True, blank=True, editable=False
    )
    first_currency = models.CharField(max_length=3, null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["deal_id"]
        indexes: ClassVar = [
            models.Index(fields=["owner", "status"], name="pipeline_deal_owner"),
            models.Index(fields=["created_at"], name="pipeline_deal_created"),
            models.Index(fields=["closed_at"], name="pipeline_deal_closed"),
            models.Index(
                fields=["account"],
                condition=Q(account__isnull=False),
                name="pipeline_deal_account",
            ),
            # What is open is a small part, and answered from this index alone.
            models.Index(
                fields=["close_date"],
                include=[
                    *("owner", "pipeline", "stage_name", "segment", "region", "source_channel"),
                    *("forecast_category", "currency", "amount", "probability", "created_at"),
                    *("last_stage_change", "state_since"),
                ],
                condition=Q(status="open", is_deleted=False),
                name="pipeline_deal_open",
            ),
            models.Index(
                fields=["state_since"],
                condition=Q(state_since__isnull=False),
                name="pipeline_deal_since",
            ),
            # A past day asks which of those that are open were so then, and which closed deals
            # that no history tells of were open: few or none.
            models.Index(
                Coalesce("state_since", "created_at"),
                condition=Q(status="open", is_deleted=False),
                name="pipeline_deal_open_from",
            ),
            models.Index(
                fields=["closed_at"],
                condition=Q(state_since=None, is_deleted=False) & ~Q(status="open"),
                name="pipeline_deal_untold",
            ),
            # On which days deals were won in each currency, from this index alone.
            models.Index(
                fields=["currency", "closed_at"],
                condition=Q(status="won", is_deleted=False, amount__isnull=False),
                name="pipeline_deal_won_money",
            ),
            # Names are searched by how they begin, capitals apart, whatever the database's order.
            models.Index(
                Collate(Lower("account_name"), "C"),
                condition=~Q(account_name=""),
                name="pipeline_deal_account_name",
            ),
            models.Index(
                Collate(Lower("opportunity_name"), "C"),
                condition=~Q(opportunity_name=""),
                name="pipeline_deal_name",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="open", closed_at__isnull=True)
                | (Q(status__in=["won", "lost"]) & Q(closed_at__isnull=False)),
                name="pipeline_deal_closed_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.opportunity_name or f"{self.account_name} ({self.deal_id})"
