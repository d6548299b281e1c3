"""The product's settings, read from the environment; `.env.example` explains each name."""

from pathlib import Path

import django_stubs_ext

from revops_site import logs, memory
from revops_site.databases import databases
from revops_site.mailing import mail_server
from revops_site.secrets import (
    demo_key,
    private_folder,
    refuse_missing_hosts,
    refuse_short_token,
    refuse_weak_key,
)
from revops_site.strict import Strict

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = Strict()
env.read_env(BASE_DIR / ".env")
VAR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

REVOPS_DEMO = env.bool("REVOPS_DEMO", default=False)
SECRET_KEY = demo_key(VAR) if REVOPS_DEMO else refuse_weak_key(env.str("SECRET_KEY", default=""))
DEBUG = False
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.count("PORT", default=8000)
THIS_MACHINE = ["127.0.0.1", "localhost", "[::1]", HOST] if REVOPS_DEMO else []
ALLOWED_HOSTS = refuse_missing_hosts(env.list("ALLOWED_HOSTS", default=THIS_MACHINE))
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_HTTPS = env.bool("BEHIND_HTTPS", default=not REVOPS_DEMO)
TRUSTED_PROXIES = env.count("TRUSTED_PROXIES", default=0)

INSTALLED_APPS = [
    "revops_site.kernel",
    "marketing",
    "pipeline",
    "revenue",
    "coaching",
    "insights",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "revops_site.kernel.middleware.RequestId",
    "revops_site.kernel.meters.Meters",
    "revops_site.kernel.middleware.ContentSecurityPolicy",
    "revops_site.kernel.middleware.KnownMethods",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "revops_site.kernel.errors.Outages",
    "revops_site.kernel.health.Probes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "revops_site.kernel.auditing.recording.Recording",
    "revops_site.kernel.middleware.SessionLimits",
    "revops_site.kernel.tokens.TokenLogin",
    "revops_site.kernel.accounts.LoginRequired",
    "revops_site.kernel.middleware.PlainAddresses",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "revops_site.kernel.entry.confirming.SecondFactorFirst",
    "revops_site.kernel.replica.Reads",
]
ROOT_URLCONF = "revops_site.urls"
WSGI_APPLICATION = "revops_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "insights.catalog.shell",
                "revops_site.kernel.accounts.reading",
                "revops_site.kernel.errors.request_id",
            ]
        },
    }
]

# Who says what can be done about a page that has no data.
OFFER = "insights.catalog.offer"

# The parts of the product that pages belong to by their address.
DOMAINS = ("marketing", "pipeline", "revenue", "coaching")

DATABASES = databases(
    env.server("DATABASE_URL"), VAR / "postgres", env.server("DATABASE_REPLICA_URL")
)
DATABASE_ROUTERS = ["revops_site.kernel.replica.Router"] if "replica" in DATABASES else []
# How far behind a replica may be that is read from, in seconds; never by a change of data.
REPLICA_SECONDS = env.count("REPLICA_SECONDS", default=30)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "revops_site.kernel.memory.Memory",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    }
}

AUTH_USER_MODEL = "kernel.User"
AUTHENTICATION_BACKENDS = ["revops_site.kernel.accounts.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{VALIDATION}.CommonPasswordValidator"},
    {"NAME": "revops_site.kernel.entry.passwords.NotTooLong"},
    {"NAME": "revops_site.kernel.entry.passwords.NotOfTheCompany"},
]
ACCOUNT_ADAPTER = "revops_site.kernel.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # counted by kernel.accounts, over all processes
ACCOUNT_FORMS = {"reset_password": "revops_site.kernel.entry.letters.ResetForm"}
COMPANY_WORDS = env.list("COMPANY_WORDS", default=[])
# Whoever has such a role reaches nothing without a second factor; the demo's people need none.
SECOND_FACTOR_ROLES = env.list(
    "SECOND_FACTOR_ROLES", default=[] if REVOPS_DEMO else ["admin", "revops"]
)
MFA_ADAPTER = "revops_site.kernel.entry.second_factor.Adapter"
MFA_TOTP_ISSUER = "RevOps Control Center"
MFA_FORMS = {
    "authenticate": "revops_site.kernel.entry.second_factor.SignInCode",
    "reauthenticate": "revops_site.kernel.entry.second_factor.ConfirmingCode",
}
# How old the last proof of who one is may be for what is dangerous; 0 asks for none.
CONFIRMED_SECONDS = 0 if REVOPS_DEMO else 30 * 60
INVITATION_DAYS = 7
# Single sign-on by OpenID Connect, where its provider is named.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_NAME = env.str("OIDC_NAME", default="single sign-on")
OIDC_DOMAINS = env.list("OIDC_DOMAINS", default=[])
OIDC_APP = {
    "provider_id": "sso",
    "name": OIDC_NAME,
    "client_id": env.str("OIDC_CLIENT_ID", default=""),
    "secret": env.str("OIDC_CLIENT_SECRET", default=""),
    "settings": {"server_url": OIDC_ISSUER},
}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [OIDC_APP] if OIDC_ISSUER else []}
}
SOCIALACCOUNT_ADAPTER = "revops_site.kernel.entry.single_sign_on.Adapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that leads to another site is what the policy forbids
OIDC_BRINGS_SECOND_FACTOR = env.bool("OIDC_BRINGS_SECOND_FACTOR", default=False)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# In the database alone: a process's own cache would not hear of a logout in another process.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 7 * 24 * 3600
SESSION_IDLE_AGE = 8 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
CSRF_COOKIE_HTTPONLY = True
if BEHIND_HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = BEHIND_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|health)$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if BEHIND_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR / "static")))
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# SMTP_HOST and what belongs to it; EMAIL_URL says the same, or another way, in one word.
MAIL = "consolemail://" if REVOPS_DEMO else "smtp://localhost:25"
EMAIL = mail_server(
    env.str("SMTP_HOST", default=""),
    env.count("SMTP_PORT", default=587, least=1),
    env.str("SMTP_USERNAME", default=""),
    env.str("SMTP_PASSWORD", default=""),
    env.str("SMTP_SECURITY", default=""),
) or env.email("EMAIL_URL", default=MAIL)
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = env.count("SMTP_TIMEOUT", default=10, least=1)
# Where follow-ups may go: anywhere, but in the demo to nobody who exists.
MAIL_DOMAINS = env.list("MAIL_DOMAINS", default=["*.example", "example.com"] if REVOPS_DEMO else [])
# Where the demo's own mail server, which passes nothing on, keeps what it was given.
MAIL_SINK = VAR / "mail"
PUBLIC_URL = env.str("PUBLIC_URL", default="")
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL",
    default="RevOps <revops@example.com>" if REVOPS_DEMO else "RevOps <revops@localhost>",
)

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

LOGGING_CONFIG = None
logs.configure(level=env.level("LOG_LEVEL", default="INFO"), readable=REVOPS_DEMO)

API_REQUESTS_A_MINUTE = env.count("API_REQUESTS_A_MINUTE", default=600)
METRICS_TOKEN = refuse_short_token(env.str("METRICS_TOKEN", default=""))
METERS = memory.folder(VAR, "meters")
SLOW_STATEMENT_MS = env.count("SLOW_STATEMENT_MS", default=500)
WEB_WORKERS = env.count("WEB_WORKERS", default=2, least=1)
UPLOAD_MAX_BYTES = env.count("UPLOAD_MAX_MB", default=2048, least=1) * 1024 * 1024
UPLOADS = VAR / "uploads"
# What comes in lies on the disk whose room is looked at, and beside where it is kept.
FILE_UPLOAD_TEMP_DIR = private_folder(VAR / "incoming")
UPLOADS_KEPT_DAYS = env.count("UPLOADS_KEPT_DAYS", default=400)
FILES = VAR / "files"
ROWS_AT_ONCE = 10_000  # of a file that somebody waits for; more are written in the background
FILES_ASKED_FOR_AT = "/reports/files/new/"
BOARDS_ADDED_TO_AT = "/boards/add/"
COMMENTS_AT = "/comments/"
COMMENTS_COUNTED_BY = "insights.panels.comments.counted"
AUDIT_KEPT_DAYS = env.count("AUDIT_KEPT_DAYS", default=0)
REPORTS_KEPT_DAYS = env.count("REPORTS_KEPT_DAYS", default=400)
BACKUP_KEY = env.str("BACKUP_KEY", default="")
BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(VAR / "backups")))
BACKUPS_KEPT_DAYS = env.count("BACKUPS_KEPT_DAYS", default=30, least=1, most=35)
POSTGRES_PROGRAMS = env.str("POSTGRES_PROGRAMS", default="")
FILE_UPLOAD_HANDLERS = [
    "revops_site.kernel.receiving.Limited",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# What the product asks of others; this machine is never asked outside of a trial (loopback).
OUTGOING_HOSTS = env.list("OUTGOING_HOSTS", default=["*.pipedrive.com"])
OUTGOING_LOOPBACK = env.bool("OUTGOING_LOOPBACK", default=False)
SEALING_KEYS = env.list("SEALING_KEYS", default=[]) or [SECRET_KEY]
SYNC_INTERVAL_MINUTES = env.count("SYNC_INTERVAL_MINUTES", default=30, least=1)
SOURCES = {
    "pipedrive": {
        "token": env.str("PIPEDRIVE_API_TOKEN", default=""),
        "base_url": env.str("PIPEDRIVE_URL", default="https://api.pipedrive.com"),
    }
}

# A language model is asked where its key is given; OpenRouter's own key goes to OpenRouter alone.
OPENROUTER = "https://openrouter.ai/api/v1"
LLM_URL = env.str("LLM_URL", default="") or OPENROUTER
OPENROUTER_KEY = env.str("OPENROUTER_API_KEY", default="") if LLM_URL == OPENROUTER else ""
LLM = {
    "url": LLM_URL,
    "key": env.str("LLM_API_KEY", default="") or OPENROUTER_KEY,
    "model": env.str("LLM_MODEL", default="openai/gpt-4o-mini"),
}
LLM_SECONDS = 20.0

PROCRASTINATE_IMPORT_PATHS = ["revops_site.kernel.tasks"]
PROCRASTINATE_ON_APP_READY = "insights.tasks.watch"
# What was due while no worker ran is done once by the next, where it is not older than a day.
PROCRASTINATE_PERIODIC_DEFAULTS = {} if REVOPS_DEMO else {"max_delay": 24 * 60 * 60}
