"""What the Revenue page answers, as tests read it."""

from __future__ import annotations

import json

from django.test import Client


def text(client: Client, address: str = "/revenue/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.getvalue().decode()


def rows(
    client: Client, slug: str, query: str = "", page: str = "/revenue/"
) -> list[dict[str, object]]:
    answer = client.get(f"{page}panels/{slug}.json?{query}")
    assert answer.status_code == 200
    found = json.loads(answer.getvalue())["rows"]
    assert isinstance(found, list)
    return found


def figure(client: Client, field: str, query: str = "") -> object:
    found = rows(client, "revenue-kpis", query)
    return next((row["value"] for row in found if row["field"] == field), None)
