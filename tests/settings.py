"""The product's settings as tests need them: the demo's, with cheap passwords and plain files."""

import os

os.environ["REVOPS_DEMO"] = "1"
os.environ.setdefault("EMAIL_URL", "memorymail://")

from revops_site.settings import *  # noqa: F403

REVOPS_DEMO = False  # nothing that only the demo may do is tested by accident
# A database of its own for each run, so that two runs do not meet.
DATABASES["default"]["TEST"] = {"NAME": f"test_revops_{os.getpid()}"}  # noqa: F405
SLOW_STATEMENT_MS = 0  # a slow machine does not make tests write
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # no scan of all files for each client
