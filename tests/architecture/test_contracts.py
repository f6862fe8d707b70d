"""Import contracts hold, migrations are complete, a real installation's settings are safe."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

ACCEPTED_WARNINGS = {
    "security.W005": "a college's other sub-domains are not ours to force to https",
    "security.W021": "nor to enter into browsers' preload lists",
    "axes.W006": "a whole campus shares one address: an account is locked for an address, never an address for all",
}
OURS = {"zhiheng", "tenants", "catalog", "assessment", "integrations"}


def test_import_contracts(root: Path) -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_import_contracts_have_no_exceptions(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert set(settings["root_packages"]) == OURS
    assert [contract["name"] for contract in settings["contracts"] if "ignore_imports" in contract] == []


def test_migrations_are_complete_and_do_not_fork() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    assert loader.detect_conflicts() == {}
    labels = {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in OURS}
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    with translation.override(None):
        changes = detector.changes(graph=loader.graph, trim_to_apps=labels)
    assert {
        app: [str(step) for one in found for step in one.operations] for app, found in changes.items()
    } == {}


def test_every_model_belongs_to_exactly_one_kind_or_to_all() -> None:
    from django.conf import settings

    kinds = [set(kind["APPS"]) for kind in settings.TENANT_TYPES.values()]
    everywhere = set.intersection(*kinds)
    for first in kinds:
        for second in kinds:
            if first is not second:
                assert first & second == everywhere


def test_settings_of_a_real_installation_pass_the_deployment_check(root: Path, tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "zhiheng.project.settings.prod",
        "SECRET_KEY": "a-long-enough-secret-for-the-check-0123456789-abcdefghijklmnop",
        "TENANT_DATABASE_SECRET": "another-secret",
        "DATABASE_URL": "postgresql://127.0.0.1:1/none",
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
        "ZHIHENG_HOME": str(tmp_path),
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "ERROR"]
    result = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert (
        set(re.findall(r"\((\w+\.[A-Z]\d+)\)", result.stdout + result.stderr)) - set(ACCEPTED_WARNINGS)
        == set()
    )


@pytest.mark.parametrize(
    "missing", ["SECRET_KEY", "TENANT_DATABASE_SECRET", "DATABASE_URL", "CELERY_BROKER_URL"]
)
def test_a_real_installation_refuses_to_start_without(root: Path, missing: str) -> None:
    names = {"SECRET_KEY", "TENANT_DATABASE_SECRET", "DATABASE_URL", "CELERY_BROKER_URL"} - {missing}
    environment = {"PATH": os.environ["PATH"], **dict.fromkeys(names, "postgresql://127.0.0.1:1/none")}
    code = "import zhiheng.project.settings.prod"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode != 0
    assert missing in result.stderr
