"""The document tells the truth: asked at random, as three roles, nothing else is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup

from revops_site.kernel import clock, tokens
from revops_site.kernel.models import User
from tests.insights.api.programs import program, told

EXAMPLES = 3  # of each operation, that fit the document, and as many that do not
# The tokens are those of real people; and 400 is a filter or a file that fits the document and
# that these data cannot use, such as a segment that there is not.
REFUSED = [400, 401, 403, 404, 409, 429]
CONFIG = {
    "generation": {"with-security-parameters": False},
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", *REFUSED]}},
}
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("ana", "bo", "cy", "marketing_days", "pipeline_deals", "customers"),
]


def test_it_is_openapi_and_the_page_shows_all_of_it(dee: User) -> None:
    client = program(dee)
    made = told(client, "openapi.json")
    assert made["openapi"] == "3.1.0"
    page = client.get("/api/").content.decode()
    for path, ways in made["paths"].items():
        assert f"<code>{path}</code>" in page
        for one in ways.values():
            assert {"401", "422"} <= one["responses"].keys()
            assert one["summary"] in page or "'" in one["summary"]


@pytest.fixture
def one_transaction() -> Iterator[None]:
    """The product keeps the test's connection between requests, as its own test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def schema_for(user: User) -> tuple[Any, dict[str, str]]:
    """The document as a role's program reads it, to be asked of the product itself."""
    secret = tokens.make(user=user, name="x", scope="write", days=30, at=clock.now()).secret
    headers = {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}
    address, app = "/api/openapi.json", get_wsgi_application()
    config = schemathesis.Config.from_dict(CONFIG)
    made = schemathesis.openapi.from_wsgi(address, app, config=config, headers=headers)
    return made, headers


@pytest.mark.slow
@pytest.mark.usefixtures("one_transaction")
@pytest.mark.parametrize("role", ["ana", "bo", "dee"])
def test_nothing_is_answered_that_it_does_not_say(
    role: str, request: pytest.FixtureRequest
) -> None:
    document, headers = schema_for(request.getfixturevalue(role))
    wrong = []
    for found in document.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:
            try:
                asking(operation.as_strategy(generation_mode=mode), headers)()
            except Unsatisfiable:  # there is nothing here that could be said wrongly
                assert mode is GenerationMode.NEGATIVE
            except FailureGroup as why:
                wrong.append(f"{operation.label}: {why}")
    assert not wrong, "\n\n".join(wrong)


def asking(cases: Any, headers: dict[str, str]) -> Callable[[], None]:
    """A test that asks some of these, the same each time."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(case=cases)
    def asked(case: Any) -> None:
        case.call_and_validate(headers=headers)

    return asked
