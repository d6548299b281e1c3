"""Deals that wait, of two reps, with contacts whom one may write to, and what becomes of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from coaching.actions import drafting
from coaching.actions import mails as actions
from coaching.models import Mail
from revops_site.kernel import clock
from revops_site.kernel.models import User
from tests.insights import files

LAST_DAY = date(2025, 6, 30)
# What would tell of somebody else's deals than Ana's.
CANARIES = ("Canary GmbH", "Cora Canary", "cora@canary.example")


def load(folder: Path, deals: int = 3) -> None:
    """Ana's deals have waited for half a year; so has one of Cy's, of another team."""
    report = files.load(folder, company(deals))
    assert report.exit_code == 0, report


def company(deals: int) -> dict[str, files.Rows]:
    """The files by dataset."""
    open_ = [_deal(f"D{nth}", "ana", f"Globex {nth}") for nth in range(deals)]
    return {
        "teams": [{"team": "EMEA", "manager_name": "Bo"}, {"team": "APAC", "manager_name": "Di"}],
        "reps": [
            {"rep_id": "ana", "name": "Ana Almeida", "team": "EMEA", "region": "EMEA"},
            {"rep_id": "cy", "name": "Cy Chen", "team": "APAC", "region": "APAC"},
        ],
        "stages": [
            {"stage_id": "S1", "stage_name": "Demo", "stage_order": "1", "is_closed": "false"}
        ],
        "pipeline_deals": [
            *open_,
            _deal("C0", "cy", "Canary GmbH"),
            _deal("W0", "ana", "Won Ltd") | {"status": "won", "closed_at": LAST_DAY.isoformat()},
            _deal("N0", "ana", "Nobody Inc") | {"created_at": LAST_DAY.isoformat()},
        ],
        "contacts": [
            *(
                _contact(f"D{nth}", f"P{nth}", "Pat Doe", f"pat{nth}@globex.example")
                for nth in range(deals)
            ),
            _contact("D0", "Q0", "Quinn Roe", "quinn@globex.example"),
            _contact("C0", "P9", "Cora Canary", "cora@canary.example"),
            _contact("W0", "P8", "Win Ner", "win@won.example"),
            _contact("N0", "P7", "No Address", ""),
        ],
    }


def _deal(key: str, rep: str, account: str) -> dict[str, str]:
    return {
        "deal_id": key,
        "owner": rep,
        "account": account,
        "amount": "5000",
        "currency": "USD",
        "segment": "SMB",
        "region": "EMEA",
        "created_at": "2025-01-02",
        "status": "open",
        "stage": "Demo",
    }


def _contact(deal: str, key: str, name: str, email: str) -> dict[str, str]:
    champion = {"is_champion": "true" if key.startswith("P") else "false"}
    return {"deal_id": deal, "contact_id": key, "contact_name": name, "email": email, **champion}


def drafted() -> list[Mail]:
    """What the product drafts of them, as its worker does."""
    drafting.waiting(by=None, at=clock.now())
    return list(Mail.objects.order_by("deal_id"))


def approved(by: User) -> list[Mail]:
    """The same, approved by somebody who may see them."""
    drafted()
    found = []
    for one in Mail.objects.filter(state="draft").order_by("deal_id"):
        kept = actions.approve(by=by, mail_id=one.pk, seen=str(one.version), at=clock.now())
        if kept is not None:
            found.append(kept)
    return found
