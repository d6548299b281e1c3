#!/usr/bin/env python3
"""A strict, deterministic Pipedrive API simulator: v2, plus the v1 endpoints that have no v2.

Python 3.10+ standard library only.  `--help` lists every fault and quirk; README.md is the manual.
Rows are kept in the shape the API returns (keys starting with _ are internal), times as RFC 3339 text.
"""
import argparse
import base64
import hashlib
import json
import math
import random
import re
import socket
import struct
import sys
import threading
import time
import traceback
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict, deque
from datetime import datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

DAY, INFO = 86400, "Please check developers.pipedrive.com"
KEEP_DELETED = 30 * DAY  # soft-deleted records are purged 30 days after their last activity
CLOUDFLARE = ("<!DOCTYPE html><html><head><title>Access denied</title></head><body><h1>Error 1015</h1>"
              "<p>This error is produced by Cloudflare.</p></body></html>")
QUIRKS = {  # oddities stored in the data: the ground truth includes them
    "null_owner": "every 50th deal has owner_id null", "null_value": "every 53rd deal has value null",
    "null_update_time": "every 61st deal has update_time null until something changes it",
    "same_second": "every third deal (of the first 3900) shares one update_time, as after a bulk edit",
    "ms_times": "v2 timestamps are written ...00.000Z", "huge_notes": "every 40th note is about 100 KB",
    "nul_bytes": "every 71st deal title and every 70th note holds U+0000",
    "surrogates": "every 73rd deal title holds a lone surrogate (\\ud83d)",
    "big_values": "every 67th deal value is huge, negative or has float noise",
    "ghost_refs": "every 59th deal names a person, organization, owner and stage that no list returns",
    "new_fields": "v2 records carry fields no document mentions",
    "new_status": "every 79th deal, if open, has the unknown status 'on_hold'",
    "deleted_in_lists": "lists of everything but deals also return soft-deleted rows (is_deleted: true)",
    "keep_status": "a deleted deal keeps its old status instead of status 'deleted'",
    "silent_delete": "deleting an activity or note leaves its update_time alone",
    "quiet_merges": "what was merged into another is in no list, not even of the deleted; what moves keeps its update_time",
}
FAULTS = {  # oddities of transport and paging: the ground truth stays as it is, except under churn
    "429": "429; arg = seconds in x-ratelimit-reset (1)", "429bare": "429 without any rate-limit header",
    "daily": "429, x-daily-ratelimit-token-remaining: 0 and a useless retry-after: 1",
    "401": "unauthorized access", "402": "Company account is not open", "403": "Forbidden", "404": "Not found",
    "cf403": "403 with a Cloudflare HTML page", "500": "Internal server error", "502": "<h1>HTML 502</h1>",
    "503": "<h1>HTML 503</h1>", "524": "<h1>HTML 524</h1>", "slow": "wait arg (2) seconds",
    "trickle": "spread the body over arg (3) seconds", "hang": "say nothing for arg (60) seconds, then close",
    "reset": "TCP reset instead of a response", "drop": "close in the middle of the body",
    "badjson": "complete response, cut-off JSON", "html200": "200 with an HTML page", "null200": "200 with body `null`",
    "nodata": "200 with data null", "fail200": "200 with success false", "cursor400": "400 for any request with a cursor",
    "stuck": "next_cursor repeats the cursor that was sent", "dup": "next page starts arg (5) records early",
    "short": "half a page, cursor continues", "empty": "empty page, cursor continues",
    "churn": "arg (3) random deal changes, one second apart, before the page is read",
}


# ------------------------------------------------------------------------------- wire formats
def fmt(ts, form="%Y-%m-%dT%H:%M:%SZ"):
    return time.strftime(form, time.gmtime(ts))


def v1_time(text):
    return text and text.replace("T", " ").rstrip("Z")


def parse_time(text):
    """Whole-second RFC 3339 to a timestamp: the live API is reported to reject fractions of a second."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", text):
        raise ValueError("not a valid datetime")
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def b64(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


class ApiError(Exception):
    def __init__(self, status, message="", headers=None, html=None, **more):
        self.status, self.headers = status, headers or {}
        more = {"errorCode": 401} if status == 401 else {"data": None, "additional_data": None, **more}
        self.body = html or {"success": False, "error": message, "error_info": INFO, **more}


def invalid(why):
    return ApiError(400, f"Parameter validation failed: {why}", code="ERR_SCHEMA_VALIDATION_FAILED")


# -------------------------------------------------------------------------------------- data
FIRST = "Anna Björn Chloé Dmitri Élodie Farid Grace Hiroshi Ines José Katarzyna Lars 美咲 Nkechi Oliver Priya".split()
LAST = "Andersson Brânză Çelik Dubois Eriksen Fernández Håkansson Ivanova O'Brien 小林 Müller Nguyễn Øvrebø".split()
FIRM = "Nordlicht GmbH|Österreich Süd AG|Blue Heron Ltd|株式会社さくら|Café & Co|Łódź Steel|Acme, Inc.|شركة النور".split("|")
WORK = "Renewal|Platform rollout|Pilot 🚀|Expansion «Q4»|<script>alert(1)</script>|Robert'); DROP TABLE|מכרז".split("|")
STAGES = {"Qualified": 10, "Contact made": 20, "Demo scheduled": 40, "Proposal": 60, "Negotiation": 80}
MONEY = {"EUR": 55, "USD": 25, "GBP": 10, "SEK": 5, "JPY": 4, "PTS": 1}  # PTS: a custom currency


def blank(text, **values):
    return dict.fromkeys(text.split()) | values


TEMPLATES = {  # one neutral record per entity: the keys the API returns
    "users": blank("id name", default_currency="EUR", locale="en_US", lang=1, email="", phone=None, activated=True, last_login="", created="",
                   modified="", has_created_company=False, access=[{"app": "sales", "admin": False, "permission_set_id": "62cc4d7f-4038"}],
                   active_flag=True, timezone_name="Europe/Helsinki", timezone_offset="+02:00", role_id=1, icon_url=None, is_you=False,
                   is_deleted=False),
    "pipelines": blank("id name order_nr", is_deleted=False, is_deal_probability_enabled=True, add_time="", update_time=""),
    "stages": blank("id order_nr name", is_deleted=False, deal_probability=50, pipeline_id=1, is_deal_rot_enabled=False, days_to_rotten=None,
                    add_time="", update_time=""),
    "organizations": blank("id name", owner_id=1, add_time="", update_time="", address=None, is_deleted=False, visible_to=3, label_ids=[],
                           website=None, linkedin=None, industry=None, annual_revenue=None, employee_count=None, custom_fields={}),
    "persons": blank("id name first_name last_name", owner_id=1, org_id=None, add_time="", update_time="", emails=[], phones=[],
                     is_deleted=False, visible_to=3, label_ids=[], picture_id=None, custom_fields={}),
    "deals": blank("id title", creator_user_id=1, owner_id=1, value=100, person_id=None, org_id=None, stage_id=10, pipeline_id=1,
                   currency="EUR", archive_time=None, add_time="", update_time="", stage_change_time=None, status="open", is_archived=False,
                   is_deleted=False, **blank("probability lost_reason close_time won_time lost_time local_won_date local_lost_date "
                                             "local_close_date expected_close_date origin_id channel channel_id acv arr mrr"),
                   visible_to=3, label_ids=[], origin="ManuallyCreated", custom_fields={}),
    "activities": blank("id subject", type="call", owner_id=1, creator_user_id=1, is_deleted=False, add_time="", update_time="", **blank(
        "deal_id lead_id person_id org_id project_id due_date due_time"), duration="00:30:00", busy=False, done=False, **blank(
            "marked_as_done_time location"), participants=[], **blank("conference_meeting_client conference_meeting_url "
                                                                      "conference_meeting_id public_description priority note")),
    "notes": blank("id", active_flag=True, add_time="", content="", deal=None, lead_id=None, deal_id=None, last_update_user_id=None,
                   **blank("org_id organization person person_id project_id project task_id task"), **{
        f"pinned_to_{x}_flag": False for x in "lead deal organization person project task".split()}, update_time="", user=None, user_id=1),
}
TRUTH = {  # entity: the fields of its checksum
    "deals": "id title status pipeline_id stage_id owner_id person_id org_id value currency update_time",
    "persons": "id name owner_id org_id update_time", "organizations": "id name owner_id update_time",
    "activities": "id subject type done deal_id owner_id due_date update_time", "notes": "id deal_id user_id update_time",
    "users": "id name email active_flag", "pipelines": "id name order_nr update_time",
    "stages": "id name order_nr pipeline_id update_time",
}
SCOPES = {"live": lambda r: not r.get("_deleted_at") and not r.get("is_archived"), "deleted": lambda r: r.get("_deleted_at"),
          "archived": lambda r: r.get("is_archived") and not r.get("_deleted_at"), "all": lambda r: True}
LONE = re.compile("[\ud800-\udfff]")
LOGGED = "title value currency stage_id pipeline_id status owner_id custom_fields expected_close_date".split()
DEAL_QUIRKS = [  # quirk, every nth deal, the fields it sets
    ("null_update_time", 61, lambda k, r: {"update_time": None}), ("null_owner", 50, lambda k, r: {"owner_id": None}),
    ("null_value", 53, lambda k, r: {"value": None}),
    ("big_values", 67, lambda k, r: {"value": (9_999_999_999.99, -1500.5, 0.1 + 0.2)[k // 67 % 3]}),
    ("ghost_refs", 59, lambda k, r: {"person_id": 9000001, "org_id": 9000002, "owner_id": 9000003, "stage_id": 9000004}),
    ("new_status", 79, lambda k, r: {"status": "on_hold"} if r["status"] == "open" else {}),
    ("nul_bytes", 71, lambda k, r: {"title": r["title"] + "\x00end"}),
    ("surrogates", 73, lambda k, r: {"title": r["title"] + "\ud83d"}),
]


class Col(dict):
    """Rows by id, with sorted (value, id) orders that are rebuilt after a change."""

    def __init__(self):
        super().__init__()
        self.orders, self.per_deal = {}, None

    def changed(self):
        self.orders, self.per_deal = {}, None

    def order(self, field):
        if field not in self.orders:
            self.orders[field] = sorted(("" if r[field] is None else r[field], i) for i, r in self.items())
        return self.orders[field]

    def count_for(self, deal_id):
        if self.per_deal is None:
            self.per_deal = Counter(r["deal_id"] for r in self.values() if not r.get("_deleted_at"))
        return self.per_deal[deal_id]

    def page(self, keep, field="id", desc=False, start=None, limit=100, since=""):
        """Up to limit + 1 rows from the start key on; the extra row is the first of the next page."""
        keys, out = self.order(field), []
        lo, hi = bisect_left(keys, (since, -1)) if field == "update_time" else 0, len(keys)
        if start is not None:
            lo, hi = (lo, min(hi, bisect_right(keys, start))) if desc else (max(lo, bisect_left(keys, start)), hi)
        for i in range(hi - 1, lo - 1, -1) if desc else range(lo, hi):
            if keep(self[keys[i][1]]):
                out.append(self[keys[i][1]])
                if len(out) > limit:
                    break
        return out


class World:
    """The data, its clock, its mutations and its ground truth."""

    def __init__(self, cfg):
        self.cfg, self.quirks = cfg, set(filter(None, cfg.quirks.split(",")))
        if self.quirks - QUIRKS.keys():
            raise ApiError(400, f"unknown quirks: {sorted(self.quirks - QUIRKS.keys())}")
        self.base, self.started = int(time.time()) if cfg.now == "real" else parse_time(cfg.now), time.time()
        self.rng = random.Random(f"{cfg.seed}:mutations")
        self.cols = {name: Col() for name in TEMPLATES}
        self.history, self.seq, self.purged, self.trash = {}, 900_000, Counter(), []
        self.cf_keys = [hashlib.sha1(f"{cfg.seed}:{n}".encode()).hexdigest() for n in ("segment", "budget", "rival")]
        if cfg.data:
            with open(cfg.data, encoding="utf-8") as f:
                for name, rows in json.load(f).items():
                    for row in rows:
                        row = {**TEMPLATES[name], **row}
                        self.cols[name][row["id"]] = row | ({"_deleted_at": self.now} if row.get("is_deleted") else {})
        else:
            self.generate()
        self.trash = [(n, r) for n, c in self.cols.items() for r in c.values() if r.get("_deleted_at")]

    @property
    def now(self):
        return self.base + (int(time.time() - self.started) if self.cfg.clock == "run" else 0)

    def tick(self, seconds):
        self.base += seconds
        for name, row in [x for x in self.trash if x[1]["_deleted_at"] < self.now - KEEP_DELETED]:
            self.purge(name, row)

    def purge(self, name, row):
        del self.cols[name][row["id"]]
        self.cols[name].changed()
        self.trash = [x for x in self.trash if x[1] is not row]
        self.purged[name] += 1

    def generate(self):
        n, rng, quirks, now = self.cfg.deals, random.Random(self.cfg.seed), self.quirks, self.now
        pick, within, seg, budget, rival = rng.choice, rng.randint, *self.cf_keys
        n_users, n_org, n_per = 8 + min(40, n // 500), n // 4 + 2, n // 2 + 2

        def put(name, span=700, made=None, /, **row):
            made = made or now - rng.randrange(3600, span * DAY)
            row = {**TEMPLATES[name], "add_time": fmt(made), "update_time": fmt(within(made, now)), **row}
            self.cols[name][row["id"]] = row
            return row

        for i in range(1, n_users + 1):
            row = put("users", id=i, name=f"{pick(FIRST)} {pick(LAST)}", email=f"user{i}@sim.example", active_flag=i % 7 != 0, is_you=i == 1,
                      has_created_company=i == 1)
            row.update(created=row.pop("add_time"), modified=row["update_time"], last_login=row.pop("update_time"))
        for p, title in enumerate(["New business", "Renewals", "Partners «DACH»"], 1):
            put("pipelines", id=p, name=title, order_nr=p, is_deal_probability_enabled=p == 1)
            for s, (label, odds) in enumerate(STAGES.items()):
                put("stages", id=p * 10 + s, name=label, order_nr=s + 1, pipeline_id=p, deal_probability=odds,
                    is_deal_rot_enabled=p == 1, days_to_rotten=14 + 7 * s if p == 1 else None)
        place = blank("value country admin_area_level_1 admin_area_level_2 locality sublocality route street_number subpremise postal_code")
        for i in range(1, n_org + 1):
            put("organizations", id=i, name=f"{pick(FIRM)} {i}", owner_id=within(1, n_users), employee_count=i % 500,
                address={**place, "value": f"Kadunnimi {i}, Helsinki", "country": "Finland"} if i % 4 else None)
        for i in range(1, n_per + 1):
            first, last = pick(FIRST), pick(LAST)
            put("persons", id=i, name=f"{first} {last}", first_name=first, last_name=last, owner_id=within(1, n_users),
                org_id=within(1, n_org) if i % 9 else None,
                emails=[{"value": f"p{i}@mail.example", "primary": True, "label": "work"}] if i % 8 else [],
                phones=[{"value": f"+358 40 {i:07d}", "primary": True, "label": "mobile"}] if i % 3 else [])
        for k in range(1, n + 1):
            pipe, step, owner, fate, made = pick((1, 1, 1, 2, 2, 3)), rng.randrange(5), within(1, n_users), rng.random(), now - within(9999, 700 * DAY)
            code, i = rng.choices(list(MONEY), MONEY.values())[0], 100 + k + k // 97  # ids have gaps
            row = put("deals", 700, made, id=i, title=f"{pick(WORK)} – {i}", owner_id=owner, creator_user_id=owner, currency=code,
                      person_id=within(1, n_per) if k % 11 else None, org_id=within(1, n_org) if k % 13 else None,
                      pipeline_id=pipe, stage_id=pipe * 10 + step, label_ids=[1 + i % 3] if i % 6 == 0 else [],
                      value=round(rng.lognormvariate(8.3, 1.1), 0 if code in ("JPY", "PTS") else 2) if k % 29 else 0,
                      custom_fields={seg: 1 + i % 3 if i % 4 else None, budget: {"value": i % 90 * 1000, "currency": "EUR"} if i % 3 else None,
                                     rival: "Große Rivalen AG" if i % 5 == 0 else None})
            seen = row["update_time"]
            row["stage_change_time"] = fmt(within(made, parse_time(seen))) if step else None
            if fate < .5:
                row["expected_close_date"] = fmt(made + rng.randrange(10, 900) * DAY)[:10] if k % 3 else None
            else:
                row.update(self.closed("won" if fate < .72 else "lost", seen, pick(["Price", "Chose “bigger” competitor", None])),
                           is_archived=k % 17 == 0, archive_time=seen if k % 17 == 0 else None)
            if k % 41 == 0:
                gone = now - rng.randrange(1, KEEP_DELETED - DAY)
                row.update(self.deleted("deals", row), _deleted_at=gone, update_time=fmt(gone))
            if "same_second" in quirks and k % 3 == 0 and k < 3900:
                row["update_time"] = fmt(now - 2 * DAY)
            for quirk, nth, new in DEAL_QUIRKS:
                if quirk in quirks and k % nth == 0:
                    row.update(new(k, row))
        deals, kinds = list(self.cols["deals"].values()), ("call", "meeting", "task", "email", "demo")
        for i in range(1, int(n * self.cfg.activities_per_deal) + 1):
            deal, owner = pick(deals) if i % 19 else TEMPLATES["deals"], within(1, n_users)
            row = put("activities", 400, id=i, subject=f"{pick(kinds)} {i} ✓", type=pick(kinds), done=rng.random() < .6, owner_id=owner,
                      creator_user_id=owner, due_date=fmt(now - within(-60, 300) * DAY)[:10] if i % 23 else None, deal_id=deal["id"],
                      person_id=deal["person_id"], org_id=deal["org_id"], due_time="09:30:00" if i % 2 else None,
                      participants=[{"person_id": deal["person_id"], "primary": True}] if deal["person_id"] else [])
            row["marked_as_done_time"] = row["update_time"] if row["done"] else None
        huge = "<p>naïve 漢字 </p>" * 5000
        for i in range(1, int(n * self.cfg.notes_per_deal) + 1):
            deal, text = pick(deals), f"<p>Note {i}: talked to <b>{pick(FIRST)}</b> &amp; agreed 👍</p>"
            text = huge if "huge_notes" in quirks and i % 40 == 0 else text + ("\x00" if "nul_bytes" in quirks and i % 70 == 0 else "")
            put("notes", 400, id=i, content=text, deal_id=deal["id"], person_id=deal["person_id"], org_id=deal["org_id"],
                user_id=within(1, n_users), pinned_to_deal_flag=i % 12 == 0)

    def changes(self, deal):
        """Field changes of a deal, oldest first: a plausible generated past, then every recorded mutation."""
        if deal["id"] not in self.history:
            made, user, path = deal["add_time"], deal["creator_user_id"], []
            stages = [str(i) for _, i in sorted((s["order_nr"], i) for i, s in self.cols["stages"].items() if s["pipeline_id"] == deal["pipeline_id"])]
            past = [(made, "add_time", None, v1_time(made), user)]
            if deal["stage_change_time"] and str(deal["stage_id"]) in stages:
                path, t0, t1 = stages[:stages.index(str(deal["stage_id"])) + 1], parse_time(made), parse_time(deal["stage_change_time"])
            past += [(fmt(t0 + (t1 - t0) * k // (len(path) - 1)), "stage_id", path[k - 1], path[k], user) for k in range(1, len(path))]
            past += [(deal["close_time"], "status", "open", deal.get("_status", deal["status"]), user)] if deal["close_time"] else []
            self.history[deal["id"]] = [(deal["id"] * 100 + k, *c) for k, c in enumerate(sorted(past, key=lambda c: c[0]))]
        return self.history[deal["id"]]

    # ---- mutations: each returns the fields it changes ---------------------------------------
    @staticmethod
    def closed(status, at, reason=None):
        on, won = at and at[:10], status == "won"
        return {"status": status, "close_time": at, "local_close_date": on, "won_time": at if won else None, "local_won_date": on if won else None,
                "lost_time": None if won else at, "local_lost_date": None if won else on, "lost_reason": None if won else reason}

    def deleted(self, name, row):
        new = {"_deleted_at": self.now, "active_flag" if name == "notes" else "is_deleted": name != "notes"}
        return new | ({"status": "deleted", "_status": row["status"]} if name == "deals" and "keep_status" not in self.quirks else {})

    def set(self, name, row, new, silent=False):
        if name == "deals":
            log = self.changes(row)
            for k in (k for k in LOGGED if k in new and row[k] != new[k]):
                self.seq += 1
                old_new = [x if x is None or isinstance(x, str) else json.dumps(x) for x in (row[k], new[k])]
                log.append((self.seq, fmt(self.now), k, *old_new, row["owner_id"] or 1))
        row.update(new if silent else {**new, "modified" if name == "users" else "update_time": fmt(self.now)})
        self.trash = [x for x in self.trash if x[1] is not row] + ([(name, row)] if row.get("_deleted_at") else [])
        self.cols[name].changed()
        return row["id"]

    def mutate(self, op):
        kind, name, now = op["op"], op.get("entity", "deals"), fmt(self.now)
        col = self.cols[name]
        if kind == "random":
            return [self.random_change(op.get("every", 1)) for _ in range(op.get("n", 10))]
        if kind == "bulk":  # one bulk edit: n deals change in one second
            return [self.set("deals", r, op.get("set", {})) for r in list(filter(SCOPES["live"], col.values()))[:op.get("n", 1000)]]
        if kind == "create":
            i = max(col, default=0) + 1
            new = {"name": f"New {i}", "title": f"New {i}", "subject": f"New {i}", "content": f"New {i}", "order_nr": i, "created": now,
                   "email": f"user{i}@sim.example", "last_login": now, "modified": now, "add_time": now, "update_time": now}
            col[i] = TEMPLATES[name] | {k: v for k, v in new.items() if k in TEMPLATES[name]} | op.get("set", {}) | {"id": i}
            col.changed()
            return i
        row = col[op["id"]]
        if kind == "purge":
            self.purge(name, row)
            return op["id"]
        new = {
            "update": lambda: op["set"], "win": lambda: self.closed("won", now), "lose": lambda: self.closed("lost", now, op.get("reason")),
            "move": lambda: {"stage_id": op["stage_id"], "stage_change_time": now,
                             "pipeline_id": self.cols["stages"].get(op["stage_id"], row)["pipeline_id"]},
            "reopen": lambda: self.closed("open", None), "delete": lambda: self.deleted(name, row), "merge": lambda: self.deleted(name, row),
            "restore": lambda: {"_deleted_at": None, "active_flag" if name == "notes" else "is_deleted": name == "notes",
                                **({"status": row.get("_status", row["status"])} if name == "deals" else {})},
            "archive": lambda: {"is_archived": True, "archive_time": now}, "unarchive": lambda: {"is_archived": False, "archive_time": None},
        }[kind]()
        self.set(name, row, new, op.get("silent", kind == "delete" and name in ("activities", "notes") and "silent_delete" in self.quirks))
        if kind == "merge":  # links move to the surviving record, which gets what was chosen of both
            quiet, link = "quiet_merges" in self.quirks, {"persons": "person_id", "organizations": "org_id", "deals": "deal_id"}[name]
            for other in ("activities", "notes") if name == "deals" else ("deals", "activities", "notes"):
                for r in [r for r in self.cols[other].values() if r[link] == op["id"]]:
                    self.set(other, r, {link: op["into"]}, quiet)
            if op.get("set"):
                self.set(name, col[op["into"]], op["set"], quiet)
            if quiet:
                self.purge(name, row)
        return op["id"]

    def random_change(self, every=1):
        self.tick(every)
        rng, col = self.rng, self.cols["deals"]
        row, first, last = None, next(iter(col)), next(reversed(col))
        while row is None or not SCOPES["live"](row):
            row = col.get(rng.randint(first, last))
        kind = rng.choices(["update", "move", "win", "lose", "create", "delete", "note"], [30, 25, 12, 12, 12, 4, 5])[0]
        if kind == "note":
            return self.mutate({"op": "create", "entity": "notes", "set": {"deal_id": row["id"]}})
        return self.mutate({"op": kind, "id": row["id"], "stage_id": row["pipeline_id"] * 10 + rng.randrange(5),
                            "set": {"value": round(rng.uniform(1, 9000), 2)}})

    # ---- ground truth ----------------------------------------------------------------------
    @staticmethod
    def canon(row, field):
        """A field as text: null '', value with two decimals, booleans true/false, no U+0000, lone surrogates as U+FFFD."""
        v = row.get(field)
        text = "" if v is None else str(v).lower() if isinstance(v, bool) else f"{v:.2f}" if field == "value" else str(v)
        return text if text.isascii() and "\x00" not in text else LONE.sub("\ufffd", text.replace("\x00", ""))

    def scoped(self, name, scope):
        return [self.cols[name][i] for i in sorted(self.cols[name]) if SCOPES[scope](self.cols[name][i])]

    def truth(self, fields=None):
        out, status, value, stage = {"now": fmt(self.now), "purged": dict(self.purged)}, Counter(), Counter(), Counter()
        for name in TRUTH:
            use = (fields or TRUTH[name]).replace(",", " ").split()
            out[name] = {"fields": use}
            for scope in ("live", "archived", "deleted"):
                lines = ["|".join(self.canon(r, f) for f in use) for r in self.scoped(name, scope)]
                out[name][scope] = {"count": len(lines), "checksum": hashlib.sha256("\n".join(lines).encode()).hexdigest()}
        for r in self.scoped("deals", "live"):
            cents = round((r["value"] or 0) * 100)
            status[r["status"]] += 1
            value[f"{r['status']}:{r['currency']}"] += cents
            stage[f"{r['stage_id']}:{r['currency']}"] += cents if r["status"] == "open" else 0
        money = ({k: f"{v / 100:.2f}" for k, v in sorted(c.items())} for c in (value, stage))
        out["deals"].update(zip(("count_by_status", "value_by_status", "open_value_by_stage"), (dict(status), *money)))
        return out


# ---------------------------------------------------------------------------------------- API
_counts = ("next_activity_id last_activity_id email_messages_count activities_count done_activities_count undone_activities_count "
           "files_count notes_count followers_count smart_bcc_email ")
_party = _counts + ("open_deals_count related_open_deals_count closed_deals_count related_closed_deals_count won_deals_count "
                    "related_won_deals_count lost_deals_count related_lost_deals_count ")
INCLUDE = {  # entity: the values of include_fields
    "deals": _counts + "first_won_time products_count participants_count last_incoming_mail_time last_outgoing_mail_time source_lead_id",
    "persons": _party + ("participant_open_deals_count participant_closed_deals_count last_incoming_mail_time last_outgoing_mail_time "
                         "marketing_status doi_status"),
    "organizations": _party + "people_count", "activities": "attendees", "dealFields": "ui_visibility important_fields required_fields",
}
_win, _page, _sort = "updated_since updated_until ", "limit cursor ", "sort_by sort_direction "
_pick, _labels = "include_fields custom_fields ", "include_option_labels include_labels "
_deals = "filter_id ids owner_id person_id org_id pipeline_id stage_id status " + _win + _sort + _pick + _page
ENDPOINTS = {  # (version, path): (token cost, query parameters); both are the specification's
    ("v2", "/deals"): (10, _deals + _labels), ("v2", "/deals/archived"): (20, _deals),
    ("v2", "/deals/{id}"): (1, _pick + _labels), ("v2", "/dealFields"): (10, "include_fields " + _page),
    ("v2", "/persons"): (10, "filter_id ids owner_id org_id deal_id " + _win + _sort + _pick + _labels + _page),
    ("v2", "/organizations"): (10, "filter_id ids owner_id " + _win + _sort + _pick + _labels + _page),
    ("v2", "/persons/{id}"): (1, _pick + _labels), ("v2", "/organizations/{id}"): (1, _pick + _labels),
    ("v2", "/activities"): (10, "filter_id ids owner_id deal_id lead_id person_id org_id done include_fields " + _win + _sort + _page),
    ("v2", "/activities/{id}"): (1, "include_fields"), ("v2", "/pipelines"): (5, _sort + _page), ("v2", "/pipelines/{id}"): (1, ""),
    ("v2", "/stages"): (5, "pipeline_id " + _sort + _page), ("v2", "/stages/{id}"): (1, ""),
    ("v1", "/notes"): (20, "user_id lead_id deal_id person_id org_id project_id task_id start limit sort start_date end_date updated_since "
                           + " ".join(k for k in TEMPLATES["notes"] if k.startswith("pinned_"))),
    ("v1", "/notes/{id}"): (2, ""), ("v1", "/users"): (20, ""), ("v1", "/users/me"): (2, ""), ("v1", "/users/{id}"): (2, ""),
    ("v1", "/deals/{id}/flow"): (40, "start limit all_changes items"), ("v1", "/deals/{id}/changelog"): (20, "cursor limit"),
}
GONE_V1 = re.compile(r"/(deals|persons|organizations|activities|pipelines|stages|products|itemSearch)(/collection|/search|/\d+)?$")
SORTS = {"activities": "due_date", "stages": "order_nr"}  # besides id, update_time, add_time


def match(version, path):
    m = re.fullmatch(r"(/\w+)/(\d+)(/\w+)?", path)
    key = (version, f"{m[1]}/{{id}}{m[3] or ''}" if m else path)
    if key not in ENDPOINTS:
        gone = version == "v1" and GONE_V1.match(path)
        raise ApiError(410 if gone else 404, "This endpoint is out of support, use API v2" if gone else "Not found")
    return key, int(m[2]) if m else None


def check_v2(key, raw):
    """v2 rejects whatever it does not know (v1 ignores it)."""
    name, q = key[1].split("/")[1], {}
    for k, v in raw.items():
        if k not in ENDPOINTS[key][1].split():
            raise invalid(f'"{k}" is not allowed')
        try:
            q[k] = (int(v) if k == "limit" or k.endswith("_id") and k != "lead_id" else
                    fmt(parse_time(v)) if k in ("updated_since", "updated_until") else
                    {"true": True, "false": False}[v] if k in ("done", "include_labels", "include_option_labels") else
                    v.split(",") if k in ("ids", "status", "include_fields", "custom_fields") else v)
        except (ValueError, KeyError):
            raise invalid(f'"{k}" has an invalid value: {v}') from None
    rules = {"limit": 1 <= q.setdefault("limit", 100) <= 500, "status": {"open", "won", "lost", "deleted"} >= set(q.get("status", ())),
             "sort_by": q.get("sort_by", "id") in ("id", "update_time", "add_time", SORTS.get(name)),
             "sort_direction": q.get("sort_direction", "asc") in ("asc", "desc"), "ids": len(q.get("ids", ())) <= 100,
             "include_fields": set(INCLUDE.get(name, "").split()) >= set(q.get("include_fields", ())),
             "custom_fields": len(q.get("custom_fields", ())) <= 15}
    for k, ok in rules.items():
        if not ok:
            raise invalid(f'"{k}" has an invalid value: {raw.get(k)}')
    if "filter_id" in q:
        raise ApiError(404, "Filter not found")
    return q


class Api:
    def __init__(self, world):
        self.w, self.c = world, world.cols

    def call(self, key, item, raw, fired):
        (version, path), name = key, key[1].split("/")[1]
        q = check_v2(key, raw) if version == "v2" else raw
        if name == "dealFields":
            return {"success": True, "data": self.deal_fields(), "additional_data": {"next_cursor": None}}
        item = next(iter(self.c["users"])) if path == "/users/me" else item
        if item is not None and item not in self.c[name]:
            raise ApiError(404, "User not found or not accessible." if name == "users" else f"{name[:-1].capitalize()} not found")
        row = self.c[name].get(item)
        if version == "v2":
            return {"success": True, "data": self.v2(name, row, q)} if row else self.v2_list(name, q, path.endswith("archived"), fired)
        if path == "/users":
            return {"success": True, "data": [self.v1("users", r) for r in self.c["users"].values()]}
        if name != "deals":
            me = {"company_id": 1, "company_name": "Simulated Oy", "company_domain": "sim", "company_country": "FI", "company_industry": "IT",
                  "language": {"language_code": "en", "country_code": "US"}} if path == "/users/me" else {}
            return {"success": True, "data": self.v1(name, row) | me} if row else self.note_list(q, fired)
        return self.changelog(row, q) if path.endswith("changelog") else self.flow(row, q)

    # ---- v2 --------------------------------------------------------------------------------
    def v2(self, name, row, q):
        doc = {k: v for k, v in row.items() if k[0] != "_"}
        if "custom_fields" in q:
            doc["custom_fields"] = {k: v for k, v in row["custom_fields"].items() if k in q["custom_fields"]}
        if q.get("include_option_labels") and (option := doc["custom_fields"].get(self.w.cf_keys[0])):
            label = ("SMB", "Mid", "Enterprise")[option - 1]
            doc["custom_fields"] = doc["custom_fields"] | {self.w.cf_keys[0]: {"id": option, "label": label}}
        if q.get("include_labels"):
            doc["labels"] = [{"id": x, "label": f"Label {x}"} for x in row["label_ids"]]
        for k in q.get("include_fields", ()):
            real = name == "deals" and k in ("notes_count", "activities_count")
            doc[k] = self.c[k[:-6]].count_for(row["id"]) if real else [] if k == "attendees" else 0 if k.endswith("_count") else None
        if "new_fields" in self.w.quirks:
            doc |= {"outcome": 101, "engagement_score": row["id"] % 100, "signals": {"ai": [{"kind": "intent", "p": .7}]}}
        if "ms_times" in self.w.quirks:
            doc |= {k: v[:-1] + ".000Z" for k, v in doc.items() if v and k.endswith("_time") and v[-1] == "Z"}
        return doc

    def v2_list(self, name, q, archived, fired):
        equal = {k: v for k, v in q.items() if (k.endswith("_id") or k == "done") and (name, k) != ("persons", "deal_id")}
        ids = {int(x) for x in q["ids"] if x.isdigit()} if "ids" in q else None
        if name == "persons" and "deal_id" in q:
            ids = {self.c["deals"].get(q["deal_id"], {}).get("person_id")}
        since, until, only, with_deleted = q.get("updated_since"), q.get("updated_until"), q.get("status"), "deleted_in_lists" in self.w.quirks

        def keep(r):
            if name == "deals":
                status = "deleted" if r["is_deleted"] else r["status"]
                shown = r["is_archived"] == archived and (status in only if only else status != "deleted")
            else:
                shown = with_deleted or not r["is_deleted"]
            return (shown and (not since or (r["update_time"] or "") >= since) and (not until or "" < (r["update_time"] or "") < until)
                    and (ids is None or r["id"] in ids) and all(r[k] == v for k, v in equal.items()))

        field, way, start, cursor = q.get("sort_by", "id"), q.get("sort_direction", "asc"), None, None
        if "cursor" in q:  # names the first item of the page, with the keys of Pipedrive's own example cursors
            try:
                doc = json.loads(unb64(q["cursor"]))
                start = type(self.c[name].order(field)[0][0])(doc["fieldValue"]), int(doc["id"])
                if (doc["field"], doc["sortDirection"]) != (field, way):
                    raise ValueError
            except (ValueError, LookupError, TypeError):
                raise invalid("invalid cursor") from None
        limit = max(1, q["limit"] // 2) if "short" in fired else q["limit"]
        rows = self.c[name].page(keep, field, way == "desc", start, limit, since or "")
        first = rows[limit] if len(rows) > limit else None
        if first and "dup" in fired:
            first = rows[max(1, limit - int(fired["dup"] or 5))]
        if rows and "empty" in fired:
            first, rows = rows[0], []
        if first:
            value = "" if first[field] is None else first[field]
            doc = {"field": field, "fieldValue": value, "sortDirection": way, "id": first["id"]}
            doc |= {"page": random.randrange(10**9)} if "empty" in fired else {}  # progress: not the cursor that was sent
            cursor = q["cursor"] if "stuck" in fired and "cursor" in q else b64(json.dumps(doc, separators=(",", ":")))
        return {"success": True, "data": [self.v2(name, r, q) for r in rows[:limit]], "additional_data": {"next_cursor": cursor}}

    def deal_fields(self):
        segment, budget, rival = self.w.cf_keys
        options = [{"id": i, "label": x} for i, x in enumerate(("SMB", "Mid", "Enterprise"), 1)]
        money = [{"field_code": "value", "field_name": "Amount", "field_type": "double"},
                 {"field_code": "currency", "field_name": "Currency", "field_type": "varchar"}]
        rows = [("Title", "title", "varchar", None, None), ("Value", "value", "monetary", None, money), ("Segment", segment, "enum", options, None),
                ("Budget", budget, "monetary", None, money), ("Competitor", rival, "varchar", None, None)]
        return [{"field_name": n, "field_code": c, "description": "", "field_type": t, "options": o, "subfields": s,
                 "is_custom_field": len(c) == 40, "is_optional_response_field": False} for n, c, t, o, s in rows]

    # ---- v1 --------------------------------------------------------------------------------
    def v1(self, name, row):
        doc = {k: v1_time(v) if k.endswith("_time") or k in ("created", "modified", "last_login") else v for k, v in row.items() if k[0] != "_"}
        if name == "notes":
            for k, col, key, field in (("deal", "deals", "deal_id", "title"), ("person", "persons", "person_id", "name"),
                                       ("organization", "organizations", "org_id", "name")):
                doc[k] = {field: self.c[col][row[key]][field]} if row[key] in self.c[col] else None
            user = self.c["users"].get(row["user_id"], {})
            doc["user"] = {"email": user.get("email"), "icon_url": None, "is_you": row["user_id"] == 1, "name": user.get("name")}
        return doc

    @staticmethod
    def v1_page(rows, q, fired=(), **more):
        """rows(start, limit) gives up to limit + 1 records; an empty collection has data null."""
        try:
            start, limit = int(q.get("start", 0)), min(int(q.get("limit", 100)), 500)
            data = rows(start, limit := max(1, limit // 2) if "short" in fired else limit)
            if start < 0 or limit < 1:
                raise ValueError
        except ValueError:
            raise ApiError(400, "Bad request") from None
        page = {"start": start, "limit": limit, "more_items_in_collection": len(data) > limit}
        page |= {"next_start": start + limit} if len(data) > limit else {}
        return {"success": True, "data": data[:limit] or None, "additional_data": {"pagination": page}, **more}

    def note_list(self, q, fired):
        equal = {k: int(q[k]) for k in ("user_id", "deal_id", "person_id", "org_id") if q.get(k, "").isdigit()}
        field, _, way = q.get("sort", "id ASC").split(",")[0].strip().partition(" ")
        field = field if field in ("id", "add_time", "update_time") else "id"

        def rows(start, limit):
            since = fmt(parse_time(q["updated_since"])) if "updated_since" in q else ""
            found = self.c["notes"].page(lambda r: r["active_flag"] and r["update_time"] >= since and all(r[k] == v for k, v in equal.items()),
                                         field, way.upper() == "DESC", None, start + limit, since)
            return [self.v1("notes", r) for r in found[start:]]
        return self.v1_page(rows, q, fired)

    def flow(self, deal, q):
        want = set(q.get("items", "dealChange,note,activity").split(","))
        out = [(at, "dealChange", {
            "id": n, "item_id": deal["id"], "user_id": user, "field_key": field, "old_value": old, "new_value": new, "is_bulk_update_flag": None,
            "log_time": v1_time(at), "change_source": "app", "change_source_user_agent": None, "additional_data": {}})
            for n, at, field, old, new, user in self.w.changes(deal) if field != "custom_fields" or q.get("all_changes") == "1"]
        for kind, name in (("note", "notes"), ("activity", "activities")):
            out += [(r["add_time"], kind, self.v1(name, r)) for r in self.c[name].values() if r["deal_id"] == deal["id"] and SCOPES["live"](r)]
        out = sorted((x for x in out if x[1] in want), key=lambda x: (x[0], x[2]["id"]), reverse=True)
        related = {k: deal[k] for k in ("id", "title", "status", "value", "currency", "stage_id", "pipeline_id")}
        return self.v1_page(lambda start, limit: [{"object": kind, "timestamp": v1_time(at), "data": doc}
                                                  for at, kind, doc in out[start:start + limit + 1]], q,
                            related_objects={"deal": {str(deal["id"]): related}})

    def changelog(self, deal, q):
        log = self.w.changes(deal)[::-1]
        try:
            limit = max(1, min(int(q.get("limit", 100)), 500))
            at = int(unb64(q["cursor"]).removeprefix("id:")) if "cursor" in q else log[0][0]
            first = [c[0] for c in log].index(at)
        except ValueError:
            raise ApiError(400, "Invalid cursor") from None
        more = log[first + limit][0] if len(log) > first + limit else None
        return {"success": True, "additional_data": {"next_cursor": b64(f"id:{more}") if more else None}, "data": [{
            "field_key": f, "old_value": old, "new_value": new, "actor_user_id": user, "time": v1_time(at), "change_source": "app",
            "change_source_user_agent": None, "is_bulk_update_flag": False} for _, at, f, old, new, user in log[first:first + limit]]}


# ----------------------------------------------------------------------------- limits and faults
class Limiter:
    """Rolling 2-second burst window and daily token budget; who keeps ignoring 429s gets a Cloudflare 403 page."""

    def __init__(self, cfg, world):
        self.cfg, self.w, self.hits, self.spent, self.day = cfg, world, deque(), 0, None
        self.reset_at = self.banned_until = 0.0
        self.strikes = self.early = self.bans = 0

    def check(self, cost):
        now, cfg = time.monotonic(), self.cfg
        if self.day != self.w.now // DAY:
            self.day, self.spent = self.w.now // DAY, 0
        while self.hits and self.hits[0] <= now - 2:
            self.hits.popleft()
        self.early += now < self.reset_at
        if now < self.banned_until:
            self.bans += 1
            raise ApiError(403, html=CLOUDFLARE)
        head = {"x-ratelimit-limit": cfg.burst, "x-ratelimit-remaining": max(0, cfg.burst - len(self.hits) - 1),
                "x-ratelimit-reset": max(1, math.ceil(self.hits[0] + 2 - now)) if self.hits else 2} if cfg.burst else {}
        over_day, over_burst = self.spent + cost > cfg.budget, cfg.burst and len(self.hits) >= cfg.burst
        if not cfg.no_daily_headers:
            left = 0 if over_day else cfg.budget - self.spent - cost
            head |= {"x-daily-ratelimit-token-limit": cfg.budget, "x-daily-ratelimit-token-remaining": left}
        if over_day or over_burst:
            self.strikes += 1
            self.reset_at = self.hits[0] + 2 if over_burst else self.reset_at
            if cfg.ban_after and self.strikes >= cfg.ban_after:
                self.strikes, self.banned_until = 0, now + 5
            raise ApiError(429, "request over limit", head | ({"retry-after": cfg.retry_after} if cfg.retry_after else {}))
        self.strikes, self.spent = 0, self.spent + cost
        self.hits.append(now)
        return head


class Faults:
    """name[.where][=trigger][:arg], comma separated; trigger: 0.1 chance | @n the nth | @n+k k from the nth | *n every nth"""

    def __init__(self, spec, seed):
        self.spec, self.items = spec, []
        for part in filter(None, spec.split(",")):
            m = re.fullmatch(r"(\w+)(?:\.([\w/]+))?(?:=(@|\*)?([\d.]+)(?:\+(\d+))?)?(?::([\d.]+))?", part)
            if not m or m[1] not in FAULTS:
                raise ApiError(400, f"bad fault {part!r}; known: {' '.join(FAULTS)}")
            self.items.append({"name": m[1], "where": m[2] or "", "mode": m[3], "x": float(m[4] or 1), "k": int(m[5] or 1),
                               "arg": float(m[6]) if m[6] else None, "n": 0, "rng": random.Random(f"{seed}:{part}")})

    def fired(self, path):
        hit = {}
        for f in (f for f in self.items if f["where"] in path):
            f["n"] += 1
            if (f["rng"].random() < f["x"] if f["mode"] is None else f["n"] % f["x"] == 0 if f["mode"] == "*"
                    else f["x"] <= f["n"] < f["x"] + f["k"]):
                hit[f["name"]] = f["arg"]
        return hit

    @staticmethod
    def fail(fired, q):
        heads = {"429": {"x-ratelimit-remaining": 0, "x-ratelimit-reset": int(fired.get("429") or 1)}, "429bare": {},
                 "daily": {"x-daily-ratelimit-token-remaining": 0, "retry-after": 1}}
        for name in heads.keys() & fired.keys():
            raise ApiError(429, "request over limit", heads[name])
        if "cursor400" in fired and "cursor" in q:
            raise invalid("invalid cursor")
        if "cf403" in fired:
            raise ApiError(403, html=CLOUDFLARE)
        for code in (name for name in fired if name.isdigit()):
            raise ApiError(int(code), FAULTS[code], html=FAULTS[code] if FAULTS[code][0] == "<" else None)


class App:
    def __init__(self, cfg):
        self.cfg, self.lock = cfg, threading.RLock()
        self.reset()

    def reset(self):
        self.world, self.url_faults, self.faults = World(self.cfg), {}, Faults(self.cfg.faults, self.cfg.seed)
        self.api, self.limiter = Api(self.world), Limiter(self.cfg, self.world)
        self.stats, self.by, self.log, self.flying = Counter(), defaultdict(Counter), deque(maxlen=500), 0

    def admin(self, method, path, q, body):
        w, lim, _, verb, *rest = self.world, self.limiter, *path.split("/")
        if method == "GET":
            if verb == "truth":
                return w.truth(q.get("fields"))
            if verb == "stats":
                return {**self.stats, "by_endpoint": self.by, "tokens_spent": lim.spent, "faults": self.faults.spec, "violations": {
                    "sent_before_reset": lim.early, "token_in_url": self.stats["token_in_url"], "hits_while_banned": lim.bans}}
            if verb == "log":
                return list(self.log)
            if verb == "history":
                return [dict(zip(("id", "time", "field", "old", "new", "user"), c)) for c in w.changes(w.cols["deals"][int(q["deal_id"])])]
            if verb == "dump":
                fields = q.get("fields", TRUTH[rest[0]]).replace(",", " ").split()
                return [{f: w.canon(r, f) for f in fields} for r in w.scoped(rest[0], q.get("scope", "live"))]
        elif verb == "clock":
            w.tick(parse_time(body["set"]) - w.now if "set" in body else int(body["advance"]))
            return {"now": fmt(w.now)}
        elif verb == "mutate":
            out = []
            for op in body["ops"]:
                w.tick(int(op.get("tick", body.get("tick", 1))))
                out.append(w.mutate(op))
            return {"now": fmt(w.now), "results": out}
        elif verb == "faults":
            self.faults = Faults(body["spec"], self.cfg.seed)
            return {"faults": self.faults.spec}
        elif verb == "config":  # burst, budget, retry_after, ban_after, no_daily_headers, token, quirks of what is to come
            w.quirks = set(body.get("quirks", self.cfg.quirks).split(",")) - {""}
            vars(self.cfg).update({k: v for k, v in body.items() if k in vars(self.cfg)})
            self.limiter = Limiter(self.cfg, w)
            return {"changed": sorted(body)}
        elif verb == "reset":
            self.reset()
            return {"now": fmt(self.world.now)}
        raise ApiError(404, "GET truth stats log history dump/<entity>; POST clock mutate faults config reset")


# --------------------------------------------------------------------------------------- HTTP
class Handler(BaseHTTPRequestHandler):
    protocol_version, server_version, disable_nagle_algorithm = "HTTP/1.1", "PipedriveSim/1", True
    app: App

    def log_message(self, form, *args):
        if self.app.cfg.verbose:
            sys.stderr.write(f"{form % args}\n")

    def date_time_string(self, timestamp=None):
        return formatdate(self.app.world.now, usegmt=True)  # the Date header is the simulated clock

    def do_GET(self):
        app, u = self.app, urlsplit(self.path)
        q, path, faults = dict(parse_qsl(u.query, keep_blank_values=True)), unquote(u.path), app.faults
        admin = path.startswith("/__admin/")
        try:
            sent = self.rfile.read(int(self.headers.get("content-length") or 0))
            if admin:
                with app.lock:
                    body = app.admin(self.command, path.removeprefix("/__admin"), q, json.loads(sent or b"{}"))
                return self.reply(200, body, {}, {})
            if m := re.match(r"/~([^/]*)(/.*)", path):  # faults given in the URL
                path = m[2]
                with app.lock:
                    faults = app.url_faults.setdefault(m[1], Faults(m[1], app.cfg.seed))
            body, head, fired = self.call_api(path, q, faults)
            self.cut("reset" in fired) if {"hang", "reset"} & fired.keys() else self.reply(200, body, head, fired)
        except ApiError as exc:
            self.reply(exc.status, exc.body, exc.headers, {})
        except ConnectionError:
            self.close_connection = True
        except Exception as exc:  # a bad admin request, or a bug here
            if not admin:
                traceback.print_exc()
            self.reply(400 if admin else 500, {"success": False, "error": repr(exc)}, {}, {})

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_HEAD = do_QUERY = do_GET

    def call_api(self, path, q, faults):
        app, shown, status, fired, head = self.app, path, 500, {}, {}
        with app.lock:
            app.flying += 1
            app.stats.update({"requests": 1, "token_in_url": "api_token" in q})
            app.stats["max_in_flight"] = max(app.stats["max_in_flight"], app.flying)
        try:
            given = self.headers.get("x-api-token"), q.pop("api_token", None), self.headers.get("authorization", "").removeprefix("Bearer ")
            if app.cfg.token not in given:
                raise ApiError(401, "unauthorized access")
            if not (m := re.fullmatch(r"/api/(v2)(/.*)|/(?:api/)?(v1)(/.*)", path)):
                raise ApiError(404, "Not found")
            key, item = match(m[1] or m[3], m[2] or m[4])
            shown = " ".join(key)
            with app.lock:
                head = app.limiter.check(ENDPOINTS[key][0])
                fired = faults.fired(path)
            if self.command != "GET":
                raise ApiError(405, "Method not allowed")
            time.sleep(sum(fired[name] or default for name, default in (("slow", 2), ("hang", 60)) if name in fired))
            head = {} if "429bare" in fired else head
            Faults.fail(fired, q)
            with app.lock:
                for _ in range(int(fired["churn"] or 3) if "churn" in fired else 0):
                    app.world.random_change()
                body, status = app.api.call(key, item, q, fired), 200
            return body, head, fired
        except ApiError as exc:
            status, exc.headers = exc.status, {**head, **exc.headers}
            raise
        finally:
            with app.lock:
                app.flying -= 1
                app.stats[f"status_{status}"] += 1
                later = "cursor" in q or q.get("start", "0") != "0"
                app.by[shown].update({"n": 1, "with_updated_since": "updated_since" in q, "later_pages": later})
                app.log.append([round(time.time(), 3), shown, q, status, list(fired)])

    def reply(self, status, body, head, fired):
        page = body if isinstance(body, str) else CLOUDFLARE if "html200" in fired else None
        body = ApiError(200, "Something went wrong").body if "fail200" in fired else {**body, "data": None} if "nodata" in fired else body
        try:
            data = (page or ("null" if "null200" in fired else json.dumps(body, ensure_ascii=False, separators=(",", ":")))).encode()
        except UnicodeEncodeError:  # lone surrogates survive only as escapes
            data = json.dumps(body, separators=(",", ":")).encode()
        data = data[:len(data) * 2 // 3] if "badjson" in fired else data
        self.send_response(status)
        for k, v in {"content-type": f"{'text/html' if page else 'application/json'}; charset=utf-8", "content-length": len(data),
                     "x-correlation-id": f"sim-{self.app.stats['requests']}", **head}.items():
            self.send_header(k, str(v))
        self.end_headers()
        data = b"" if self.command == "HEAD" else data
        if "drop" in fired:
            self.wfile.write(data[:len(data) // 2])
            return self.cut()
        pieces = 20 if "trickle" in fired else 1
        for i in range(0, len(data), len(data) // pieces + 1):
            self.wfile.write(data[i:i + len(data) // pieces + 1])
            time.sleep((fired["trickle"] or 3) / pieces if "trickle" in fired else 0)

    def cut(self, hard=False):
        self.close_connection = True
        if hard:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        else:
            self.connection.shutdown(socket.SHUT_RDWR)


class Server(ThreadingHTTPServer):
    daemon_threads, request_queue_size, allow_reuse_address = True, 128, True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], (OSError, ValueError)):  # a peer that left, or a socket cut on purpose
            super().handle_error(request, client_address)


def parse_args(argv=None):
    def listing(title, items):
        return f"{title}:\n" + "\n".join(f"  {k:<17} {v}" for k, v in items.items()) + "\n\n"

    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                epilog=listing(f"faults  {Faults.__doc__}", FAULTS) + listing("quirks", QUIRKS))
    for flag, kind, default, text in (
            ("port", int, 8901, "0 picks a free port; always on 127.0.0.1"), ("deals", int, 1000, ""), ("activities-per-deal", float, 1.2, ""),
            ("notes-per-deal", float, 0.6, ""), ("seed", int, 7, ""), ("data", str, None, "JSON file {entity: [rows]} instead of generated data"),
            ("now", str, "2026-11-02T09:00:00Z", "simulated time at start, or 'real'"),
            ("clock", str, "frozen", "'frozen': only the admin endpoints move it; 'run': it runs"), ("token", str, "sim-token", ""),
            ("burst", int, 100, "requests per rolling 2 s; 0 = no limit"), ("budget", int, 1_500_000, "daily tokens (30,000 x plan x seats)"),
            ("retry-after", int, 0, "also send retry-after on 429 (not documented by Pipedrive)"),
            ("ban-after", int, 30, "consecutive 429s before 5 s of Cloudflare 403; 0 = never"),
            ("faults", str, "", "see below"), ("quirks", str, "", "see below")):
        p.add_argument(f"--{flag}", type=kind, default=default, help=text)
    p.add_argument("--no-daily-headers", action="store_true", help="leave out x-daily-ratelimit-token-*")
    p.add_argument("--verbose", action="store_true")
    return p.parse_args(argv)


def start(argv=()):
    """Start in this process and return (server, app, base_url); for tests: start(['--port', '0'])."""
    app = App(parse_args(list(argv)))
    server = Server(("127.0.0.1", app.cfg.port), type("BoundHandler", (Handler,), {"app": app}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, app, f"http://127.0.0.1:{server.server_port}"


def main():
    began = time.time()
    try:
        server, app, url = start(sys.argv[1:])
    except ApiError as exc:
        raise SystemExit(exc.body["error"]) from None
    sizes = " ".join(f"{name}={len(col)}" for name, col in app.world.cols.items())
    print(f"pipedrive {url} token={app.cfg.token} now={fmt(app.world.now)} {sizes} built in {time.time() - began:.1f}s", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.shutdown()


if __name__ == "__main__":
    main()
