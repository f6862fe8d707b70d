"""Two sides of one comparison, chosen by BENCH_SIDE: our engine and middleware, or plain single-tenant Django (对照设置)."""

import os
from urllib.parse import urlsplit

from zhiheng.project.settings.database import database
from zhiheng.project.settings.test import *  # noqa: F403
from zhiheng.project.settings.test import CACHES, INSTALLED_APPS, MIDDLEWARE, TENANT_TYPES

_url = urlsplit(os.environ["BENCH_DATABASE_URL"])
DATABASES = {"default": database(os.environ["BENCH_DATABASE_URL"])}
DATABASE_ADMIN_URL = os.environ["BENCH_DATABASE_URL"]
TENANT_TYPES = {**TENANT_TYPES, "college": {**TENANT_TYPES["college"], "URLCONF": "benchmarks.overhead_urls"}}
TENANT_HOST_CACHE_SECONDS = 30
if os.environ["BENCH_SIDE"] == "plain":
    DATABASES["default"] |= {
        "ENGINE": "django.db.backends.postgresql",
        "USER": _url.username,
        "PASSWORD": _url.password,
    }
    DATABASE_ROUTERS: list[str] = []
    INSTALLED_APPS = [name for name in INSTALLED_APPS if name != "django_tenants"]
    MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("tenants.")]
    CACHES = {"default": {"BACKEND": CACHES["default"]["BACKEND"]}}
    ROOT_URLCONF = "benchmarks.overhead_urls"
