"""What the simulator says there is, against what the product holds of it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import connection

from tests.sync.conftest import Simulator

SOURCE = "pipedrive"
# The fields of each entity as texts, as the simulator writes them.
FIELDS = {
    "deals": "id title status pipeline_id stage_id owner_id person_id org_id value currency "
    "update_time",
    "persons": "id name owner_id org_id update_time",
    "organizations": "id name owner_id update_time",
    "activities": "id subject type done deal_id owner_id due_date update_time",
    "users": "id name email active_flag",
    "pipelines": "id name order_nr update_time",
    "stages": "id name order_nr pipeline_id update_time",
}
SCOPES = {
    "live": "NOT is_deleted AND NOT is_archived",
    "archived": "NOT is_deleted AND is_archived",
    "deleted": "is_deleted AND NOT is_gone",
}
KEPT = """
    SELECT concat_ws('|', {fields}) FROM kernel_sourcerecord
    WHERE source = %s AND entity = %s AND {scope} ORDER BY external_id::bigint
"""
VALUE = "coalesce(to_char((raw::json ->> 'value')::numeric, 'FM999999999999990.00'), '')"
TIME = """coalesce(to_char(
    updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
), '')"""
# The table of deals itself, as far as it has the simulator's fields.
DEALS = """
    SELECT concat_ws('|', deal_id, opportunity_name, status, coalesce(pipeline_id, ''),
        coalesce(owner_id, ''), coalesce(account_id, ''),
        coalesce(to_char(amount, 'FM999999999999990.00'), ''), currency, coalesce(to_char(
            update_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
        ), '')
    )
    FROM pipeline_deal WHERE {scope} ORDER BY deal_id::bigint
"""
OF_DEALS = "id,title,status,pipeline_id,owner_id,org_id,value,currency,update_time"


def differences(simulator: Simulator, *entities: str) -> list[str]:
    """What is not as it is in truth, in words; nothing where all is."""
    truth, found = simulator.truth(), []
    for entity in entities or FIELDS:
        for scope in SCOPES if entity == "deals" else ("live",):
            lines = _kept(entity, scope)
            said = truth[entity][scope]
            if checksum(lines) != said["checksum"]:
                found += _told(simulator, entity, scope, lines, said["count"])
    if not entities or "deals" in entities:
        found += _of_table(simulator)
    return found


def checksum(lines: list[str]) -> str:
    """As the simulator makes it."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _kept(entity: str, scope: str) -> list[str]:
    special = {"value": VALUE, "update_time": TIME}
    fields = [
        special.get(name, f"coalesce(raw::json ->> '{name}', '')")
        for name in FIELDS[entity].split()
    ]
    sql = KEPT.format(fields=", ".join(fields), scope=SCOPES[scope])
    return _lines(sql, [SOURCE, entity])


def _of_table(simulator: Simulator) -> list[str]:
    """Deals that count are those that live, and those that were closed before they were put away.

    Of those that were put away while they were open none does.
    """
    rows: list[dict[str, str]] = []
    for scope in ("live", "archived"):
        dump = simulator.get(f"dump/deals?scope={scope}&fields={OF_DEALS}")
        rows += [one for one in dump if scope == "live" or one["status"] != "open"]
    rows = [one for one in rows if one["status"] in {"open", "won", "lost"}]
    rows.sort(key=lambda one: int(one["id"]))
    said = ["|".join(one[name] for name in OF_DEALS.split(",")) for one in rows]
    lines = _lines(DEALS.format(scope="NOT is_deleted"), [])
    return [f"table: {one}" for one in sorted(set(said) ^ set(lines))[:6]]


def _told(simulator: Simulator, entity: str, scope: str, lines: list[str], count: int) -> list[str]:
    names = FIELDS[entity].split()
    dump: list[dict[str, Any]] = simulator.get(f"dump/{entity}?scope={scope}")
    said = ["|".join(one[name] for name in names) for one in dump]
    some = sorted(set(said) ^ set(lines))[:6]
    return [f"{entity} {scope}: {len(lines)} kept, {count} in truth", *some]


def _lines(sql: str, given: list[Any]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [line for (line,) in cursor.fetchall()]
