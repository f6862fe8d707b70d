"""Build a provincial report: freeze progress and distributions of one year."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhiheng.kernel import audit
from zhiheng.kernel.numbers import jsonable, plain
from zhiheng.provincial.models import ProvincialReport
from zhiheng.provincial.selectors.progress import CollegeProgress, Distribution, distributions, progress


@transaction.atomic
def report_build(*, year: int, title: str, acting_user: Any) -> ProvincialReport:
    """Freeze a new edition of the year's report; earlier editions stay as they were."""
    document = {
        "year": year,
        "made_at": timezone.localtime().strftime("%Y年%m月%d日"),
        "progress": [_progress_row(row) for row in progress(year)],
        "distributions": [_distribution_row(row) for row in distributions(year)],
    }
    digest = hashlib.sha256(json.dumps(document, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    last = ProvincialReport.objects.select_for_update().filter(year=year).order_by("-edition").first()
    report = ProvincialReport.objects.create(
        year=year,
        edition=last.edition + 1 if last else 1,
        title=title,
        document=document,
        digest=digest,
        created_by=acting_user,
    )
    audit.record(
        acting_user=acting_user, action="provincial_report.build", target=report, data={"digest": digest}
    )
    return report


def _progress_row(row: CollegeProgress) -> dict[str, Any]:
    last = timezone.localtime(row.last_release.released_at) if row.last_release else None
    return {
        "college": row.profile.name,
        "tier": row.profile.tier,
        "ownership": row.profile.ownership,
        "released": row.released,
        "expected": row.expected,
        "state": row.state,
        "last": last.strftime("%Y-%m-%d") if last else "",
        "receipt": row.last_release.receipt[:12] if row.last_release else "",
    }


def _distribution_row(row: Distribution) -> dict[str, Any]:
    return {
        "table": row.definition.table,
        "code": row.definition.code,
        "title": row.definition.title,
        "unit": row.definition.unit,
        "decimals": row.definition.decimals,
        "n": len(row.values),
        "min": _text(row.values[0][1] if row.values else None),
        "q1": _text(row.q1),
        "median": _text(row.median),
        "q3": _text(row.q3),
        "max": _text(row.values[-1][1] if row.values else None),
        "values": jsonable(row.values),
    }


def _text(value: Any) -> str | None:
    return None if value is None else plain(value)
