"""Settings common to every way of running (公共设置).  Nothing here reads a file or starts a server."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

PACKAGE_DIR = Path(__file__).resolve().parents[2]

# Apps and the kinds of tenant they belong to ------------------------------------------------------------------------

# Content types and Django's permissions have code but no tables: users hold roles, roles hold permission codes.
EVERYWHERE = [
    "django.contrib.sessions",
    "axes",
    "zhiheng.kernel",
    "zhiheng.accounts",
]
TENANT_TYPES: dict[str, dict[str, Any]] = {
    "public": {
        "APPS": [*EVERYWHERE, "tenants.registry", "zhiheng.library", "zhiheng.benchmarking"],
        "URLCONF": "zhiheng.project.urls.public",
    },
    "college": {
        "APPS": [*EVERYWHERE, "tenants.organisation", "catalog", "assessment", "integrations"],
        "URLCONF": "zhiheng.project.urls.college",
    },
    "province": {
        "APPS": [*EVERYWHERE, "zhiheng.provincial"],
        "URLCONF": "zhiheng.project.urls.province",
    },
}
# The registry stands before django_tenants because its commands replace those that would run as the wrong role.
INSTALLED_APPS = [
    "tenants.registry",
    "django_tenants",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "zhiheng.kernel",
    "zhiheng.accounts",
    "tenants.organisation",
    "zhiheng.library",
    "zhiheng.benchmarking",
    "zhiheng.provincial",
    "catalog",
    "assessment",
    "integrations",
    "zhiheng.web",
    "zhiheng.api",
]
HAS_MULTI_TYPE_TENANTS = True
MULTI_TYPE_DATABASE_FIELD = "kind"
TENANT_MODEL = "registry.Tenant"
TENANT_DOMAIN_MODEL = "registry.Domain"
PUBLIC_SCHEMA_NAME = "public"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
TENANT_SHARED_READ_APPS = ["library"]
"""Apps of the public schema whose tables every tenant may read (and none may write)."""

TENANT_LANES = int(os.environ.get("ZHIHENG_LANES", "16"))
"""Open connections kept per thread, one per role (LRU)."""
TENANT_ROLE_CONNECTIONS = int(os.environ.get("ZHIHENG_ROLE_CONNECTIONS", "100"))
"""Most connections that one tenant's role may hold: a runaway college does not starve the others."""
TENANT_LANE_IDLE_SECONDS = 300
"""A parked connection is closed after this many seconds without use."""
TENANT_STATEMENT_TIMEOUT_MS = int(os.environ.get("ZHIHENG_STATEMENT_TIMEOUT_MS", "60000"))
TENANT_HOST_CACHE_SECONDS = 30
"""How long a process may go on serving a host after its domain was removed by another process."""

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Requests -----------------------------------------------------------------------------------------------------------

ROOT_URLCONF = "zhiheng.project.urls.public"
WSGI_APPLICATION = "zhiheng.project.wsgi.application"
# The register of domains decides which hosts exist: an unknown one gets 404 before anything else happens.
ALLOWED_HOSTS = ["*"]
APPEND_SLASH = True
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.registry.middleware.TenantMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhiheng.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "zhiheng.web.problems.ProblemMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhiheng.web.shell.context",
            ],
        },
    }
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "zhiheng.web.problems.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

# Accounts -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_LOCKOUT_PARAMETERS = ["username"]
# Axes wants the address counted too; a campus shares one address, and five slips there must not lock out everybody.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_CALLABLE = "zhiheng.web.account.views.locked_out"
AXES_VERBOSE = False

# Language, time, numbers --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
LANGUAGE_COOKIE_NAME = "zh_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"

# Files and caches ---------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS: list[Path] = []
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "tenants.registry.caching.tenant_key",
    }
}

# Jobs ---------------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "")
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Kombu's own defaults sweep for messages of dead workers every 100 s, ten at a time.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}

# API ----------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "zhiheng.api.base.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "质衡 Zhiheng",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "StepState": "assessment.models.StepState",
        "CycleState": "assessment.models.CycleState",
        "RunState": "assessment.models.RunState",
        "FactState": "assessment.models.FactState",
        "JobState": "zhiheng.kernel.models.JobState",
    },
}
