"""The formats as template filters: ``{{ value|percent }}``, ``{{ amount|money:"EUR" }}``.

Beside them ``{{ table|table }}`` prints tables, whose order ``{{ table|order }}`` says,
``{{ tiles|figures }}`` headline figures, ``{{ exports|downloads:title }}`` links to files.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import template

from revops_site.kernel import formats
from revops_site.kernel.fragments import figures, markup

register = template.Library()

OTHER_NAMES = {"date": "day"}  # Django has a filter called date


def _filter(name: str) -> Callable[..., str]:
    def on_screen(value: Any, currency: str = "USD") -> str:
        return formats.screen(formats.show(value, name, currency))

    return on_screen


for name in formats.FORMATS:
    register.filter(OTHER_NAMES.get(name, name), _filter(name))
for printed in (markup.table, markup.order, markup.downloads, figures.figures):
    register.filter(printed.__name__, printed)
