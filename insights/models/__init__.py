"""What belongs to no single domain: the data's quality, why jobs failed, what readers keep."""

from insights.models.jobs import JobFailure
from insights.models.quality import QualityCount
from insights.models.saved_views import SavedView

__all__ = ["JobFailure", "QualityCount", "SavedView"]
