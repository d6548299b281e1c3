"""How deals stood before today: the stretches of days that their recorded history tells of."""

from pipeline.rollups.past.past import PAST

__all__ = ["PAST"]
