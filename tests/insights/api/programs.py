"""Programs with tokens of their own."""

from __future__ import annotations

from typing import Any

from django.test import Client

from revops_site.kernel import clock, tokens
from revops_site.kernel.models import User

PROBLEM = "application/problem+json"


def program(user: User, scope: str = "read") -> Client:
    """A program that this person made a token for."""
    made = tokens.make(user=user, name="x", scope=scope, days=30, at=clock.now())
    return Client(headers={"Authorization": f"Bearer {made.secret}"})


def told(client: Client, address: str, status: int = 200) -> Any:
    """What is answered at an address below ``/api/``."""
    answer = client.get(f"/api/{address}")
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == (PROBLEM if status >= 400 else "application/json")
    return answer.json()
