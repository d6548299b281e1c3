"""The product for programs: what pages show, by the same slices, under ``/api/``."""

from insights.api.document import Api
from insights.api.routes import ROUTES

__all__ = ["api"]

api = Api()
for prefix, router, tag in ROUTES:
    api.add_router(prefix, router, tags=[tag])
