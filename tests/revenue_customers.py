"""A few customers whose every sum can be checked by eye, and what loads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from insights.catalog import DATASETS
from revops_site.kernel import loading

CUSTOMERS = (
    "customer_id,account,segment,plan,start_date,mrr,new_mrr,expansion_mrr,contraction_mrr,"
    "churned_flag,churn_date,churn_reason,currency,region,owner",
    "A1,Acme,SMB,Starter,2024-01-05,150,0,0,0,false,,,USD,EMEA,ana",
    "A2,Bolt,ENT,Business,2024-01-05,100,0,0,0,false,,,EUR,EMEA,ana",
    "A3,Corex,SMB,Starter,2024-01-05,0,0,0,0,true,2025-04-15,Price,USD,EMEA,ana",
    "C1,Canary One,MM,Business,2024-01-05,300,0,0,0,false,,,USD,APAC,cy",
    "C2,Canary Two,MM,Business,2025-05-03,80,0,0,0,false,,,USD,APAC,cy",
    "N1,Nobody's,SMB,Starter,2024-01-05,20,0,0,0,false,,,GBP,APAC,",
)
# Whose last day is known, and lies after the data's.
LEAVER = (
    CUSTOMERS[0],
    "A9,Dune,MM,Starter,2024-01-05,90,0,0,0,true,2025-08-31,Price,USD,EMEA,ana",
)
# By customer: what is paid from which month on, until the last one, 2025-06.
PAID = {
    "A1": (("2024-01", 100), ("2025-03", 150)),
    "A2": (("2024-01", 100),),
    "A3": (("2024-01", 50), ("2025-04", 0)),
    "C1": (("2024-01", 400), ("2025-05", 300)),
    "C2": (("2025-05", 80),),
    "N1": (("2024-01", 20),),
}
CURRENCIES = {"A2": "EUR", "N1": "GBP"}
MONTHS = [f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13)][:18]
RATES = (
    "date,from_currency,to_currency,rate",
    "2024-01-01,EUR,USD,1.2",
    "2025-06-30,EUR,USD,1.1",
)
TARGETS = (
    "benchmark_id,metric_type,category,subcategory,target_value,min_value,max_value,unit,description",
    "B1,nrr_targets,SMB,,1.05,0.95,1.15,ratio,NRR of small customers",
    "B2,nrr_targets,MM,,1.08,1.0,1.2,ratio,NRR of mid-market customers",
)


def ledger() -> list[str]:
    """The MRR file: one row per customer and month."""
    lines = ["customer_id,month,mrr,currency"]
    for who, steps in PAID.items():
        for month in MONTHS:
            paid = [mrr for since, mrr in steps if since <= month]
            if paid:
                lines.append(f"{who},{month},{paid[-1]},{CURRENCIES.get(who, 'USD')}")
    return lines


def load(folder: Path, **files: Sequence[str]) -> loading.Report:
    """Load files of these lines by dataset name, together."""
    return loading.load([_written(folder, name, lines) for name, lines in files.items()], DATASETS)


def load_all(folder: Path) -> loading.Report:
    """Load the customers, what they paid, the rates and the targets."""
    return load(
        folder,
        fx_rates=RATES,
        benchmarks=TARGETS,
        revenue_customers=CUSTOMERS,
        customer_mrr=ledger(),
    )


def _written(folder: Path, name: str, lines: Iterable[str]) -> Path:
    path = folder / f"{name}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
