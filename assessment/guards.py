"""Conditions that a transition of a cycle asks for; each raises Problem(STATE) with what to do."""

from collections.abc import Callable
from datetime import date

from assessment.models import Cycle, Run, RunKind, RunState, SubmissionState, VersionState
from zhiheng.kernel.errors import Code, Problem

Guard = Callable[[Cycle, date], None]
SELF, SELF_REPORTED = "self", "本单位自报"
"""Supplier of what each unit reports about itself, and how people call it."""


def scheme_published(cycle: Cycle, _today: date) -> None:
    """The year opens only on a published scheme."""
    _must(cycle.version.state == VersionState.PUBLISHED, cycle, "启动填报", "方案还没有发布，请先发布方案。")


def submissions_approved(cycle: Cycle, _today: date) -> None:
    """Every supplier's figures are handed in and approved by a second person."""
    open_ones = cycle.submissions.exclude(state=SubmissionState.APPROVED)
    names = [SELF_REPORTED if one.supplier == SELF else one.supplier for one in open_ones]
    listed = "、".join(names[:5]) + (f"等{len(names)}家" if len(names) > 5 else "")
    _must(not names, cycle, "结束填报", f"{listed}的数据还没有复核，请先提交并复核。")


def official_run(cycle: Cycle, _today: date) -> None:
    """There is an official run that succeeded."""
    _must(latest_official(cycle) is not None, cycle, "继续", "还没有正式计分结果，请先做一次正式计分。")


def notice_over(cycle: Cycle, today: date) -> None:
    """The public notice has run its working days."""
    notice = cycle.notices.first()
    over = notice is not None and notice.ends_on < today
    until = f"公示到{notice.ends_on:%m月%d日}为止，次日起可审定。" if notice else "请先公示。"
    _must(over, cycle, "审定", until)


def latest_official(cycle: Cycle) -> Run | None:
    """The newest official run that succeeded."""
    return cycle.runs.filter(kind=RunKind.OFFICIAL, state=RunState.DONE).order_by("-number").first()


def _must(holds: bool, cycle: Cycle, action: str, advice: str) -> None:
    if not holds:
        raise Problem(
            Code.STATE, what=cycle.title, state=cycle.get_state_display(), action=action, advice=advice
        )


GUARDS: dict[str, Guard] = {
    one.__name__: one for one in (scheme_published, submissions_approved, official_run, notice_over)
}
