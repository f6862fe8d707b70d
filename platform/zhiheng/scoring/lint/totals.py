"""Checks of points: printed totals against sums, points nobody can reach, bounds that contradict (rules.md part 5)."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from zhiheng.scoring.lint.model import Finding, Subject
from zhiheng.scoring.registry import kind as kind_of
from zhiheng.scoring.scheme.model import Node
from zhiheng.scoring.scheme.numbers import plain


def leaf_sums(node: Node) -> dict[str, Fraction]:
    """Sum of the points of all leaves below, by unit type."""
    sums: dict[str, Fraction] = {}
    for leaf in node.walk():
        if leaf.is_leaf:
            for kind, points in leaf.points.items():
                sums[kind] = sums.get(kind, Fraction(0)) + points
    return sums


def attainable(node: Node) -> dict[str, Fraction]:
    """Points attainable by type: a branch gives no more than its own points, and all of them if it re-weights."""
    if node.is_leaf:
        return dict(node.points)
    sums: dict[str, Fraction] = {}
    for child in node.children:
        for kind, points in attainable(child).items():
            sums[kind] = sums.get(kind, Fraction(0)) + points
    if not node.declared:
        return sums
    if _reweights(node):
        return {kind: node.points.get(kind, Fraction(0)) for kind, points in sums.items() if points}
    return {kind: min(points, node.points.get(kind, points)) for kind, points in sums.items()}


def printed_totals(subject: Subject) -> Iterable[Finding]:
    """Printed totals that differ from the sum of the leaves (D-1, D-2)."""
    for node in subject.scheme.tree.walk():
        if node.printed is None:
            continue
        sums = node.points if node.is_leaf else _children_sums(node)
        wrong = {
            kind: (node.printed[kind], sums.get(kind, Fraction(0)))
            for kind in subject.scheme.unit_types
            if kind in node.printed and node.printed[kind] != sums.get(kind, Fraction(0))
        }
        for group, (printed, computed) in _grouped(wrong).items():
            text = f"{_types(subject, group)}：文件印 {plain(printed)} 分，下级分值合计 {plain(computed)} 分，相差 {plain(printed - computed)} 分。"
            yield Finding(
                "totals.printed",
                f"{node.place}.printed_points",
                text,
                "请核对免考项目与分值；按哪一个计算须写成条款理解并选定。",
            )


def sums_of_children(subject: Subject) -> Iterable[Finding]:
    """Points of a node that differ from the sum of its children (D-3)."""
    for node in subject.scheme.tree.walk():
        if node.is_leaf or not node.declared or _combines(node):
            continue
        sums = _children_sums(node)
        wrong = {
            kind: (points, sums.get(kind, Fraction(0)))
            for kind, points in node.points.items()
            if points != sums.get(kind, Fraction(0))
            and not (_reweights(node) and points > sums.get(kind, Fraction(0)))
        }
        for group, (points, total) in _grouped(wrong).items():
            more = total > points
            text = f"{_types(subject, group)}：本项 {plain(points)} 分，下级合计 {plain(total)} 分。"
            advice = (
                "超出部分会被封顶；请确认以哪个为准。" if more else "差额无人能得；请确认是否需要缺项扩权。"
            )
            yield Finding("totals.children", node.place, text, advice)


def conversions(subject: Subject) -> Iterable[Finding]:
    """Nodes announced with more points than some unit types can reach without conversion (D-6)."""
    for node in subject.scheme.tree.walk():
        if node.is_leaf or not node.declared:
            continue
        sums = _raw_attainable(node)
        short = {
            kind: (points, sums.get(kind, Fraction(0)))
            for kind, points in node.points.items()
            if sums.get(kind, Fraction(0)) < points
        }
        for group, (points, reach) in _grouped(short).items():
            converted = any(_reweights(item) for item in node.walk())
            text = f"{_types(subject, group)}：本项 {plain(points)} 分，不作换算时最多得 {plain(reach)} 分。"
            advice = (
                "已设缺项扩权，请确认换算办法有依据。"
                if converted
                else "请确定换算办法（如缺项扩权），或分组排名。"
            )
            yield Finding("totals.conversion", node.place, text, advice, "info" if converted else "warning")


def weak_applicability(subject: Subject) -> Iterable[Finding]:
    """Blocks printed or named for some unit types but applied to others too (D-4)."""
    for node in subject.scheme.tree.walk():
        stated = node.extra.get("printed_applies")
        beyond = tuple(kind for kind in node.points if stated is not None and kind not in stated)
        if stated is not None and beyond:
            text = f"文件写明只用于{_types(subject, stated)}，这里也用于{_types(subject, beyond)}，计 {plain(max(node.points[kind] for kind in beyond))} 分。"
            yield Finding(
                "applies.printed",
                node.place,
                text,
                "请核对适用范围与所印合计；按哪一种计算须写成条款理解并选定。",
            )
        named = [kind for kind, title in subject.scheme.unit_types.items() if title and title in node.title]
        longer = [
            kind
            for kind, title in subject.scheme.unit_types.items()
            if any(subject.scheme.unit_types[k] in title for k in named)
        ]
        others = [kind for kind in node.points if kind not in longer] if named else []
        if others:
            text = f"标题写明“{'、'.join(subject.scheme.unit_types[kind] for kind in named)}”，但也用于{_types(subject, tuple(others))}。"
            yield Finding("applies.title", node.place, text, "请核对适用范围。")


def reweight_pointless(subject: Subject) -> Iterable[Finding]:
    """Re-weighting where nothing can ever be missing."""
    for node in subject.scheme.tree.walk():
        if node.is_leaf or not _reweights(node):
            continue
        fixed = all(item.types == node.types and not item.applies_when for item in node.walk())
        optional = any(
            subject.scheme.measures[code].missing == "not_applicable"
            or subject.scheme.measures[code].applies is not None
            for leaf in node.walk()
            if leaf.is_leaf
            for code in subject.leaf_measures[leaf.code]
        )
        if fixed and not optional:
            yield Finding(
                "reweight.idle",
                node.place,
                "设了缺项扩权，但下级各项对所有单位都适用。",
                "数据按缺项登记时才会起作用；如不需要可删去。",
                "info",
            )


def bounds(subject: Subject) -> Iterable[Finding]:
    """Bounds that cut what cannot occur, or contradict each other."""
    for node in subject.scheme.tree.walk():
        limits = node.bounds
        for kind, cap in (limits.cap or {}).items():
            if limits.floor is not None and cap < limits.floor:
                yield Finding(
                    "bounds.crossed",
                    f"{node.place}.bounds",
                    f"上限 {plain(cap)} 低于下限 {plain(limits.floor)}（{kind}）。",
                    "请核对上下限。",
                    "error",
                )
                break
            if node.declared and kind in node.points and cap > node.points[kind] and node.points[kind] > 0:
                yield Finding(
                    "bounds.above",
                    f"{node.place}.bounds.cap",
                    f"上限 {plain(cap)} 高于本项分值 {plain(node.points[kind])}。",
                    "请确认本项可以超过分值。",
                    "info",
                )
                break


def zero_points(subject: Subject) -> Iterable[Finding]:
    """Leaves worth nothing that cannot deduct either."""
    for leaf in subject.scheme.leaves():
        if (
            leaf.points
            and not any(leaf.points.values())
            and leaf.bounds.floor is not None
            and leaf.bounds.floor >= 0
        ):
            yield Finding(
                "points.zero",
                leaf.place,
                "分值为 0 且不能为负，本项永远是 0 分。",
                "请填写分值，或用 bounds 允许负分。",
            )
        if not leaf.points:
            yield Finding(
                "points.nobody", leaf.place, "没有任何单位类型适用本项。", "请核对 points 与 applies。"
            )


def weights_of_children(subject: Subject) -> Iterable[Finding]:
    """Weights that name no child."""
    for node in subject.scheme.tree.walk():
        for policy in node.policies:
            unknown = set(policy.params.get("weights") or {}) - {child.code for child in node.children}
            if unknown:
                text = f"权重中的“{'、'.join(sorted(unknown))}”不是本项的下级。"
                yield Finding(
                    "weights.unknown", f"{policy.place}.params.weights", text, "请核对下级代码。", "error"
                )


def _raw_attainable(node: Node) -> dict[str, Fraction]:
    if node.is_leaf:
        return dict(node.points)
    sums: dict[str, Fraction] = {}
    for child in node.children:
        for kind, points in _raw_attainable(child).items():
            sums[kind] = sums.get(kind, Fraction(0)) + points
    return (
        {kind: min(points, node.points.get(kind, points)) for kind, points in sums.items()}
        if node.declared
        else sums
    )


def _children_sums(node: Node) -> dict[str, Fraction]:
    sums: dict[str, Fraction] = {}
    for child in node.children:
        for kind, points in child.points.items():
            sums[kind] = sums.get(kind, Fraction(0)) + points
    return sums


def _stage(node: Node, stage: str) -> bool:
    return any(kind_of(policy.kind).stage == stage for policy in node.policies)


def _reweights(node: Node) -> bool:
    return _stage(node, "reweight")


def _combines(node: Node) -> bool:
    """Whether points of children are not simply added up."""
    for policy in node.policies:
        if kind_of(policy.kind).stage == "rollup":
            params = policy.params
            return params.get("combine", "sum") != "sum" or "weights" in params or "rescale" in params
    return False


def _grouped(
    wrong: Mapping[str, tuple[Fraction, Fraction]],
) -> dict[tuple[str, ...], tuple[Fraction, Fraction]]:
    """Unit types with the same two numbers together."""
    by_numbers: dict[tuple[Fraction, Fraction], list[str]] = {}
    for kind, numbers in wrong.items():
        by_numbers.setdefault(numbers, []).append(kind)
    return {tuple(kinds): numbers for numbers, kinds in by_numbers.items()}


def _types(subject: Subject, kinds: Iterable[str]) -> str:
    return "、".join(subject.scheme.unit_types.get(kind, kind) for kind in kinds)
