"""The pages for files that somebody sends: where to send one, and what becomes of it."""

from insights.panels.uploads.files import File, contract_file, example_file, refused_file
from insights.panels.uploads.one import page, plain, state
from insights.panels.uploads.sending import sending

__all__ = [
    "File",
    "contract_file",
    "example_file",
    "page",
    "plain",
    "refused_file",
    "sending",
    "state",
]
