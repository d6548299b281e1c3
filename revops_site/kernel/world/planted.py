"""What is odd on purpose: the days, weeks and breaks that a scan of the company's series finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from revops_site.kernel.world import company
from revops_site.kernel.world.frame import World


@dataclass(frozen=True)
class Planted:
    """A series of the company, or of the part of it, that is odd on a day or from a day on."""

    kind: Literal["anomaly", "break"]
    series: str
    day: date
    by: str = ""
    part: str = ""


def planted(world: World) -> tuple[Planted, ...]:
    """All of it, for the files of this world."""
    return (
        Planted("anomaly", "spend", world.spike_day),
        Planted("anomaly", "spend", world.spike_day, "channel", "Google Ads"),
        *(Planted("anomaly", "spend", world.spike_day, "region", geo) for geo in ("US", "EMEA")),
        Planted("anomaly", "leads", world.outage_day),
        Planted("anomaly", "spend", world.declined_day),
        Planted("anomaly", "spend", world.declined_day, "channel", company.LINKEDIN),
        Planted("anomaly", "ctr", world.bots_day, "channel", company.FACEBOOK),
        Planted("anomaly", "activities", world.offsite[0]),
        Planted("anomaly", "activities", world.offsite[0], "team", "Americas"),
        Planted("break", "mqls", world.facebook_breaks, "channel", company.FACEBOOK),
    )
