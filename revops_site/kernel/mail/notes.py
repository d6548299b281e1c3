"""Short notes to people of one's own house, such as reminders, with a known end."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from revops_site.kernel.mail.delivery import Answer, Outcome, hand_over


def note(
    to: str, subject: str, text: str, attached: tuple[str, bytes, str] | None = None
) -> Answer:
    """Mail a note to one of our own people; ``REFUSED`` too where it cannot be put together.

    ``attached`` is a file that goes along: its name, its bytes, its type.
    """
    try:
        mail = EmailMessage(subject, text, None, [to])
        if attached is not None:
            mail.attach(*attached)
        message = mail.message()
        whole = message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    except (ValueError, UnicodeError) as why:
        return Answer(Outcome.REFUSED, str(why))
    return hand_over(whole, parseaddr(settings.DEFAULT_FROM_EMAIL)[1], to)
