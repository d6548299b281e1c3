"""What the mails of subscriptions say."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from insights.models import Delivery, MadeFile, Subscription
from revops_site.kernel import formats


def subject(one: Delivery, file: MadeFile) -> str:
    """The title, and as of when."""
    title = " ".join(one.subscription.title.split())
    return f"{title}, data as of {formats.show(file.as_of, 'date')}"


def text(one: Delivery, file: MadeFile, before: Delivery | None, age: dict[str, Any]) -> str:
    """The first figures, of when and of what they are, and how to get no more of these mails."""
    lines = [
        f"{one.subscription.title}, attached as {file.suffix.upper()}.",
        "",
        f"Data as of {formats.show(file.as_of, 'date')}. Filters: {file.said or 'none'}.",
    ]
    if age["stale"]:
        lines.append(f"Mind that the data are {age['days']:,} days old: nothing newer came in.")
    if before is not None and before.file and before.file.generation == file.generation:
        day = formats.show(before.due_on, "date")
        lines.append(f"Nothing has changed in the data since the mail of {day}.")
    if file.headlines:
        lines.append("")
        for label, value, change in file.headlines:
            lines.append(f"{label}: {value}" + (f" ({change})" if change else ""))
    lines += ["", "It holds what you may see, as of the moment that it was sent.", *_ways(one)]
    return "\n".join(lines)


def broken_text(one: Subscription) -> str:
    """Why it is not sent any more, and what to do."""
    return "\n".join(
        [
            f"“{one.title}” could not be made, and is not sent any more.",
            "",
            one.why,
            "",
            "Resume it or end it on the page of reports.",
            *_address(reverse("insights:reports")),
        ]
    )


def _ways(one: Delivery) -> list[str]:
    links = _address(one.subscription.address) if _base() else []
    end = _address(f"{reverse('insights:reports')}#subscriptions")
    see = ["", "See it as it is now:", *links] if links else []
    more = "You are sent this because of a subscription; pause or end it on the page of reports."
    return [*see, "", more, *end]


def _address(path: str) -> list[str]:
    return [f"{_base()}{path}"] if _base() else []


def _base() -> str:
    return str(settings.PUBLIC_URL).rstrip("/")
