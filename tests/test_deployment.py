"""The image, the machines it runs on and what it is made of are as the documents say."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import pre_migrate

from revops_site import supply

ROOT = Path(__file__).parent.parent
FILES = ("compose.yaml", "docs/deployment/compose.citus.yaml")
EXAMPLE = (ROOT / ".env.example").read_text()
OPERATIONS = (ROOT / "docs/operations.md").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
OF_COMPOSE = {"REVOPS_VERSION", "BACKUPS", "ARCHIVE", "CERTIFICATES", "WEB_REPLICAS"} | {
    "DATABASE_PASSWORD",
    "REPLICATION_PASSWORD",
}


def compose(name: str = "compose.yaml") -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / name).read_text())
    return found


def ours() -> dict[str, dict[str, Any]]:
    """The services that run the product's image."""
    services = compose()["services"].items()
    return {name: one for name, one in services if "revops-control" in one["image"]}


@pytest.mark.parametrize("name", FILES)
def test_volumes_and_networks_are_declared_and_files_are_there(name: str) -> None:
    whole = compose(name)
    for service in whole["services"].values():
        for volume in service.get("volumes", []):
            source = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", volume).split(":")[0]
            if source.startswith("./docs"):
                assert (ROOT / source).exists(), source
            elif not source.startswith("."):
                assert source in whole["volumes"], source
        assert set(service.get("networks", [])) <= set(whole.get("networks", {}))
        assert set(service.get("depends_on", {})) <= set(whole["services"])
        assert "no-new-privileges:true" in service["security_opt"]
        assert "healthcheck" in service or service["image"].startswith("revops-control-center")


def test_the_product_runs_as_nobody_on_a_root_that_it_cannot_write() -> None:
    for service in ours().values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "ports" not in service
        assert service["stop_grace_period"] == "40s"
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    (user,) = re.findall(r"^USER (\S+)$", last, re.MULTILINE)
    assert user.split(":")[0].isdigit()
    assert int(user.split(":")[0]) > 0
    assert "HEALTHCHECK" in last
    assert "--require-hashes" in DOCKERFILE
    assert not re.search(r"^ADD |:latest|curl .*\| *sh|apt-get", DOCKERFILE, re.MULTILINE)


def test_web_and_worker_wait_for_the_migrations_and_only_the_proxy_is_reached() -> None:
    services = compose()["services"]
    for name in ("web", "worker"):
        needed = services[name]["depends_on"]["migrate"]
        assert needed == {"condition": "service_completed_successfully"}
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    assert services["database"]["networks"] == ["inside"]
    assert compose()["networks"]["inside"] == {"internal": True}


def test_every_name_that_is_set_is_a_setting_and_every_one_that_is_asked_for_is_told() -> None:
    known = set(re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    for service in ours().values():
        assert set(service["environment"]) <= known
    text = "".join((ROOT / name).read_text() for name in FILES)
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))
    assert asked - known == OF_COMPOSE
    assert not [name for name in OF_COMPOSE if f"`{name}`" not in OPERATIONS]


def test_the_proxy_has_limits_and_believes_no_address_that_a_client_tells() -> None:
    conf = (ROOT / "docs/deployment/nginx.conf").read_text()
    for line in (
        "client_header_timeout 10s;",
        "client_body_timeout 15s;",
        "large_client_header_buffers 4 8k;",
        "proxy_request_buffering on;",
        "limit_conn connections 100;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "location /ops/metrics { return 404; }",
    ):
        assert line in conf
    assert "$request_uri" not in conf.split("log_format")[1].split(";")[0]
    assert conf.count("{") == conf.count("}")


def context(target: Path) -> None:
    """What a build of the image is given, by the words of .dockerignore."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    kept = [line[1:] for line in lines if line.startswith("!")]
    for name in kept:
        source, put = ROOT / name, target / name
        if source.is_dir():
            shutil.copytree(source, put, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            put.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, put)
    assert lines[1] == "**"
    assert not [path for path in target.rglob("*") if fnmatch.fnmatch(path.name, "*.env")]


@pytest.mark.slow
def test_the_steps_of_the_image_work_in_a_clean_folder(tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    context(app)
    settings = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "localhost",
        "VAR_DIR": str(tmp_path / "var"),
        "STATIC_ROOT": str(app / "collected"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def does(*arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=app, env=settings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    does("collectstatic", "--noinput", "--verbosity", "0")
    assert (app / "collected/staticfiles.json").exists()
    does("check", "--deploy", "--fail-level", "WARNING")
    does("serve", "--help")
    (command,) = re.findall(r"^CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)
    assert json.loads(command) == ["python", "manage.py", "serve", "--web-only"]


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_package_is_locked_with_its_digests(name: str) -> None:
    lock = (ROOT / f"{name}.txt").read_text()
    locked = {one[0]: one[2] for one in supply.LOCKED.findall(lock)}
    assert all(supply.SHA256.search(rest) for rest in locked.values())
    for line in (ROOT / f"{name}.in").read_text().splitlines():
        asked = re.split(r"[\[=<>~ ]", line)[0].lower().replace("_", "-")
        assert asked == "-r" or asked in locked or not asked, asked


def test_the_bill_of_materials_names_all_that_is_locked_and_vendored() -> None:
    text = (ROOT / supply.PATH).read_text()
    assert text == supply.document(ROOT), "run make sbom"
    whole = json.loads(text)
    named = {(one["name"], one["version"]) for one in whole["components"]}
    locked = supply.LOCKED.findall((ROOT / "requirements.txt").read_text())
    vendored = json.loads((ROOT / "static/vendor/manifest.json").read_text())
    assert len(locked) > 50
    assert named == {(name, version) for name, version, _ in locked} | {
        (one["package"], one["version"]) for one in vendored
    }


@pytest.mark.django_db(transaction=True)
def test_a_migration_waits_three_seconds_for_a_table_and_then_gives_up() -> None:
    waits: list[str] = []

    def look(using: str, **_: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            waits.append(cursor.fetchone()[0])

    pre_migrate.connect(look)
    try:
        call_command("migrate", verbosity=0)
    finally:
        pre_migrate.disconnect(look)
    look("default")
    assert waits[-2:] == ["3s", "0"]
