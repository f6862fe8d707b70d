"""Settings of a real installation: servers and secrets come from the environment (生产设置)."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from zhiheng.project.settings.base import *  # noqa: F403
from zhiheng.project.settings.base import CACHES, SILENCED_SYSTEM_CHECKS, STORAGES
from zhiheng.project.settings.database import database, pg_dump_program
from zhiheng.project.settings.files import file_storage
from zhiheng.project.settings.logs import logging_config


def _required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment (see docs/operations).")
    return value


DEBUG = False
SECRET_KEY = _required("SECRET_KEY")
TENANT_DATABASE_SECRET = _required("TENANT_DATABASE_SECRET")
DATABASES = {"default": database(_required("DATABASE_URL"))}
DATABASE_ADMIN_URL = os.environ.get("DATABASE_ADMIN_URL", "")
"""Superuser's URL, given to the bootstrap and migration job only, never to web or worker processes."""
CELERY_BROKER_URL = _required("CELERY_BROKER_URL")

DATA_DIR = Path(os.environ.get("ZHIHENG_HOME", "/var/lib/zhiheng"))
PG_DUMP = pg_dump_program()
BLUEPRINT_DIR = DATA_DIR / "blueprints"
MEDIA_ROOT = DATA_DIR / "files"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", str(DATA_DIR / "static")))
STORAGES = {
    **STORAGES,
    "default": file_storage(),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if os.environ.get("CACHE_URL"):
    CACHES = {
        "default": {
            **CACHES["default"],
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": os.environ["CACHE_URL"],
        }
    }
LOGGING = logging_config(as_json=True, level=os.environ.get("LOG_LEVEL", "INFO"))

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = os.environ.get("SECURE_SSL_REDIRECT", "1") == "1"
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
# Other subdomains of a college's domain, and the browsers' preload list, are the college's to decide.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W005", "security.W021"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
