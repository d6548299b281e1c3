"""Pretend marketing: what campaigns cost, were to cost and brought; who came, and met them."""

from __future__ import annotations

from marketing.samples.budgets import marketing_budgets
from marketing.samples.channels import marketing_channels
from marketing.samples.leads import marketing_leads
from marketing.samples.touchpoints import touchpoints
from revops_site.kernel.world.files import File

__all__ = ["FILES", "marketing_budgets", "marketing_channels", "marketing_leads", "touchpoints"]

FILES = (
    File("marketing_channels", marketing_channels),
    File("marketing_budgets", marketing_budgets),
    File("leads", marketing_leads),
    File("touchpoints", touchpoints),
)
