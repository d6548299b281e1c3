"""The files that loads are timed with, and the tables that PostgreSQL's COPY puts them into.

    python -m benchmarks.loading_files FILE --rows N [--changed]

writes one: ``marketing_channels….csv``, ``pipeline_deals….csv`` or ``pipeline_deals….xlsx``.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path

Cell = str | int | float


@dataclass(frozen=True)
class Case:
    """A dataset: its file's header, the typed columns of a bare table, our keys, our tables.

    ``more`` are the columns that our table has beside those of the file.
    """

    dataset: str
    header: str
    columns: str
    key: str
    indexes: tuple[str, ...]
    tables: tuple[str, ...]
    more: str = ""

    @property
    def names(self) -> str:
        """The bare table's columns, as COPY names them."""
        return ", ".join(line.split()[0] for line in self.columns.strip().split(",\n"))


MARKETING = Case(
    "marketing_channels",
    "date,channel,campaign,segment,geo,spend,impressions,clicks,leads,MQLs,SQLs,opportunities,"
    "closed_won,CAC,CPL,CTR,CVR_stagewise,ROI",
    """
    date date NOT NULL,
    channel varchar(120) NOT NULL,
    campaign varchar(200) NOT NULL,
    segment varchar(40) NOT NULL,
    geo varchar(80) NOT NULL,
    spend numeric(18, 2) NOT NULL,
    impressions bigint NOT NULL,
    clicks bigint NOT NULL,
    leads bigint NOT NULL,
    mqls bigint NOT NULL,
    sqls bigint NOT NULL,
    opportunities bigint NOT NULL,
    closed_won bigint NOT NULL,
    cac float8,
    cpl float8,
    ctr float8,
    cvr float8,
    roi numeric(18, 4)
    """,
    # The loader's key, but for the spelling of the day: a generated column may not depend on
    # settings.
    r"""
    key uuid GENERATED ALWAYS AS (md5(
        (date - DATE '2000-01-01')::text || E'\x1f' || channel || E'\x1f' || campaign || E'\x1f'
        || segment || E'\x1f' || geo
    )::uuid) STORED PRIMARY KEY
    """,
    ("(date)", "(campaign, date)"),
    ("marketing_marketingday", "marketing_marketingrollup", "marketing_campaignmonth"),
)
DEALS = Case(
    "pipeline_deals",
    "deal_id,account,segment,owner,stage,amount,created_at,expected_close,last_stage_change,"
    "probability,expected_value,status,closed_at,source_channel",
    """
    deal_id varchar(120) NOT NULL,
    account_name varchar(200) NOT NULL,
    segment varchar(40) NOT NULL,
    owner varchar(120),
    stage varchar(120) NOT NULL,
    amount numeric(18, 2),
    created_at date NOT NULL,
    close_date date,
    last_stage_change date,
    probability numeric(9, 6),
    expected_value numeric(18, 2),
    status varchar(20) NOT NULL,
    closed_at date,
    source_channel varchar(120) NOT NULL
    """,
    "PRIMARY KEY (deal_id)",
    (
        "(deal_id varchar_pattern_ops)",
        "(owner, status)",
        "(created_at)",
        "(closed_at)",
        "(account_id) WHERE account_id IS NOT NULL",
        "(lower(account_name) COLLATE \"C\") WHERE account_name <> ''",
        "(lower(opportunity_name) COLLATE \"C\") WHERE opportunity_name <> ''",
        "(close_date) INCLUDE (owner, pipeline_id, stage, segment, region, source_channel, "
        "forecast_category, currency, amount, probability, created_at, last_stage_change) "
        "WHERE status = 'Open' AND NOT is_deleted",
    ),
    (
        *("pipeline_deal", "pipeline_dealchange", "pipeline_dealflowday"),
        *("pipeline_dealflowweek", "pipeline_opendealstock", "kernel_rep"),
    ),
    """
    account_id varchar(120),
    opportunity_name varchar(200) NOT NULL DEFAULT '',
    manager_name varchar(200) NOT NULL DEFAULT '',
    region varchar(80) NOT NULL DEFAULT '',
    pipeline_id varchar(60),
    currency varchar(3) NOT NULL DEFAULT 'USD',
    lost_reason varchar(200) NOT NULL DEFAULT '',
    forecast_category varchar(40) NOT NULL DEFAULT '',
    last_activity_at date,
    next_activity_at date,
    update_time timestamptz,
    has_champion boolean,
    has_economic_buyer boolean,
    discount_pct numeric(9, 6),
    is_deleted boolean NOT NULL DEFAULT false,
    row_created_at timestamptz NOT NULL DEFAULT now(),
    row_updated_at timestamptz NOT NULL DEFAULT now(),
    load_id bigint DEFAULT 1
    """,
)
CASES = (MARKETING, DEALS)
PLACES = tuple(
    product(
        ("Google Ads", "LinkedIn", "Meta", "Email", "Events", "Partners", "Organic", "Webinars"),
        tuple(f"Campaign {n:02d}" for n in range(20)),
        ("SMB", "MM", "ENT"),
        ("US", "EU", "APAC", "LATAM"),
    )
)
STAGES = (("Lead", 0.1), ("Demo", 0.25), ("Proposal", 0.5), ("Contract", 0.75))


def main() -> int:
    """Write one file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--changed", action="store_true", help="every tenth row is another")
    asked = parser.parse_args()
    case = next(case for case in CASES if asked.file.name.startswith(case.dataset))
    cells = (_days if case is MARKETING else _deals)(asked.rows, asked.changed)
    write = _sheet if asked.file.suffix == ".xlsx" else _text
    write(asked.file, case.header.split(","), cells)
    return 0


def _text(path: Path, header: Sequence[str], rows: Iterator[Sequence[Cell]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _sheet(path: Path, header: Sequence[str], rows: Iterator[Sequence[Cell]]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Deals")
        sheet.write_row(0, 0, header)
        for at, row in enumerate(rows, start=1):
            sheet.write_row(at, 0, row)


def _days(rows: int, changed: bool) -> Iterator[Sequence[Cell]]:
    """Days of campaigns; ``changed`` ones spend more."""
    import numpy as np

    chance = np.random.default_rng(7)
    spends = chance.integers(1_000, 500_000, rows)
    counts = np.cumsum(chance.integers(0, 50, (rows, 7)), axis=1)[:, ::-1]
    if changed:
        spends[::10] += 1
    for nth, (cents, each) in enumerate(zip(spends.tolist(), counts.tolist(), strict=True)):
        spend = cents / 100
        impressions, clicks, leads, *_, won = each
        day = str(date(2022, 1, 1) + timedelta(days=nth // len(PLACES)))
        ratios = ((spend, won, 2), (spend, leads, 2), (clicks, impressions, 4), (leads, clicks, 4))
        told = (round(part / of, digits) if of else "" for part, of, digits in ratios)
        yield [day, *PLACES[nth % len(PLACES)], spend, *each, *told, nth % 4000 / 10]


def _deals(rows: int, changed: bool) -> Iterator[Sequence[Cell]]:
    """Deals of sixty people; ``changed`` ones are worth more."""
    import numpy as np

    chance = np.random.default_rng(7)
    drawn = chance.integers(0, 10_000, (rows, 3)).tolist()
    for nth, (worth, day, fate) in enumerate(drawn):
        channel, _, segment, _ = PLACES[nth % len(PLACES)]
        stage, probability = STAGES[fate % 4]
        status = ("Open", "Closed_Won", "Closed_Lost")[fate % 3]
        amount = 100 + 4 * worth + (4 if changed and nth % 10 == 0 else 0)
        created = date(2022, 1, 1) + timedelta(days=day % 1000)
        moved, closes = created + timedelta(days=fate % 90), created + timedelta(days=120)
        closed = "" if status == "Open" else str(moved)
        yield [
            *(f"D{nth:07d}", f"Account {nth % 50_000}", segment, f"Rep {nth % 60:02d}"),
            *(stage, amount, str(created), str(closes), str(moved)),
            *(probability, amount * probability, status, closed, channel),
        ]


if __name__ == "__main__":
    sys.exit(main())
