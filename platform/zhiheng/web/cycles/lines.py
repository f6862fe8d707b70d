"""From the phases of a cycle to the year line (年度进程), and words for suppliers."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.models import Cycle, CycleState
from assessment.selectors.cycles import phases
from assessment.selectors.facts import Completeness
from zhiheng.web.timeline import Step, YearLine

SELF = "self"
"""Supplier code of what each unit reports about itself."""
UNNAMED = "未指定"
"""What the reads call measures without supplier."""


def supplier_name(code: str) -> str:
    """Name of a supplier as people say it."""
    return {SELF: _("本单位自报"), "": _("未指定部门"), UNNAMED: _("未指定部门")}.get(code, code)


def year_line(cycle: Cycle, suppliers: Sequence[Completeness] = (), *, link: bool = True) -> YearLine:
    """The phases of a cycle with a note at the one we are in."""
    note = _collecting_note(suppliers)
    steps = [
        Step(
            label=phase.title,
            start=phase.starts_on,
            end=phase.ends_on,
            state=phase.state,
            note=note if phase.code == CycleState.COLLECTING and phase.state == "now" else "",
        )
        for phase in phases(cycle)
    ]
    href = reverse("cycles:cycle", args=[cycle.code]) if link else ""
    return YearLine(cycle.year, steps, timezone.localdate(), href)


def _collecting_note(suppliers: Sequence[Completeness]) -> str:
    if not suppliers:
        return ""
    filled, expected = sum(s.filled for s in suppliers), sum(s.expected for s in suppliers)
    late = sum(s.filled < s.expected for s in suppliers)
    share = 100 * filled // expected if expected else 100
    return _("已填{share}%，{n}家没填完").format(share=share, n=late)
