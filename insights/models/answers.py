"""What readers said of insights, what the rules are set to, and how often they spoke."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class InsightAnswer(models.Model):
    """What a reader said of an insight. Rows are added and never changed.

    Of a reader, rule and subject the newest of ``useful`` and ``unsaid`` holds, and the newest of
    ``dismissed`` and ``back``. ``value``, ``severity`` and ``data_hash`` are those that the card
    had then: by them it is told whether the data changed materially since.
    """

    class Said(models.TextChoices):
        USEFUL = "useful", "Useful"
        UNSAID = "unsaid", "No longer called useful"
        DISMISSED = "dismissed", "Dismissed"
        BACK = "back", "Brought back"
        TASK = "task", "Made a task"

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=300)
    said = models.CharField(max_length=10, choices=Said)
    version = models.PositiveSmallIntegerField()
    severity = models.CharField(max_length=10)
    value = models.FloatField()
    data_hash = models.CharField(max_length=32)
    task_id = models.BigIntegerField("task", null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "answer to an insight"
        verbose_name_plural = "answers to insights"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["user", "rule", "subject"], name="insights_answer_reader"),
            models.Index(fields=["rule", "at"], name="insights_answer_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.rule} {self.said}"


class RuleSetting(models.Model):
    """What a rule is set to where that differs from its definition; ``version`` counts changes."""

    rule = models.CharField(max_length=40, primary_key=True)
    parameters = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0, editable=False)
    changed_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    changed_at = models.DateTimeField("changed", null=True, editable=False)

    class Meta:
        verbose_name = "insight rule"
        ordering: ClassVar = ["rule"]

    def __str__(self) -> str:
        return self.rule


class RuleMonth(models.Model):
    """How many insights a rule gave of the whole company as of a month's end.

    ``digest`` tells the rule's version and parameters from any others, ``generation`` the state of
    the data; ``state`` is what became of its look.
    """

    rule = models.CharField(max_length=40)
    month_end = models.DateField()
    found = models.PositiveIntegerField()
    state = models.CharField(max_length=10)
    digest = models.CharField(max_length=32)
    generation = models.BigIntegerField()
    looked_at = models.DateTimeField()

    pk = models.CompositePrimaryKey("rule", "month_end")

    class Meta:
        verbose_name = "month of a rule"
        verbose_name_plural = "months of rules"

    def __str__(self) -> str:
        return f"{self.rule} {self.month_end}: {self.found}"
