"""What a reader can do about a page of which no data were ever loaded, as settings know it."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from revops_site.kernel.panels import Page


def offered(request: HttpRequest, shown: Page) -> Mapping[str, str] | None:
    """Where the page's data can come from, {label, url}, for those who may bring them."""
    found: Mapping[str, str] | None = import_string(settings.OFFER)(request, shown.datasets)
    return found
