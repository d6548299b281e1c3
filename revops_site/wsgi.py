"""The WSGI application, warm: what is slow to import is imported before the first request."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "revops_site.settings")
application = get_wsgi_application()


def warm_up() -> None:
    """Pay for the first figure and the first address now, which cost most of a second."""
    from django.urls import get_resolver

    from revops_site.kernel import charts

    assert get_resolver().url_patterns
    charts.to_json(charts.figure([]))


warm_up()
