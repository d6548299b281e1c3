"""Lets go of the bytes of made files after their time; what is known of them stays."""

from __future__ import annotations

import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from insights.models import MadeFile
from revops_site.kernel import audit

OURS = re.compile(r"([0-9a-f]{64})(-\d+\.png)?")
A_DAY = timedelta(days=1)


def forget_old(now: datetime) -> int:
    """Delete the bytes that no file needs whose time is not over; of how many files.

    What was half made when somebody died goes after a day.
    """
    old = list(MadeFile.objects.filter(deleted_at=None, expires_at__lte=now))
    MadeFile.objects.filter(pk__in=[one.pk for one in old]).update(deleted_at=now)
    for one in old:
        audit.record("made file deleted", target=str(one), file=one.pk, sha256=one.sha256)
    root = Path(settings.FILES)
    if not root.is_dir():
        return len(old)
    wanted = set(MadeFile.objects.filter(deleted_at=None).values_list("sha256", flat=True))
    for path in root.iterdir():
        if now.timestamp() - path.stat().st_mtime < A_DAY.total_seconds():
            continue
        ours = OURS.fullmatch(path.name)
        if path.name.startswith(".making-"):
            shutil.rmtree(path, ignore_errors=True)
        elif ours is not None and ours[1] not in wanted:
            path.unlink(missing_ok=True)
    return len(old)
