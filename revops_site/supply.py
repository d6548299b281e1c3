"""What the product is made of by others: a CycloneDX document of the lock file and the vendored."""

from __future__ import annotations

import base64
import json
import re
import uuid
from pathlib import Path
from typing import Any

PATH = "docs/sbom.cdx.json"
SPEC = "1.6"
LOCKED = re.compile(
    r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==(\S+)((?:(?!^\S).*\n?)*)", re.MULTILINE
)
SHA256 = re.compile(r"--hash=sha256:([0-9a-f]{64})")
NAMES = uuid.UUID("6f7f3f0e-6f0b-5c8e-9f55-3a1f2f1c7d10")


def document(root: Path) -> str:
    """The document of a checkout, always the same for the same content."""
    lock = (root / "requirements.txt").read_text()
    vendored = json.loads((root / "static/vendor/manifest.json").read_text())
    components = [*_packages(lock), *_scripts(vendored)]
    components.sort(key=lambda one: one["bom-ref"])
    said = json.dumps(components, sort_keys=True)
    whole = {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPEC}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMES, said)}",
        "version": 1,
        "metadata": {"component": _product(root)},
        "components": components,
    }
    return json.dumps(whole, indent=1) + "\n"


def _product(root: Path) -> dict[str, Any]:
    version = re.search(r'^version = "(.+)"', (root / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    return {
        "type": "application",
        "bom-ref": "revops-control-center",
        "name": "revops-control-center",
        "version": version[1],
        "licenses": [{"license": {"id": "MIT"}}],
    }


def _packages(lock: str) -> list[dict[str, Any]]:
    """Each locked package with the digests of all files that may be installed of it."""
    found = []
    for name, version, rest in LOCKED.findall(lock):
        digests = SHA256.findall(rest)
        found.append(
            _component(f"pkg:pypi/{name}@{version}", name, version)
            | {
                "externalReferences": [
                    {
                        "type": "distribution",
                        "url": f"https://pypi.org/project/{name}/{version}/",
                        "hashes": [{"alg": "SHA-256", "content": one} for one in digests],
                    }
                ]
            }
        )
    return found


def _scripts(vendored: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Each package that files under static/vendor are of, with those files."""
    found: dict[str, dict[str, Any]] = {}
    for entry in vendored:
        reference = f"pkg:npm/{entry['package'].replace('@', '%40')}@{entry['version']}"
        one = found.setdefault(reference, _component(reference, entry["package"], entry["version"]))
        one["licenses"] = [{"expression": entry["licence"]}]
        digest = base64.b64decode(entry["sha384"].removeprefix("sha384-")).hex()
        one.setdefault("components", []).append(
            {
                "type": "file",
                "bom-ref": entry["path"],
                "name": entry["path"],
                "hashes": [{"alg": "SHA-384", "content": digest}],
            }
        )
    return list(found.values())


def _component(reference: str, name: str, version: str) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": reference,
        "name": name,
        "version": version,
        "purl": reference,
    }
