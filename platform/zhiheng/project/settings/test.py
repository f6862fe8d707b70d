"""Settings of the tests (测试设置): secrets are public, passwords are cheap, tasks run at once."""

import os
import tempfile
from pathlib import Path

from zhiheng.project.settings.base import *  # noqa: F403
from zhiheng.project.settings.database import database, pg_dump_program

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105
TENANT_DATABASE_SECRET = "only-for-tests"  # noqa: S105
DATABASE_ADMIN_URL = os.environ.get("TEST_DATABASE_URL", "")
# tests/conftest.py starts a server of its own and writes host and port here when TEST_DATABASE_URL is not given.
DATABASES = {"default": database(DATABASE_ADMIN_URL or "postgresql://127.0.0.1:1/zhiheng_test")}
PG_DUMP = pg_dump_program()
BLUEPRINT_DIR = Path(tempfile.gettempdir()) / f"zhiheng-test-blueprints-{os.getuid()}"
MEDIA_ROOT = Path(tempfile.gettempdir()) / "zhiheng-test-files"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TENANT_HOST_CACHE_SECONDS = 3600
CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
