"""Log lines (日志): one line of JSON each for machines, or readable text; both name the tenant."""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog


def logging_config(*, as_json: bool, level: str = "INFO") -> dict[str, Any]:
    """LOGGING for Django and everything that uses the standard library's logging."""
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    before = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_tenant,
    ]
    after = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        *([structlog.processors.format_exc_info] if as_json else []),
        renderer,
    ]
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": after,
        "foreign_pre_chain": before,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"django": {"handlers": [], "level": level, "propagate": True}},
    }


def _add_tenant(
    logger: logging.Logger, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Imported at the first line: settings are read before the tenants package may be."""
    from tenants.registry.logs import add_tenant

    return add_tenant(logger, method, event)
