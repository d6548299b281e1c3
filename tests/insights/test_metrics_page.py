"""What Prometheus reads: whom it is for, that it is right over all processes, and names nobody."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from insights import catalog
from insights.actions import jobs
from insights.panels.operations import exposition
from revops_site.kernel import clock, meters
from revops_site.kernel.models import User
from tests.conftest import PASSWORD, AsUser
from tests.faults.served import Browser, web_server

assert subprocess  # processes are started: these tests are not pure
TOKEN = "a-token-of-Prometheus-of-40-characters.."
WITH_TOKEN = {"Authorization": f"Bearer {TOKEN}"}
MONITORING = Path(__file__).resolve().parents[2] / "docs" / "monitoring"
NAME = re.compile(r"\brevops_\w+")
RATE = re.compile(r"^revops_http_requests_total\{(.*)\} ([\d.e+]+)$", re.MULTILINE)


@pytest.fixture
def token(settings: LazySettings) -> None:
    """The settings name a token."""
    settings.METRICS_TOKEN = TOKEN


def samples(text: str) -> dict[str, float]:
    """Every sample by its name and labels."""
    return {
        f"{one.name}{sorted(one.labels.items())}": one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent",
    ["", f"Bearer {TOKEN}", "Bearer ", "Bearer", "Basic YTpi"],
    ids=["nothing", "a token", "an empty token", "no token", "a password"],
)
def test_without_a_token_in_the_settings_nobody_gets_in_without_a_session(sent: str) -> None:
    answer = Client().get("/ops/metrics", headers={"Authorization": sent} if sent else {})
    assert answer.status_code == 401
    assert "Bearer" in answer["WWW-Authenticate"]
    assert b"revops_" not in answer.content


@pytest.mark.django_db
def test_only_the_token_of_the_settings_opens_it(token: None) -> None:
    assert Client().get("/ops/metrics", headers=WITH_TOKEN).status_code == 200
    for other in (TOKEN[:-1], TOKEN + "x", TOKEN.upper(), ""):
        sent = {"Authorization": f"Bearer {other}"}
        assert Client().get("/ops/metrics", headers=sent).status_code == 401
    assert Client().post("/ops/metrics", headers=WITH_TOKEN).status_code == 405
    assert Client().get("/data/", headers=WITH_TOKEN).status_code == 302, "it opens nothing else"
    assert Client().get("/api/panels/", headers=WITH_TOKEN).status_code == 401


def test_an_admin_reads_it_in_a_browser_and_nobody_else(
    ad: User, dee: User, bo: User, vi: User, as_user: AsUser
) -> None:
    assert as_user(ad).get("/ops/metrics").status_code == 200
    for other in (dee, bo, vi):
        assert as_user(other).get("/ops/metrics").status_code == 403


def test_it_tells_the_state_of_everything_that_is_promised(
    pipeline_deals: None, marketing_days: None, vi: User, token: None
) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": "vi", "password": PASSWORD})
    assert browser.get("/glossary/").status_code == 200
    jobs.count(task="a.task", outcome="done", seconds=3.0, at=clock.now())
    jobs.count(task="a.task", outcome="done", seconds=0.2, at=clock.now())
    found = samples(Client().get("/ops/metrics", headers=WITH_TOKEN).content.decode())
    assert found["revops_ready[('part', 'database')]"] == 1
    assert found["revops_scrape_failures[]"] == 0
    assert found["revops_sessions_open[]"] >= 1
    assert found["revops_sessions_active[]"] >= 1
    assert found["revops_audit_head_fits[]"] in {0, 1}
    loads = "[('dataset', 'pipeline_deals'), ('kind', 'file'), ('status', 'loaded')]"
    assert found[f"revops_loads_total{loads}"] == 1
    assert (
        found["revops_load_rows_total[('dataset', 'pipeline_deals'), ('outcome', 'accepted')]"] > 0
    )
    assert found["revops_data_loaded_timestamp_seconds[('dataset', 'pipeline_deals')]"] > 1.7e9
    job = "('outcome', 'done'), ('task', 'a.task')]"
    assert found[f"revops_job_seconds_count[{job}"] == 2
    assert found[f"revops_job_seconds_sum[{job}"] == pytest.approx(3.2)
    assert found[f"revops_job_seconds_bucket[('le', '1.0'), {job}"] == 1
    assert found[f"revops_job_seconds_bucket[('le', '5.0'), {job}"] == 2
    route = "[('method', 'GET'), ('route', 'insights:glossary')"
    assert found[f"revops_http_requests_total{route}, ('status', '200')]"] >= 1
    assert found[f"revops_http_request_seconds_count{route}]"] >= 1


def test_no_label_names_a_person_a_deal_or_an_address(
    pipeline_deals: None, dee: User, as_user: AsUser, token: None
) -> None:
    browser = as_user(dee)
    for path in ("/pipeline/deals/D1/", "/reps/ana/", "/no/such/secret-page/", "/static/x.css"):
        browser.get(path)
    browser.generic("BREW", "/marketing/")
    text = Client().get("/ops/metrics", headers=WITH_TOKEN).content.decode()
    for name in ("ana", "almeida", "example.com", "secret-page", "x.css", "D1", "BREW"):
        values = re.findall(r'="([^"]*)"', text)
        assert not [one for one in values if name in one.split("/") or name == one], name
    labels = set(re.findall(r"(\w+)=\"", text))
    assert labels <= {
        *("route", "method", "status", "le", "part", "place", "state", "queue", "task", "outcome"),
        *("dataset", "kind", "source"),
    }


@pytest.mark.django_db
def test_while_the_database_is_away_it_says_so_and_tells_what_it_can(token: None) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("connection is lost")

    with connection.execute_wrapper(gone):
        answer = Client().get("/ops/metrics", headers=WITH_TOKEN)
    found = samples(answer.content.decode())
    assert answer.status_code == 200
    assert found["revops_ready[('part', 'database')]"] == 0
    assert "revops_workers[]" not in found
    assert found["revops_disk_free_bytes[('place', 'data')]"] > 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_its_counts_are_those_of_all_web_processes_also_of_killed_ones(tmp_path: Path) -> None:
    name, host = connection.settings_dict["NAME"], connection.get_connection_params()["host"]
    more = {"METRICS_TOKEN": TOKEN, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    with web_server(f"postgres://postgres@/{name}?host={host}", 2, **more) as (port, process):
        browser = Browser(port)
        before = _livez(browser)
        for _ in range(30):
            assert browser.ask("/livez").status == 200
        told = {_livez(browser) for _ in range(10)}
        assert told == {before + 30}
        killed = process.children()[-1]
        killed.kill()
        killed.wait()
        assert {_livez(browser) for _ in range(5)} == {before + 30}


def _livez(browser: Browser) -> float:
    answer = browser.ask("/ops/metrics", None, **WITH_TOKEN)
    assert answer.status == 200, answer
    found = [
        float(value) for labels, value in RATE.findall(answer.body) if 'route="livez"' in labels
    ]
    return sum(found)


def known() -> set[str]:
    """The names of all samples that are told, with or without data."""
    service = exposition.Service(catalog.SOURCES)
    families = [*service.collect(), *meters.OWN.collect()]
    kinds = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("_total",), "gauge": ("",)}
    return {f"{one.name}{ending}" for one in families for ending in kinds[one.type]}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["grafana-dashboard.json", "alerts.yml"])
def test_dashboard_and_alerts_ask_for_what_is_told(name: str) -> None:
    asked = set(NAME.findall((MONITORING / name).read_text()))
    assert len(asked) > 10
    assert asked - known() == set()


def test_the_dashboard_is_one_that_grafana_reads() -> None:
    told = json.loads((MONITORING / "grafana-dashboard.json").read_text())
    ids = [panel["id"] for panel in told["panels"]]
    assert len(ids) == len(set(ids))
    for panel in told["panels"]:
        assert panel["title"]
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24
        assert panel["type"] == "row" or all(one["expr"] for one in panel["targets"])
