"""What all result pages share (结果栏目): crumbs, tabs, words for states, grades and changes."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.models import Cycle, CycleState, Run, RunKind, SchemeVersion
from assessment.selectors import results
from assessment.selectors.cycles import cycle_for
from assessment.selectors.schemes import model_of
from zhiheng.web.crumbs import Crumb, crumbs
from zhiheng.web.organisation.tabs import Tab
from zhiheng.web.schemes.words import formula_text
from zhiheng.web.show import show_date


@dataclass(frozen=True)
class GradeLook:
    """How a grade looks: one of the five meanings and an icon; best is loud, worst is marked, the rest is quiet."""

    meaning: str
    icon: str


def grade_looks(version: SchemeVersion) -> dict[str, GradeLook]:
    """Looks of the grades of a scheme, best first."""
    outcomes = version.document.get("outcomes") or {}
    rule = outcomes.get("grades") or {} if isinstance(outcomes, dict) else {}
    names = [str(one["code"]) for one in (rule.get("params") or {}).get("grades", ())]
    looks = {
        name: GradeLook("info", "thumb-up") if place == 1 else GradeLook("none", "check")
        for place, name in enumerate(names)
    }
    if names:
        looks[names[0]] = GradeLook("ok", "award")
    if len(names) > 2:
        looks[names[-1]] = GradeLook("danger", "alert-triangle")
    return looks


@dataclass(frozen=True)
class GradeRule:
    """When a grade is given (等次条件), in the order in which the scheme asks."""

    grade: str
    condition: str
    clause: str


def grade_rules(version: SchemeVersion) -> list[GradeRule]:
    """Conditions of the grades with readings applied; what nobody else gets stands last."""
    rules = model_of(version).by_role("grades")
    if not rules:
        return []
    params = rules[0].params
    found = [
        GradeRule(str(test["grade"]), formula_text(str(test.get("when", ""))), str(test.get("clause", "")))
        for test in params.get("tests", ())
        if test
    ]
    default = params.get("default")
    return [*found, GradeRule(str(default), _("其他单位"), rules[0].clause)] if default else found


def cycle_and_run(request: HttpRequest, code: str) -> tuple[Cycle, Run | None]:
    """The cycle and the run to show: ?run=3 names one, else what this user sees first."""
    cycle = cycle_for(code=code)
    wanted = request.GET.get("run", "")
    if wanted.isdigit():
        return cycle, results.run_for(cycle, number=int(wanted), user=request.user)
    return cycle, results.shown_run(cycle, request.user)


def area_crumbs(cycle: Cycle, *steps: tuple[str, str]) -> list[Crumb]:
    """Crumbs below 结果与公示."""
    here = reverse("results:ranking", args=[cycle.code])
    return crumbs((_("结果与公示"), reverse("results:home")), (cycle.title, here), *steps)


def tabs(request: HttpRequest, cycle: Cycle, current: str) -> list[Tab]:
    """Pages of one cycle's result that this user may open."""
    user: Any = request.user
    pages = [
        ("ranking", _("名次"), "result.view"),
        ("heat", _("分项对比"), "result.view"),
        ("history", _("历年"), "result.view"),
        ("decisions", _("决定"), "result.view"),
        ("runs", _("计分记录"), "result.view"),
        ("notice", _("公示"), "cycle.view"),
    ]
    return [
        Tab(label, reverse(f"results:{name}", args=[cycle.code]), name == current)
        for name, label, right in pages
        if user.can(right)
    ]


def run_words(run: Run) -> str:
    """按第2版方案于2026年1月10日09:20计算."""
    at = timezone.localtime(run.finished_at) if run.finished_at else None
    when = _("{day}{time}").format(day=show_date(at.date()), time=f"{at:%H:%M}") if at else "—"
    return _("按第{n}版方案于{when}计算").format(n=run.version.number, when=when)


def state_look(cycle: Cycle, run: Run) -> tuple[str, str, str]:
    """Words, meaning and icon that say how final the shown result is."""
    if run.kind == RunKind.PREVIEW:
        return _("试算，不作依据"), "warn", "eye-off"
    return {
        CycleState.NOTICE: (_("公示中"), "info", "speakerphone"),
        CycleState.DECIDED: (_("已审定，待封存"), "info", "gavel"),
        CycleState.SEALED: (_("已封存"), "ok", "archive"),
    }.get(CycleState(cycle.state), (_("待审核，未公示"), "info", "eye-off"))
