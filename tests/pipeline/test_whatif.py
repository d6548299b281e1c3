"""The What-if page: figures side by side, scenarios that are kept, and nothing real changed."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pipeline.models import Deal, DealChange, DealState, Scenario
from revops_site.kernel import freshness
from revops_site.kernel.models import AuditEvent, DataLoad, User, Workspace
from tests import pipeline_deals
from tests.conftest import AsUser
from tests.pipeline.a_quarter import DEALS, fill
from tests.pipeline.test_outlook import tiles

URL, KEPT = "/pipeline/what-if/", "/pipeline/what-if/scenarios/"
HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}"


@pytest.fixture(autouse=True)
def company(ana: User, cy: User, bo: User, workspace: Workspace, tmp_path: Path) -> None:
    """Two teams of one rep each with a quota, their deals and what was done for them."""
    fill(tmp_path)


def page(as_user: AsUser, who: User, **asked: Any) -> str:
    answer = as_user(who).get(f"{URL}?{urlencode(asked, doseq=True)}")
    assert answer.status_code == 200
    return answer.content.decode()


def written(text: str) -> str:
    """A page without its random tokens, which may hold any two letters."""
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", text)


def figures(text: str) -> dict[str, list[str]]:
    """The figures side by side: as it stands, with the changes, difference …, by name."""
    table = text.partition('id="table-what-if"')[2].partition("</table>")[0]
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL):
        cells = [
            html.unescape(re.sub(r"<[^>]*>", "", cell))
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        found[cells[0]] = cells[1:]
    return found


def exact(text: str, figure: str) -> list[str]:
    """The exact values of a figure, as the titles of its cells tell them."""
    row = re.search(rf'<th scope="row"[^>]*>{figure}</th>(.*?)</tr>', text, re.DOTALL)
    assert row
    return [html.unescape(one) for one in re.findall(r'title="([^"]*)"', row[1])]


def lines(text: str) -> list[str]:
    """The deals of the list."""
    return [html.unescape(one) for one in re.findall(r'name="row" value="([^"]*)"', text)]


def changes(as_user: AsUser, who: User, assume: str) -> list[dict[str, str]]:
    answer = as_user(who).get(f"{URL}panels/what-if-changes.csv?{urlencode({'assume': assume})}")
    assert answer.status_code == 200
    return list(csv.DictReader(answer.content.decode().splitlines()))


def save(as_user: AsUser, who: User, name: str = "Plan B", **given: str) -> Any:
    said = {"name": name, "assume": "B1~out", **given}
    return as_user(who).post(KEPT, said)


def sentence(answer: Any) -> str:
    found = re.search(r'id="what-if-wrong" role="alert">([^<]*)<', answer.content.decode())
    return html.unescape(found[1]) if found else ""


@pytest.mark.parametrize(
    "query",
    ["", "segment=MM", "team=EMEA", "region=APAC", "as_of=2025-06-23", "quarter=2025Q3"],
)
def test_without_changes_it_is_the_forecast_page_to_the_cent(
    as_user: AsUser, dee: User, query: str
) -> None:
    text = as_user(dee).get(f"{URL}?{query}").content.decode()
    forecast = tiles(as_user, dee, query)
    for label, field in (("Forecast", "ai_forecast"), ("Commit", "commit_amount")):
        stands, then = exact(text, label)[:2]
        assert stands == then == f"${forecast[field]:,.2f}"
    assert {cells[2] for cells in figures(text).values()} <= {"0", "—"}


def test_a_deal_left_out_is_in_no_figure(as_user: AsUser, dee: User) -> None:
    with_it = figures(page(as_user, dee))
    without = figures(page(as_user, dee, assume="B1~out"))
    assert with_it["Pipeline of the quarter"][0] == "$162K"
    assert without["Pipeline of the quarter"] == ["$162K", "$62K", "−$100K"]
    assert without["Open deals of the quarter"] == ["3", "2", "−1"]
    assert without["Commit"] == ["$140K", "$40K", "−$100K"]


def test_without_any_open_deal_the_forecast_is_what_is_won(as_user: AsUser, dee: User) -> None:
    text = page(as_user, dee, assume="B1~out,B2~out,B4~out,B5~out")
    assert figures(text)["Forecast"][1] == figures(text)["Won in the quarter"][1] == "$40K"
    assert figures(text)["Coverage"][1] == "0.0x"


def test_a_deal_of_the_next_quarter_is_pulled_in_and_one_of_this_one_pushed_out(
    as_user: AsUser, dee: User
) -> None:
    told = figures(page(as_user, dee, assume="B5~close=2025-06-30,B1~close=2025-07-15"))
    assert told["Pipeline of the quarter"] == ["$162K", "$132K", "−$30K"]
    by_deal = {one["deal_id"]: one for one in changes(as_user, dee, "B5~close=2025-06-30")}
    assert by_deal["B5"]["what"] == "Moves in"
    assert (by_deal["B5"]["close_date"], by_deal["B5"]["close_date_new"]) == (
        "2025-08-28",
        "2025-06-30",
    )


def test_the_figures_are_those_of_a_real_change(as_user: AsUser, dee: User, tmp_path: Path) -> None:
    told = exact(page(as_user, dee, assume="B4~amount=50000"), "Forecast")[1]
    moved = tuple(row.replace("Discovery,30000", "Discovery,50000") for row in DEALS)
    folder = tmp_path / "again"
    folder.mkdir()
    assert pipeline_deals.load(folder, moved).exit_code == 0
    assert told == f"${tiles(as_user, dee)['ai_forecast']:,.2f}"


def test_the_file_tells_old_and_new_and_sums_to_the_change(as_user: AsUser, dee: User) -> None:
    assume = "B1~out,B2~amount=64000~chance=50"
    rows = changes(as_user, dee, assume)
    assert [(row["deal_name"], row["amount"], row["amount_new"]) for row in rows] == [
        ("Acme", "100000.0", ""),
        ("Bolt", "32000.0", "64000.0"),
    ]
    stands, then = (
        float(one.strip("$").replace(",", ""))
        for one in exact(page(as_user, dee, assume=assume), "Forecast")[:2]
    )
    assert sum(float(row["expected_change"]) for row in rows) == pytest.approx(then - stands)


def test_a_form_without_scripts_comes_to_the_one_address_of_its_state(
    as_user: AsUser, dee: User
) -> None:
    sent = [
        *(("segment", "MM"), ("assume", "B5~amount=1000")),
        *(("row", "B4"), ("amount", "30,000"), ("close", "2025-06-28"), ("chance", "")),
        *(("row", "B5"), ("in", "B5"), ("amount", "70000.00"), ("close", "2025-07-15")),
        ("chance", ""),
    ]
    answer = as_user(dee).get(f"{URL}?{urlencode(sent)}")
    assert answer.status_code == 302
    assert (
        answer["Location"]
        == f"{URL}?{urlencode([('segment', 'MM'), ('assume', 'B5~close=2025-07-15,B4~out')])}"
    )
    headers = {"HX-Request": "true", "HX-Target": "what-if"}
    swapped = as_user(dee).get(f"{URL}?{urlencode(sent)}", headers=headers)
    assert swapped.status_code == 200
    assert swapped["HX-Push-Url"] == answer["Location"]
    assert swapped.content.decode().startswith('<div id="what-if"')


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("amount=eighty", "the amount “eighty” is not a number"),
        ("amount=-5", "is below 0"),
        ("close=2025-06-01", "lies before 30 Jun 2025"),
        ("close=soon", "is not a date"),
        ("chance=120", "from 0 to 100"),
    ],
)
def test_what_cannot_be_meant_is_said_and_loses_nothing(
    as_user: AsUser, dee: User, given: str, why: str
) -> None:
    text = html.unescape(page(as_user, dee, assume=f"B1~out,B2~{given}"))
    assert re.search(f"Bolt: [^.]*{why}.*It is left as it stands.", text)
    assert figures(text)["Pipeline of the quarter"][1] == "$62K"
    assert f'value="{given.partition("=")[2]}" aria-invalid="true"' in text
    answer = save(as_user, dee, assume=f"B2~{given}")
    assert answer.status_code == 422
    assert why in sentence(answer)


def test_too_many_changes_are_told(as_user: AsUser, dee: User, tmp_path: Path) -> None:
    many = [
        f"X{n},Many{n},SMB,ana,Demo,1000,USD,2025-04-01,2025-06-30,2025-06-30,,open,,Referral,EMEA,"
        "new,,,"
        for n in range(60)
    ]
    folder = tmp_path / "many"
    folder.mkdir()
    assert pipeline_deals.load(folder, (*DEALS, *many)).exit_code == 0
    text = page(as_user, dee, assume=",".join(f"X{n}~out" for n in range(60)))
    assert "At most 50 deals can be changed at once" in text
    assert figures(text)["Open deals of the quarter"][2] == "−50"
    assert len(lines(text)) == 20


def test_an_address_of_nonsense_shows_the_quarter_as_it_stands(as_user: AsUser, dee: User) -> None:
    for query in (
        "assume=%00~%ff,,~~=",
        "row=B1&amount=5",
        "assume=" + "x" * 30_000,
        "page=-1&with=0",
    ):
        answer = as_user(dee).get(f"{URL}?{query}")
        assert answer.status_code == 200
        assert figures(answer.content.decode())["Forecast"][2] == "0"


def test_deals_of_others_are_neither_taken_nor_told(
    as_user: AsUser, ana: User, bo: User, cy: User
) -> None:
    for who in (ana, bo):
        text = page(as_user, who, assume="B4~out,NOPE~out,B2~out", q="")
        assert lines(text) == ["B1", "B2"]
        assert "Dune" not in text
        main = written(text).partition("<main")[2]  # the frame repeats the reader's own address
        assert "B4" not in main
        assert "NOPE" not in main
        assert "not yours to see" in text
        assert [row["deal_id"] for row in changes(as_user, who, "B4~out,B2~out")] == ["B2"]
        assert "Dune" not in page(as_user, who, q="Dune").partition("what-if-lines")[2]
    assert lines(page(as_user, cy)) == ["B4", "B5"]


def test_a_search_finds_deals_of_any_day_and_a_change_of_them_stays(
    as_user: AsUser, dee: User
) -> None:
    assert lines(page(as_user, dee, q="ech")) == ["B5"]
    assert lines(page(as_user, dee, q="nobody")) == []
    assert "No open deal is called “nobody”." in page(as_user, dee, q="nobody")


def test_filters_leave_out_what_is_assumed_elsewhere_and_say_so(as_user: AsUser, dee: User) -> None:
    text = page(as_user, dee, segment="MM", assume="B1~out")
    assert "these filters leave out" in text
    assert figures(text)["Forecast"][2] == "0"
    assert 'name="assume" value="B1~out"' in text


@pytest.fixture
def nothing_changes() -> Iterator[None]:
    """Whatever is done meanwhile, the deals, their history and their loads stay as they are."""
    before = _all()
    yield
    assert _all() == before


def _all() -> list[Any]:
    return [
        list(Deal.objects.order_by("pk").values()),
        list(DealState.objects.order_by("deal_id", "valid_from").values()),
        DealChange.objects.count(),
        DataLoad.objects.count(),
        freshness.generation(),
    ]


@pytest.mark.usefixtures("nothing_changes")
def test_a_scenario_is_saved_once_opened_changed_and_deleted(as_user: AsUser, dee: User) -> None:
    first = save(as_user, dee, name="  Plan \t B ")
    assert first.status_code == 302
    assert save(as_user, dee).url == first.url
    kept = Scenario.objects.get()
    assert (kept.name, kept.quarter, kept.assumptions) == (
        "Plan B",
        "Q2 2025",
        {"B1": {"out": "1"}},
    )
    opened: Any = as_user(dee).get(first.url)
    assert opened.status_code == 302
    text = as_user(dee).get(opened.url).content.decode()
    assert "<strong>Plan B</strong> is open" in text
    assert "is what it was when it was saved" in text
    assert figures(text)["Commit"][1:] == ["$40K", "−$100K", "$40K"]
    address = f"{KEPT}{kept.pk}/"
    given = {"do": "save", "name": "Plan C", "assume": "B2~amount=5"}
    assert as_user(dee).post(address, given).status_code == 302
    assert as_user(dee).post(address, given).status_code == 302
    kept.refresh_from_db()
    assert (kept.name, kept.assumptions) == ("Plan C", {"B2": {"amount": "5"}})
    for _ in range(2):
        assert as_user(dee).post(address, {"do": "delete"}).status_code == 302
    assert not Scenario.objects.exists()
    told = AuditEvent.objects.filter(action__startswith="scenario").order_by("id")
    assert [(one.action, one.target) for one in told] == [
        ("scenario saved", "Plan B"),
        ("scenario changed", "Plan C"),
        ("scenario deleted", "Plan C"),
    ]


def test_what_cannot_be_saved_is_said_with_all_that_was_given(as_user: AsUser, dee: User) -> None:
    assert save(as_user, dee).status_code == 302
    for given, why in (
        ({"name": "plan b", "assume": "B2~out"}, "You have a scenario called “Plan B” already."),
        ({"name": " "}, "Give the scenario a name."),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"name": "Empty", "assume": ""}, "Nothing is assumed yet"),
    ):
        answer = save(as_user, dee, **given)
        assert answer.status_code == 422
        assert why in sentence(answer)
        if given.get("assume"):
            assert 'name="assume" value="B2~out"' in answer.content.decode()
    assert Scenario.objects.count() == 1


def test_a_name_is_text_wherever_it_is_shown(as_user: AsUser, dee: User, bo: User) -> None:
    answer = save(as_user, bo, name=HOSTILE, shared="on")
    assert answer.status_code == 302
    for who in (bo, dee):
        text = page(as_user, who, scenario=Scenario.objects.get().pk)
        assert "<script>alert" not in text
        assert html.escape(HOSTILE) in text
    text = page(as_user, dee, q=HOSTILE, assume=f"{HOSTILE}~amount={HOSTILE}")
    assert "<script>alert" not in text


def test_a_scenario_is_its_owner_s_alone_until_it_is_shared(
    as_user: AsUser, ana: User, bo: User, cy: User, dee: User, vi: User
) -> None:
    save(as_user, bo, name="Quiet")
    address = f"{KEPT}{Scenario.objects.get().pk}/"
    for who in (ana, cy, dee, vi):
        assert as_user(who).get(address).status_code == 404
        assert "Quiet" not in page(as_user, who)
    Scenario.objects.update(is_shared=True)
    for who, status in ((ana, 302), (dee, 302), (vi, 302), (cy, 404)):
        assert as_user(who).get(address).status_code == status
        assert as_user(who).post(address, {"do": "save", "name": "Mine now"}).status_code in {
            404,
            422,
        }
        as_user(who).post(address, {"do": "delete"})
    assert Scenario.objects.get().name == "Quiet"


def test_who_opens_a_shared_scenario_sees_of_it_what_is_theirs(
    as_user: AsUser, cy: User, dee: User
) -> None:
    save(as_user, dee, name="All", shared="on", assume="B1~out,B4~amount=1")
    opened: Any = as_user(cy).get(f"{KEPT}{Scenario.objects.get().pk}/")
    assert opened.status_code == 302
    assert "B1" not in opened.url
    text = written(as_user(cy).get(opened.url).content.decode())
    assert "shared by Dee" in text
    assert "When saved" not in text
    assert "B1" not in text
    assert "Acme" not in text
    assert figures(text)["Pipeline of the quarter"] == ["$30K", "$1", "−$30K"]


def test_only_those_who_lead_share(as_user: AsUser, ana: User, vi: User, bo: User) -> None:
    for who in (ana, vi):
        assert 'name="shared"' not in page(as_user, who)
        answer = save(as_user, who, shared="on")
        assert answer.status_code == 422
        assert "Only managers and RevOps share" in sentence(answer)
        assert save(as_user, who).status_code == 302
    assert 'name="shared"' in page(as_user, bo)


def test_an_opened_scenario_says_what_has_changed_since(
    as_user: AsUser, dee: User, tmp_path: Path
) -> None:
    save(as_user, dee, assume="B1~amount=90000,B2~out,B4~amount=50000")
    was = Scenario.objects.get().figures["ai_forecast"]
    moved = [
        row.replace("B1,Acme,SMB,ana,Negotiation", "B1,Acme,SMB,ana,Closed_Won")
        .replace("2025-06-02,,open,,", "2025-06-02,,won,2025-06-29,", 1)
        .replace("Commit,2025-07-03", "Closed,")
        if row.startswith("B1")
        else row
        for row in DEALS
    ]
    folder = tmp_path / "later"
    folder.mkdir()
    assert pipeline_deals.load(folder, tuple(moved)).exit_code == 0
    opened: Any = as_user(dee).get(f"{KEPT}{Scenario.objects.get().pk}/")
    text = as_user(dee).get(opened.url).content.decode()
    assert "Acme was won on 29 Jun 2025: it counts as it ended." in text
    assert f"Its forecast was ${was:,.0f} when it was saved" in html.unescape(text)
    assert "what is assumed now is not saved" not in text


def test_a_scenario_of_a_chosen_quarter_is_opened_for_it(as_user: AsUser, dee: User) -> None:
    address = f"{KEPT}?quarter=2025Q3"
    said = {"name": "Next", "assume": "B5~amount=100000"}
    assert as_user(dee).post(address, said).status_code == 302
    kept = Scenario.objects.get()
    assert kept.quarter == "Q3 2025"
    opened: Any = as_user(dee).get(f"{KEPT}{kept.pk}/")
    assert "quarter=2025Q3" in opened.url
    text = as_user(dee).get(opened.url).content.decode()
    assert figures(text)["Pipeline of the quarter"][:3] == ["$70K", "$100K", "+$30K"]
    assert "It was made for" not in text
    other = page(as_user, dee, scenario=kept.pk, assume="B5~amount=100000")
    assert "It was made for Q3 2025; it is reckoned for Q2 2025 here." in other


def test_more_changes_ask_no_more_of_the_database(as_user: AsUser, dee: User) -> None:
    asked = []
    for assume in ("B1~out", "B1~out,B2~amount=5,B4~chance=10"):
        page(as_user, dee, assume=assume)
        with CaptureQueriesContext(connection) as queries:
            page(as_user, dee, assume=assume)
        asked.append(len(queries))
    assert asked[0] == asked[1] < 60


def test_another_scenario_stands_beside(as_user: AsUser, dee: User) -> None:
    save(as_user, dee, name="Without Acme")
    text = page(as_user, dee, assume="B2~out", **{"with": Scenario.objects.get().pk})
    head = re.findall(r"<th scope=\"col\"[^>]*>([^<]*)<", text.partition('id="table-what-if"')[2])
    assert head[:5] == ["Figure", "As it stands", "With the changes", "Difference", "Without Acme"]
    assert figures(text)["Pipeline of the quarter"] == ["$162K", "$130K", "−$32K", "$62K"]


def test_every_figure_that_stands_leads_to_its_explanation(as_user: AsUser, dee: User) -> None:
    text = page(as_user, dee, team="EMEA")
    for slug in re.findall(r'href="(/explain/[^"]*)"', text):
        assert as_user(dee).get(html.unescape(slug)).status_code == 200
    assert "ai_forecast = closed_won_amount + expected_open" in text
