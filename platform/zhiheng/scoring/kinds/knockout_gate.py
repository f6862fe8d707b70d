"""knockout_gate.1 一票否决: a condition or decision that zeroes a node, caps a grade or bars from awards."""

from collections.abc import Sequence

from zhiheng.scoring.contract import Account, Gate, GateContext, Issue, Params, Points, Reader, Use
from zhiheng.scoring.exact import Mask
from zhiheng.scoring.parameters import text
from zhiheng.scoring.schema import kind_schema


class KnockoutGate:
    """一票否决: on a node or for the whole result; points stay unless `score` says otherwise (JZU-G7, LYG-G3)."""

    stage = "gate"
    title = "一票否决"
    schema = kind_schema("knockout_gate.1")

    def inputs(self, params: Params, /) -> Sequence[Use]:
        """The condition."""
        return [Use("when", text(params["when"]), "condition")] if "when" in params else []

    def evaluate(self, context: GateContext, params: Params) -> Gate:
        """Units that are hit, and what happens to them."""
        hit = (
            context.condition(text(params["when"]))
            if "when" in params
            else Mask(context.decided().truth & False)
        )
        if params["decision"]:
            hit = hit | context.decided()
        context.note("hit", hit)
        return Gate(hit, params.get("effects") or {"score": "zero"})

    def explain(self, reader: Reader, params: Params, /) -> Account:
        """Whether it fired and what follows."""
        if reader.value("hit") is not True:
            return Account("未触发")
        basis = reader.formula(text(params["when"])) if "when" in params else "经决定"
        return Account(f"触发（{basis}）", tuple(_effects(params.get("effects") or {"score": "zero"})))

    def check(self, params: Params, _points: Points, /) -> Sequence[Issue]:
        """Gates that can never fire or change nothing."""
        found = []
        condition = str(params.get("when", "")).strip().lower()
        if condition in ("false", "假", "否") and not params["decision"]:
            found.append(
                Issue(
                    "gate.never", "when", "条件恒不成立，这一条永远不会触发。", "请填写条件，或由决定触发。"
                )
            )
        if condition in ("true", "真", "是"):
            found.append(
                Issue("gate.always", "when", "条件恒成立，所有单位都会被否决。", "请填写条件。", "error")
            )
        effects = params.get("effects") or {"score": "zero"}
        if set(effects) <= {"ranking"} and effects.get("ranking", "keep") == "keep":
            found.append(
                Issue("gate.effect", "effects", "没有写明后果，触发后什么也不变。", "请填写 effects。")
            )
        return found


def _effects(effects: Params) -> list[str]:
    words = []
    if "score" in effects:
        words.append("本项计 0 分" if effects["score"] == "zero" else f"本项最高 {effects['score']} 分")
    if effects.get("not_applicable"):
        words.append("本项作为缺项")
    if "grade_cap" in effects:
        words.append(f"等次不高于{effects['grade_cap']}")
    if "grade" in effects:
        words.append(f"等次定为{effects['grade']}")
    if "bar_grade" in effects:
        words.append(f"不得评为{'、'.join(effects['bar_grade'])}")
    if "bar_awards" in effects:
        words.append(
            "不得参加任何评奖"
            if effects["bar_awards"] == "all"
            else f"不得参评{'、'.join(effects['bar_awards'])}"
        )
    if effects.get("ranking") in ("exclude", "last"):
        words.append("不参加排名" if effects["ranking"] == "exclude" else "排在最后")
    if "propose" in effects:
        words.append(f"提请启动 {effects['propose']}")
    return words
