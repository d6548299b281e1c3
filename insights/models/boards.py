"""Pages that people compose of panels, and whom they let read them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

LONGEST_NAME = 60
LONGEST_QUERY = 2000


class Board(models.Model):
    """A page of panels under filters of its own, its owner's; ``query`` holds the filters."""

    owner = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    query = models.CharField("filters", max_length=LONGEST_QUERY, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField("made")

    class Meta:
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [models.Index(fields=["owner"], name="insights_board_owner")]

    def __str__(self) -> str:
        return self.name


class BoardPanel(models.Model):
    """A panel on a board: the page that it is of and its slug there, in its place."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="panels")
    page = models.CharField(max_length=80)
    panel = models.CharField(max_length=80)
    place = models.PositiveSmallIntegerField()
    is_wide = models.BooleanField("full width", default=False)

    class Meta:
        ordering: ClassVar = ["place", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["board", "panel"], name="insights_board_panel_once"),
        ]

    def __str__(self) -> str:
        return f"{self.board}: {self.panel}"


class BoardShare(models.Model):
    """That a team or a role may read a board; each reader sees what their own rows give."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="shares")
    team = models.ForeignKey("kernel.Team", null=True, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(team__isnull=False, role="") | (Q(team=None) & ~Q(role="")),
                name="insights_board_share_one",
            ),
            models.UniqueConstraint(
                fields=["board", "team", "role"],
                nulls_distinct=False,
                name="insights_board_share_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.board}: {self.team or self.role}"
