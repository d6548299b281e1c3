"""What pages of the pipeline say before there is any deal."""

from __future__ import annotations

import pytest

from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser


@pytest.mark.parametrize("asked", ["", "?assume=D-1,out", "?q=acme"])
def test_before_any_deal_there_is_nothing_to_assume(
    asked: str, workspace: Workspace, dee: User, as_user: AsUser
) -> None:
    page = as_user(dee).get(f"/pipeline/what-if/{asked}").content.decode()
    assert "needs a file of pipeline_deals" in page
    assert "$0" not in page
