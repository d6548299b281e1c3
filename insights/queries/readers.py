"""Finds those who may log in, as readers of what is made for them."""

from __future__ import annotations

from revops_site.kernel.models import User


def reader(name: str | None) -> User | None:
    """The active user of this name; without a name the first administrator, else RevOps."""
    active = User.objects.filter(is_active=True).select_related("rep", "team")
    if name:
        return active.filter(username__iexact=name).first()
    by_role = {user.role: user for user in active.order_by("-pk")}
    return by_role.get("admin") or by_role.get("revops") or by_role.get("viewer")
