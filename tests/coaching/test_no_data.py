"""Without data nothing is said of anybody."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from coaching import tasks
from coaching.models import CoachingInsight
from revops_site.kernel.models import User

pytestmark = pytest.mark.django_db


def test_the_command_ends_with_1_and_the_worker_writes_nothing(ana: User) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("coach", stdout=(out := StringIO()))
    assert ended.value.code == 1
    assert "no data" in out.getvalue()
    tasks.keep_insights()
    tasks.write_insights(rep_id="ana")
    assert not CoachingInsight.objects.exists()
