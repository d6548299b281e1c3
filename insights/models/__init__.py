"""What belongs to no single domain: how good the data were day by day, why jobs failed."""

from insights.models.jobs import JobFailure
from insights.models.quality import QualityCount

__all__ = ["JobFailure", "QualityCount"]
