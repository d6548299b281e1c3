"""The one company of an installation: its calendar and its currency."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

FEWEST_DAYS = 30
CURRENCY_CODE = RegexValidator(r"^[A-Z]{3}$", "An ISO 4217 code: three capital letters.")


def currency_field(**options: Any) -> models.CharField[str, str]:
    """An ISO 4217 code."""
    return models.CharField(max_length=3, validators=[CURRENCY_CODE], **options)


def long_enough(days: int) -> None:
    """A deal is left alone for weeks after a mail: that one is still known then."""
    if 0 < days < FEWEST_DAYS:
        raise ValidationError(f"{FEWEST_DAYS} days at least, or 0 to keep them for good.")


class Workspace(models.Model):
    """The one company of this installation: its calendar, its currency, its thresholds.

    ``generation`` grows by one with each load, edit and sync; whatever was computed from older
    data is thereby out of date.
    """

    name = models.CharField(max_length=120, default="RevOps Control Center")
    time_zone = models.CharField(max_length=64, default="UTC")
    fiscal_year_start_month = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    reporting_currency = currency_field(default="USD")
    stale_after_days = models.PositiveSmallIntegerField(
        default=7, help_text="Data older than this many days is shown as stale."
    )
    sends_notes_to_model = models.BooleanField(
        "notes are read by a language model",
        default=False,
        help_text="Rules read the notes of deals in any case, and nothing leaves this house. Where "
        "this is on and a model's key is set (OPENROUTER_API_KEY or LLM_API_KEY), the texts of a "
        "deal's notes are sent to that model's provider when its page is opened, without authors, "
        "e-mail addresses and phone numbers.",
    )
    sends_figures_to_model = models.BooleanField(
        "coaching insights and follow-up mails are worded by a language model",
        default=False,
        help_text="They are complete without one, and nothing leaves this house. Where this is on "
        "and a model's key is set, sentences with a rep's rates and counts and the team's, and how "
        "long a deal waits and when it is expected, are sent to that model's provider, without any "
        "name; what it says with another number, or with markup, is not shown.",
    )
    sends_questions_to_model = models.BooleanField(
        "questions that nobody here understands are read by a language model",
        default=False,
        help_text="Questions are read by a grammar, and nothing leaves this house. Where this is "
        "on and a model's key is set, a question that the grammar does not understand is sent to "
        "that model's provider as it was typed, with the names of figures, segments, channels and "
        "the like; the model chooses among them, and no word or number of its own is shown.",
    )
    sends_summary_to_model = models.BooleanField(
        "the executive summary is worded by a language model",
        default=False,
        help_text="It is complete without one, and nothing leaves this house. Where this is on and "
        "a model's key is set, whoever works deals can have the sentences of what happened, with "
        "the company's revenue, pipeline and spend as the reader may see them, sent to that "
        "model's provider, without any name; what it says with another number is not shown.",
    )
    shows_ranks_to_reps = models.BooleanField(
        "reps see where their team stands",
        default=False,
        help_text="A rep sees the own figures and the own rank alone. Where this is on, reps also "
        "see the names and ranks of their team, and no figures of anybody else.",
    )
    mails_a_day = models.PositiveSmallIntegerField(
        "follow-up mails of a rep a day",
        default=50,
        help_text="So many follow-up mails of a rep are sent a day at most; the others wait for "
        "the next one. With 0 none are drafted or sent.",
    )
    mails_kept_days = models.PositiveSmallIntegerField(
        "days that follow-up mails are kept",
        default=0,
        validators=[long_enough],
        help_text="Mails that were sent, failed or were discarded so many days ago, or more, are "
        "deleted every night, with what the mail server said; 30 at least, and with 0 none are. "
        "What may have been sent waits for somebody's word in any case.",
    )
    lookback_days = models.PositiveSmallIntegerField(
        "days before a win in which touches are credited",
        default=90,
        help_text="A touch counts for attribution where it came on the day that a deal was won or "
        "up to so many days before. Another number is a visible revision of every credit.",
    )
    half_life_days = models.PositiveSmallIntegerField(
        "days in which a touch loses half of its weight",
        default=7,
        validators=[MinValueValidator(1)],
        help_text="For attribution by time decay; 30 suits where deals take long.",
    )
    generation = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name_plural = "workspace"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="kernel_one_workspace"),
            models.CheckConstraint(
                condition=Q(fiscal_year_start_month__range=(1, 12)),
                name="kernel_workspace_fiscal_month",
            ),
        ]

    def __str__(self) -> str:
        return self.name
