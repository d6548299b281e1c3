"""What coaching keeps: what is to be done for a deal, who said what of it, what is mailed."""

from coaching.models.actions import ActionMark
from coaching.models.insights import CoachingInsight, InsightRequest
from coaching.models.mails import Mail, MailTry, Unsubscribed
from coaching.models.meetings import Commitment, Meeting

__all__ = [
    "ActionMark",
    "CoachingInsight",
    "Commitment",
    "InsightRequest",
    "Mail",
    "MailTry",
    "Meeting",
    "Unsubscribed",
]
