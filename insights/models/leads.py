"""How far leads came: so many of a day took the same steps on the same days."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class LeadPath(models.Model):
    """The ``leads`` of a day, channel, segment and region whose steps are of the same days.

    A day is null where the step was not taken: whoever asks as of an earlier day leaves out what
    lies after it. ``paid_on`` is the first money of a won deal, ``left_on`` the end of the last of
    its customers.
    """

    created_on = models.DateField("came")
    channel = models.CharField(max_length=120, blank=True)
    segment = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    mql_on = models.DateField("MQL", null=True)
    sql_on = models.DateField("SQL", null=True)
    deal_on = models.DateField("opportunity", null=True)
    won_on = models.DateField("won", null=True)
    lost_on = models.DateField("lost", null=True)
    paid_on = models.DateField("first money", null=True)
    left_on = models.DateField("left", null=True)
    leads = models.IntegerField()

    class Meta:
        verbose_name = "path of leads"
        verbose_name_plural = "paths of leads"
        indexes: ClassVar = [models.Index(fields=["created_on"], name="insights_path_created")]

    def __str__(self) -> str:
        return f"{self.leads} of {self.created_on:%Y-%m-%d}"


class LeadAnswer(models.Model):
    """The ``leads`` of a day that were first answered on one day, after about as many hours.

    Hours are told to two figures: a median is exact to these, and few rows tell of many leads.
    """

    created_on = models.DateField("came")
    channel = models.CharField(max_length=120, blank=True)
    segment = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    answered_on = models.DateField("answered")
    hours = models.FloatField()
    leads = models.IntegerField()

    class Meta:
        verbose_name = "answers to leads"
        verbose_name_plural = "answers to leads"
        indexes: ClassVar = [models.Index(fields=["created_on"], name="insights_answer_created")]

    def __str__(self) -> str:
        return f"{self.leads} of {self.created_on:%Y-%m-%d} after {self.hours:g} hours"
