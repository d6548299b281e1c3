"""A small marketing file whose every sum can be checked by eye, and what loads it."""

from __future__ import annotations

from pathlib import Path

from insights.catalog import DATASETS
from revops_site.kernel import loading

HEADER = (
    "date,channel,campaign,segment,geo,spend,impressions,clicks,leads,MQLs,SQLs,"
    "opportunities,closed_won,CAC,CPL,CTR,CVR_stagewise,ROI"
)
# Two paid channels and an unpaid one, over seven weeks; LinkedIn's leads are dear in ENT.
ROWS = (
    "2025-05-12,Google Ads,Brand,SMB,US,1000,50000,1000,100,60,20,10,2,500,10,0.02,0.1,400",
    "2025-05-20,Google Ads,Brand,MM,EU,3000,60000,900,60,30,12,6,1,3000,50,0.015,0.0667,2400",
    "2025-06-03,LinkedIn,Launch,ENT,EU,2000,20000,400,5,4,3,3,0,,400,0.02,0.0125,-100",
    "2025-06-10,Organic Search,,SMB,US,0,10000,700,70,35,14,7,2,0,0,0.07,0.1,",
    "2025-06-24,LinkedIn,Launch,ENT,EU,4000,40000,1000,50,25,10,5,1,4000,80,0.025,0.05,4900",
    "2025-06-30,Google Ads,Summer,SMB,US,500,5000,100,10,6,2,1,0,,50,0.02,0.1,-100",
)
BENCHMARKS = (
    "benchmark_id,metric_type,category,subcategory,target_value,min_value,max_value,unit,description",
    "B1,channel_cpl_range,LinkedIn,ENT,80,50,100,currency,",
    "B2,channel_cpl_range,Google Ads,SMB,25,15,50,currency,",
    "B3,stage_conversion_benchmarks,SMB,SMB,0.65,0.52,0.78,percentage,",
    "B4,stage_conversion_benchmarks,SMB,SMB,0.3,0.24,0.36,percentage,",
)


def write(folder: Path, rows: tuple[str, ...] = ROWS, header: str = HEADER) -> Path:
    """The file, with these rows."""
    path = folder / "marketing_channels.csv"
    path.write_text("\n".join((header, *rows)) + "\n")
    return path


def load(folder: Path, rows: tuple[str, ...] = ROWS) -> loading.Report:
    """Load the rows and the benchmarks through the front door; no row may be refused."""
    benchmarks = folder / "benchmarks.csv"
    benchmarks.write_text("\n".join(BENCHMARKS) + "\n")
    return loading.load([write(folder, rows), benchmarks], DATASETS, strict=True)
