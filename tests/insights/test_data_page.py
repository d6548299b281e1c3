"""What ops see on the Data page: loads, ages, the background, and the trend of what is wrong."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from insights import tasks
from insights.actions import quality
from insights.datasets import TEAMS
from insights.queries.quality import Count, Counts, newest
from revops_site.kernel import clock, freshness
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User
from tests.conftest import AsUser
from tests.insights import faults, files

PARTS = ("loads", "sources", "work", "quality")


@pytest.fixture
def page(as_user: AsUser, dee: User) -> Client:
    return as_user(dee)


def text(client: Client, address: str = "/data/", **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def part(client: Client, name: str, query: str = "") -> str:
    target = {"HX-Request": "true", "HX-Target": f"panel-data-{name}"}
    return text(client, f"/data/{query}", **target)


def names(shown: str) -> list[str]:
    """What the rows of a part's table are called."""
    return re.findall(r'<th scope="row"[^>]*><a[^>]*>([^<]*)</a>', shown)


def teams(folder: Path, count: int) -> None:
    """So many loads of a file of one team."""
    for nth in range(count):
        files.load(folder, {"teams": [{"team": f"Team {nth}"}]})


@pytest.mark.parametrize("who", ["ana", "bo", "vi"])
def test_who_does_not_keep_the_data_is_not_shown_the_way_there(
    as_user: AsUser, request: pytest.FixtureRequest, who: str
) -> None:
    client = as_user(request.getfixturevalue(who))
    assert 'href="/data/"' not in text(client, "/glossary/")
    assert client.get("/data/").status_code == 403


@pytest.mark.parametrize("who", ["dee", "ad"])
def test_who_keeps_the_data_is_shown_the_way_there(
    as_user: AsUser, request: pytest.FixtureRequest, who: str
) -> None:
    client = as_user(request.getfixturevalue(who))
    assert 'href="/data/"' in text(client, "/glossary/")
    assert "Can today’s numbers be trusted?" in text(client)


def test_before_anything_was_loaded_each_part_says_what_brings_it(page: Client) -> None:
    shown = text(page)
    assert "Nothing was loaded yet" in shown
    assert "Load files with manage.py ingest FOLDER" in shown
    assert "manage.py ingest pipeline_deals.csv" in shown
    assert shown.count("Never loaded") >= 20


def test_the_newest_load_comes_first_and_the_oldest_on_the_last_page(
    page: Client, tmp_path: Path
) -> None:
    teams(tmp_path, 26)
    first, last = part(page, "loads"), part(page, "loads", "?page=2")
    assert len(names(first)) == 25
    assert len(names(last)) == 1
    assert "1–25 of 26 loads" in first
    assert "26–26 of 26 loads" in last
    assert part(page, "loads", "?page=99") == last
    newest, oldest = (int(re.search(r"/data/loads/(\d+)/", one)[1]) for one in (first, last))  # type: ignore[index]
    assert newest == oldest + 25


def test_loads_are_narrowed_by_dataset_kind_and_refusals(
    page: Client, tmp_path: Path, dee: User
) -> None:
    files.load(tmp_path / "a", faults.FILES)
    bad = {"deal_id": "bad", "stage": "x", "status": "open", "created_at": "yesterday"}
    files.load(tmp_path / "b", {"pipeline_deals": [bad]}, strict=False)
    team = {"name": "APAC"}
    rows.write(TEAMS, [team], kind="edit", source="edit of kernel.Team APAC", by=dee)
    assert names(part(page, "loads", "?dataset=pipeline_deals")) == ["pipeline_deals"] * 2
    assert names(part(page, "loads", "?refused=1")) == ["pipeline_deals"]
    edited = part(page, "loads", "?kind=edit")
    assert names(edited) == ["teams"]
    assert "by Dee" in edited
    assert "edit of kernel.Team APAC" in edited
    assert names(part(page, "loads", "?dataset=pipeline_deals&refused=1")) == ["pipeline_deals"]
    nothing = part(page, "loads", "?kind=sync")
    assert "No rows match these filters." in nothing
    assert 'href="/data/"' in nothing


def test_loads_are_sorted_by_their_figures(page: Client, tmp_path: Path) -> None:
    files.load(tmp_path, faults.FILES)
    shown = part(page, "loads", "?sort=-ok")
    assert names(shown)[0] == "pipeline_deals"
    assert 'aria-sort="descending"' in shown
    assert names(part(page, "loads", "?sort=dataset"))[0] == "accounts"


def test_a_swap_brings_one_part_and_the_states_one_address(page: Client, tmp_path: Path) -> None:
    teams(tmp_path, 1)
    headers = {"HX-Request": "true", "HX-Target": "panel-data-loads"}
    answer = page.get("/data/?kind=&dataset=teams&page=1&period=90d", headers=headers)
    shown = answer.content.decode()
    assert shown.lstrip().startswith('<section id="panel-data-loads"')
    assert "<html" not in shown
    assert "panel-data-work" not in shown
    assert answer["HX-Push-Url"] == "/data/?period=90d&dataset=teams"
    assert "HX-Request" in answer["Vary"]


@pytest.mark.parametrize("name", PARTS)
def test_each_part_comes_alone_where_it_is_asked_for(
    page: Client, tmp_path: Path, name: str
) -> None:
    files.load(tmp_path, faults.FILES)
    assert part(page, name).lstrip().startswith(f'<section id="panel-data-{name}"')


def test_the_filters_of_other_pages_stay_in_the_address(page: Client, tmp_path: Path) -> None:
    teams(tmp_path, 26)
    shown = text(page, "/data/?period=90d&segment=ENT")
    assert "/data/?period=90d&amp;segment=ENT&amp;page=2" in shown
    assert '<input type="hidden" name="period" value="90d">' in shown


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("dataset=unicorns", "Dataset “unicorns” is unknown; showing all."),
        ("kind=magic", "Kind “magic” is unknown; showing all."),
        ("sort=-password", "Order “-password” is unknown; showing the default."),
    ],
)
def test_an_unknown_choice_falls_back_with_a_word(page: Client, query: str, says: str) -> None:
    assert says in text(page, f"/data/?{query}")


@pytest.mark.parametrize(
    "query",
    [
        "page=-1&sort=%00",
        "page=99999999999999999999999",
        "page=²&dataset=%ff%fe",
        "dataset=<script>alert(1)</script>&kind='; DROP TABLE x--",
        "&".join(f"x{n}=1" for n in range(1500)),
    ],
)
def test_a_hostile_address_is_answered_in_peace(page: Client, tmp_path: Path, query: str) -> None:
    teams(tmp_path, 1)
    assert "<script>alert" not in text(page, f"/data/?{query}")


def deals(day: date) -> files.Rows:
    return [{**faults.DEAL, "deal_id": "d", "created_at": day.isoformat()}]


@pytest.mark.parametrize(
    ("days_ago", "state"), [(0, "Up to date"), (7, "Up to date"), (8, "Stale")]
)
def test_data_are_stale_when_the_workspace_says_so(
    page: Client, tmp_path: Path, days_ago: int, state: str
) -> None:
    files.load(tmp_path, {"pipeline_deals": deals(clock.today() - timedelta(days=days_ago))})
    row = re.search(r"<th[^>]*><a[^>]*>pipeline_deals</a>.*?</tr>", part(page, "sources"))
    assert row is not None
    assert state in row[0]
    assert f'<td class="n">{days_ago}</td>' in row[0]


def test_a_file_of_days_to_come_is_told_from_one_that_is_stale(
    page: Client, tmp_path: Path
) -> None:
    account = {"account_id": "A1", "account_name": "Acme", "created_at": "2099-01-01"}
    files.load(tmp_path, {"accounts": [account]})
    assert "In the future" in part(page, "sources")
    assert "Not so: accounts." in text(page)


def test_a_months_file_is_as_new_as_its_month(page: Client, tmp_path: Path) -> None:
    month = clock.today().replace(day=1).isoformat()
    files.load(tmp_path, {"customer_mrr": [{"customer_id": "c", "month": month, "mrr": "1"}]})
    row = re.search(r"<th[^>]*><a[^>]*>customer_mrr</a>.*?</tr>", part(page, "sources"))
    assert row is not None
    assert "Up to date" in row[0]


def test_a_refused_load_is_seen_though_no_data_changed(page: Client, tmp_path: Path) -> None:
    files.load(tmp_path / "a", {"pipeline_deals": deals(clock.today())})
    assert "In no dataset's newest load." in text(page).replace("&#x27;", "'")
    bad = {"deal_id": "bad", "stage": "x", "status": "open", "created_at": "yesterday"}
    files.load(tmp_path / "b", {"pipeline_deals": [bad]}, strict=False)
    assert "In the newest load of pipeline_deals." in text(page)


def test_without_a_worker_the_page_says_what_to_do(page: Client) -> None:
    shown = part(page, "work")
    assert "No worker runs." in shown
    assert "manage.py procrastinate worker" in shown
    assert "Not running" in text(page)


def report_back(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        at = clock.now() - timedelta(seconds=seconds_ago)
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [at])


def test_a_worker_that_reports_back_is_seen(page: Client) -> None:
    report_back(seconds_ago=5)
    assert "1 worker runs." in part(page, "work")


def test_a_worker_that_fell_silent_is_missed_since_then(page: Client) -> None:
    report_back(seconds_ago=3600)
    assert re.search(r"No worker runs since \d+ \w+ \d{4}, \d\d:\d\d\.", part(page, "work"))


def test_what_waits_is_counted_by_job_with_the_next_run_of_periodic_ones(page: Client) -> None:
    for name in ("one", "another"):
        tasks.count_quality.configure(queueing_lock=name).defer(timestamp=0)
    row = re.search(r"<th[^>]*>Count quality</th>.*?</tr>", part(page, "work"))
    assert row is not None
    assert re.findall(r'<td class="n">(\d+)</td>', row[0]) == ["2", "0", "0", "0"]
    assert len(re.findall(r"<time", row[0])) == 2  # the oldest, and the next
    assert "2 jobs wait" in text(page)


def kept(found: int, days_ago: int) -> None:
    day = freshness.stamp(freshness.workspace()) - timedelta(days=days_ago)
    counts = {"deals-without-amount": Count(found, 20)}
    quality.keep_counts(counts=Counts(counts, 0, clock.now(), day))


@pytest.mark.parametrize(
    ("before", "says"), [(0, "1 more"), (1, "±0"), (4, "3 fewer"), (None, "not known yet")]
)
def test_a_number_is_held_against_that_of_a_week_ago(
    page: Client, tmp_path: Path, before: int | None, says: str
) -> None:
    files.load(tmp_path, faults.FILES)
    if before is not None:
        kept(before, days_ago=7)
        kept(99, days_ago=3)
    row = re.search(r'href="/data/quality/deals-without-amount/".*?</tr>', part(page, "quality"))
    assert row is not None
    assert says in row[0]
    assert ("<path" in row[0]) == (before is not None)


def test_the_background_counts_once_for_each_state_of_the_data(
    page: Client, tmp_path: Path
) -> None:
    files.load(tmp_path, faults.FILES)
    tasks.count_quality(timestamp=0)
    first = counted_at()
    tasks.count_quality(timestamp=0)
    assert counted_at() == first
    files.load(tmp_path / "b", {"teams": [{"team": "APAC"}]})
    tasks.count_quality(timestamp=0)
    assert counted_at() > first


def counted_at() -> datetime:
    found = newest()
    assert found is not None
    return found.at


@pytest.fixture
def much(page: Client, tmp_path: Path) -> Client:
    """Data of which the database believes that they are too many to be counted at once."""
    files.load(tmp_path, faults.FILES)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_class SET reltuples = 1e7 WHERE oid = to_regclass('pipeline_deal')"
        )
    cache.clear()
    return page


def test_many_rows_are_counted_in_the_background_alone(much: Client, tmp_path: Path) -> None:
    assert "the worker counts them within ten minutes" in part(much, "quality")
    assert "the worker counts them" in text(much, "/data/quality/deals-without-amount/")
    tasks.count_quality(timestamp=0)
    shown = part(much, "quality")
    assert "checks found something." in shown
    assert "The data have changed since" not in shown
    files.load(tmp_path / "b", {"teams": [{"team": "APAC"}]})
    assert "The data have changed since: the worker counts anew" in part(much, "quality")
    assert "no-amount" in text(much, "/data/quality/deals-without-amount/")
    assert "about 10,000,000" in part(much, "sources")


def test_a_check_that_lacks_data_says_so_and_is_no_finding(page: Client, tmp_path: Path) -> None:
    files.load(tmp_path, {"pipeline_deals": faults.FILES["pipeline_deals"]})
    shown = part(page, "quality")
    assert "Won deals whose customer revenue does not know: needs rows of" in shown
    assert "pipeline_deals and revenue_customers" in shown
    says = text(page, "/data/quality/won-without-customer/")
    assert "It says nothing without rows of pipeline_deals and revenue_customers." in says


def test_a_check_that_finds_nothing_says_so(page: Client, tmp_path: Path) -> None:
    files.load(tmp_path, {"pipeline_deals": deals(date(2025, 1, 1))})
    assert "This check finds nothing." in text(page, "/data/quality/deals-without-amount/")


def test_an_edit_is_seen_in_the_numbers_at_once(page: Client, tmp_path: Path, dee: User) -> None:
    files.load(tmp_path, faults.FILES)
    address = "/data/quality/teams-unknown/"
    assert "Nowhere" in text(page, address)
    rows.write(TEAMS, [{"name": "Nowhere"}], kind="edit", source="edit", by=dee)
    assert "This check finds nothing." in text(page, address)
