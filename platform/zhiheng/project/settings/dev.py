"""Settings of a workstation, a demo or a small site with the embedded servers (本机设置)."""

import os

from zhiheng.project.servers.home import data_home
from zhiheng.project.settings.base import *  # noqa: F403
from zhiheng.project.settings.base import STORAGES
from zhiheng.project.settings.database import database, embedded_url, kept_secret, pg_dump_program
from zhiheng.project.settings.files import file_storage
from zhiheng.project.settings.logs import logging_config

HOME = data_home()
DEBUG = os.environ.get("ZHIHENG_DEBUG", "0") == "1"
SECRET_KEY = kept_secret(HOME, "SECRET_KEY")
TENANT_DATABASE_SECRET = kept_secret(HOME, "TENANT_DATABASE_SECRET")
DATABASE_URL = os.environ.get("DATABASE_URL") or embedded_url(HOME)
DATABASE_ADMIN_URL = os.environ.get("DATABASE_ADMIN_URL", "")
"""Superuser's URL for the bootstrap: given to commands that set up or upgrade, not to web and worker."""
DATABASES = {"default": database(DATABASE_URL)}
# Eight web threads and a few workers share the embedded server's 200 connections.
TENANT_LANES = 8
PG_DUMP = pg_dump_program()
BLUEPRINT_DIR = HOME / "blueprints"
MEDIA_ROOT = HOME / "files"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
STORAGES = {**STORAGES, "default": file_storage()}
LOGGING = logging_config(as_json=False)
