"""Every page in every theme, wide and narrow, as pictures: to be looked at before a release.

``python -m tests.browser.screens DIR URL USER PASSWORD`` looks at a server that runs, and leaves
the account as it was.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import chromium

DOORS = {
    "login": "/accounts/login/",
    "password-reset": "/accounts/password/reset/",
}
PAGES = {
    "overview": "/",
    "changes": "/changes/",
    "channel": "/marketing/channels/LinkedIn/",
    "segment": "/segments/SMB/",
    "marketing": "/marketing/",
    "campaigns": "/marketing/campaigns/",
    "lead-cohorts": "/marketing/cohorts/",
    "lead-to-cash": "/insights/lead-to-cash/",
    "saturation": "/marketing/saturation/",
    "attribution": "/marketing/attribution/",
    "attribution-campaigns": "/marketing/attribution/campaigns/",
    "attribution-journeys": "/marketing/attribution/journeys/",
    "attribution-ledger": "/marketing/attribution/ledger/",
    "closed-loop": "/marketing/closed-loop/",
    "marketing-filtered": "/marketing/?period=90d&compare=year&channel=LinkedIn",
    "pipeline": "/pipeline/",
    "deal": "/pipeline/deals/DEAL_02043/",
    "tasks": "/tasks/",
    "pipeline-grouped": "/pipeline/?group=stage&flag=past_due&channel=LinkedIn",
    "bridge": "/pipeline/bridge/",
    "bridge-step": "/pipeline/bridge/quarter/pushed_out/",
    "forecast": "/pipeline/forecast/",
    "what-if": "/pipeline/what-if/",
    "calls": "/pipeline/calls/",
    "health": "/pipeline/health/",
    "scorecard": "/pipeline/health/settings/",
    "velocity": "/pipeline/velocity/",
    "today": "/today/",
    **{
        f"list-{slug}": f"/pipeline/lists/{slug}/"
        for slug in ("overdue", "stuck", "orders", "compliance", "cashflow", "owners", "hygiene")
    },
    "list-recent": "/pipeline/lists/recent/",
    "search": "/palette/?q=rollout",
    "revenue": "/revenue/",
    "retention": "/revenue/retention/",
    "waterfall": "/revenue/waterfall/",
    "cohorts": "/revenue/cohorts/",
    "lifetimes": "/revenue/lifetimes/",
    "unit-economics": "/revenue/unit-economics/",
    "definitions": "/revenue/definitions/",
    "why-nrr": "/why/revenue-nrr/",
    "churn": "/revenue/churn/",
    "mrr-forecast": "/revenue/forecast/",
    "renewals": "/revenue/renewals/",
    "rep": "/reps/REP_011/",
    "coaching": "/coaching/",
    "coaching-two": "/coaching/?owner=REP_001&owner=REP_004",
    "coaching-rep": "/coaching/reps/REP_004/",
    "mails": "/coaching/mails/",
    "account": "/accounts/ACC_01722/",
    "explain-win-rate": "/explain/pipeline-win-rate/",
    "marketing-nothing-matches": "/marketing/?period=custom&start=1999-01-01&end=1999-01-31",
    "data": "/data/",
    "data-upload": "/data/upload/",
    "data-quality": "/data/quality/deals-past-close/",
    "data-load": "/data/loads/1/",
    "data-dataset": "/data/datasets/pipeline_deals/",
    "insights": "/insights/",
    "explain": "/explain/marketing-cac/?channel=LinkedIn&team=EMEA",
    "reports": "/reports/",
    "reports-forecast": "/reports/weekly-forecast/",
    "reports-take-away": "/reports/files/new/?address=/pipeline/",
    "glossary": "/glossary/",
    "profile": "/accounts/profile/",
    "password-change": "/accounts/password/change/",
    "not-found": "/nowhere/",
    "administration": "/admin/",
    "administration-deals": "/admin/pipeline/deal/",
    "administration-deal": "/admin/pipeline/deal/add/",
}
THEMES = ("midnight", "luma", "neon")
WIDTHS = (1280, 360)
WEAR = """theme => {
  document.documentElement.dataset.theme = theme;
  document.dispatchEvent(new Event("themechange"));
}"""


def take_all(browser: Browser, folder: Path, url: str, user: str, password: str) -> None:
    """One file a page, theme and width: ``marketing-luma-360.png``."""
    folder.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        context = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": 900},
            locale="en-US",
            reduced_motion="reduce",
        )
        page = context.new_page()
        _take(page, folder, DOORS, width)
        page.goto(DOORS["login"])
        page.get_by_label("User name or e-mail").fill(user)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("#rail")).to_be_visible()
        _take(page, folder, PAGES, width)
        context.close()


def _take(page: Page, folder: Path, addresses: Mapping[str, str], width: int) -> None:
    for name, address in addresses.items():
        page.goto(address)
        for chart in page.locator(".chart").all():
            chart.scroll_into_view_if_needed()
            expect(chart.locator("svg.main-svg").first).to_be_visible()
        page.evaluate("scrollTo(0, 0)")
        for theme in THEMES:
            page.evaluate(WEAR, theme)
            page.screenshot(path=folder / f"{name}-{theme}-{width}.png", full_page=True)


def main(arguments: list[str]) -> int:
    """0 when all pictures are there; 2 when it was called wrongly."""
    if len(arguments) != 4:
        print(__doc__, file=sys.stderr)  # noqa: T201
        return 2
    folder, url, user, password = arguments
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        take_all(browser, Path(folder), url, user, password)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
