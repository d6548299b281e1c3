"""The way out for mail: one recipient a message, headers that cannot be forged, a known end."""

from revops_site.kernel.mail.addresses import BadAddressError, checked, is_allowed, plain
from revops_site.kernel.mail.delivery import Answer, Outcome, hand_over
from revops_site.kernel.mail.letters import (
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    BadLetterError,
    Letter,
    composed,
    message_id,
    sender,
)
from revops_site.kernel.mail.notes import note

__all__ = [
    "LONGEST_SUBJECT",
    "LONGEST_TEXT",
    "Answer",
    "BadAddressError",
    "BadLetterError",
    "Letter",
    "Outcome",
    "checked",
    "composed",
    "hand_over",
    "is_allowed",
    "message_id",
    "note",
    "plain",
    "sender",
]
