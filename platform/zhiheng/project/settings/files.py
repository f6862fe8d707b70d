"""Where uploaded files are kept, told by the environment (文件存储): a local folder, or any S3-compatible store."""

import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured

LINK_SECONDS = 300


def file_storage() -> dict[str, Any]:
    """The ``default`` entry of STORAGES: S3 when S3_BUCKET is set, else the folder MEDIA_ROOT.

    Raises ``ImproperlyConfigured`` for a bucket without keys.  Downloads are links that end after five minutes.
    """
    bucket = os.environ.get("S3_BUCKET")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    missing = [name for name in ("S3_ACCESS_KEY", "S3_SECRET_KEY") if not os.environ.get(name)]
    if missing:
        raise ImproperlyConfigured(
            f"S3_BUCKET is set; set {' and '.join(missing)} as well (see docs/operations.md)."
        )
    options = {
        "bucket_name": bucket,
        "access_key": os.environ["S3_ACCESS_KEY"],
        "secret_key": os.environ["S3_SECRET_KEY"],
        "endpoint_url": os.environ.get("S3_ENDPOINT_URL") or None,
        "region_name": os.environ.get("S3_REGION") or None,
        "default_acl": None,
        "file_overwrite": False,
        "querystring_auth": True,
        "querystring_expire": LINK_SECONDS,
        "signature_version": "s3v4",
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
