"""Pipedrive's pipelines and stages, with what an admin knows of them beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.sources.pipedrive import cells
from revops_site.kernel.sources import Given, Kept, Lookup, Settings

OF_STAGES = ("expected_days", "days_to_invoice")
HIGHEST_ORDER = 32_767


def pipelines(records: Sequence[Kept], lookup: Lookup, settings: Settings) -> Iterator[Given]:
    """A pipeline for each."""
    for one in records:
        known = _set(settings, "pipelines", one)
        yield Given(
            "pipelines",
            {
                "pipeline_id": one.external_id,
                "pipeline_name": cells.first(known.get("name"), one.raw.get("name"))
                or f"Pipeline {one.external_id}",
                "pipeline_order": _order(one),
            },
        )


def stages(records: Sequence[Kept], lookup: Lookup, settings: Settings) -> Iterator[Given]:
    """A stage for each, also for those that are deleted: past deals were in them."""
    for one in records:
        raw, known = one.raw, _set(settings, "stages", one)
        chance = known.get("probability")
        row: dict[str, str | None] = {
            "stage_id": one.external_id,
            "pipeline_id": cells.text(raw.get("pipeline_id")),
            "stage_name": name(one.external_id, raw),
            "stage_order": _order(one),
            "probability": cells.share(raw.get("deal_probability"))
            if chance is None
            else cells.text(chance),
            "rotten_days": cells.text(raw.get("days_to_rotten")),
        }
        row |= {column: cells.text(known[column]) for column in OF_STAGES if column in known}
        if "is_execution" in known:
            row["is_execution"] = cells.flag(known["is_execution"])
        yield Given("stages", row)


def name(stage_id: str, raw: Mapping[str, Any] | None) -> str:
    """What a stage is called, known or not."""
    return cells.text((raw or {}).get("name")) or f"Stage {stage_id}"


def _set(settings: Settings, what: str, one: Kept) -> Mapping[str, Any]:
    """What an admin has set for a record."""
    found = settings.mapping.get(what, {}).get(one.external_id, {})
    return found if isinstance(found, Mapping) else {}


def _order(one: Kept) -> str:
    order = one.raw.get("order_nr")
    if isinstance(order, bool) or not isinstance(order, int):
        return "1"
    return str(min(max(order, 0), HIGHEST_ORDER))
