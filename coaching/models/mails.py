"""Follow-up mails: drafted for a deal, approved by a person, sent once; and whom nobody mails."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

LONGEST_WHY = 300


class Mail(models.Model):
    """A mail to one contact of a deal, about one thing that a deal waits for.

    ``draft → approved → sending → sent | failed | unknown``; a trigger of the database lets no
    other steps pass, so that what may have been sent is never sent again but by a person's word.
    ``message_id`` is its own from the beginning on and stays. ``why`` says in plain words what is
    in its way, why it failed or was discarded. ``facts`` are what its text may speak of.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Unknown"
        DISCARDED = "discarded", "Discarded"

    class Reason(models.TextChoices):
        OVERDUE = "overdue", "Overdue"
        STUCK = "stuck", "Stuck"
        INACTIVE = "inactive", "Inactive"
        ASKED = "asked", "Asked for"

    class Wording(models.TextChoices):
        TEMPLATE = "template", "Template"
        MODEL = "model", "Language model"
        PERSON = "person", "A person"

    LIVE: ClassVar = (State.DRAFT, State.APPROVED, State.SENDING, State.UNKNOWN)

    deal_id = models.CharField("deal", max_length=120)
    rep = models.ForeignKey(
        "kernel.Rep", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    reason = models.CharField(max_length=8, choices=Reason)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    contact_id = models.CharField("contact", max_length=120)
    to_name = models.CharField("recipient", max_length=200)
    to_address = models.CharField("address", max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField("text", max_length=10_000)
    wording = models.CharField(max_length=8, choices=Wording, default=Wording.TEMPLATE)
    facts = models.JSONField(default=dict, editable=False)
    model_asked_at = models.DateTimeField("model asked for words", null=True, editable=False)
    message_id = models.CharField(max_length=200, unique=True, editable=False)
    made_at = models.DateTimeField("drafted", editable=False)
    made_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField("changed", editable=False)
    changed_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    approved_at = models.DateTimeField("approved", null=True, editable=False)
    approved_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    next_try_at = models.DateTimeField("next try", null=True, editable=False)
    ended_at = models.DateTimeField("ended", null=True, editable=False)
    why = models.CharField(max_length=LONGEST_WHY, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "-changed_at"], name="coaching_mail_state"),
            models.Index(fields=["deal_id"], name="coaching_mail_deal"),
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(state="approved"),
                name="coaching_mail_due",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal_id", "reason"],
                condition=Q(state__in=("draft", "approved", "sending", "unknown")),
                name="coaching_mail_one_live",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=(
                        "draft",
                        *("approved", "sending", "sent", "failed"),
                        "unknown",
                        "discarded",
                    )
                ),
                name="coaching_mail_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "discarded")) | Q(approved_at__isnull=False),
                name="coaching_mail_approved_first",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(next_try_at__isnull=False),
                name="coaching_mail_approved_is_due",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("sent", "failed", "unknown", "discarded"))
                ^ Q(ended_at__isnull=True),
                name="coaching_mail_ended",
            ),
            models.CheckConstraint(
                condition=Q(
                    to_address__regex=r"^[^[:space:][:cntrl:]@,;<>]+@[^[:space:][:cntrl:]@,;<>]+$"
                ),
                name="coaching_mail_one_address",
            ),
            models.CheckConstraint(
                condition=~Q(subject__regex=r"[[:cntrl:]]") & ~Q(subject=""),
                name="coaching_mail_subject_is_a_line",
            ),
            models.CheckConstraint(condition=~Q(body=""), name="coaching_mail_has_text"),
        ]

    def __str__(self) -> str:
        return self.subject


class MailTry(models.Model):
    """One dialogue with the mail server, written down before it begins.

    ``outcome`` is empty while it goes on. Those that may have reached somebody count for the limit
    of the ``day``.
    """

    class Outcome(models.TextChoices):
        UNDER_WAY = "", "Under way"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        LATER = "later", "Later"
        UNKNOWN = "unknown", "Unknown"

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="tries")
    rep = models.ForeignKey("kernel.Rep", null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    at = models.DateTimeField("began")
    ended_at = models.DateTimeField("ended", null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default="")
    reason = models.CharField(max_length=LONGEST_WHY, blank=True)
    said = models.CharField("the server said", max_length=LONGEST_WHY, blank=True)

    class Meta:
        verbose_name_plural = "mail tries"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["day", "rep"], name="coaching_mail_try_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mail"], condition=Q(outcome=""), name="coaching_mail_one_try_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_outcome_display()}"


class Unsubscribed(models.Model):
    """An address that gets no follow-ups any more, in lower case."""

    class How(models.TextChoices):
        LINK = "link", "By the link in a mail"
        ONE_CLICK = "one click", "In the mail program"
        DESK = "desk", "At the support desk"

    address = models.CharField(max_length=254)
    how = models.CharField(max_length=9, choices=How, default=How.DESK, editable=False)
    at = models.DateTimeField(editable=False)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "unsubscribed address"
        verbose_name_plural = "unsubscribed addresses"
        ordering: ClassVar = ["-at"]
        indexes: ClassVar = [models.Index(fields=["-at"], name="coaching_unsubscribed_at")]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("address"), name="coaching_unsubscribed_once"),
        ]

    def __str__(self) -> str:
        return self.address
