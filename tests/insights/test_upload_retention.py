"""The bytes of uploads go after their time; what was loaded of them, and their hashes, stay."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.test import Client

from insights.models import Upload
from insights.tasks import forget_old_uploads
from pipeline.models import Deal
from revops_site.kernel import clock
from revops_site.kernel.models import AuditEvent, DataLoad
from tests.insights.sending import SEND, do, fact, kept, page, sent, shown, table, text, work
from tests.insights.test_upload_seconds import COMPANIES, MAPPING, beside

__all__ = ["kept", "page"]


def grow_old(one: Upload, kept: Path, days: int) -> None:
    then = clock.now() - timedelta(days=days)
    Upload.objects.filter(pk=one.pk).update(uploaded_at=then)
    for path in kept.iterdir():
        os.utime(path, (then.timestamp(), then.timestamp()))


def test_an_old_file_goes_and_the_pages_of_its_upload_and_load_say_so(
    page: Client, kept: Path
) -> None:
    one = sent(page, table(3, bad=1))
    do(page, one, "import")
    work()
    load = f"/data/loads/{DataLoad.objects.get().pk}/"
    assert fact(text(page.get(load)), "Raw file").startswith("Kept until")
    assert "Kept until" in shown(page, one)
    grow_old(one, kept, 401)
    forget_old_uploads(timestamp=0)
    assert [*kept.iterdir()] == []
    assert fact(text(page.get(load)), "Raw file").startswith("Deleted")
    told = shown(page, one)
    assert "The file itself was deleted" in told
    assert one.sha256 in told
    assert "Refused rows to mend" not in told
    assert page.get(f"{SEND}{one.pk}/refused.csv").status_code == 404
    assert Deal.objects.count() == 3
    assert AuditEvent.objects.filter(action="uploaded file deleted").count() == 1


def test_a_file_that_is_gone_cannot_be_imported_any_more(page: Client, kept: Path) -> None:
    one = sent(page, table())
    grow_old(one, kept, 401)
    forget_old_uploads(timestamp=0)
    told = shown(page, one)
    assert "The file itself was deleted" in told
    assert "Import 3 rows" not in told
    assert "Check it" not in told
    assert do(page, one, "import").status_code == 422
    assert do(page, one, "map", dataset="accounts").status_code == 422


def test_a_file_is_kept_while_a_younger_upload_or_a_saved_mapping_needs_it(
    page: Client, kept: Path
) -> None:
    one = sent(page, table())
    do(page, one, "say", text=MAPPING)
    beside(page, one, COMPANIES)
    do(page, one, "save", name="With companies", dataset="pipeline_deals")
    other = sent(page, "a" + table(), "other.csv")
    grow_old(one, kept, 401)
    grow_old(other, kept, 399)
    forget_old_uploads(timestamp=0)
    second = Upload.objects.get(pk=one.pk).beside["companies.csv"]["sha256"]
    assert {path.name for path in kept.iterdir()} == {other.sha256, second}


def test_files_are_kept_for_good_where_that_is_said(
    page: Client, kept: Path, settings: Any
) -> None:
    settings.UPLOADS_KEPT_DAYS = 0
    one = sent(page, table())
    grow_old(one, kept, 4000)
    forget_old_uploads(timestamp=0)
    assert (kept / one.sha256).exists()
    assert "Kept until" not in shown(page, one)


def test_what_was_left_half_written_goes_after_a_day(page: Client, kept: Path) -> None:
    one = sent(page, table())
    (kept / ".incoming-0123").write_text("half")
    (kept / ".read-0123").mkdir()
    (kept / ".read-0123" / "deals.csv").write_text("half")
    forget_old_uploads(timestamp=0)
    assert len([*kept.iterdir()]) == 3
    grow_old(one, kept, 2)
    forget_old_uploads(timestamp=0)
    assert [path.name for path in kept.iterdir()] == [one.sha256]
