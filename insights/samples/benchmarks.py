"""Pretend benchmarks: what a company of this kind aims at, per channel and segment."""

from __future__ import annotations

import pandas as pd

from revops_site.kernel.world import World
from revops_site.kernel.world.company import SEGMENTS

Range = tuple[float, float, float]
Ranges = tuple[Range, Range, Range]

# Target, lowest and highest cost per lead, for SMB, MM and ENT.
CPL: dict[str, Ranges] = {
    "Google Ads": ((25, 15, 50), (45, 25, 80), (100, 50, 200)),
    "Facebook Ads": ((20, 10, 35), (35, 20, 60), (80, 40, 150)),
    "LinkedIn": ((60, 35, 90), (90, 50, 150), (150, 75, 300)),
    "Content Marketing": ((20, 10, 35), (40, 20, 65), (90, 45, 160)),
    "Partner Webinars": ((40, 25, 70), (55, 30, 100), (90, 50, 160)),
}
# The share that goes on: Lead → MQL → SQL → Opportunity, Discovery → Demo → Negotiation → won.
STEPS = (
    (0.65, 0.60, 0.55),
    (0.30, 0.25, 0.20),
    (0.80, 0.75, 0.70),
    (0.60, 0.55, 0.50),
    (0.45, 0.40, 0.35),
    (0.65, 0.60, 0.55),
)
STEP_TOLERANCE = 0.2
TARGETS: tuple[tuple[str, str, Ranges], ...] = (
    ("sales_cycle_by_segment", "days", ((60, 30, 90), (120, 90, 180), (240, 180, 360))),
    ("nrr_targets", "number", ((1.05, 0.95, 1.15), (1.08, 1.0, 1.2), (1.12, 1.05, 1.25))),
    ("ltv_cac_targets", "ratio", ((3.0, 2.5, 5.0), (4.0, 3.0, 6.0), (5.0, 3.5, 8.0))),
    ("win_rate_targets", "percentage", ((0.25, 0.2, 0.35), (0.2, 0.15, 0.3), (0.15, 0.1, 0.25))),
    ("cac_payback_targets", "months", ((12, 6, 18), (18, 12, 24), (24, 18, 36))),
    ("gross_margin", "percentage", ((0.74, 0.7, 0.8), (0.78, 0.74, 0.84), (0.82, 0.78, 0.88))),
)


def benchmarks(world: World) -> pd.DataFrame:
    """One row per target or range; percentages from 0 to 1. The same for every world.

    The rows of ``stage_conversion_benchmarks`` stand in the order of the steps, as they carry no
    step of their own.
    """
    codes = [segment.code for segment in SEGMENTS]
    rows: list[tuple[str, str, str, float, float, float, str]] = []
    for channel, ranges in CPL.items():
        for code, range_ in zip(codes, ranges, strict=True):
            rows.append(("channel_cpl_range", channel, code, *range_, "currency"))
    for shares in STEPS:
        for code, share in zip(codes, shares, strict=True):
            low, high = share * (1 - STEP_TOLERANCE), share * (1 + STEP_TOLERANCE)
            rows.append(("stage_conversion_benchmarks", code, code, share, low, high, "percentage"))
    for measure, unit, ranges in TARGETS:
        for code, range_ in zip(codes, ranges, strict=True):
            rows.append((measure, code, code, *range_, unit))
    columns = ["metric_type", "category", "subcategory", "target_value", "min_value", "max_value"]
    frame = pd.DataFrame(rows, columns=[*columns, "unit"])
    frame[columns[3:]] = frame[columns[3:]].astype("float64").round(4)
    frame.insert(0, "benchmark_id", [f"BENCH_{place:03d}" for place in range(1, len(frame) + 1)])
    labels = frame["metric_type"].str.replace("_", " ").str.capitalize()
    frame["description"] = labels + ": " + frame["category"] + ", " + frame["subcategory"]
    return frame
