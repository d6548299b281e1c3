"""What is cleaned of cells on their way in, and what is too odd to be believed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.models import Deal
from revops_site.kernel.loading import FileReport
from revops_site.kernel.profiles import parse
from tests.loading.conftest import DEAL, MARKETING

LoadOne = Callable[..., FileReport]


@pytest.mark.parametrize(
    ("column", "cell", "field", "kept"),
    [
        ("deal_id", "  D1\t", "deal_id", "D1"),
        ("deal_id", "\ufeffD1\u200b", "deal_id", "D1"),
        ("deal_id", "D\u200b1\u00ad", "deal_id", "D1"),
        ("account", "\u00a0Acme\u2009\u3000", "account_name", "Acme"),
        ("account", "Ac\u200bme\u00a0Inc\u2060", "account_name", "Acme Inc"),
        ("account", "می\u200cخواهم", "account_name", "می\u200cخواهم"),
        ("status", "OPEN", "status", "open"),
        ("status", " oPeN \u200b", "status", "open"),
        ("segment", "mm", "segment", "MM"),
        ("amount", " 12000.00\u00a0", "amount", 12000),
        ("created_at", "\u200b2024-01-05 ", "created_at", None),
    ],
)
def test_blanks_letters_without_width_and_case_do_not_count(
    load_one: LoadOne, column: str, cell: str, field: str, kept: object
) -> None:
    report = load_one("pipeline_deals.csv", {**DEAL, column: cell})
    assert (report.accepted, report.refused) == (1, 0), report.sample
    assert kept is None or getattr(Deal.objects.get(), field) == kept


def test_of_a_strangers_cell_what_nobody_sees_goes_wherever_it_stands(load_one: LoadOne) -> None:
    row = {**DEAL, "account": "Ac\u200bme\u00a0 Inc\u2060", "status": "o\ufeffPEN"}
    report = load_one("deals.csv", row, profile=parse('dataset = "pipeline_deals"'))
    assert (report.accepted, report.refused) == (1, 0), report.sample
    deal = Deal.objects.get()
    assert (deal.account_name, deal.status) == ("Acme  Inc", "open")


@pytest.mark.parametrize("row", [{**DEAL, "created_at": "2108-01-05"}])
def test_a_day_that_nobody_believes_is_refused(load_one: LoadOne, row: dict[str, object]) -> None:
    report = load_one("pipeline_deals.csv", DEAL, {**row, "deal_id": "D2"})
    assert (report.accepted, report.refused) == (1, 1)
    (refused,) = report.sample
    assert (refused.line, refused.column, refused.value) == (3, "created_at", "2108-01-05")


def test_a_day_of_money_that_nobody_believes_is_refused(load_one: LoadOne) -> None:
    row = {**MARKETING, "date": "2108-01-01"}
    report = load_one("marketing_channels.csv", MARKETING, row)
    assert (report.accepted, report.refused) == (1, 1)
    assert (report.sample[0].column, report.sample[0].value) == ("date", "2108-01-01")
