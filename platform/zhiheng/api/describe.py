"""Write the committed description of the API: ``python -m zhiheng.api.describe FOLDER``."""

import json
import os
import sys
from pathlib import Path
from typing import Any

KINDS = ("college", "province")


def describe(kind: str) -> dict[str, Any]:
    """OpenAPI 3 document of one kind of tenant."""
    from drf_spectacular.generators import SchemaGenerator

    make: Any = SchemaGenerator
    generator = make(urlconf=f"zhiheng.project.urls.{kind}", api_version="1")
    found: dict[str, Any] = json.loads(
        json.dumps(generator.get_schema(request=None, public=True), default=str)
    )
    return found


def main(folder: Path) -> None:
    """Write openapi.<kind>.json for every kind."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.project.settings.test")
    django.setup()
    for kind in KINDS:
        text = json.dumps(describe(kind), ensure_ascii=False, indent=1)
        (folder / f"openapi.{kind}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
