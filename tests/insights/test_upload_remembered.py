"""A mapping that is used again, for a file whose cells are written in another way."""

from __future__ import annotations

import re

from django.test import Client
from django.utils.html import escape

from insights.actions import uploads as actions
from insights.models import SavedProfile, Upload
from revops_site.kernel import clock
from revops_site.kernel.models import User
from tests.insights.sending import do, kept, page, sent, shown, work

__all__ = ["kept", "page"]

HEADER = "deal_id,account_name,amount,status,stage_name,created_at,expected_close,owner"


def deals(*rows: tuple[str, str, str]) -> str:
    """Open deals of an amount, created and expected to close on these days."""
    lines = [
        f'D{n},A,"{amount}",open,Demo,{created},{close},Ana Almeida'
        for n, (amount, created, close) in enumerate(rows)
    ]
    return "\n".join([HEADER, *lines, ""])


MONTH_FIRST = deals(("5.25", "03/13/2026", "12/31/2026"), ("6.50", "03/14/2026", "12/31/2026"))
DAY_FIRST = deals(("5.25", "01/03/2026", "02/12/2026"), ("6.50", "25/03/2026", "03/12/2026"))


def imported(page: Client, content: str) -> None:
    """A file whose mapping is remembered from now on."""
    do(page, sent(page, content), "import")
    work()


def doubts(page: Client, content: str) -> str:
    """What the page of a sent file says is doubtful."""
    told = shown(page, sent(page, content))
    found = re.search(r"What is doubtful</h3>(.*?)</ul>", told)
    return found[1] if found else ""


def test_a_remembered_order_of_day_and_month_that_the_file_belies_is_a_doubt(page: Client) -> None:
    imported(page, MONTH_FIRST)

    told = doubts(page, DAY_FIRST)

    assert (
        escape(
            'Created_at: 01/03/2026 in "created_at" is read as 2026-01-03, as this mapping was '
            "used before; 25/03/2026 in this file is written %d/%m/%Y, which makes it 2026-03-01"
        )
        in told
    )
    assert escape('25/03/2026 in "created_at" cannot be read as this mapping was used') in told
    assert escape('02/12/2026 in "expected_close" is read as 2026-02-12') in told


def test_a_remembered_mapping_that_nothing_in_the_file_speaks_against_is_no_doubt(
    page: Client,
) -> None:
    imported(page, DAY_FIRST)

    assert doubts(page, DAY_FIRST) == ""
    assert doubts(page, deals(("7.00", "04/05/2026", "06/05/2026"))) == ""


def test_remembered_marks_of_numbers_that_the_file_belies_are_a_doubt(page: Client) -> None:
    imported(page, MONTH_FIRST)

    told = doubts(
        page, deals(("1.234", "03/15/2026", "12/31/2026"), ("1.234,50", "03/16/2026", "12/31/2026"))
    )

    assert (
        escape(
            'Amount: 1.234 in "amount" is read as 1.234, as this mapping was used before; 1.234,50 '
            "in this file is written like 1.234,56, which makes it 1234"
        )
        in told
    )
    assert escape('1.234,50 in "amount" cannot be read') in told


def test_a_saved_mapping_is_held_against_the_file_that_it_is_used_for(
    page: Client, dee: User
) -> None:
    actions.save(sent(page, MONTH_FIRST).pk, "American", user=dee, at=clock.now())
    second = sent(page, DAY_FIRST)
    assert "is read as 2026-01-03" not in shown(page, second)

    do(page, second, "use", saved=str(SavedProfile.objects.get().pk))

    assert "is read as 2026-01-03" in shown(page, second)


def test_a_doubt_goes_once_a_changed_mapping_takes_every_row(page: Client) -> None:
    one = sent(page, deals(("5.25", "03/04/2026", "05/06/2026")))
    assert "What is doubtful</h3>" in shown(page, one)
    mapping = Upload.objects.get(pk=one.pk).profile

    with_dots = mapping.replace("%m/%d/%Y", "%d.%m.%Y").replace("%d/%m/%Y", "%d.%m.%Y")
    do(page, one, "say", text=with_dots)
    assert "What was doubtful at the first look</h3>" in shown(page, one)  # and no row is taken

    do(page, one, "say", text=mapping.replace("%m/%d/%Y", "%d/%m/%Y") + "\n# looked at\n")
    assert "doubtful" not in shown(page, one)
