"""What the browser gets from others is what the manifest says it is."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MANIFEST = json.loads((ROOT / "static/vendor/manifest.json").read_text())
CHARTABLE = {"bar", "funnel", "heatmap", "indicator", "pie", "scatter", "waterfall"}


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["path"])
def test_a_vendored_file_has_the_digest_of_the_manifest(entry: dict[str, str]) -> None:
    digest = hashlib.sha384((ROOT / entry["path"]).read_bytes()).digest()
    assert entry["sha384"] == "sha384-" + base64.b64encode(digest).decode()


def test_every_vendored_file_is_in_the_manifest() -> None:
    listed = {entry["path"] for entry in MANIFEST}
    about_the_folder = {"static/vendor/manifest.json", "static/vendor/README.md"}
    there = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "static/vendor").rglob("*")
        if path.is_file()
    }
    assert there - about_the_folder <= listed


def test_the_manifest_names_the_versions_that_the_build_asks_for() -> None:
    wanted = json.loads((ROOT / "docs/vendoring/package.json").read_text())["dependencies"]
    assert {entry["package"]: entry["version"] for entry in MANIFEST}.items() <= wanted.items()


def test_plotly_knows_exactly_the_trace_types_that_charts_may_use() -> None:
    entry = (ROOT / "docs/vendoring/plotly-entry.cjs").read_text()
    registered = set(re.findall(r'plotly\.js/lib/(\w+)"', entry)) - {"core"}
    assert registered | {"scatter"} == CHARTABLE


def test_the_bundle_registers_each_of_these_types() -> None:
    bundle = (ROOT / "static/vendor/plotly/plotly.min.js").read_text()
    for trace in CHARTABLE:
        assert re.search(rf'moduleType:"trace",name:"{trace}"', bundle), trace


def test_the_sprite_stays_small() -> None:
    sprite = (ROOT / "static/app/icons.svg").read_text()
    assert sprite.count("<symbol ") <= 60
    assert len(sprite) <= 20_000


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = (ROOT / "static/app/icons.svg").read_text()
    symbols = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    for template in ROOT.glob("**/templates/**/*.html"):
        if ".venv" not in template.parts:
            named = set(re.findall(r"app/icons\.svg' %}#([\w-]+)", template.read_text()))
            assert named <= symbols, template
