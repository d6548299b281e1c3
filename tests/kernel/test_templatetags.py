"""The formats inside a template."""

from __future__ import annotations

from datetime import date

from django.template import Context, Engine

SOURCE = (
    """{% load revops %}{{ loss|money:"EUR" }} {{ rate|percent1 }} {{ day|day }} {{ none|days }}"""
)


def test_a_template_prints_the_formats_with_a_true_minus() -> None:
    engine = Engine(libraries={"revops": "revops_site.kernel.templatetags.revops"})
    context = Context({"loss": -1234, "rate": 0.125, "day": date(2026, 1, 7), "none": None})
    assert engine.from_string(SOURCE).render(context) == "−€1,234 12.5% 7 Jan 2026 —"
