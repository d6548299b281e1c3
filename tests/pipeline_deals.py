"""A dozen deals whose every sum can be checked by eye, and what loads them."""

from __future__ import annotations

from pathlib import Path

from insights.catalog import DATASETS
from revops_site.kernel import loading

HEADER = (
    "deal_id,account,segment,owner,stage,amount,currency,created_at,expected_close,"
    "last_stage_change,probability,status,closed_at,source_channel,region,pipeline_id,"
    "lost_reason,forecast_category,next_activity_at"
)
# Ana has three open deals, one of them stuck and one past due; Cy's accounts are called Canary.
DEALS = (
    "A1,Acme,SMB,ana,Discovery,100000,USD,2025-05-01,2025-08-01,2025-05-02,,open,,LinkedIn,EMEA,"
    "new,,Pipeline,2025-07-03",
    "A2,Bolt,ENT,ana,Negotiation,60000,EUR,2025-03-01,2025-06-10,2025-06-30,0.5,open,,Referral,"
    "EMEA,new,,Commit,",
    "A3,Corex,SMB,ana,Demo,,USD,2025-06-02,2025-09-01,2025-06-12,,open,,LinkedIn,EMEA,new,,,",
    "A4,Dune,SMB,ana,Closed_Won,40000,USD,2025-01-10,2025-04-10,2025-04-10,,won,2025-04-10,"
    "LinkedIn,EMEA,new,,Closed,",
    "A5,Echo,SMB,ana,Closed_Lost,5000,USD,2025-04-01,2025-05-21,2025-05-21,,lost,2025-05-21,"
    "LinkedIn,EMEA,new,Duplicate,,",
    "A6,Fern,SMB,ana,Closed_Won,8000,USD,2024-01-05,2024-05-10,2024-05-10,,won,2024-05-10,"
    "Referral,EMEA,new,,Closed,",
    "A7,Gale,SMB,ana,Closed_Lost,12000,USD,2024-01-05,2024-06-10,2024-06-10,,lost,2024-06-10,"
    "LinkedIn,EMEA,new,Price,,",
    "C1,Canary One,MM,cy,Demo,30000,USD,2025-04-20,2025-07-15,2025-05-01,,open,,LinkedIn,APAC,"
    "new,,Best Case,2025-06-01",
    "C2,Canary Two,SMB,cy,Demo,20000,USD,2025-05-20,2025-07-15,2025-05-25,,open,,LinkedIn,APAC,"
    "new,,Omitted,",
    "C3,Canary Three,ENT,cy,Closed_Won,10000,EUR,2025-02-01,2025-06-15,2025-06-15,,won,"
    "2025-06-15,Referral,APAC,new,,Closed,",
    "C4,Canary Four,SMB,cy,Closed_Lost,30000,USD,2025-02-02,2025-05-20,2025-05-20,,lost,"
    "2025-05-20,LinkedIn,APAC,new,Price,,",
    "N1,Nobody's,MM,,Discovery,7000,GBP,2025-06-20,2025-10-01,2025-06-20,,open,,,APAC,new,,,",
)
STAGES = (
    "stage_id,pipeline_id,stage_name,stage_order,probability,is_closed",
    "S1,new,Discovery,1,0.2,false",
    "S2,new,Demo,2,0.4,false",
    "S3,new,Proof,3,0.6,false",
    "S4,new,Negotiation,4,0.75,false",
    "S5,new,Closed_Won,5,1,true",
    "S6,new,Closed_Lost,6,0,true",
)
PIPELINES = ("pipeline_id,pipeline_name", "new,New business")
RATES = (
    "date,from_currency,to_currency,rate",
    "2025-01-01,EUR,USD,1.25",
    "2025-06-28,EUR,USD,1.2",
)
BENCHMARKS = (
    "benchmark_id,metric_type,category,subcategory,target_value,min_value,max_value,unit,description",
    "W1,win_rate_targets,SMB,SMB,0.6,0.55,0.7,percentage,",
    "Y1,sales_cycle_by_segment,SMB,SMB,60,30,80,days,",
)
FILES = {
    "pipelines": PIPELINES,
    "stages": STAGES,
    "fx_rates": RATES,
    "benchmarks": BENCHMARKS,
    "pipeline_deals": (HEADER, *DEALS),
}


def load(folder: Path, deals: tuple[str, ...] = DEALS) -> loading.Report:
    """Load these deals and what they are held against through the front door."""
    paths = []
    for name, lines in {**FILES, "pipeline_deals": (HEADER, *deals)}.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text("\n".join(lines) + "\n")
    return loading.load(paths, DATASETS, strict=True)
