#!/usr/bin/env python
"""The command line of the product: `manage.py help` lists what it can do."""

import os
import signal
import sys


def main() -> None:
    """Run one command; settings that do not hold end it with a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "revops_site.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    # An orderly end, so that an embedded database server is not left behind.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.exit(f"The settings do not hold. {problem}")


if __name__ == "__main__":
    main()
