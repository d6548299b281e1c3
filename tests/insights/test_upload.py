"""A file through the browser: sent, mapped, checked, imported once, mended and undone."""

from __future__ import annotations

import csv
import io
import stat
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import Workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from insights.actions import uploads as actions
from insights.models import SavedProfile, Upload
from insights.tasks import work_on_upload
from pipeline.models import Deal
from revops_site.kernel.models import AuditEvent, DataLoad, User
from tests.insights.sending import (
    GOOD,
    HEADER,
    SEND,
    do,
    fact,
    kept,
    page,
    sent,
    shown,
    table,
    text,
    work,
)

__all__ = ["kept", "page"]


def test_a_strangers_file_is_recognised_mapped_and_checked_before_anything_is_stored(
    page: Client,
) -> None:
    one = sent(page, table(3, bad=1))
    told = shown(page, one)
    assert fact(told, "Dataset") == "pipeline_deals"
    assert fact(told, "Separated by") == "semicolon"
    assert fact(told, "Rows ok") == "3"
    assert fact(told, "Refused") == "1"
    assert "1500.25" in told
    assert "2026-03-31" in told
    assert "line 5: “much”" in told
    assert "Import 3 rows" in told
    assert not Deal.objects.exists()
    assert not DataLoad.objects.exists()


def test_the_bytes_are_kept_under_their_hash_for_the_product_alone(
    page: Client, kept: Path
) -> None:
    one = sent(page, table())
    assert [path.name for path in kept.iterdir()] == [one.sha256]
    assert stat.S_IMODE((kept / one.sha256).stat().st_mode) == 0o600


def test_an_import_loads_the_rows_and_tells_what_became_of_them(page: Client, dee: User) -> None:
    one = sent(page, table(3, bad=1))
    assert do(page, one, "import").status_code == 302
    assert "Waiting for import" in shown(page, one)
    work()
    told = shown(page, one)
    assert "Imported" in told
    assert (fact(told, "New"), fact(told, "Refused")) == ("3", "1")
    assert Deal.objects.count() == 3
    load = DataLoad.objects.get()
    assert (load.file_name, load.sha256, load.loaded_by) == ("deals.csv", one.sha256, dee)
    assert f"/data/loads/{load.pk}/" in told
    told_of = AuditEvent.objects.filter(user=dee).values_list("action", flat=True)
    assert {"file uploaded", "import asked for", "upload imported"} <= {*told_of}


def test_refused_rows_come_back_as_they_were_with_the_reason_and_load_when_mended(
    page: Client,
) -> None:
    one = sent(page, table(2, bad=1) + '"=HYPERLINK(1)";x;ana@example.com;Discovery;-5;soon;open\n')
    do(page, one, "import")
    work()
    answer = page.get(f"{SEND}{one.pk}/refused.csv")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    lines = answer.getvalue().decode().splitlines()
    assert lines[0] == HEADER.replace(";", ",") + ",refused because"
    assert lines[1].startswith("D-2,Deal 2,ana@example.com,Discovery,much,31.03.2026,open,")
    assert lines[2].startswith("'=HYPERLINK(1),x,ana@example.com,Discovery,-5,")
    mended = "\n".join(lines[:2]).replace("much", '"7.000,50"')
    again = sent(page, mended, "mended.csv")
    assert "Mapped as deals.csv was" in shown(page, again)
    do(page, again, "import")
    work()
    assert fact(shown(page, again), "New") == "1"
    assert Deal.objects.get(deal_id="D-2").amount == 7000.50


ODD = ("-12-A", "+49 30", "@Home GmbH", "-$500.25", "=1+1", "'=1+1", "''-x", "'quoted'", "-5")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_refused_rows_that_look_like_formulas_come_in_as_they_were_when_sent_again(
    page: Client, ending: str
) -> None:
    rows = [f"{odd};{odd};ana@example.com;Discovery;much;31.03.2026;open" for odd in ODD]
    one = sent(page, table(30) + "\n".join([*rows, ""]))
    do(page, one, "import")
    work()
    given = page.get(f"{SEND}{one.pk}/refused.csv").getvalue().decode()
    first, *cells = csv.reader(io.StringIO(given))
    assert not [row for row in cells if row[0][0] in "=+-@" and row[0] != "-5"]
    for row in cells:
        row[4] = "-500,25"
    again = sent(page, _saved([first, *cells], ending), f"mended.{ending}")
    assert "Mapped as deals.csv was" in shown(page, again)
    do(page, again, "import")
    work()
    assert fact(shown(page, again), "Refused") == "0"
    found = Deal.objects.exclude(deal_id__startswith="D-")
    assert {*found.values_list("deal_id", "opportunity_name")} == {(odd, odd) for odd in ODD}
    assert {*found.values_list("amount", flat=True)} == {Decimal("-500.25")}


def test_a_file_of_refused_rows_can_be_refused_in_part_again(page: Client) -> None:
    one = sent(page, table(9) + "@Home;'=x;ana@example.com;Discovery;much;31.03.2026;open\n")
    do(page, one, "import")
    work()
    content = page.get(f"{SEND}{one.pk}/refused.csv").getvalue()
    assert b"'@Home,''=x," in content
    again = sent(
        page, content + b"D-9,Nine,ana@example.com,Discovery,1,31.03.2026,open,\n", "2.csv"
    )
    do(page, again, "import")
    work()
    assert b"'@Home,''=x," in page.get(f"{SEND}{again.pk}/refused.csv").getvalue()


def _saved(rows: list[list[str]], ending: str) -> bytes:
    if ending == "csv":
        held = io.StringIO()
        csv.writer(held).writerows(rows)
        return held.getvalue().encode()
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_an_import_is_undone_once_it_is_confirmed_and_no_other_followed(page: Client) -> None:
    first = sent(page, table(2))
    do(page, first, "import")
    work()
    before = [*Deal.objects.order_by("deal_id").values()]
    one = sent(page, table(3).replace("1.500", "9.500"), "later.csv")
    do(page, one, "import")
    work()
    assert (fact(shown(page, one), "New"), fact(shown(page, one), "Changed")) == ("1", "2")
    assert "It cannot be undone: This is not the newest load" in shown(page, first)
    assert do(page, one, "undo").status_code == 422
    assert do(page, one, "undo", confirmed="1").status_code == 302
    do(page, one, "undo", confirmed="1")
    assert "Being undone" in shown(page, one)
    work()
    assert "Undone" in shown(page, one)
    assert [*Deal.objects.order_by("deal_id").values()] == before
    assert AuditEvent.objects.filter(action="upload undone").count() == 1


def test_an_undo_that_has_become_impossible_says_why(page: Client) -> None:
    one = sent(page, table(2))
    do(page, one, "import")
    work()
    do(page, one, "undo", confirmed="1")
    other = sent(page, table(3), "later.csv")
    do(page, other, "import")
    work_on_upload(upload_id=other.pk, attempt=1)
    work()
    told = shown(page, one)
    assert "This is not the newest load" in told
    assert Deal.objects.count() == 3


def test_a_button_that_is_pressed_twice_imports_once(page: Client) -> None:
    one = sent(page, table())
    for _ in range(3):
        assert do(page, one, "import").status_code == 302
    work()
    work()
    do(page, one, "import")
    work()
    assert DataLoad.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name=actions.TASK).count() == 1


def test_what_a_worker_left_half_done_can_be_tried_again_and_comes_in_once(page: Client) -> None:
    one = sent(page, table())
    do(page, one, "import")
    long_ago = Upload.objects.get(pk=one.pk).beat_at - timedelta(minutes=5)  # type: ignore[operator]
    Upload.objects.filter(pk=one.pk).update(state="importing", beat_at=long_ago)
    told = shown(page, one)
    assert "Stopped half-way" in told
    assert "Try again" in told
    do(page, one, "import")
    work()
    assert "Imported" in shown(page, one)
    assert DataLoad.objects.count() == 1


def test_a_mapping_is_corrected_in_the_form(page: Client) -> None:
    one = sent(page, table())
    given = {
        "dataset": "pipeline_deals",
        "dates": "%d.%m.%Y,iso",
        "numbers": ",|.",
        "from:deal_id": "header:Opportunity ID",
        "from:opportunity_name": "header:Opportunity",
        "from:owner_id": "header:Owner",
        "from:stage_name": "header:Stage",
        "from:amount": "header:Amount",
        "from:created_at": "header:Created",
        "from:status": "header:Status",
        "from:account_name": "constant",
        "constant:account_name": "Kestrel",
        "from:currency": "constant",
        "constant:currency": "EUR",
    }
    assert do(page, one, "save", name="Old CRM", **given).status_code == 302
    told = shown(page, one)
    assert '<option value="constant" selected>' in told
    assert 'value="EUR"' in told
    assert SavedProfile.objects.get().name == "Old CRM"
    do(page, one, "import")
    work()
    assert {*Deal.objects.values_list("account_name", "currency")} == {("Kestrel", "EUR")}
    other = sent(page, table(4).replace("D-", "E-").replace("Status", "State of it"))
    assert do(page, other, "use", saved=str(SavedProfile.objects.get().pk)).status_code == 302
    assert 'value="EUR"' in shown(page, other)


def test_another_dataset_is_guessed_anew(page: Client) -> None:
    one = sent(page, table())
    assert do(page, one, "map", dataset="accounts").status_code == 302
    assert fact(shown(page, one), "Dataset") == "accounts"
    assert do(page, one, "map", dataset="secrets").status_code == 422


def test_a_column_that_comes_from_nowhere_keeps_the_file_out_with_a_sentence(page: Client) -> None:
    one = sent(page, table())
    assert do(page, one, "map", dataset="pipeline_deals").status_code == 302
    told = shown(page, one)
    assert "The mapping fills no column" in told
    assert "Import" not in told


def test_a_file_that_nothing_is_known_of_can_be_mapped_all_the_same(page: Client) -> None:
    one = sent(page, "Colour;Shape\nred;round\nblue;square\n", "shapes.csv")
    told = shown(page, one)
    assert "The mapping fills no column" in told
    assert "How will its rows be stored?" not in told
    assert "Colour" in told


def test_a_mapping_as_text_is_used_or_refused_with_its_place(page: Client) -> None:
    one = sent(page, table())
    answer = do(
        page, one, "say", text='dataset = "pipeline_deals"\n[columns]\namount = {form = "x"}'
    )
    assert answer.status_code == 422
    assert "columns.amount" in text(answer)
    looked_up = (
        'dataset = "pipeline_deals"\n[columns]\nstage = { from = "Stage", lookup = "t", '
        'column = "x" }\n[lookups.t]\nfile = "../passwd"\nkey = "a"'
    )
    assert do(page, one, "say", text=looked_up).status_code == 422
    assert "Import 3 rows" in shown(page, one)


def test_a_mapping_with_an_absurd_number_is_refused_on_its_page(page: Client) -> None:
    one = sent(page, table())
    for digits in (5000, 25):
        toml = f'dataset = "pipeline_deals"\n[file]\nskip = {"9" * digits}\n'
        answer = do(page, one, "say", text=toml)
        assert answer.status_code < 500
        assert "The mapping cannot be used" in text(answer)


def test_what_was_changed_by_another_is_not_imported_unseen(page: Client) -> None:
    one = sent(page, table())
    answer = do(page, one, "import", mapping="0" * 64)
    assert answer.status_code == 422
    assert "changed the mapping" in text(answer)


def test_a_page_asks_until_there_is_nothing_to_wait_for(page: Client) -> None:
    one = sent(page, table())
    do(page, one, "import")
    asks = {"headers": {"HX-Request": "true", "HX-Target": "upload-state"}}
    answer = page.get(f"{SEND}{one.pk}/state/", **asks)  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert 'hx-trigger="every 2s' in text(answer)
    work()
    answer = page.get(f"{SEND}{one.pk}/state/", **asks)  # type: ignore[arg-type]
    assert answer.status_code == 286
    assert "hx-trigger" not in text(answer)
    assert page.get(f"{SEND}{one.pk}/state/")["Location"] == f"{SEND}{one.pk}/"


def test_a_large_file_is_checked_in_the_background(page: Client) -> None:
    filler = "x" * 400
    rows = [GOOD.format(n).replace(";Discovery", f" {filler};Discovery") for n in range(10)]
    rows += [GOOD.format(n).replace("Deal", filler[:90]) for n in range(10, 14_500)]
    one = sent(page, "\n".join([HEADER, *rows]))
    assert "Being checked" in shown(page, one)
    assert do(page, one, "map", dataset="accounts").status_code == 422
    work()
    assert "Import 14,490 rows" in shown(page, one) or "Import 14,500 rows" in shown(page, one)
