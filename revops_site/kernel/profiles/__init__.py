"""Strangers' files: a profile says how a record of theirs becomes a record of a dataset."""

from revops_site.kernel.profiles.errors import ProfileError
from revops_site.kernel.profiles.guessing import Guess, disagreements, guess
from revops_site.kernel.profiles.mapping import Mapper, job, lacking, mapper
from revops_site.kernel.profiles.parsing import parse
from revops_site.kernel.profiles.profile import Lookup, Profile, Source, Target
from revops_site.kernel.profiles.writing import written

__all__ = [
    "Guess",
    "Lookup",
    "Mapper",
    "Profile",
    "ProfileError",
    "Source",
    "Target",
    "disagreements",
    "guess",
    "job",
    "lacking",
    "mapper",
    "parse",
    "written",
]
