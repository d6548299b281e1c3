"""A rep's day: the figures, what is due, what to approve, the own deals; nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coaching.models import Commitment
from pipeline.actions import tasks
from pipeline.datasets import ACTIVITIES
from pipeline.queries.tasks import Subject
from revops_site.kernel import clock
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User
from tests.coaching import a_team
from tests.coaching.test_one_on_one import TODAY, promise, say, start, text
from tests.conftest import AsUser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
DAY = "/coaching/day/"
OF_ANA = Subject(deal_id="O-ana")


def give(to: User, title: str, due: str) -> None:
    given = {"title": title, "assignee": str(to.pk), "due": due, "priority": "2"}
    tasks.add(by=to, of=OF_ANA, given=given, at=clock.now())


def section(page: str, name: str) -> str:
    begin = page.index(f'id="{name}"')
    return page[begin : page.index("</section>", begin)]


def test_the_figures_of_the_quarter_explain_themselves(ana: User, as_user: AsUser) -> None:
    page = text(as_user(ana), DAY)
    figures = section(page, "panel-day-kpis")
    for slug in ("coaching-attainment", "coaching-pace", "pipeline-quota-gap", "coaching-coverage"):
        assert f"/explain/{slug}/" in figures
    assert "100%" in figures  # of 100,000 in two quarters Ana won all
    assert "Of a quota of $50K." in figures
    told = text(as_user(ana), "/explain/pipeline-quota-gap/?owner=ana&period=this_quarter")
    assert "$10K" in figures
    assert "10,000" in told


def test_what_is_due_comes_first_and_what_is_later_waits(
    ana: User, bo: User, as_user: AsUser
) -> None:
    give(ana, "Send the terms", str(TODAY))
    give(ana, "Next month", str(TODAY + timedelta(days=30)))
    one = start(as_user(bo))
    promise(as_user(bo), one, "Call the CFO", due=str(TODAY - timedelta(days=1)))
    promise(as_user(bo), one, "Bo sends a book", whose="manager")
    promise(as_user(bo), one, "Only later", due=str(TODAY + timedelta(days=3)))
    found = section(text(as_user(ana), DAY), "tasks")
    assert found.index("Call the CFO") < found.index("Send the terms")
    assert "Overdue" in found
    assert "With Bo" in found
    for later in ("Next month", "Only later", "Bo sends a book"):
        assert later not in found


def test_what_is_planned_with_customers_today_stands_there(ana: User, as_user: AsUser) -> None:
    plan = {"activity_id": "M1", "rep_id": "ana", "deal_id": "O-ana", "type": "meeting"}
    plan |= {"subject": "Kick-off", "due_date": str(a_team.LAST_DAY), "is_done": "false"}
    later = plan | {"activity_id": "M2", "subject": "Not yet", "due_date": "2025-07-03"}
    other = plan | {"activity_id": "M3", "subject": "Of Ben", "rep_id": "ben", "deal_id": "O-ben"}
    report = rows.write(ACTIVITIES, [plan, later, other], kind="app", source="t", by=None)
    assert not report.refused, report.sample
    found = section(text(as_user(ana), DAY), "tasks")
    assert "Kick-off" in found
    assert "Not yet" not in found
    assert "Of Ben" not in found


def test_a_commitment_is_done_and_carried_over_from_the_day_and_from_today(
    ana: User, bo: User, as_user: AsUser
) -> None:
    one = start(as_user(bo))
    found = promise(as_user(bo), one, "Call the CFO")
    client, way = as_user(ana), f"/coaching/commitments/{found.pk}/"
    for address in ("/", "/today/", DAY):
        assert "Call the CFO" in text(client, address), address
        assert "Call the CFO" not in text(as_user(bo), "/today/")
    later = str(TODAY + timedelta(days=2))
    answer = client.post(way, {"do": "carry", "seen": "1", "due": later, "next": DAY})
    assert (answer.status_code, answer["Location"]) == (302, DAY)
    for address in ("/", "/today/", DAY):
        assert "Call the CFO" not in text(client, address), address
    assert client.post(way, {"do": "done", "seen": "2", "next": "//evil"}).status_code == 302
    assert Commitment.objects.get().state == "done"
    mine = promise(as_user(bo), one, "Bo sends a book", whose="manager")
    assert "Bo sends a book" in text(as_user(bo), "/today/")
    assert say(as_user(bo), one, f"done:{mine.pk}", **{f"seen-{mine.pk}": "1"}) == 302
    assert "Bo sends a book" not in text(as_user(bo), "/today/")


def test_next_best_actions_follow_ups_and_the_own_deals_stand_there(
    ana: User, as_user: AsUser
) -> None:
    page = text(as_user(ana), DAY)
    assert "What is to be done next?" in page
    assert "Which follow-ups wait for a word?" in page
    assert "/pipeline/deals/O-ana/?" in page
    assert "list=my-deals" in page
    for canary in ("O-ben", "O-cat", *a_team.CANARIES):
        assert canary not in page


def test_from_a_deal_one_goes_on_to_the_next_of_the_list(ana: User, as_user: AsUser) -> None:
    page = text(as_user(ana), "/pipeline/deals/O-ana/?list=my-deals&at=/coaching/day/")
    assert "1 of 1" in page


def test_who_does_not_sell_comes_to_the_team(
    bo: User, dee: User, vi: User, as_user: AsUser
) -> None:
    lost = User.objects.create_user("lost", "lost@example.com", "x", role=User.Role.REP)
    for person in (bo, dee, vi, lost):
        answer = as_user(person).get(DAY)
        assert (answer.status_code, answer["Location"]) == (302, "/coaching/"), person
    assert as_user(bo).get(f"{DAY}panels/day-kpis.csv").status_code == 403
    assert as_user(lost).get(f"{DAY}panels/day-kpis.csv").status_code == 404


def test_the_rail_leads_reps_there_and_marks_it_alone(ana: User, bo: User, as_user: AsUser) -> None:
    page = text(as_user(ana), DAY)
    rail = page[page.index('aria-label="Main"') : page.index("</nav>")]
    assert rail.count("aria-current") == 1
    assert 'data-key="y"' in rail
    assert "My day" not in text(as_user(bo), "/coaching/")


def test_from_the_day_one_comes_to_the_own_figures_deals_and_talks(
    ana: User, as_user: AsUser
) -> None:
    page = text(as_user(ana), DAY)
    tabs = page[page.index('id="rep-tabs"') :].partition("</nav>")[0]
    for way in ("/coaching/reps/ana/", "/reps/ana/", "/coaching/reps/ana/one-on-one/"):
        assert f'href="{way}"' in tabs
        assert as_user(ana).get(way).status_code == 200


def test_the_day_asks_the_database_few_questions(ana: User, as_user: AsUser) -> None:
    client: Client = as_user(ana)
    text(client, DAY)
    with CaptureQueriesContext(connection) as asked:
        text(client, DAY)
    assert len(asked) <= 40, len(asked)
