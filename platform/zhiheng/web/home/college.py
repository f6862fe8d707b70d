"""The workbench of a college (工作台): by role, where the year stands, what waits, the own result."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.models import Cycle, CycleState, Submission, SubmissionState, UnitResult
from assessment.selectors import cycles as reads
from assessment.selectors import results
from assessment.selectors.entering import entry_rights, self_report_gaps
from assessment.selectors.facts import Completeness, completeness, suppliers_of
from tenants.organisation.selectors.calendar import teaching_week, working_days_between
from zhiheng.web.cycles.lines import SELF, supplier_name, year_line
from zhiheng.web.cycles.matrix import Matrix, matrix
from zhiheng.web.home.board import Board, Todo
from zhiheng.web.results.scope import GradeLook, grade_looks
from zhiheng.web.results.unit import Loss, losses, pruned
from zhiheng.web.show import show_date, show_weekday

MOST_TODOS = 4
SHOWN_LOSSES = 3


@dataclass(frozen=True)
class OwnGrid:
    """One supplier's figures that this person enters."""

    name: str
    code: str
    filled: int
    expected: int
    submission: Submission | None

    @property
    def percent(self) -> int:
        """Filled of expected, rounded down."""
        return 100 * self.filled // self.expected if self.expected else 100

    @property
    def missing(self) -> int:
        """Cells still empty."""
        return self.expected - self.filled


@dataclass(frozen=True)
class OwnResult:
    """The published result of the own unit."""

    cycle: Cycle
    result: UnitResult
    look: GradeLook | None
    words: str
    losses: list[Loss]


def fill(board: Board, request: HttpRequest, cycle: Cycle) -> None:
    """Put on the board what this person needs for the cycle."""
    user: Any = request.user
    sees_all = user.can("fact.view") and user.units_where("fact.view") is None
    own = suppliers_of(user) if user.can("fact.enter") else set()
    suppliers = completeness(cycle) if sees_all or own else []
    board.cycle = cycle
    board.year_line = year_line(cycle, suppliers)
    board.heading, board.lead = heading(cycle, suppliers if sees_all else []), lead()
    board.todos = todos(user, cycle)
    request.todo_count = len(board.todos)  # type: ignore[attr-defined]  # the frame shows it too
    if sees_all and cycle.state == CycleState.COLLECTING:
        board.matrix = _matrix(cycle, request)
        board.panels.append("web/cycles/matrix.html")
    if own and cycle.state == CycleState.COLLECTING:
        board.grids = [_grid(one) for one in suppliers if one.supplier in own]
        board.panels.append("web/home/grids.html")
    if user.can("result.view") or user.can("result.view_own"):
        _results(board, user, cycle)


def _matrix(cycle: Cycle, request: HttpRequest) -> Matrix:
    return matrix(cycle, request.GET.get("type", ""))


def _grid(one: Completeness) -> OwnGrid:
    return OwnGrid(supplier_name(one.supplier), one.supplier, one.filled, one.expected, one.submission)


def heading(cycle: Cycle, suppliers: list[Completeness]) -> str:
    """What the year is at, as a finding."""
    today = timezone.localdate()
    if cycle.state == CycleState.COLLECTING and today <= cycle.ends_on:
        late = sum(one.filled < one.expected for one in suppliers)
        left = _("填报还剩{n}个工作日").format(n=working_days_between(today, cycle.ends_on))
        return left + (_("，{n}个部门没填完").format(n=late) if late else "")
    return _("{title}：{state}").format(title=cycle.title, state=cycle.get_state_display())


def lead() -> str:
    """2026年11月20日，星期五，第12教学周。"""
    today = timezone.localdate()
    text = _("{day}，{weekday}").format(day=show_date(today), weekday=show_weekday(today))
    week = teaching_week(today)
    return text + (_("，第{n}教学周。").format(n=week.number) if week else _("。"))


# What waits ---------------------------------------------------------------------------------------------------------


def todos(user: Any, cycle: Cycle) -> list[Todo]:
    """Everything that waits for this person in the cycle, the most urgent first."""
    submissions = list(cycle.submissions.all()) if user.can("fact.view") else []
    found = [*_returned_and_open(user, cycle, submissions), *_to_approve(user, cycle, submissions)]
    found += _late(user, cycle, submissions)
    found += _own_report(user, cycle)
    found += [
        Todo(
            title=_("{action}：{title}").format(action=_(move.transition.title), title=cycle.title),
            text=_("条件都具备了。"),
            href=reverse("cycles:move", args=[cycle.code, move.transition.action]),
            verb=_(move.transition.title),
            icon="arrow-right",
        )
        for move in reads.moves(cycle, user)
        if not move.blocked and not move.transition.needs_reason and cycle.state != CycleState.SEALED
    ]
    if cycle.state == CycleState.NOTICE:
        found.append(_read_notice(cycle))
    return found


def _returned_and_open(user: Any, cycle: Cycle, submissions: list[Submission]) -> list[Todo]:
    own = suppliers_of(user) if user.can("fact.enter") else set()
    if own is None or cycle.state != CycleState.COLLECTING:
        return []
    found = []
    for one in submissions:
        if one.supplier not in own or one.state not in {SubmissionState.OPEN, SubmissionState.RETURNED}:
            continue
        returned = one.state == SubmissionState.RETURNED
        found.append(
            Todo(
                title=_("{name}的数据被退回").format(name=one.supplier)
                if returned
                else _("填报{name}的数据").format(name=one.supplier),
                text=one.reason
                if returned
                else _("{day}截止，填完提交给质量办复核。").format(day=show_date(cycle.ends_on)),
                href=grid_href(cycle, one.supplier),
                verb=_("去改") if returned else _("去填"),
                icon="arrow-back-up" if returned else "table",
                urgent=returned,
            )
        )
    return sorted(found, key=lambda todo: not todo.urgent)


def _to_approve(user: Any, cycle: Cycle, submissions: list[Submission]) -> list[Todo]:
    if not user.can("fact.approve"):
        return []
    waiting = [
        one
        for one in submissions
        if one.state == SubmissionState.SUBMITTED and one.submitted_by_id != user.pk
    ]
    found = [
        Todo(
            title=_("复核：{name}的数据").format(name=supplier_name(one.supplier)),
            text=_("{who}已提交，看过没问题就通过。").format(who=one.submitted_by or ""),
            href=grid_href(cycle, one.supplier),
            verb=_("复核"),
            icon="clipboard-check",
        )
        for one in waiting[:MOST_TODOS]
    ]
    if len(waiting) > MOST_TODOS:
        rest = len(waiting) - MOST_TODOS
        found.append(
            Todo(
                _("另有{n}个部门等复核").format(n=rest),
                _("全部列在进度页上。"),
                reverse("cycles:cycle", args=[cycle.code]),
                _("去看"),
                "list-check",
            )
        )
    return found


def _late(user: Any, cycle: Cycle, submissions: list[Submission]) -> list[Todo]:
    """For who runs the year: suppliers that have not handed in."""
    late = [one for one in submissions if one.state in {SubmissionState.OPEN, SubmissionState.RETURNED}]
    if not late or not user.can("cycle.run") or cycle.state != CycleState.COLLECTING:
        return []
    names = _("、").join(supplier_name(one.supplier) for one in late[:3])
    return [
        Todo(
            _("{n}个部门还没提交数据").format(n=len(late)),
            _("{names}等，{day}截止。").format(names=names, day=show_date(cycle.ends_on)),
            reverse("cycles:cycle", args=[cycle.code]),
            _("去看"),
            "bell-ringing",
        )
    ]


def _own_report(user: Any, cycle: Cycle) -> list[Todo]:
    """For heads: what the unit reports about itself."""
    if cycle.state != CycleState.COLLECTING or not user.units_where("report.submit"):
        return []
    missing = self_report_gaps(cycle, entry_rights(user, cycle))
    if not missing:
        return []
    return [
        Todo(
            _("本单位自报还差{n}格").format(n=missing),
            _("{day}截止，填完由质量办一并提交。").format(day=show_date(cycle.ends_on)),
            grid_href(cycle, SELF),
            _("去填"),
            "edit",
        )
    ]


def _read_notice(cycle: Cycle) -> Todo:
    return Todo(
        _("{title}正在公示").format(title=cycle.title),
        _("核对本部门的得分和等次，有异议在公示期内提出。"),
        reverse("results:notice", args=[cycle.code]),
        _("去看"),
        "speakerphone",
    )


def grid_href(cycle: Cycle, supplier: str) -> str:
    """Entry page of one supplier."""
    return reverse("facts:grid", args=[cycle.code]) + f"?supplier={supplier}"


def todo_count(user: Any, year: int) -> int:
    """How many things wait, for the frame."""
    cycle = reads.cycle_of_year(year)
    return len(todos(user, cycle)) if cycle is not None else 0


# Results ------------------------------------------------------------------------------------------------------------


def _results(board: Board, user: Any, cycle: Cycle) -> None:
    """The newest result: all groups for those who see all, else the own unit."""
    for one in (cycle, cycle.previous):
        run = results.shown_run(one, user) if one is not None else None
        if one is None or run is None:
            continue
        own = results.own_units(user, one)
        board.result_cycle = one
        if own is None:
            board.rankings = results.rankings(run)
            board.looks = grade_looks(run.version)
            board.panels.append("web/home/rankings.html")
            return
        groups = results.rankings(run)
        found = next(((g, s) for g in groups for s in g.standings if s.result.unit_id in own), None)
        if found is None:
            continue
        group, standing = found
        words = _("{group}{n}家中第{rank}名").format(
            group=group.title, n=len(group.standings), rank=standing.result.rank or "—"
        )
        tree = pruned(results.explanation_of(standing.result).document)["tree"]
        look = grade_looks(run.version).get(standing.result.grade)
        board.own = OwnResult(one, standing.result, look, words, losses(tree)[:SHOWN_LOSSES])
        board.panels.append("web/home/own_result.html")
        return


__all__ = ["SELF", "fill", "todo_count", "todos"]
