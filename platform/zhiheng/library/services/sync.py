"""Bring the shipped templates and the indicator dictionary into the library tables.  Versions never change."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from zhiheng.kernel.errors import Code, Problem
from zhiheng.library.models import IndicatorDefinition, Template, TemplateKind, TemplateVersion

ROOT = Path(__file__).resolve().parents[1]
_INDICATOR_FIELDS = ("unit", "denominator", "factor", "decimals", "direction", "valid_to")


@dataclass(frozen=True)
class SyncReport:
    """How many template versions and indicator definitions were new."""

    templates: int
    indicators: int


@transaction.atomic
def library_sync() -> SyncReport:
    """Store every shipped document that the library does not have yet.

    A shipped version whose content differs from the stored one is refused: a change needs a new version.
    """
    schemes = sum(_store_scheme(path) for path in sorted((ROOT / "templates" / "schemes").glob("*.yaml")))
    indicators = sum(_store_indicators(path) for path in sorted((ROOT / "indicators").glob("*.yaml")))
    return SyncReport(templates=schemes, indicators=indicators)


def _store_scheme(path: Path) -> int:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return template_store(
        kind=TemplateKind.SCHEME, document=document, summary=str(document.get("summary", ""))
    )


def template_store(*, kind: str, document: dict[str, Any], summary: str = "") -> int:
    """Store one template document (needs ``code``, ``title``, ``version``); 1 when it is new, 0 when it was there."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()
    template, _ = Template.objects.get_or_create(
        code=document["code"], defaults={"kind": kind, "title": document["title"], "summary": summary[:500]}
    )
    stored = TemplateVersion.objects.filter(template=template, version=str(document["version"])).first()
    if stored and stored.digest != digest:
        raise Problem(
            Code.CONFLICT,
            what=f"模板“{template.title}”{stored.version}版的内容与库里不同；改动要用新版本号，它",
        )
    if stored:
        return 0
    TemplateVersion.objects.create(
        template=template,
        version=str(document["version"]),
        document=json.loads(text),
        digest=digest,
        published_at=timezone.now(),
    )
    return 1


def _store_indicators(path: Path) -> int:
    tables = yaml.safe_load(path.read_text(encoding="utf-8"))["tables"]
    items = [(table["title"], item) for table in tables for item in table["items"]]
    return sum(_store_indicator(table, item, order) for order, (table, item) in enumerate(items))


def _store_indicator(table: str, item: dict[str, Any], order: int) -> int:
    fields = {name: item[name] for name in _INDICATOR_FIELDS if name in item}
    _, created = IndicatorDefinition.objects.get_or_create(
        code=item["code"],
        version=item.get("version", 1),
        defaults={
            "title": item["title"],
            "table": table,
            "numerator": item["numerator"],
            "valid_from": item["valid_from"],
            "order": order,
            **fields,
        },
    )
    return int(created)
