"""The walls that imports cannot show: what every app, table, panel and file keeps to."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from insights.catalog import DATASETS, PAGES
from insights.panels import unusual
from insights.tasks import keep_customers
from marketing.datasets import LEADS, TOUCHPOINTS
from marketing.models import MarketingDay
from pipeline import tasks
from pipeline.datasets import (
    FORECAST_CALLS,
    ORDERS,
    PIPELINE_DEALS,
    QUOTAS,
    STAGE_HISTORY,
    STAGES,
)
from pipeline.models import Backtest
from revenue import tasks as revenue
from revenue.panels import CHURN, OUTLOOK, RENEWALS
from revops_site.kernel import charts, clock
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.loading import rows
from revops_site.kernel.panels import Page, Panel, table
from revops_site.kernel.queries import sharing, workspace
from tests import revenue_customers
from tests.insights import a_series
from tests.revenue.many import load_many
from tests.sample_rows import sample

ROOT = Path(__file__).parent.parent
APPS = ("marketing", "pipeline", "revenue", "coaching", "insights")
ROOMS = {
    *("__init__", "actions", "admin", "analytics", "api", "apps", "catalog", "charts"),
    *("datasets", "management", "metrics", "migrations", "models", "panels", "queries"),
    *("reports", "rollups", "rules", "samples", "sources", "tasks", "urls", "views"),
}
TOP_LEVEL = {
    *("manage.py", "revops_site", *APPS, "templates", "static", "requirements.txt", "tests"),
    *("README.md", "Makefile", "pyproject.toml", "requirements-dev.txt", ".importlinter"),
    *("Dockerfile", "compose.yaml", "docs", "benchmarks", ".ci", ".github", ".env.example"),
    *("LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", ".gitignore", "requirements.in"),
    *("requirements-dev.in", ".dockerignore"),
}
MADE = {".venv", "var", ".git", ".env", ".coverage", "staticfiles"}
LONGEST_FILE = 300
MOST_QUERIES = 8
# A row of figures from three domains; and all that the chances of deals are judged by.
FORECAST = (
    *("forecast-kpis", "forecast-trend", "forecast-parts", "swing-deals", "forecast-by-team"),
    *("forecast-by-rep", "forecast-by-segment", "forecast-by-region", "calls-by-week"),
)
HEALTH = ("health-kpis", "health-distribution", "health-components", "coaching-actions")
CALLS = {"calls": 16, "calls-accuracy": 4, "calls-errors": 4}
# Quotas, wins, open deals and work of each rep, at once.
COACHING = {"coaching-kpis": 6, "coaching-reps": 2, "coaching-compare": 2}
# Scored at once where nobody did before: more than a page asks that comes after the worker.
MORE_QUERIES = {
    "overview-company": 4,
    "owner-kpis": 4,
    # Whether what is kept of journeys is as the deals are, asked once a page.
    "attribution-kpis": 1,
    "loop-campaigns": 1,
    # Each figure at both ends, and two of them taken apart by all that they can be.
    "summary-revenue": 11,
    "summary-pipeline": 25,
    **dict.fromkeys(FORECAST, 13),
    **dict.fromkeys(HEALTH, 30),
    **CALLS,
    **COACHING,
}
DISTRIBUTED_BY = {
    "marketing.MarketingDay": "key",
    "marketing.Lead": "lead_id",
    "marketing.Touchpoint": "touch_id",
    "pipeline.Activity": "deal_id",
    "pipeline.Contact": "deal_id",
    "pipeline.Deal": "deal_id",
    "pipeline.DealChange": "deal_id",
    "pipeline.DealSnapshot": "deal_id",
    "pipeline.Note": "deal_id",
    "pipeline.Order": "deal_id",
    "pipeline.StageVisit": "deal_id",
    "pipeline.StatusEvent": "deal_id",
    "revenue.Customer": "customer_id",
    "revenue.CustomerHealth": "customer_id",
    "revenue.CustomerMonth": "customer_id",
    "revenue.Movement": "customer_id",
    "revenue.Subscription": "customer_id",
}
KEYS = """
    SELECT array_agg(attname ORDER BY place)
    FROM pg_index, unnest(indkey) WITH ORDINALITY AS used (number, place), pg_attribute
    WHERE indrelid = %s::regclass AND indisunique AND attrelid = indrelid AND attnum = used.number
    GROUP BY indexrelid
"""
SLOW = {"pipeline_id": "new", "stage_name": "Discovery", "stage_order": "1", "is_closed": "false"}
ORDER_STAGE = SLOW | {
    "stage_id": "S9",
    "stage_name": "Order Received",
    "stage_order": "9",
    "days_to_invoice": "30",
}
ORDERED = {
    "deal_id": "O1",
    "stage_name": "Order Received",
    "pipeline_id": "new",
    "created_at": "2025-04-01",
    "last_stage_change": "2025-05-20",
}
TOUCH = {
    "touch_id": "T1",
    "deal_id": "A4",
    "channel": "LinkedIn",
    "touched_at": "2025-04-01T10:00:00Z",
}
PANELS = [pytest.param(page, panel, id=panel.slug) for page in PAGES for panel in page.panels]


def sources() -> Iterator[Path]:
    """Every Python file of the product, tests and migrations apart."""
    for top in ("revops_site", *APPS):
        for path in sorted((ROOT / top).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def everything(page: Page, empty: bool = False) -> Slice:
    day = pd.Timestamp("2025-06-30").date()
    return narrow(
        Filters(), Allowed(), day, first_month=1, currency="USD", default_period=page.default_period
    )


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_source_file_is_short_and_opens_with_its_promise(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_FILE
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "a module's docstring states its promise"


@pytest.mark.parametrize("app", APPS)
def test_an_app_has_the_rooms_of_the_house_and_no_others(app: str) -> None:
    found = {path.stem for path in (ROOT / app).iterdir() if path.name != "__pycache__"}
    assert found <= ROOMS


def test_the_top_level_holds_what_the_house_names() -> None:
    found = {path.name for path in ROOT.iterdir()} - MADE
    assert {
        name for name in found if not re.fullmatch(r"\..*_cache|\.hypothesis", name)
    } <= TOP_LEVEL


def test_only_the_clock_asks_what_time_it_is() -> None:
    asks = re.compile(r"\b(date\.today|datetime\.now|datetime\.utcnow|timezone\.now|time\.time)\(")
    guilty = [path for path in sources() if asks.search(path.read_text())]
    assert guilty == [ROOT / "revops_site/kernel/clock.py"]


@pytest.mark.parametrize("app", APPS)
def test_no_foreign_key_crosses_into_another_domain(app: str) -> None:
    for model in apps.get_app_config(app).get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey):
                assert field.related_model._meta.app_label in {app, "kernel", "auth"}, field


@pytest.mark.django_db
@pytest.mark.parametrize(("label", "column"), DISTRIBUTED_BY.items())
def test_every_key_of_a_large_table_leads_with_the_column_it_would_be_distributed_by(
    label: str, column: str
) -> None:
    table = apps.get_model(label)
    with connection.cursor() as cursor:
        cursor.execute(KEYS, [table._meta.db_table])
        keys = [key for (key,) in cursor.fetchall()]
    assert keys
    assert all(key[0] == column for key in keys)


@pytest.mark.django_db
@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_a_dataset_s_key_is_a_key_of_its_table_in_the_database(dataset: Dataset) -> None:
    with connection.cursor() as cursor:
        cursor.execute(KEYS, [dataset.table._meta.db_table])
        keys = [set(key) for (key,) in cursor.fetchall()]
    assert set(dataset.key) in keys


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_every_row_carries_when_it_came_when_it_changed_and_from_where(dataset: Dataset) -> None:
    assert {"row_created_at", "row_updated_at", "load_id"} <= set(dataset.fields)


@pytest.mark.django_db
@pytest.mark.parametrize(("page", "panel"), PANELS)
def test_a_panel_over_an_empty_database_has_its_columns_and_no_rows(
    page: Page, panel: Panel
) -> None:
    frame = table(panel, everything(page))
    assert frame.empty
    assert tuple(frame.columns) == panel.names


@pytest.fixture
def newest_deal(pipeline_deals: None) -> None:
    """A deal of the data's last day: something is new; one that was slow, and an order."""
    deal = sample(PIPELINE_DEALS) | {"created_at": "2025-06-30", "amount": "5000"}
    deals = [deal, deal | ORDERED]
    report = rows.write(PIPELINE_DEALS, deals, kind="app", source="test", by=None)
    assert report.accepted == 2, report.sample
    visit = {"deal_id": "A1", "stage_name": "Discovery", "pipeline_id": "new"}
    moments = {"entered_at": "2025-05-01T10:00:00Z", "exited_at": "2025-06-20T10:00:00Z"}
    visits = [visit | moments, visit | {"stage_name": "Demo", "entered_at": moments["exited_at"]}]
    given = (
        (
            LEADS,
            [{"lead_id": "L1", "created_at": "2025-06-20", "segment": "SMB", "owner_id": "ana"}],
        ),
        (STAGES, [{"stage_id": "S1", "expected_days": "10"} | SLOW, ORDER_STAGE]),
        (STAGE_HISTORY, [{"exited_at": ""} | one for one in visits]),
        (ORDERS, [{"order_id": "O1", "deal_id": "O1", "received_on": "2025-05-20"}]),
        (TOUCHPOINTS, [TOUCH, TOUCH | {"touch_id": "T2", "campaign": "Spring"}]),
        (QUOTAS, [{"rep_id": "ana", "period": "Q2 2025", "quota_amount": "50000"}]),
    )
    for dataset, rows_ in given:
        report = rows.write(dataset, rows_, kind="app", source="test", by=None)
        assert not report.refused, report.sample


@pytest.fixture
def tried_forecast(newest_deal: None) -> None:
    """The days so far are kept, quarters were called, and forecasts tried on closed ones."""
    call = {"rep_id": "ana", "commit_amount": "20000"}
    calls = [
        call | {"period": f"Q2 {year}", "submitted_at": f"{year}-05-10T10:00:00Z"}
        for year in (2024, 2025)
    ]
    assert rows.write(FORECAST_CALLS, calls, kind="app", source="test", by=None).accepted == 2
    tasks.take_snapshots()
    said = {"said": 0.5, "happened": 0.4, "happened_low": 0.2, "happened_high": 0.6, "n": 20}
    trial = Backtest.objects.create(
        as_of="2025-06-30",
        made_at=clock.now(),
        generation=1,
        currency="USD",
        quarters=8,
        method="L0",
        reason="",
        interval_inflation=1.25,
        cells=[],
        early=[],
        calibration={"L0": [said]},
    )
    trial.scores.create(method="L0", weeks="all", n=104, wape=0.2)


@pytest.fixture
def kept_customers(customers: None, page: Page, tmp_path: Path) -> None:
    """For the pages that need them many customers with a history; what the worker keeps of them."""
    if page in (CHURN, OUTLOOK, RENEWALS):
        load_many(tmp_path)
        keep_customers()
        revenue.try_again()
    if page is unusual.PAGE:
        a_series.keep_one_of_each(max(MarketingDay.objects.values_list("date", flat=True)))
    if page.slug == "definitions-notice":
        listed = revenue_customers.load(tmp_path, revenue_customers=revenue_customers.LEAVER)
        assert listed.exit_code == 0


@pytest.mark.parametrize(("page", "panel"), PANELS)
def test_a_panel_draws_from_its_own_columns_with_few_queries(
    page: Page,
    panel: Panel,
    marketing_days: None,
    pipeline_deals: None,
    kept_customers: None,
    tried_forecast: None,
) -> None:
    with sharing():
        workspace()  # which the page has asked for before its panels
        with CaptureQueriesContext(connection) as asked:
            frame = panel.frame(everything(page))
            if panel.tiles:
                assert panel.tiles(everything(page))
    assert set(panel.names) <= set(frame.columns)
    assert not frame.empty
    assert len(asked) <= MOST_QUERIES + MORE_QUERIES.get(panel.slug, 0)
    if panel.figure is not None:
        figure = panel.figure(frame)
        assert go.Figure(data=figure.data, layout=figure.layout).data, "Plotly takes it as it is"
        assert '"--' in charts.to_json(figure), "a trace is painted with a colour token"


@pytest.mark.parametrize(("page", "panel"), PANELS)
def test_a_panel_knows_only_filters_that_its_page_offers(page: Page, panel: Panel) -> None:
    assert set(panel.dimensions) <= set(page.dimensions)
