"""All files of a company together: they see each other, and what is missing is reported."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps

from insights.catalog import DATASETS
from marketing.models import MarketingDay
from pipeline.models import Activity, Deal, Note, Quota
from revops_site.kernel import freshness
from revops_site.kernel.loading import FileReport
from revops_site.kernel.models import DataLoad, Workspace
from revops_site.kernel.signals import rates_changed
from tests.loading.conftest import (
    ACTIVITY,
    DEAL,
    EVERY_ROW,
    MARKETING,
    QUOTA,
    VISIT,
    Load,
    Row,
    Write,
)

LoadOne = Callable[..., FileReport]


@pytest.fixture
def company(load: Load, write: Write) -> None:
    """One row of everything, loaded."""
    for name, row in EVERY_ROW.items():
        folder = write(f"{name}.csv", row).parent
    assert load(folder).exit_code == 0


def test_a_whole_company_loads_in_one_run_without_a_word(load: Load, write: Write) -> None:
    for name, row in EVERY_ROW.items():
        folder = write(f"{name}.csv", row).parent
    report = load(folder)
    assert [file.dataset for file in report.files] == [dataset.name for dataset in DATASETS]
    assert {file.inserted for file in report.files} == {1}
    assert {says for file in report.files for says in file.warnings} == set()
    assert {file.status for file in load(folder).files} == {"unchanged"}


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_a_header_tells_its_dataset_whatever_the_file_is_called(
    load_one: LoadOne, dataset: object
) -> None:
    name = getattr(dataset, "name", "")
    assert load_one("export.csv", EVERY_ROW[name]).dataset == name


def test_a_header_of_which_hardly_anything_is_known_is_no_datasets(load_one: LoadOne) -> None:
    report = load_one("x.csv", {"date": "2024-01-01", "mood": "good", "wind": "strong"})
    assert report.message.startswith("matches no dataset by name or header")


@pytest.mark.parametrize(
    ("name", "changed", "says"),
    [
        ("stage_history", {"deal_id": "D9"}, "deal_id: rows belong to an unknown deal"),
        ("stage_history", {"pipeline_id": "P9"}, "pipeline_id: rows name an unknown pipeline"),
        ("activities", {"deal_id": "D9"}, "deal_id: rows belong to an unknown deal"),
        ("activities", {"contact_id": "c9"}, "contact_id: rows name an unknown contact"),
        ("orders", {"deal_id": "D9"}, "deal_id: rows belong to an unknown deal"),
        ("customer_mrr", {"customer_id": "C9"}, "customer_id: rows belong to an unknown customer"),
        ("pipeline_deals", {"account_id": "K9"}, "account_id: rows name an unknown account"),
        ("stages", {"pipeline_id": "P9"}, "pipeline_id: rows name an unknown pipeline"),
    ],
)
def test_a_row_that_points_at_nothing_is_loaded_and_reported(
    company: None, load_one: LoadOne, name: str, changed: dict[str, str], says: str
) -> None:
    report = load_one(f"{name}.csv", {**EVERY_ROW[name], **changed})
    assert (report.accepted, report.refused) == (1, 0)
    assert dict(report.warnings) == {says: 1}
    assert DataLoad.objects.latest("id").warnings == {says: 1}


def test_a_deal_that_names_no_pipeline_and_no_account_points_at_none(load_one: LoadOne) -> None:
    load_one("d.csv", {**DEAL, "pipeline_id": "", "account_id": ""})
    deal = Deal.objects.get()
    assert (deal.pipeline, deal.account) == (None, None)


def test_an_activity_without_a_deal_points_at_nothing_and_that_is_fine(
    company: None, load_one: LoadOne
) -> None:
    report = load_one("activities.csv", {**ACTIVITY, "activity_id": "A2", "deal_id": ""})
    assert (report.inserted, dict(report.warnings)) == (1, {})


def test_a_moved_activity_is_not_kept_twice(company: None, load_one: LoadOne) -> None:
    other = {**ACTIVITY, "activity_id": "A2"}
    report = load_one("activities.csv", {**ACTIVITY, "deal_id": ""}, other)
    assert (report.inserted, report.updated, report.unchanged) == (1, 1, 0)
    assert dict(Activity.objects.values_list("activity_id", "deal_id")) == {"A1": "", "A2": "D1"}


def test_an_activity_of_two_deals_is_refused(company: None, load_one: LoadOne) -> None:
    report = load_one("activities.csv", ACTIVITY, {**ACTIVITY, "deal_id": ""})
    assert (report.accepted, report.refused) == (1, 1)
    assert report.sample[0].reason == "line 3 has the same key and counts"
    assert Activity.objects.get().deal_id == ""


def test_a_note_that_differs_replaces_the_one_of_its_key(company: None, load_one: LoadOne) -> None:
    report = load_one("n.csv", {**EVERY_ROW["notes"], "body": "They loved it."})
    assert (report.inserted, report.updated) == (0, 1)
    assert Note.objects.get().body == "They loved it."


def test_money_is_rated_by_the_rates_of_the_same_run(
    workspace: Workspace, load: Load, write: Write
) -> None:
    days = write("m.csv", {**MARKETING, "currency": "EUR"})
    report = load(days, write("fx.csv", EVERY_ROW["fx_rates"]))
    assert {says for file in report.files for says in file.warnings} == set()
    assert MarketingDay.objects.get().fx_rate == 1.25
    assert freshness.generation() == 1


def test_rates_of_two_files_are_told_of_once(load: Load, write: Write) -> None:
    heard: list[str] = []

    def listener(currency: str, **_: object) -> None:
        heard.append(currency)

    rate = EVERY_ROW["fx_rates"]
    files = write("fx_1.csv", rate), write("fx_2.csv", {**rate, "from_currency": "GBP"})
    rates_changed.connect(listener)
    try:
        load(*files)
        load(*files)
    finally:
        rates_changed.disconnect(listener)
    assert heard == ["USD"]


def test_a_rate_of_0_is_refused(load_one: LoadOne) -> None:
    report = load_one("fx.csv", {**EVERY_ROW["fx_rates"], "rate": "0"})
    assert [(r.column, r.value, r.reason) for r in report.sample] == [
        ("rate", "0", "is not above 0")
    ]


def test_a_stage_that_is_left_before_it_is_entered_is_refused(load_one: LoadOne) -> None:
    report = load_one("v.csv", {**VISIT, "exited_at": "2024-01-04T08:30:00Z"})
    assert [(r.line, r.column, r.reason) for r in report.sample] == [
        (2, "exited_at", "lies before entered_at")
    ]


def test_stays_of_a_deal_that_overlap_are_loaded_and_reported(load_one: LoadOne) -> None:
    def stay(deal: str, entered: str, exited: str) -> Row:
        return {**VISIT, "deal_id": deal, "entered_at": entered, "exited_at": exited}

    report = load_one(
        "v.csv",
        stay("in order", "2024-01-02", "2024-01-05"),
        stay("in order", "2024-01-05", ""),
        stay("overlaps", "2024-01-04", "2024-01-09"),
        stay("overlaps", "2024-01-02", "2024-01-05"),
        stay("twice open", "2024-01-02", ""),
        stay("twice open", "2024-01-05", ""),
    )
    assert report.accepted == 6
    assert report.warnings["the stage was entered before the one before was left"] == 2


def test_one_quarter_under_two_spellings_is_one_quota(company: None, load_one: LoadOne) -> None:
    twice = {**QUOTA, "quarter": "Q1 2025"}, {**QUOTA, "rep_id": "r7", "quarter": "FY25 Q1"}
    report = load_one("q.csv", *twice)
    assert [(r.line, r.reason) for r in report.sample] == [(3, "repeats line 2")]
    assert Quota.objects.filter(quarter="Q1 2025").count() == 1


@pytest.mark.parametrize("rep", ["r7", "ana almeida", "ANA@example.com"])
def test_a_month_within_a_stored_quarter_of_the_rep_is_refused(
    company: None, load_one: LoadOne, rep: str
) -> None:
    report = load_one("q.csv", {**QUOTA, "rep_id": rep, "quarter": "2024-11"})
    assert [(r.line, r.column, r.reason) for r in report.sample] == [
        (2, "quarter", "overlaps a quota of the same rep")
    ]
    assert Quota.objects.get().quarter == "Q4 2024"


def test_quotas_that_overlap_within_a_file_or_a_run_are_refused(load: Load, write: Write) -> None:
    year, month = ({**QUOTA, "quarter": period} for period in ("FY2023", "2023-05"))
    one = write("quotas_1.csv", year, {**month, "rep_id": "ANA ALMEIDA"})
    other = write("quotas_2.csv", {**QUOTA, "quarter": "Q3 2023"})
    reports = load(one, other).files
    assert [(r.line, r.reason) for file in reports for r in file.sample] == [
        (3, "overlaps a quota of the same rep in an earlier line"),
        (2, "overlaps a quota of the same rep"),
    ]


@pytest.mark.parametrize("period", ["2024-10", "FY2024", "Q4 2024"])
def test_a_stored_quota_is_replaced_by_that_of_its_very_period_alone(
    load: Load, write: Write, period: str
) -> None:
    stored = {**QUOTA, "quarter": "Q4 2024"}
    first = {**QUOTA, "quarter": "Q1 2024"}
    load(write("before.csv", stored, first), dataset="quotas")
    given = write("quotas.csv", {**QUOTA, "quarter": period, "quota_amount": "77"})
    (report,) = load(given).files
    is_same = period == "Q4 2024"
    assert [row.reason for row in report.sample] == (
        [] if is_same else ["overlaps a quota of the same rep"]
    )
    kept = dict(Quota.objects.values_list("quarter", "quota_amount"))
    assert kept == {"Q4 2024": 77 if is_same else 250_000, "Q1 2024": 250_000}


def test_quotas_that_begin_on_one_day_are_refused_within_a_file(load_one: LoadOne) -> None:
    report = load_one("q.csv", *({**QUOTA, "quarter": p} for p in ("2025-01", "2025-02", "FY2025")))
    assert [(r.line, r.reason) for r in report.sample] == [
        (4, "overlaps a quota of the same rep in an earlier line")
    ]
    assert set(Quota.objects.values_list("quarter", flat=True)) == {"2025-01", "2025-02"}


def test_quotas_of_two_reps_may_overlap(load_one: LoadOne) -> None:
    report = load_one("q.csv", QUOTA, {**QUOTA, "rep_id": "Cy Chen", "quarter": "2024-11"})
    assert (report.accepted, report.refused) == (2, 0)


def test_a_header_that_nearly_is_a_columns_is_hinted_at(load_one: LoadOne) -> None:
    report = load_one("d.csv", {**DEAL, "regoin": "EMEA", "mood": "good"})
    assert dict(report.warnings) == {
        "unknown column “regoin” was left out; did you mean “region”?": 1,
        "unknown column “mood” was left out": 1,
    }
    assert DataLoad.objects.get().warnings == report.warnings


def test_every_table_of_the_company_is_filled(company: None) -> None:
    for dataset in DATASETS:
        rows = apps.get_model(dataset.model)._default_manager.exclude(load=None)
        assert list(rows.values_list("load__dataset")) == [(dataset.name,)]
