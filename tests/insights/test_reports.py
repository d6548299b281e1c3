"""Reports on paper: the pages' numbers, for those who may see them, and nobody's text as markup."""

from __future__ import annotations

import io
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from insights.actions import files as actions
from insights.actions.files import RefusedError
from insights.models import MadeFile
from insights.queries import files
from insights.reports.kinds import REPORTS
from revops_site.kernel import clock
from revops_site.kernel.models import User
from tests.conftest import AsUser
from tests.insights import a_company
from tests.insights import files as loaded
from tests.insights.paper import (
    cells_of,
    company,
    figures,
    kept,
    made,
    pages,
    report,
    squeezed,
    text,
    work,
)

__all__ = ["company", "kept"]

HOSTILE = '#panic("run") $x^2$ *bold* _it_ @ref <l> `raw` \\ "#" [a](b) = head // gone'


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.getvalue().decode()


@pytest.mark.parametrize(
    ("slug", "address", "query"),
    [
        ("executive-summary", "/", ""),
        ("executive-summary", "/pipeline/", "region=EMEA"),
        ("weekly-forecast", "/pipeline/forecast/", ""),
        ("board-pack", "/revenue/", "period=this_year"),
        ("board-pack", "/revenue/unit-economics/", "segment=SMB"),
    ],
)
def test_a_report_prints_the_figures_of_the_page_at_the_same_address(
    company: None, as_user: AsUser, dee: User, slug: str, address: str, query: str
) -> None:
    printed = squeezed(report(dee, slug, query))
    shown = figures(page_of(as_user(dee), f"{address}?{query}"))
    assert shown
    assert [one for one in shown if one not in printed] == []


def test_a_page_on_paper_has_every_cell_of_its_tables(
    company: None, as_user: AsUser, dee: User
) -> None:
    address = "/pipeline/?period=all"
    printed = squeezed(text(files.kept(made(dee, address).sha256).read_bytes()))
    cells = cells_of(page_of(as_user(dee), address))
    assert len(cells) > 20
    assert [cell for cell in cells if cell not in printed] == []


@pytest.mark.parametrize("slug", [one for one in REPORTS if not REPORTS[one].of_a_rep])
def test_a_rep_s_report_has_nothing_of_other_teams(company: None, ana: User, slug: str) -> None:
    printed = report(ana, slug)
    assert "Canary" not in printed
    assert "99,999" not in printed


def test_the_scorecard_of_a_rep_is_for_those_who_see_the_rep(
    company: None, ana: User, bo: User, cy: User, dee: User
) -> None:
    assert "Rep scorecard" in report(bo, "rep-scorecard", "owner=ana")
    assert "Rep scorecard" in report(ana, "rep-scorecard")
    refused = made(bo, "/reports/rep-scorecard/?owner=cy")
    assert refused.state == MadeFile.State.FAILED
    assert "not yours to see" in refused.message
    nobody = made(dee, "/reports/rep-scorecard/")
    assert "choose one with the filter Owner" in nobody.message


def test_no_text_of_anybody_s_is_markup(company: None, dee: User, tmp_path: Path) -> None:
    deal = {**a_company.FILES["pipeline_deals"][0], "deal_id": "H1", "opportunity_name": HOSTILE}
    deal |= {"amount": "777000", "created_at": "2025-06-25"}
    loaded.load(tmp_path / "hostile", {"pipeline_deals": [deal]})
    printed = squeezed(report(dee, "executive-summary"))
    assert squeezed(HOSTILE) in printed


def test_a_report_says_when_of_what_and_for_whom_and_numbers_its_pages(
    company: None, bo: User
) -> None:
    one = made(bo, REPORTS["executive-summary"].address("region=EMEA"))
    pdf = files.kept(one.sha256).read_bytes()
    printed = text(pdf)
    assert "Data as of 27 Jun 2025" in printed
    assert "Region: EMEA" in printed
    assert "Team EMEA" in printed
    assert "What the figures mean" in printed
    count = len(pages(pdf))
    assert f"Page {count} of {count}" in text(pdf)
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pages(pdf)
        for font in page["/Resources"]["/Font"].values()
    }
    assert all("Inter" in font for font in fonts)
    assert one.size < 1024 * 1024
    assert (one.pages, one.said, one.reps) == (count, "Region: EMEA", ["ana"])


def test_the_board_pack_is_soon_made_and_small(company: None, dee: User) -> None:
    began = time.monotonic()
    one = made(dee, REPORTS["board-pack"].address())
    assert one.state == MadeFile.State.DONE
    assert one.size < 1024 * 1024
    assert time.monotonic() - began < 30  # 10 on a machine of its own


def test_a_file_is_asked_for_once_and_few_at_a_time(company: None, dee: User) -> None:
    asked: dict[str, Any] = {
        "user": dee,
        "kind": "report",
        "title": "A",
        "suffix": "pdf",
        "at": clock.now(),
    }
    first = actions.ask(address="/marketing/", **asked)
    assert actions.ask(address="/marketing/", **asked) == first
    actions.ask(address="/revenue/", **asked)
    with pytest.raises(RefusedError, match="2 files are being made"):
        actions.ask(address="/pipeline/", **asked)


def test_who_may_no_longer_see_the_rows_is_not_shown_the_file(
    company: None, ana: User, bo: User, cy: User, dee: User
) -> None:
    whole = made(dee, "/pipeline/")
    team = made(bo, "/pipeline/")
    assert files.file(whole.pk, ana) is None
    assert files.file(team.pk, cy) is None
    assert files.file(team.pk, ana) == team  # the team is Ana alone
    assert files.file(team.pk, dee) == team
    bo.team = cy.rep.team if cy.rep else None
    bo.save()
    assert files.file(team.pk, bo) is None


def test_a_worker_that_dies_leaves_no_half_file_and_another_makes_it(
    company: None, dee: User, kept: Path
) -> None:
    one = actions.ask(
        user=dee, kind="report", address="/marketing/", title="A", suffix="pdf", at=clock.now()
    )

    def dying(_: MadeFile, folder: Path, tell: Any) -> Any:
        (folder / "report.pdf").write_bytes(b"%PDF-half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.make(one.pk, dying)
    one.refresh_from_db()
    assert (one.state, one.sha256) == (MadeFile.State.MAKING, "")
    assert [path for path in kept.iterdir() if not path.name.startswith(".")] == []
    assert files.is_stalled(one, clock.now() + timedelta(minutes=2))
    work()
    one.refresh_from_db()
    assert one.state == MadeFile.State.DONE


def test_files_go_after_their_time_and_what_is_known_of_them_stays(
    company: None, dee: User, kept: Path
) -> None:
    one = made(dee, "/marketing/")
    assert files.kept(one.sha256).exists()
    later = clock.now() + timedelta(days=402)
    assert actions.forget_old(later) == 1
    assert list(kept.iterdir()) == []
    one.refresh_from_db()
    assert one.deleted_at is not None
    assert one.sha256


def test_the_command_writes_a_report_or_says_why_not(
    company: None, dee: User, tmp_path: Path
) -> None:
    path, out = tmp_path / "it.pdf", io.StringIO()
    call_command("report", "marketing", output=str(path), reader="dee", stdout=out)
    assert path.read_bytes().startswith(b"%PDF")
    assert str(path) in out.getvalue()
    assert "sha256" in out.getvalue()
    with pytest.raises(CommandError, match="No report is called sales"):
        call_command("report", "sales")
    with pytest.raises(CommandError, match="Nobody active is called nobody"):
        call_command("report", "marketing", reader="nobody")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("report", "/marketing/", output=str(tmp_path))
