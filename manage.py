#!/usr/bin/env python
"""The command line of the product: `manage.py help` lists what it can do."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command; wrong settings are told in a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "revops_site.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
