"""Checks of ranking, grades, gates, awards, consequences and process."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from zhiheng.scoring.bands import against
from zhiheng.scoring.formula import Formula
from zhiheng.scoring.lint.model import Finding, Subject
from zhiheng.scoring.scheme.model import Group, Outcome
from zhiheng.scoring.scheme.names import parsed
from zhiheng.scoring.scheme.numbers import fraction, plain
from zhiheng.scoring.trial import Trial


def types_without_group(subject: Subject) -> Iterable[Finding]:
    """Unit types that are ranked nowhere."""
    for code, title in subject.scheme.unit_types.items():
        if subject.scheme.group_of(code) is None:
            yield Finding(
                "group.none",
                f"unit_types.{code}",
                f"单位类型“{title}”不属于任何考核组，不参加排名。",
                "请加入某一组，或说明另行考核。",
            )


def ranking_missing(subject: Subject) -> Iterable[Finding]:
    """Grades by rank without a ranking; a ranking nothing uses."""
    ranked = bool(subject.scheme.by_role("ranking"))
    for outcome in subject.scheme.by_role("grades"):
        for place, test in enumerate(outcome.params.get("tests", ())):
            if not ranked and (test.get("quota") or {}).get("by_rank"):
                yield Finding(
                    "ranking.none",
                    f"{outcome.place}.params.tests[{place}].quota",
                    "按名次占名额，但方案没有排名。",
                    "请在 outcomes 中加 ranking。",
                    "error",
                )


def quota_sizes(subject: Subject) -> Iterable[Finding]:
    """Quotas as large as, or larger than, the group; quotas that come to nothing."""
    for outcome, place, test in _quotas(subject):
        quota = test["quota"]
        for group in subject.scheme.groups:
            size = _size(subject, group)
            number = _of_group(quota.get("number"), group)
            where = f"{outcome.place}.params.tests[{place}].quota"
            if size and number is not None and number >= size:
                yield Finding(
                    "quota.large",
                    where,
                    f"“{group.title}”共 {size} 个单位，{test['grade']}名额却有 {plain(number)} 个。",
                    "请核对名额。",
                )
            share = _of_group(quota.get("share"), group)
            if (
                size
                and share is not None
                and share * size < 1
                and quota.get("rounding", "floor") == "floor"
                and not quota.get("min")
            ):
                yield Finding(
                    "quota.none",
                    where,
                    f"“{group.title}”共 {size} 个单位，{plain(share)} 舍去后没有名额。",
                    "请改取整方式，或设最少名额。",
                )
            if size is None and (number is not None or share is not None):
                yield Finding(
                    "group.size",
                    f"groups.{group.code}",
                    f"“{group.title}”没有写单位数，无法核对名额。",
                    "请填写 size。",
                    "info",
                )


def rank_tables(subject: Subject) -> Iterable[Finding]:
    """Rank bands beyond the size of the group (D-11)."""
    for leaf in subject.scheme.leaves():
        if "rank" not in leaf.params or "bands" not in leaf.params:
            continue
        ranks = [
            fraction(band["at_most"]) for band in leaf.params["bands"] if _is_rank_band(leaf.params, band)
        ]
        sizes = [_size(subject, group) for group in subject.scheme.groups if set(group.types) & leaf.types]
        known = [size for size in sizes if size]
        if ranks and known and max(ranks) >= max(known):
            text = f"名次档排到第 {plain(max(ranks))} 名，组内只有 {max(known)} 个单位。"
            yield Finding(
                "rank.beyond", f"{leaf.place}.params.bands", text, "请核对档次，并确认末位如何计分。", "info"
            )


def grade_conditions(subject: Subject) -> Iterable[Finding]:
    """Grade rules that hold together, and cases no rule covers (D-15)."""
    for outcome in subject.scheme.by_role("grades"):
        tests = [test for test in outcome.params.get("tests", ()) if "when" in test]
        trial = Trial([_parsed(test["when"]) for test in tests])
        if not trial.rows or not tests:
            continue
        for second in range(len(tests)):
            for first in range(second):
                both = trial.truth[first] & trial.truth[second]
                if tests[first]["grade"] != tests[second]["grade"] and both.any():
                    text = f"“{tests[first]['grade']}”与“{tests[second]['grade']}”可同时成立（如 {trial.example(both)}），先检验“{tests[first]['grade']}”。"
                    yield Finding(
                        "grade.both",
                        f"{outcome.place}.params.tests",
                        text,
                        "请确认检验次序，或补充条件。",
                        "info",
                    )
        open_cases = ~_any(trial)
        if "default" not in outcome.params and open_cases.any():
            yield Finding(
                "grade.hole",
                f"{outcome.place}.params.tests",
                f"有的情形不符合任何等次（如 {trial.example(open_cases)}）。",
                "请补充条件，或填写 default。",
            )


def unreachable_grades(subject: Subject) -> Iterable[Finding]:
    """Grades no rule can give."""
    for outcome in subject.scheme.by_role("grades"):
        given = {test["grade"] for test in outcome.params.get("tests", ())} | set(
            outcome.params.get("forced") or {}
        )
        given.add(outcome.params.get("default", ""))
        for gate in subject.scheme.by_role("gate"):
            effects = gate.params.get("effects") or {}
            given |= {effects.get("grade", ""), effects.get("grade_cap", "")}
        decided = outcome.params.get("decisions", "override") == "override"
        for item in outcome.params["grades"]:
            if item["code"] not in given:
                text = f"没有规则会评为“{item['code']}”" + ("，只能由集体决定。" if decided else "。")
                yield Finding(
                    "grade.unreachable",
                    f"{outcome.place}.params",
                    text,
                    "请写明条件；确由集体决定的，请在流程中写明。",
                    "info" if decided else "warning",
                )


def impossible_conditions(subject: Subject) -> Iterable[Finding]:
    """Conditions of gates, grades, bands and entries that can never hold, or always do."""
    for place, _, _, use in subject.uses:
        if (
            use.expected != "condition"
            or use.register
            or "checks" in use.place
            or use.place.startswith("bands")
        ):
            continue
        trial = Trial([parsed(use.text)])
        if trial.conclusive and trial.names and not trial.truth[0].any():
            text = f"条件 {use.text} 永远不会成立。"
            yield Finding("condition.never", f"{place}.params.{use.place}", text, "请核对条件中的界限。")


def gates_without_effect(subject: Subject) -> Iterable[Finding]:
    """Gates that change nothing anybody uses."""
    awards = subject.scheme.by_role("award")
    for gate in subject.scheme.by_role("gate"):
        effects = gate.params.get("effects") or {}
        if set(effects) - {"ranking"} == {"bar_awards"} and not awards:
            yield Finding(
                "gate.no_award",
                gate.place,
                f"“{gate.title}”只限制评奖，但方案没有奖项。",
                "请补充奖项或其他后果。",
            )
        if gate.params.get("decision") and not gate.params.get("facts") and not gate.note:
            yield Finding(
                "gate.facts",
                gate.place,
                f"“{gate.title}”由决定触发，但没有列出情形。",
                "请在 facts 中列出。",
                "info",
            )


def proposals(subject: Subject) -> Iterable[Finding]:
    """Gates on nodes that propose a veto nobody defined."""
    known = {gate.code for gate in subject.scheme.by_role("gate")}
    for node in subject.scheme.tree.walk():
        for policy in node.policies:
            wanted = (policy.params.get("effects") or {}).get("propose")
            if wanted and wanted not in known:
                yield Finding(
                    "gate.propose",
                    policy.place,
                    f"提请启动“{wanted}”，但没有这一条。",
                    f"可用：{'、'.join(sorted(known)) or '无'}。",
                    "error",
                )


def consequences_unfounded(subject: Subject) -> Iterable[Finding]:
    """Awards never used, consequences without trigger, money without a pool figure."""
    for item in subject.scheme.by_role("consequence"):
        effect = item.params.get("effect") or {}
        if not item.params.get("trigger") and effect.get("kind") not in ("quota", "money"):
            yield Finding(
                "consequence.trigger",
                item.place,
                f"“{item.title}”没有触发条件，会用于所有单位。",
                "请填写 trigger。",
            )
        if effect.get("kind") == "money" and "minimum" in effect and "pool" in effect:
            yield Finding(
                "money.collision",
                f"{item.place}.params.effect",
                f"同时规定了总额与人均最低 {effect['minimum']} 元，人数多时两者不能兼顾。",
                "请规定不够时如何决定。",
                "info",
            )
        if effect.get("kind") == "case" and "term_days" not in effect:
            yield Finding(
                "case.term",
                f"{item.place}.params.effect",
                f"“{item.title}”没有写期限。",
                "请填写 term_days。",
                "info",
            )


def process_steps(subject: Subject) -> Iterable[Finding]:
    """A process without public notice or objection, or with a notice of unknown length."""
    steps = subject.scheme.resolved.get("process") or []
    if not steps:
        yield Finding("process.none", "process", "没有写工作流程。", "请列出步骤、责任人与审批人。", "info")
        return
    texts = [f"{step.get('title', '')}{step.get('document', '')}{step.get('note', '')}" for step in steps]
    notices = [
        step
        for step in steps
        if "公示" in str(step.get("title", "")) or "公示" in str(step.get("document", ""))
    ]
    if not notices:
        yield Finding("process.notice", "process", "流程中没有公示。", "结果用于奖惩的，应公示。", "info")
    elif not any("days" in step or "due" in step for step in notices):
        yield Finding("process.days", "process", "没有写公示多少天。", "请填写 days。", "info")
    if not any("异议" in text or "申诉" in text or "复核" in text for text in texts):
        yield Finding(
            "process.objection", "process", "流程中没有异议或申诉的办法。", "请补充受理部门与期限。", "info"
        )


def rounding(subject: Subject) -> Iterable[Finding]:
    """Digits that contradict one another."""
    digits = subject.scheme.rounding
    if digits.publish > digits.store:
        yield Finding(
            "rounding.digits",
            "rounding",
            f"公布 {digits.publish} 位，却只保存 {digits.store} 位。",
            "保存位数应不少于公布位数。",
            "error",
        )
    early = [node for node in subject.scheme.tree.walk() if node.decimals is not None]
    for node in early:
        yield Finding(
            "rounding.early",
            f"{node.place}.decimals",
            f"本项先舍入到 {node.decimals} 位再汇总，总分会受影响。",
            "请确认文件有此规定。",
            "info",
        )


def _quotas(subject: Subject) -> Iterable[tuple[Outcome, int, Mapping[str, Any]]]:
    for outcome in subject.scheme.by_role("grades"):
        for place, test in enumerate(outcome.params.get("tests", ())):
            if "quota" in test:
                yield outcome, place, test


def _size(subject: Subject, group: Group) -> int | None:
    counted = sum(unit.type in group.types for unit in subject.units)
    return counted or group.size


def _of_group(value: Any, group: Group) -> Fraction | None:
    if isinstance(value, Mapping):
        value = next((value[code] for code in (group.code, *group.types) if code in value), None)
    return None if value is None else fraction(value)


def _is_rank_band(params: Mapping[str, Any], band: Mapping[str, Any]) -> bool:
    return against(params) == "rank" and "at_most" in band and "accepted" not in band


def _parsed(condition: Any) -> Formula:
    return parsed(str(condition)) if not isinstance(condition, bool) else parsed("真" if condition else "假")


def _any(trial: Trial) -> Any:
    result = trial.truth[0].copy()
    for truth in trial.truth[1:]:
        result |= truth
    return result
