"""Reads of provincial reports."""

from zhiheng.kernel.errors import Code, Problem
from zhiheng.provincial.models import ProvincialReport


def reports() -> list[ProvincialReport]:
    """All editions, newest first."""
    return list(ProvincialReport.objects.all())


def report_for(*, report_id: int) -> ProvincialReport:
    """One edition, or NOT_FOUND."""
    report = ProvincialReport.objects.filter(pk=report_id).first()
    if report is None:
        raise Problem(Code.NOT_FOUND)
    return report
