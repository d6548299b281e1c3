"""A worker that dies at an upload: whatever it left undone or unsaid, the page tells the truth."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client

from insights.models import Upload
from insights.queries.landed import settle
from pipeline.models import Deal
from revops_site.kernel.models import DataLoad
from tests.insights.sending import SEND, do, fact, kept, page, sent, shown, table, text, work

__all__ = ["kept", "page"]


def die(one: Upload, state: str, **unsaid: Any) -> None:
    """The row as a worker leaves it that dies before its note, and is silent since then."""
    beat = Upload.objects.get(pk=one.pk).beat_at
    assert beat is not None
    long_ago = beat - timedelta(minutes=5)
    Upload.objects.filter(pk=one.pk).update(state=state, beat_at=long_ago, **unsaid)


def died_after_import(page: Client, content: str) -> Upload:
    one = sent(page, content)
    do(page, one, "import")
    work()
    die(one, "importing", load=None, report={})
    return one


def test_an_import_that_nobody_noted_is_told_with_its_refused_rows_and_its_undo(
    page: Client,
) -> None:
    one = died_after_import(page, table(3, bad=1))
    told = shown(page, one)
    assert "Imported" in told
    assert "Stopped half-way" not in told
    assert (fact(told, "New"), fact(told, "Refused")) == ("3", "1")
    assert "line 5: “much”" in told
    assert f"/data/loads/{DataLoad.objects.get().pk}/" in told
    assert "Imported" in text(page.get(SEND))
    assert "D-3" in page.get(f"{SEND}{one.pk}/refused.csv").getvalue().decode()
    assert do(page, one, "undo", confirmed="1").status_code == 302
    work()
    assert "Undone" in shown(page, one)
    assert not Deal.objects.exists()


def test_an_import_that_nobody_noted_and_that_is_asked_for_again_comes_in_once(
    page: Client,
) -> None:
    one = died_after_import(page, table(2))
    do(page, one, "import")
    work()
    assert DataLoad.objects.count() == 1
    assert Upload.objects.get(pk=one.pk).state == "done"
    assert fact(shown(page, one), "New") == "2"


def test_a_second_attempt_that_finds_the_rows_of_a_first_one_takes_them_for_its_own(
    page: Client,
) -> None:
    one = sent(page, table(2))
    do(page, one, "import")
    die(one, "waiting")
    do(page, one, "import")  # the first worker only seemed dead: both are under way now
    Upload.objects.filter(pk=one.pk).update(attempt=1)
    work()
    Upload.objects.filter(pk=one.pk).update(attempt=2, state="waiting", load=None, report={})
    work()
    told = shown(page, one)
    assert fact(told, "New") == "2"
    assert "already loaded" not in told
    assert "Undo this import" in told


def test_an_undo_that_nobody_noted_is_told(page: Client) -> None:
    one = sent(page, table(2))
    do(page, one, "import")
    work()
    do(page, one, "undo", confirmed="1")
    work()
    die(one, "undoing")
    told = shown(page, one)
    assert "Undone" in told
    assert "Try again" not in told


def test_a_refusal_of_an_older_attempt_says_nothing_of_the_one_under_way(page: Client) -> None:
    one = sent(page, table(2))
    do(page, one, "import")
    work()
    DataLoad.objects.update(status="refused", message="is torn", accepted=0, rows=0)
    later = Upload.objects.get(pk=one.pk)
    later.state, later.attempt, later.load = Upload.State.IMPORTING, 2, None
    settle([later])
    assert later.state == Upload.State.IMPORTING
    later.attempt = 1
    settle([later])
    assert (later.state, later.message) == (Upload.State.FAILED, "deals.csv is torn.")
