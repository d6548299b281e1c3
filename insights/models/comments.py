"""What people say to each other at a panel, of the state that its address names."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Thread(models.Model):
    """A talk at a panel under filters; ``query`` holds the filters in their one form.

    ``reach`` says who reads it beside those who see everybody's rows: nobody else, the ``team`` of
    whoever began it, or everybody who is shown the panel.
    """

    class Reach(models.TextChoices):
        ALL_ROWS = "all rows", "Those who see everybody’s rows"
        TEAM = "team", "My team"
        EVERYBODY = "everybody", "Everybody who sees this panel"

    address = models.CharField(max_length=300)
    panel = models.CharField(max_length=80)
    query = models.TextField("filters", blank=True)
    reach = models.CharField("who reads it", max_length=10, choices=Reach)
    team = models.ForeignKey("kernel.Team", null=True, on_delete=models.CASCADE, related_name="+")
    begun_by = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    begun_at = models.DateTimeField("begun")
    resolved_at = models.DateTimeField("resolved", null=True)
    resolved_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["begun_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(reach="team") | Q(team__isnull=False), name="insights_thread_team"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["address", "panel"], name="insights_thread_at"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.panel}"


class Comment(models.Model):
    """What one person said in a talk; a deleted one stands there without its words."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField("written")
    changed_at = models.DateTimeField("changed", null=True)
    deleted_at = models.DateTimeField("deleted", null=True)

    class Meta:
        ordering: ClassVar = ["written_at", "id"]

    def __str__(self) -> str:
        return f"{self.thread}: {self.author}"


class CommentNews(models.Model):
    """That somebody who takes part in a talk was told of a comment; ``seen_at`` when they read."""

    recipient = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="news")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "news of a comment"
        verbose_name_plural = "news of comments"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recipient", "comment"], name="insights_comment_news_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["recipient"],
                condition=Q(seen_at=None),
                name="insights_comment_unseen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment} to {self.recipient}"
