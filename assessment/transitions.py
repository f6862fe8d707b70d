"""The life of a cycle as one table (考核周期的流转): read it, test it, draw it."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from assessment.models.cycles import CycleState
from zhiheng.kernel.errors import Code, Problem


@dataclass(frozen=True)
class Transition:
    """One allowed move: who may do it, from where to where, what must hold, and whether a reason is asked."""

    action: str
    title: str
    sources: frozenset[str]
    target: CycleState
    permission: str
    guard: str = ""
    needs_reason: bool = False


def _move(
    action: str, title: str, source: CycleState, target: CycleState, permission: str, **more: object
) -> Transition:
    return Transition(action, title, frozenset({source}), target, permission, **more)  # type: ignore[arg-type]


TRANSITIONS: tuple[Transition, ...] = (
    _move(
        "open",
        gettext_noop("启动填报"),
        CycleState.PLANNED,
        CycleState.COLLECTING,
        "cycle.run",
        guard="scheme_published",
    ),
    _move(
        "close",
        gettext_noop("结束填报"),
        CycleState.COLLECTING,
        CycleState.SCORING,
        "cycle.run",
        guard="submissions_approved",
    ),
    _move(
        "reopen",
        gettext_noop("退回填报"),
        CycleState.SCORING,
        CycleState.COLLECTING,
        "cycle.run",
        needs_reason=True,
    ),
    _move(
        "notice",
        gettext_noop("开始公示"),
        CycleState.SCORING,
        CycleState.NOTICE,
        "result.review",
        guard="official_run",
    ),
    _move(
        "withdraw",
        gettext_noop("撤回公示"),
        CycleState.NOTICE,
        CycleState.SCORING,
        "result.review",
        needs_reason=True,
    ),
    _move(
        "decide",
        gettext_noop("审定"),
        CycleState.NOTICE,
        CycleState.DECIDED,
        "result.decide",
        guard="notice_over",
    ),
    _move(
        "seal",
        gettext_noop("封存"),
        CycleState.DECIDED,
        CycleState.SEALED,
        "result.seal",
        guard="official_run",
    ),
    _move(
        "correct",
        gettext_noop("更正"),
        CycleState.SEALED,
        CycleState.SCORING,
        "result.seal",
        needs_reason=True,
    ),
)


def transition_for(state: str, action: str, *, what: str) -> Transition:
    """The transition of this action from this state.  Raises STATE with what is possible instead."""
    for one in TRANSITIONS:
        if one.action == action and state in one.sources:
            return one
    titles = [one.title for one in TRANSITIONS if state in one.sources]
    wanted = next((one.title for one in TRANSITIONS if one.action == action), action)
    raise Problem(
        Code.STATE,
        what=what,
        state=str(CycleState(state).label),
        action=wanted,
        advice="现在可以：" + "、".join(titles) if titles else "",
    )


def possible(state: str) -> list[Transition]:
    """Transitions that leave this state, in table order."""
    return [one for one in TRANSITIONS if state in one.sources]
