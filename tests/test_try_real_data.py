"""The pages say what the plain program of the documentation finds in the files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.test import Client

from insights.catalog import DATASETS
from revops_site.kernel import loading
from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser

FILES = {
    "marketing_channels": (
        "date,channel,campaign,segment,geo,spend,impressions,clicks,leads,MQLs,SQLs,opportunities,"
        "closed_won,CAC,CPL,CTR,CVR_stagewise,ROI",
        "2025-01-01,Email,A,SMB,US,100.25,1000,50,10,5,4,3,2,50.13,10.03,0.05,0.2,120",
        "2025-01-02,Search,B,ENT,EU,900.5,9000,90,30,9,5,4,3,300.17,30.02,0.01,0.33,80",
    ),
    "pipeline_deals": (
        "deal_id,account,segment,owner,stage,amount,created_at,expected_close,last_stage_change,"
        "days_in_stage,probability,expected_value,status,source_channel",
        "D1,Acme,SMB,Ana,Demo,1200.5,2025-01-01,2025-06-01,2025-01-05,9,0.5,600.25,Open,Email",
        "D2,Bolt,MM,Bo,Demo,,2025-01-02,2025-06-01,2025-01-06,8,0.5,,Open,Email",
        "D3,Corex,ENT,Bo,Closed_Won,9000,2025-01-02,2025-01-20,2025-01-20,1,1,9000,Closed_Won,Email",
        "D4,Dune,ENT,Bo,Closed_Lost,700,2025-01-02,2025-01-21,2025-01-21,1,0,0,Closed_Lost,Email",
        "D5,Echo,ENT,Bo,Closed_Lost,800,2025-01-02,2025-01-22,2025-01-22,1,0,0,Closed_Lost,Email",
    ),
    "revenue_customers": (
        "customer_id,account,segment,plan,start_date,mrr,new_mrr,expansion_mrr,contraction_mrr,"
        "churned_flag,churn_date,churn_reason,arpa,nrr",
        "C1,Acme,SMB,Starter,2024-01-05,99.5,0,0,0,False,,,99.5,1",
        "C2,Bolt,MM,Business,2024-03-05,400,0,0,0,False,,,400,1",
        "C3,Corex,SMB,Starter,2024-01-05,0,0,0,0,True,2025-01-15,Price,0,0",
    ),
}


def test_the_pages_say_what_a_plain_program_finds_in_the_files(
    as_user: AsUser, vi: User, workspace: Workspace, tmp_path: Path
) -> None:
    for name, lines in FILES.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert loading.load([tmp_path], DATASETS).exit_code == 0
    page = as_user(vi)
    marketing, pipeline, revenue = (
        kpis(page, slug) for slug in ("marketing", "pipeline", "revenue")
    )
    deals, customers = (rows(page, "pipeline", "deals"), rows(page, "revenue", "customers"))
    segments = rows(page, "pipeline", "win-rate-by-segment")
    won, lost = (sum(row[name] for row in segments) for name in ("won", "lost"))
    left = sum(row["count"] for row in rows(page, "revenue", "churn-reasons"))
    assert program(tmp_path).splitlines() == [
        f"Spend {marketing['total_spend']:.2f}, leads {marketing['total_leads']}, "
        f"customers won {marketing['total_closed_won']}, CAC {marketing['avg_cac']:.2f}",
        f"Open deals {len(deals)}, worth {pipeline['total_pipeline']:.2f}",
        f"Won {won}, lost {lost}, win rate {pipeline['win_rate']:.4f}",
        f"Paying customers {len(customers)}, MRR {revenue['total_mrr']:.2f}, left {left}",
    ]


def program(folder: Path) -> str:
    """What the program of the documentation prints about a folder."""
    text = (Path(settings.BASE_DIR) / "docs/try-real-data.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    command = [sys.executable, "-c", code, str(folder)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def rows(client: Client, page: str, slug: str) -> list[dict[str, float]]:
    answer = client.get(f"/{page}/panels/{slug}.json?period=all")
    found: list[dict[str, float]] = json.loads(answer.getvalue())["rows"]
    return found


def kpis(client: Client, page: str) -> dict[str, float]:
    return {str(row["field"]): row["value"] for row in rows(client, page, f"{page}-kpis")}
