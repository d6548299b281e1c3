"""The token is nowhere but in the header of a request."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.db import connection

from revops_site.kernel import sealing, sync
from revops_site.kernel.models import SourceConnection
from tests.sync.conftest import TOKEN, Simulator, run
from tests.sync.test_changes import good


def test_a_token_that_was_entered_is_stored_sealed_and_used(
    pipedrive: Simulator, settings: LazySettings
) -> None:
    settings.SOURCES = {}
    sealed = sealing.seal(TOKEN)
    SourceConnection.objects.create(source="pipedrive", base_url=pipedrive.url, token=sealed)
    good("stages")
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM kernel_sourceconnection")
        assert TOKEN not in cursor.fetchone()[0]
    SourceConnection.objects.update(is_enabled=False)
    assert "not connected" in run("stages").message


def test_neither_logs_nor_errors_show_the_token(
    pipedrive: Simulator, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    good("stages")
    pipedrive.faults("500=0.4,401=@9")
    done = run()
    known = sync.settings_of("pipedrive")
    assert TOKEN not in caplog.text
    assert TOKEN not in done.message
    assert TOKEN not in repr(known)
    assert pipedrive.get("stats")["violations"]["token_in_url"] == 0
