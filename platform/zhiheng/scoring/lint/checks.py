"""All checks, and `lint`: runs them over a scheme and sorts what they find."""

from collections.abc import Iterable, Sequence

from zhiheng.scoring.contract import Issue
from zhiheng.scoring.facts import Unit
from zhiheng.scoring.lint import data, people, results, totals
from zhiheng.scoring.lint.model import LEVELS, Check, Finding, Subject
from zhiheng.scoring.registry import kind as kind_of
from zhiheng.scoring.scheme.model import Scheme


def kinds_own(subject: Subject) -> Iterable[Finding]:
    """What the kinds say about their own parameters: bands, panels, tallies, gates, grades, awards, money."""
    scheme = subject.scheme
    for node in scheme.tree.walk():
        if node.is_leaf:
            yield from _issues(node.kind, node.params, node.points, node.place)
        for policy in node.policies:
            yield from _issues(policy.kind, policy.params, {}, policy.place)
    for outcome in scheme.outcomes:
        yield from _issues(outcome.kind, outcome.params, {}, outcome.place)


def _issues(name: str, params: object, points: object, place: str) -> Iterable[Finding]:
    check = getattr(kind_of(name), "check", None)
    issues: Sequence[Issue] = check(params, points) if check is not None else ()
    for issue in issues:
        yield Finding(issue.code, f"{place}.params.{issue.place}", issue.text, issue.proposal, issue.level)


CHECKS: tuple[Check, ...] = (
    Check("totals.printed", "文件所印合计与下级分值合计不符", totals.printed_totals),
    Check("totals.children", "本项分值与下级合计不符", totals.sums_of_children),
    Check("totals.conversion", "有的单位类型不作换算就得不到满分", totals.conversions),
    Check("applies.printed, applies.title", "文件写明用于一类单位却用于别类", totals.weak_applicability),
    Check("reweight.idle", "不会缺项却设了扩权", totals.reweight_pointless),
    Check("bounds.*", "上下限矛盾或高于分值", totals.bounds),
    Check("points.zero, points.nobody", "永远 0 分或无人适用的指标", totals.zero_points),
    Check("weights.unknown", "权重指向不存在的下级", totals.weights_of_children),
    Check(
        "bands.*, points.*, panel.*, tally.*, gate.*, grade.*, award.*, money.*",
        "各计分方式的参数自检",
        kinds_own,
    ),
    Check("reading.open", "条款理解尚未选择", people.readings_not_chosen),
    Check("reading.unused", "条款理解没有被引用", people.readings_unused),
    Check("assessor.missing", "指标没有考核部门", people.leaf_without_assessor),
    Check("assessor.self", "考核部门给自己打分", people.assessor_scores_itself),
    Check("assessor.rule", "没有规定考核部门自身如何计分", people.self_assessment_undecided),
    Check("organiser.assessed", "组织者自身参加考核", people.organiser_assessed),
    Check("supplier.self", "自报数据无人核实", people.supplier_is_judge),
    Check("clause.missing", "指标没有条款依据", people.clauses),
    Check("criteria.missing", "评议指标没有考核要点", people.criteria),
    Check("title.doubled", "同级指标重名", people.titles),
    Check("source.missing, period.open", "没有依据文件或考核期", people.source),
    Check("examples.none", "没有自带算例", people.examples),
    Check("leaf.no_measure", "指标不取决于任何数据", data.leaf_without_measure),
    Check("measure.no_supplier", "数据项无人提供", data.measure_without_supplier),
    Check("measure.unused, formula.unused", "数据项或计算项没有被使用", data.measure_unused),
    Check("measure.zero", "比率等缺报按 0 计", data.missing_as_zero),
    Check("measure.zero_peers", "缺报按 0 计的数据用于同组比较", data.peers_of_zero),
    Check("formula.divisor", "除数可能为 0", data.divisors),
    Check("limits.conflict", "同一数据在不同指标中界限不一", data.conflicting_limits),
    Check("charged.twice", "同一数据重复扣分", data.charged_twice),
    Check("register.period, period.missing", "登记没有按考核期筛选", data.register_dates),
    Check("ratio.parts", "合并计算用了比率本身", data.ratio_parts),
    Check("group.none", "单位类型不属于任何组", results.types_without_group),
    Check("ranking.none", "按名次占名额却没有排名", results.ranking_missing),
    Check("quota.large, quota.none, group.size", "名额与组的单位数不合", results.quota_sizes),
    Check("rank.beyond", "名次档超出组内单位数", results.rank_tables),
    Check("grade.both, grade.hole", "等次条件重叠或有空缺", results.grade_conditions),
    Check("grade.unreachable", "没有规则能评出的等次", results.unreachable_grades),
    Check("condition.never", "永远不成立的条件", results.impossible_conditions),
    Check("gate.no_award, gate.facts", "否决没有实际后果或没有情形", results.gates_without_effect),
    Check("gate.propose", "提请启动不存在的否决", results.proposals),
    Check(
        "consequence.trigger, money.collision, case.term",
        "后续没有触发、资金规则相撞、整改没有期限",
        results.consequences_unfounded,
    ),
    Check("process.*", "流程缺公示、公示天数或异议办法", results.process_steps),
    Check("rounding.*", "保留小数矛盾或提前舍入", results.rounding),
)


def lint(scheme: Scheme, units: Sequence[Unit] = ()) -> list[Finding]:
    """Everything the checks find, errors first, then in the order of the checks; with `units`, quotas and
    conflicts of interest are checked against them."""
    subject = Subject(scheme, units)
    found = [finding for check in CHECKS for finding in check.run(subject)]
    return sorted(dict.fromkeys(found), key=lambda finding: LEVELS.index(finding.level))
