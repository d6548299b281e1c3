"""Pretend marketing: what campaigns cost and brought each day, and who met them."""

from __future__ import annotations

from marketing.samples.channels import marketing_channels
from marketing.samples.touchpoints import touchpoints
from revops_site.kernel.world.files import File

__all__ = ["FILES", "marketing_channels", "touchpoints"]

FILES = (File("marketing_channels", marketing_channels), File("touchpoints", touchpoints))
