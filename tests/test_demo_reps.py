"""Of the pretend company's reps the insights name what its story has planted."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from insights.catalog import DATASETS
from revops_site.kernel import loading
from revops_site.kernel.models import User, Workspace
from tests import generated
from tests.conftest import AsUser

OF_COACHING = (
    *("teams", "reps", "accounts", "pipelines", "stages", "fx_rates", "quotas", "holidays"),
    *("pipeline_deals", "contacts", "stage_history", "status_events", "deal_changes"),
    *("activities", "forecast_calls"),
)
MAYA, SOFIA, ETHAN, AMELIA, MATTEO = ("REP_001", "REP_003", "REP_004", "REP_007", "REP_008")


@pytest.mark.django_db
def test_who_multi_threads_went_dark_discounts_and_improved_is_named(
    workspace: Workspace, dee: User, as_user: AsUser
) -> None:
    files = [path for path in generated.company().iterdir() if path.stem in OF_COACHING]
    assert loading.load(files, DATASETS).exit_code == 0
    call_command("coach", all=True, stdout=StringIO())
    client = as_user(dee)

    def of(rep: str) -> dict[str, Any]:
        found: dict[str, Any]
        (found,) = json.loads(client.get(f"/coaching/reps/{rep}/insights.json").content)
        return found

    def titles(rep: str, of_what: str) -> list[str]:
        return [one["title"] for one in of(rep)[of_what]]

    everybody = [f"REP_{nth:03}" for nth in range(1, 13)]
    assert "Multi-threads" in titles(MAYA, "strengths")
    quiet = [rep for rep in everybody if "Went quiet" in titles(rep, "improvements")]
    assert quiet == [MATTEO]
    assert of(MATTEO)["primary_focus_area"] == "Went quiet"
    assert of(SOFIA)["primary_focus_area"] == "Discounts heavily"
    rising = [rep for rep in everybody if "Win rate is rising" in titles(rep, "strengths")]
    assert AMELIA in rising
    assert len(rising) <= 2, "chance alone may add one of twelve"
    assert "Calls too high" in titles(ETHAN, "improvements")
