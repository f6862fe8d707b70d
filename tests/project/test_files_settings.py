"""Files go to a local folder or to an S3-compatible store, as the environment says; both behave alike."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from zhiheng.project.settings.files import LINK_SECONDS, file_storage

VARIABLES = ("S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_ENDPOINT_URL", "S3_REGION")


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start from an environment without any store."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_a_local_folder_without_any_setting() -> None:
    assert file_storage() == {"BACKEND": "django.core.files.storage.FileSystemStorage"}


def test_a_bucket_without_keys_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S3_BUCKET", "zhiheng")
    monkeypatch.setenv("S3_ACCESS_KEY", "key")
    with pytest.raises(ImproperlyConfigured, match="S3_SECRET_KEY"):
        file_storage()


def test_links_to_a_store_are_signed_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S3_BUCKET", "zhiheng")
    monkeypatch.setenv("S3_ACCESS_KEY", "key")
    monkeypatch.setenv("S3_SECRET_KEY", "secret")
    monkeypatch.setenv("S3_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("S3_REGION", "cn-north-1")
    settings = file_storage()
    storage = import_string(settings["BACKEND"])(**settings["OPTIONS"])
    url = storage.url("t_000001/abc")
    assert url.startswith("http://127.0.0.1:1/zhiheng/t_000001/abc?")
    assert f"X-Amz-Expires={LINK_SECONDS}" in url
    assert "X-Amz-Signature=" in url
    assert "secret" not in url
