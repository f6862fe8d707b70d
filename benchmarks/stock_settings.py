"""The same apps and models on django-tenants as it comes: its engine, its commands, one login for all (对照设置)."""

import os

from zhiheng.project.settings.database import database
from zhiheng.project.settings.test import *  # noqa: F403
from zhiheng.project.settings.test import INSTALLED_APPS as OURS

INSTALLED_APPS = ["django_tenants", *(app for app in OURS if app != "django_tenants")]
_url = os.environ["STOCK_DATABASE_URL"]
_credentials = _url.split("//", 1)[1].rsplit("@", 1)[0].split(":", 1)
DATABASES = {
    "default": {
        **database(_url),
        "ENGINE": "django_tenants.postgresql_backend",
        "USER": _credentials[0],
        "PASSWORD": _credentials[1],
    }
}
