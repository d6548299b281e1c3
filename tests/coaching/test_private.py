"""What two say in a 1:1 is theirs: no page, file, search, admin or record tells anybody else."""

from __future__ import annotations

import json

import pytest
from django.apps import apps

from coaching.models import Commitment, Meeting
from revops_site.kernel.desk import desk
from revops_site.kernel.models import AuditEvent, Rep, Team, User
from tests.coaching.test_one_on_one import HERE, PROMISE, SECRET, promise, say, start, url
from tests.conftest import PASSWORD, AsUser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
WORDS = ("Canary", "pricing", "promise")
PAGES = (
    *("/", "/today/", "/tasks/", "/coaching/", "/coaching/reps/ana/", "/reps/ana/", "/insights/"),
    *("/pipeline/deals/O-ana/", "/changes/", "/pipeline/health/"),
)
FILES = (
    *("/coaching/panels/coaching-reps.csv", "/coaching/panels/coaching-reps.json"),
    *("/coaching/team/performance.json", "/pipeline/deals/O-ana.json"),
    *("/coaching/reps/ana/performance.json", "/coaching/reps/ana/drivers.json"),
    *("/coaching/reps/ana/activity.json", "/coaching/reps/ana/one-on-one.json"),
)


@pytest.fixture
def talk(ana: User, bo: User, as_user: AsUser) -> Meeting:
    """Bo and Ana have noted something, and Ana has committed herself to something."""
    one = start(as_user(bo))
    promise(as_user(bo), one)
    assert say(as_user(ana), one, notes=SECRET) == 302
    return one


@pytest.fixture
def others(
    talk: Meeting, cy: User, dee: User, vi: User, ad: User, emea: Team, apac: Team
) -> dict[str, User]:
    """Everybody else: colleagues of Ana, managers of her team and of another, who runs it all."""

    def made(name: str, **access: object) -> User:
        return User.objects.create_user(name, f"{name}@example.com", PASSWORD, **access)

    ben = made("ben", role="rep", rep=Rep.objects.get(pk="ben"))
    second = made("second", role="manager", team=emea)
    other = made("other", role="manager", team=apac)
    people = (ben, second, other, cy, dee, vi, ad)
    return {person.username: person for person in people}


OTHERS = ("ben", "second", "other", "cy", "dee", "vi", "ad")


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_finds_a_1_1_by_its_addresses(
    who: str, talk: Meeting, others: dict[str, User], as_user: AsUser
) -> None:
    client = as_user(others[who])
    found = Commitment.objects.get()
    given = {"do": "save", "notes": "Mine", "seen": str(talk.version)}
    settled = {"do": "done", "seen": "1"}
    sent = [
        client.get(url(talk)),
        client.post(url(talk), given),
        client.post(url(talk), {**given, "do": "close"}),
        client.post(f"/coaching/commitments/{found.pk}/", settled),
        client.get(f"/coaching/reps/{who}/one-on-one/{talk.pk}/"),
    ]
    closed = 404 if who in {"ben", "second", "other", "cy"} else 403
    assert [answer.status_code for answer in sent] == [closed] * len(sent)
    talk.refresh_from_db()
    found.refresh_from_db()
    assert (talk.notes, talk.closed_at, found.state) == (SECRET, None, "open")


@pytest.mark.parametrize("who", OTHERS)
def test_no_page_file_or_search_tells_anybody_else(
    who: str, talk: Meeting, others: dict[str, User], as_user: AsUser
) -> None:
    client = as_user(others[who])
    addresses = [*PAGES, *FILES, HERE, f"/coaching/reps/{who}/one-on-one/"]
    addresses += [f"/palette/?q={word}" for word in WORDS]
    for address in addresses:
        answer = client.get(address)
        body = answer.getvalue().decode("utf-8", "replace")
        assert SECRET not in body, address
        assert PROMISE not in body, address


def test_what_is_searched_for_is_found_in_no_1_1_even_by_those_two(
    talk: Meeting, ana: User, as_user: AsUser
) -> None:
    found = as_user(ana).get("/palette/?q=Canary").content.decode()
    assert SECRET not in found
    assert PROMISE not in found


def test_the_desk_has_no_table_of_1_1s_and_its_record_tells_no_words(
    talk: Meeting, ad: User, bo: User, as_user: AsUser
) -> None:
    assert not {Meeting, Commitment} & set(desk._registry)
    assert say(as_user(bo), talk, "close") == 302
    told = json.dumps([[one.action, one.target, one.detail] for one in AuditEvent.objects.all()])
    assert "1:1 notes written" in told
    assert "commitment made" in told
    assert "Canary" not in told
    client = as_user(ad)
    pages = ["/admin/", "/admin/kernel/auditevent/", "/admin/kernel/auditevent/?q=Canary"]
    pages += [f"/admin/kernel/user/{bo.pk}/delete/", "/admin/kernel/rep/ana/delete/"]
    for address in pages:
        page = client.get(address, follow=True).content.decode()
        assert not [one for one in (SECRET, PROMISE) if one in page], address


def test_no_name_of_a_row_tells_its_words(talk: Meeting) -> None:
    for model in apps.get_app_config("coaching").get_models():
        for row in model._base_manager.all():
            assert "Canary" not in str(row)


def test_who_is_no_manager_any_more_finds_nothing(talk: Meeting, bo: User, as_user: AsUser) -> None:
    for role, closed in (("viewer", 403), ("admin", 403), ("revops", 403), ("rep", 404)):
        User.objects.filter(pk=bo.pk).update(role=role)
        bo.refresh_from_db()
        assert as_user(bo).get(url(talk)).status_code == closed, role


def test_who_is_deleted_leaves_the_rep_the_own_notes(
    talk: Meeting, ana: User, bo: User, as_user: AsUser
) -> None:
    User.objects.filter(pk=bo.pk).delete()
    page = as_user(ana).get(url(talk)).content.decode()
    assert SECRET in page
    assert "Somebody who is gone" in page


def test_tabs_lead_to_1_1s_those_who_can_have_them(
    talk: Meeting, ana: User, bo: User, dee: User, vi: User, as_user: AsUser
) -> None:
    for person, has in ((ana, True), (bo, True), (dee, False), (vi, False)):
        page = as_user(person).get("/coaching/reps/ana/").content.decode()
        assert (f'href="{HERE}"' in page) is has, person


def test_an_answer_stays_in_no_cache(talk: Meeting, ana: User, as_user: AsUser) -> None:
    assert as_user(ana).get(url(talk))["Cache-Control"] == "no-store"
