"""The ear of these tests: what the browser complains of is heard."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import Visit
from tests.browser.trouble import Trouble

PROVOKED = {
    "Content Security Policy": "document.body.insertAdjacentHTML('beforeend', '<p style=\"\">')",
    "script: .*on purpose": "setTimeout(() => { throw new Error('on purpose') })",
    "console: on purpose": "console.error('on purpose')",
    "answer: 404": "fetch('/static/nothing.js').then(() => null)",
    "request: net::ERR_FAILED": "fetch('/gone').catch(() => null)",
}


@pytest.mark.parametrize("complaint", PROVOKED)
def test_a_complaint_of_the_browser_is_heard(
    visit: Visit, trouble: Trouble, complaint: str
) -> None:
    page = visit("/glossary/")
    page.route("**/gone", lambda route: route.abort())
    assert trouble.unexpected == []
    page.evaluate(PROVOKED[complaint])
    for _ in range(50):
        heard = [one for one in trouble.unexpected if re.search(complaint, one)]
        if heard:
            break
        page.wait_for_timeout(100)
    trouble.expect(".")
    assert heard
