"""A second file beside an upload: asked for, looked up in, kept with the mapping."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from insights.models import SavedProfile, Upload
from pipeline.models import Deal
from tests.insights.sending import do, kept, page, sent, shown, table, text, work

__all__ = ["kept", "page"]

MAPPING = """
dataset = "pipeline_deals"
[dates]
formats = ["%d.%m.%Y"]
[numbers]
decimal = ","
thousands = "."
[columns]
deal_id = "Opportunity ID"
opportunity_name = "Opportunity"
owner_id = "Owner"
stage_name = "Stage"
amount = "Amount"
created_at = "Created"
status = "Status"
account_name = { from = "Opportunity ID", lookup = "companies", column = "company" }
[lookups.companies]
file = "companies.csv"
key = "id"
"""
COMPANIES = "id;company\nD-0;Kestrel\nd-1;Osprey\nD-2;Heron\n"


def beside(page: Client, one: Upload, content: str, place: str = "companies.csv") -> Any:
    file = SimpleUploadedFile("of today.csv", content.encode())
    address = f"/data/upload/{one.pk}/"
    return page.post(address, {"do": "second", "place": place, "file": file})


def test_a_mapping_asks_for_its_second_file_and_looks_up_in_it(page: Client) -> None:
    one = sent(page, table(3))
    assert do(page, one, "say", text=MAPPING).status_code == 302
    told = shown(page, one)
    assert "looks values up in “companies.csv”, which is not here. Send it along" in told
    assert "Second file “companies.csv”, for account_name" in told
    assert "Import 3 rows" not in told
    assert beside(page, one, COMPANIES).status_code == 302
    told = shown(page, one)
    assert "Here is of today.csv, 44" in told
    assert "Osprey" in told
    do(page, one, "import")
    work()
    found = Deal.objects.order_by("deal_id").values_list("account_name", flat=True)
    assert [*found] == ["Kestrel", "Osprey", "Heron"]


def test_a_second_file_is_there_for_the_next_upload_that_is_mapped_so(page: Client) -> None:
    one = sent(page, table(3))
    do(page, one, "say", text=MAPPING)
    beside(page, one, COMPANIES)
    form = {"dataset": "pipeline_deals", "dates": "%d.%m.%Y", "numbers": ",|."}
    names = ("opportunity_name", "owner_id", "stage_name", "amount", "created_at", "status")
    heads = ("Opportunity", "Owner", "Stage", "Amount", "Created", "Status")
    form |= {f"from:{name}": f"header:{head}" for name, head in zip(names, heads, strict=True)}
    form |= {"from:deal_id": "header:Opportunity ID", "from:account_name": "written"}
    assert do(page, one, "save", name="With companies", **form).status_code == 302
    saved = SavedProfile.objects.get()
    other = sent(page, table(2).replace("Status", "State of it"))
    do(page, other, "say", text=saved.toml.replace('"Status"', '"State of it"'))
    assert "which is not here" in shown(page, other)
    SavedProfile.objects.update(toml=saved.toml.replace('"Status"', '"State of it"'))
    assert do(page, other, "use", saved=str(saved.pk)).status_code == 302
    assert "Osprey" in shown(page, other)
    do(page, other, "import")
    work()
    alike = sent(page, table(3).replace("Status", "State of it"), "alike.csv")
    assert "Heron" in shown(page, alike)


def test_a_second_file_that_does_not_fit_says_where(page: Client) -> None:
    one = sent(page, table(3))
    do(page, one, "say", text=MAPPING)
    beside(page, one, "number;company\nD-0;Kestrel\n")
    told = shown(page, one)
    assert "lookups.companies.key" in told
    assert "Import 3 rows" not in told
    beside(page, one, "")
    assert "lookups.companies.file" in shown(page, one)


def test_a_second_file_that_nobody_asked_for_is_not_taken(page: Client) -> None:
    one = sent(page, table(3))
    assert beside(page, one, COMPANIES).status_code == 422
    do(page, one, "say", text=MAPPING)
    assert beside(page, one, COMPANIES, "passwd").status_code == 422
    answer = do(page, one, "say", text=MAPPING.replace('"companies.csv"', '"in/companies.csv"'))
    assert answer.status_code == 422
    assert "has a short name here, and no folder" in text(answer)
    answer = page.post(f"/data/upload/{one.pk}/", {"do": "second", "place": "companies.csv"})
    assert "Choose the second file" in text(answer)
