"""What pages and files of coaching say, as a test reads them."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from django.test import Client

VALUE = re.compile(r'<data value="([^"]*)">')


def text(client: Client, url: str) -> str:
    """What is answered, entities resolved."""
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return html.unescape(answer.getvalue().decode())


def rows(client: Client, panel: str, query: str = "", at: str = "/coaching/") -> list[Any]:
    """A panel's rows by column."""
    found: list[Any] = json.loads(text(client, f"{at}panels/{panel}.json?{query}"))["rows"]
    return found


def by_name(client: Client, query: str = "") -> dict[str, Any]:
    """The rows of the team's table by the rep's id."""
    return {row["rep_id"]: row for row in rows(client, "coaching-reps", query)}


def widget(client: Client, url: str) -> Any:
    """What a widget of the contract holds."""
    answer = client.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json"), url
    return json.loads(answer.content)


def explained(client: Client, metric: str, query: str = "") -> float | None:
    """The value that an explanation is of."""
    found = VALUE.findall(client.get(f"/explain/{metric}/?{query}").content.decode())
    return float(found[0]) if found[0] else None
