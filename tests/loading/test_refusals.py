"""A bad row is refused with every reason it gives; what is merely odd is counted and loaded."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from marketing.models import MarketingDay
from pipeline.models import Deal
from revops_site.kernel.loading import FileReport, Lines
from revops_site.kernel.models import DataLoad, RejectedRow
from tests.loading.conftest import BENCHMARK, CUSTOMER, DEAL, MARKETING, Row, text_of

LoadOne = Callable[..., FileReport]


def reasons(report: FileReport) -> dict[str, str]:
    return {row.column: row.reason for row in report.sample}


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("date", "01/02/2024", "is not a date like 2024-12-31"),
        ("date", "2024-02-30", "is not a date like 2024-12-31"),
        ("date", "today", "is not a date like 2024-12-31"),
        ("date", "1024-01-01", "is below 1990-01-01"),
        ("date", "9999-12-31", "is above 2100-12-31"),
        ("date", "", "is empty"),
        ("channel", "  ", "is empty"),
        ("channel", "x" * 121, "is longer than 120 characters"),
        ("segment", "Galactic", "is not one of SMB, MM, ENT"),
        ("spend", "abc", "is not a number"),
        ("spend", "1,000", "is not a number"),
        ("spend", "NaN", "is not a number"),
        ("spend", "Infinity", "is not a number"),
        ("spend", "0x10", "is not a number"),
        ("spend", "1_000", "is not a number"),
        ("spend", "1e999999999", "is not a number"),
        ("spend", "1e300", "is too large"),
        ("spend", "200000000000", "is above 100000000000"),
        ("spend", "", "is empty"),
        ("leads", "1.5", "is not a whole number"),
        ("leads", "many", "is not a whole number"),
        ("leads", "0x1F", "is not a whole number"),
        ("leads", "99999999999999999999", "is too large"),
        ("ROI", "-", "is not a number"),
    ],
)
def test_a_bad_cell_is_refused_with_its_reason(
    load_one: LoadOne, column: str, value: str, reason: str
) -> None:
    report = load_one("m.csv", MARKETING, {**MARKETING, "geo": "EU", column: value})
    assert (report.accepted, report.refused) == (1, 1)
    (row,) = report.sample
    assert (row.line, row.column, row.reason) == (3, column, reason)
    assert row.value == value.strip()[:200]


def test_all_reasons_of_a_row_are_told_at_once(load_one: LoadOne) -> None:
    bad = {**DEAL, "amount": "abc", "created_at": "", "probability": "1.2", "status": "Openn"}
    report = load_one("d.csv", bad)
    assert report.refused == 1
    assert reasons(report) == {
        "amount": "is not a number",
        "created_at": "is empty",
        "probability": "is above 1",
        "status": "is not one of open, won, lost",
    }


def test_refused_rows_are_kept_with_line_column_value_and_reason(load_one: LoadOne) -> None:
    load_one("m.csv", MARKETING, {**MARKETING, "leads": "x" * 300})
    kept = RejectedRow.objects.get()
    assert (kept.line, kept.column, kept.reason) == (3, "leads", "is not a whole number")
    assert kept.value == "x" * 200
    assert kept.load.rows == kept.load.accepted + kept.load.refused == 2
    assert MarketingDay.objects.count() == 1


def test_of_rows_with_one_key_the_last_counts(load_one: LoadOne) -> None:
    others = ({**MARKETING, "spend": spend} for spend in ("2", "3", "3"))
    report = load_one("m.csv", MARKETING, {**MARKETING, "geo": "EU"}, *others)
    assert [(row.line, row.reason) for row in report.sample] == [
        (2, "line 6 has the same key and counts"),
        (4, "line 6 has the same key and counts"),
        (5, "repeats line 6"),
    ]
    assert (report.replaced, report.repeats) == (Lines(2, (2, 4)), Lines(1, (5,)))
    assert report.sample[0].column == "date, channel, campaign, segment, geo"
    assert report.sample[0].value == "2024-01-01 | Google Ads | Launch | SMB | US"
    assert MarketingDay.objects.get(geo="US").spend == 3


def test_of_rows_that_say_the_same_the_first_stays(load_one: LoadOne) -> None:
    again = {**MARKETING, "spend": "1000.500", "segment": "Small Business"}
    report = load_one("m.csv", MARKETING, {**MARKETING, "geo": "EU"}, again, again)
    assert (report.accepted, report.replaced) == (2, Lines())
    assert report.repeats == Lines(2, (4, 5))
    assert {(row.line, row.reason) for row in report.sample} == {
        (4, "repeats line 2"),
        (5, "repeats line 2"),
    }


@pytest.mark.parametrize("id_", ["2.41E+18", "1e+15", "2,4E+09"])
def test_an_id_that_a_spreadsheet_has_rounded_is_refused(load_one: LoadOne, id_: str) -> None:
    report = load_one("d.csv", DEAL, {**DEAL, "deal_id": id_}, {**DEAL, "deal_id": "E+1"})
    assert (report.accepted, report.refused) == (2, 1)
    assert [(cell.line, cell.column, cell.value) for cell in report.sample] == [(3, "deal_id", id_)]
    assert reasons(report)["deal_id"].startswith("is what Excel makes of a long id")


def test_a_refused_row_does_not_stand_in_the_way_of_its_key(load_one: LoadOne) -> None:
    report = load_one("d.csv", {**DEAL, "amount": "abc"}, DEAL)
    assert (report.accepted, report.refused) == (1, 1)
    assert Deal.objects.get().amount == 12000


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({**CUSTOMER, "churn_date": "2024-01-01"}, "churn_date"),
        ({**BENCHMARK, "min_value": "99"}, "min_value"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(load_one: LoadOne, row: Row, column: str) -> None:
    report = load_one("x.csv", row)
    assert report.refused == 1
    assert list(reasons(report)) == [column]


def test_a_refund_and_a_correction_are_loaded_and_counted(load_one: LoadOne) -> None:
    report = load_one("m.csv", {**MARKETING, "spend": "-10", "leads": "-3", "CAC": "", "CPL": ""})
    assert report.accepted == 1
    assert report.warnings == {
        "spend is below 0": 1,
        "leads is below 0": 1,
        "CVR_stagewise differs from leads / clicks": 1,
    }


@pytest.mark.parametrize(
    ("changed", "warning"),
    [
        ({"CAC": "260"}, "CAC differs from spend / closed_won"),
        ({"CPL": "NaN"}, "CPL differs from spend / leads"),
        ({"CTR": "0.026"}, "CTR differs from clicks / impressions"),
        ({"ROI": "120.5", "revenue": "9"}, "ROI differs from (revenue - spend) / spend"),
    ],
)
def test_a_ratio_that_differs_is_a_warning(load_one: LoadOne, changed: Row, warning: str) -> None:
    report = load_one("m.csv", {**MARKETING, **changed})
    assert (report.accepted, dict(report.warnings)) == (1, {warning: 1})
    assert DataLoad.objects.get().warnings == {warning: 1}


@pytest.mark.parametrize("value", ["250.13", "252", "", "n/a", "1e400"])
def test_a_ratio_never_refuses_its_row_and_may_be_rounded(load_one: LoadOne, value: str) -> None:
    report = load_one("m.csv", {**MARKETING, "CAC": value})
    assert (report.accepted, report.warnings) == (1, {})


def test_an_age_is_held_against_the_day_that_most_rows_agree_on(load_one: LoadOne) -> None:
    days = (("D1", 29), ("D2", 29), ("D3", 35), ("D4", ""), ("D5", "1e18"))
    rows = ({**DEAL, "deal_id": deal, "days_in_stage": age} for deal, age in days)
    report = load_one("d.csv", *rows)
    says = "days_in_stage differs from the file's day − last_stage_change"
    assert dict(report.warnings) == {says: 2}


def test_an_unknown_column_is_named(load_one: LoadOne) -> None:
    report = load_one("m.csv", {**MARKETING, "mood": "good"})
    assert dict(report.warnings) == {"unknown column “mood” was left out": 1}


def test_broken_lines_are_refused_and_the_rest_is_loaded(load_one: LoadOne) -> None:
    good = text_of({**MARKETING, "geo": "Bogotá"}, {**MARKETING, "campaign": 'A "quoted"\nname'})
    bad = [b"too,short", b"NUL\0" + b"," * 17, "café".encode("latin-1") + b"," * 17, b'"open']
    report = load_one("m.csv", good.encode() + b"\n".join(bad) + b"\n")
    assert (report.rows, report.accepted, report.refused) == (6, 2, 4)
    assert [(row.line, row.column) for row in report.sample] == [(5, ""), (6, ""), (7, ""), (8, "")]
    assert MarketingDay.objects.filter(campaign='A "quoted"\nname').exists()
