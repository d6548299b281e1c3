"""A first profile for a file that nobody described, with what is doubtful about it."""

from revops_site.kernel.profiles.guessing.against import disagreements
from revops_site.kernel.profiles.guessing.guess import Guess, guess

__all__ = ["Guess", "disagreements", "guess"]
