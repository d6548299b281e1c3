"""Logs as one JSON object a line, with the id of the request they belong to."""

from __future__ import annotations

import logging
import logging.config
import re

import structlog

TELLING = ("DETAIL:", "CONTEXT:", "LINE ", "WHERE:")
VALUE = re.compile(r"(invalid input (?:syntax|value) for [^:]*: ).*")

SHARED: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(*, level: str, readable: bool) -> None:
    """Send everything from ``level`` up to the error stream; ``readable`` for people, else JSON."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": SHARED,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        *_printed(readable),
                    ],
                }
            },
            "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stream"], "level": level.upper()},
            "loggers": {
                "procrastinate": {"level": "WARNING"},
                "httpx2": {"level": "WARNING"},
                # Answers are told by the access log, and errors with their trace by kernel.errors.
                "django.request": {"level": "CRITICAL"},
                "django.security.DisallowedHost": {"level": "CRITICAL"},
                "access": {"level": "WARNING" if readable else level.upper()},
            },
        }
    )


def _printed(readable: bool) -> list[structlog.types.Processor]:
    if readable:
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
    return [
        structlog.processors.format_exc_info,
        without_values,
        structlog.processors.JSONRenderer(),
    ]


def without_values(
    logger: object, method: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    """The trace of an error without the values of rows that the database put into its message."""
    if isinstance(event.get("exception"), str):
        lines = event["exception"].splitlines()
        kept = [line for line in lines if not line.lstrip(" |").startswith(TELLING)]
        event["exception"] = VALUE.sub(r"\1…", "\n".join(kept))
    return event
