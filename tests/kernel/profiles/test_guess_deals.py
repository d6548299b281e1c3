"""A profile guessed for files of deals as CRMs export them, in the languages that they speak."""

from __future__ import annotations

from revops_site.kernel.profiles import Source
from tests.kernel.profiles.strangers import guessed

SALESFORCE = ["Opportunity ID", "Account Name", "Stage", "Amount", "Created Date", "Close Date"]
STAGES = ("Closed Won", "Closed Lost", "Negotiation")


def test_the_day_a_closed_deal_closed_is_taken_from_the_close_date_that_a_crm_has_for_both() -> (
    None
):
    rows = [[f"T{n}", f"A{n}", STAGES[n % 3], "100", "1/13/2026", "2/14/2026"] for n in range(9)]

    found = guessed(SALESFORCE, rows)

    assert found.profile.columns["close_date"] == Source(header="Close Date")
    assert found.profile.columns["closed_on"] == Source(header="Close Date")
    doubt = (
        'closed_at is taken from "Close Date", too: of a closed deal it has to be the day that it '
        "closed, of an open one it is left out"
    )
    assert doubt in found.doubts


def test_a_file_that_tells_when_a_deal_entered_its_stage_needs_no_second_use_of_a_date() -> None:
    rows = [
        [f"T{n}", f"A{n}", STAGES[n % 3], "100", "1/13/2026", "2/14/2026", "2/1/2026"]
        for n in range(9)
    ]

    found = guessed([*SALESFORCE, "Last Stage Change"], rows)

    assert "closed_on" not in found.profile.columns
