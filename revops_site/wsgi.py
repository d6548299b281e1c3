"""The WSGI application, warm: what is slow the first time happens before the first request."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from revops_site.guarded import patience

STATEMENT_TIMEOUT = "statement_timeout"  # of what serves pages alone: loads may take longer
STATEMENT_SECONDS, WAIT_SECONDS = 15, 16.0

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "revops_site.settings")
if STATEMENT_TIMEOUT not in os.environ.get("PGOPTIONS", ""):
    told = f"{os.environ.get('PGOPTIONS', '')} -c {STATEMENT_TIMEOUT}={STATEMENT_SECONDS}s"
    os.environ["PGOPTIONS"] = told.strip()
patience.set_limit(WAIT_SECONDS)
settings.METERS.mkdir(mode=0o700, parents=True, exist_ok=True)
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(settings.METERS))  # before it is imported
application = get_wsgi_application()


def warm_up() -> None:
    """Import all pages and draw a first figure, which together cost most of a second."""
    import pandas as pd
    from django.urls import get_resolver

    from revops_site.kernel import charts

    get_resolver().url_patterns  # noqa: B018
    one = pd.Series([1.0])
    charts.to_json(charts.figure([charts.bars(one, one, "bar"), charts.line(one, one, "line")]))


def settle() -> None:
    """Leave what is loaded by now out of the search for circles of garbage, and search seldom.

    Half a million objects of libraries stay for good: to look through them again and again takes
    a tenth of an answer's time, and what an answer leaves behind are a few thousand.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


warm_up()
settle()
