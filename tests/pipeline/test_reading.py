"""Rules find in notes what is written there, and nothing that is denied, asked or supposed."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.analytics.reading import TOPICS, Text, read

DAY = datetime(2025, 6, 1, 9, tzinfo=UTC)


def said(*bodies: str) -> dict[str, str | None]:
    """What is found in notes, the oldest given first."""
    notes = [Text(f"N{n}", body, DAY + timedelta(days=n)) for n, body in enumerate(bodies)]
    found = read(notes)
    for one in found.values():
        assert one is None or one.quote in {note.note_id: note.body for note in notes}[one.note_id]
    return {topic: one.says if one else None for topic, one in found.items()}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("End user confirmed: King Saud Hospital.", "End user: King Saud Hospital"),
        ("The end-user is Globex, they start in May.", "End user: Globex"),
        ("End user: St. Mary's Clinic", "End user: St. Mary's Clinic"),
        ("END USERS ARE Saudi Aramco and SABIC", "End user: Saudi Aramco and SABIC"),
        ("Globex GmbH is the end user.", "End user: Globex GmbH"),
        ("End user has been identified as the Ministry of Health.", "End user: Ministry of Health"),
        ("End user confirmed.", "End user confirmed, not named"),
        ("End user not known.", "End user not settled"),
        ("End user: TBD", "End user not settled"),
        ("End user unknown so far", "End user not settled"),
        ("Asked again for the end user, no answer yet.", "End user not settled"),
        ("Who is the end user?", "End user not settled"),
        ("Is Globex the end user?", "End user not settled"),
        ("End user is not Globex", "End user not settled"),
        ("End user is probably Globex", "End user not settled"),
        ("They haven't told us the end user", "End user not settled"),
        ("The end user is happy with the demo.", None),
        ("End user training went well at Globex.", None),
        ("End-user certificate received.", None),
        ("If the end user is happy, we go on.", None),
        ("Globex liked it.", None),
        ("", None),
    ],
)
def test_who_will_use_it_is_taken_from_what_is_stated(body: str, says: str | None) -> None:
    assert said(body)["end_user"] == says


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("ISO 9001 certificate received.", "There: ISO 9001"),
        ("Survey checklist was uploaded by the customer", "There: Survey checklist"),
        ("MDD signed yesterday.", "There: MDD"),
        ("MDD not signed.", "Open: MDD"),
        ("Still waiting for the test report.", "Open: test report"),
        ("The end-user certificate is missing", "Open: end-user certificate"),
        ("Quality documents rejected", "Open: Quality documents"),
        ("The certificate has expired.", "Open: certificate"),
        ("If the test report is approved we can invoice.", None),
        ("Talked about certificates.", None),
        ("Documents handed over, invoice can be prepared.", None),
    ],
)
def test_papers_are_there_or_open_as_the_note_says(body: str, says: str | None) -> None:
    assert said(body)["compliance"] == says


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("Next step: send the offer to Pia.", "Next step: send the offer to Pia"),
        (
            "Good call. We will send the contract on Monday.",
            "Next step: We will send the contract on Monday",
        ),
        (
            "Needs a second demo for the finance team.",
            "Next step: Needs a second demo for the finance team",
        ),
        ("Meeting scheduled for 3 July.", "Next step: Meeting scheduled for 3 July"),
        ("No next step agreed.", "No next step agreed"),
        ("Next step: none", "No next step agreed"),
        ("Next steps are still unclear", "No next step agreed"),
        ("We will not send an offer.", None),
        ("We won't call again.", None),
        ("If they sign, we will ship.", None),
        ("What is the next step?", None),
        ("The next stepping stone is far.", None),
    ],
)
def test_the_next_step_is_what_is_to_be_done(body: str, says: str | None) -> None:
    assert said(body)["next_step"] == says


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("Our champion left the company, nobody has taken over yet.", "Champion gone"),
        ("Budget not confirmed yet, decision is planned for this half-year.", "Budget in doubt"),
        ("Two other vendors are being looked at.", "Competition"),
        ("The project was put on hold.", "Delay"),
        ("Legal has the contract since 3 May.", "Legal or procurement holds it up"),
        ("They did not reply to three mails", "Silence"),
        ("Risk: the building is not ready", "Named as a risk"),
        ("Technical review is done, no blockers.", None),
        ("Risk: none", None),
        ("The deal is not at risk", None),
        ("The legal blocker is resolved.", None),
        ("The competitor withdrew.", None),
        ("Any blockers?", None),
        ("Our champion signed.", None),
    ],
)
def test_a_risk_is_one_that_is_named_and_not_denied(body: str, says: str | None) -> None:
    assert said(body)["risk"] == says


def test_the_newest_note_wins_and_in_a_note_its_last_sentence() -> None:
    found = said(
        "End user: Globex", "They like it.", "End user not known. Update: end user is Initech."
    )
    assert found["end_user"] == "End user: Initech"
    assert said("End user: Globex", "The end user is no longer known")["end_user"] == (
        "End user not settled"
    )


def test_notes_of_the_same_moment_are_read_in_a_fixed_order() -> None:
    notes = [Text("A", "End user: Globex", DAY), Text("B", "End user: Initech", DAY)]
    assert read(notes) == read(notes[::-1])


def test_nothing_is_found_where_nothing_is_written() -> None:
    assert read([]) == dict.fromkeys(TOPICS)
    assert set(said("Nice weather 🌞.", "\x00\u202e<b>x</b>").values()) == {None}


def test_long_and_odd_notes_are_read_at_once_and_quoted_in_part() -> None:
    began = time.perf_counter()
    texts = (
        "end user " * 9000,
        "a" * 90000,
        "not " * 9000,
        "End user: " + "X" * 90000,
        "?!.;" * 9000,
    )
    for text in texts:
        found = read([Text("N", text[:4000], DAY)])
        assert all(
            one is None or (len(one.quote) <= 300 and len(one.says) <= 120)
            for one in found.values()
        )
    assert time.perf_counter() - began < 2
