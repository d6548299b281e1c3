"""The pretend company: one seed and one day give the same story to every sample file.

``World`` is the frame: the days and the dice. ``company`` is the cast, ``seasons`` the calendar.
``leads`` and ``deals`` tell what happened to whom; the ``samples`` of the apps only write it down.
"""

from __future__ import annotations

from revops_site.kernel.world.frame import AS_OF, EARLIEST, LATEST, SEED, World

__all__ = ["AS_OF", "EARLIEST", "LATEST", "SEED", "World"]
