"""Checks of measures, suppliers, evidence and derived quantities."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from zhiheng.scoring.formula.syntax import Chain, Name, Number, Relation, walk
from zhiheng.scoring.lint.model import Finding, Subject
from zhiheng.scoring.scheme.documents import canonical
from zhiheng.scoring.scheme.model import Node
from zhiheng.scoring.scheme.names import parsed
from zhiheng.scoring.scheme.numbers import plain


def leaf_without_measure(subject: Subject) -> Iterable[Finding]:
    """Leaves whose score depends on no measure."""
    for code, measures in subject.leaf_measures.items():
        if not measures:
            node = subject.nodes[code]
            yield Finding(
                "leaf.no_measure",
                node.place,
                "得分不取决于任何数据项，各单位得分必然相同。",
                "请在参数中引用数据项。",
            )


def measure_without_supplier(subject: Subject) -> Iterable[Finding]:
    """Measures nobody supplies."""
    for measure in subject.scheme.measures.values():
        if not measure.supplier and not measure.source:
            yield Finding(
                "measure.no_supplier",
                f"measures.{measure.code}",
                f"“{measure.title}”没有写由谁提供。",
                "请填写 supplier；由单位自报的填 self。",
            )


def measure_unused(subject: Subject) -> Iterable[Finding]:
    """Measures and derived quantities that nothing uses, under no reading."""
    written = canonical(subject.scheme.document)
    scheme = subject.scheme
    registers = {item.register for item in scheme.formulas.values()} | {
        str(item.params.get("register", "")) for item in scheme.outcomes
    }
    for measure in scheme.measures.values():
        if measure.code not in registers and not _named(written, measure.code, measure.title):
            text = f"数据项“{measure.title}”没有被任何指标或结果使用。"
            yield Finding(
                "measure.unused", f"measures.{measure.code}", text, "如仅供存档可保留，否则请删去。", "info"
            )
    for derived in scheme.formulas.values():
        if not _named(written, derived.code, derived.title):
            text = f"计算项“{derived.title}”没有被使用。"
            yield Finding("formula.unused", f"formulas.{derived.code}", text, "请引用它或删去。", "info")


def _named(written: str, code: str, title: str) -> bool:
    """Whether a formula anywhere in the document, chosen or not, names the code or the title."""
    return any(f"[{name}{end}" in written for name in (code, title) for end in ("]", "."))


def missing_as_zero(subject: Subject) -> Iterable[Finding]:
    """Ratios and text that count as zero when they are not reported."""
    for measure in subject.scheme.measures.values():
        if measure.missing == "zero" and measure.type in ("ratio", "text", "date"):
            yield Finding(
                "measure.zero",
                f"measures.{measure.code}.missing",
                f"“{measure.title}”缺报时按 0 计，容易把漏报当成成绩为零。",
                "比率、文字和日期宜用 block。",
            )


def peers_of_zero(subject: Subject) -> Iterable[Finding]:
    """Figures whose absence, counted as zero, would move the benchmark of all others."""
    for place, code, _, use in subject.uses:
        node = subject.nodes.get(code)
        if node is None or not _is_compared(use.place, node.params):
            continue
        for name in sorted(subject.measures_behind(subject.codes_in(parsed(use.text)))):
            if subject.scheme.measures[name].missing == "zero":
                text = f"“{subject.scheme.measures[name].title}”用于同组比较，缺报却按 0 计，会牵动其他单位得分。"
                yield Finding("measure.zero_peers", f"{place}.params.{use.place}", text, "宜改为 block。")


def _is_compared(place: str, params: Mapping[str, Any]) -> bool:
    """Whether a formula feeds a statistic of the peers."""
    if place.endswith((".of", ".numerator", ".denominator")):
        return True
    return place == "value" and ("rank" in params or isinstance(params.get("benchmark"), Mapping))


def divisors(subject: Subject) -> Iterable[Finding]:
    """Divisions by a measure that may be zero."""
    seen: set[str] = set()
    for place, _, formula in subject.formulas():
        for part, _ in walk(formula.tree):
            if not isinstance(part, Chain):
                continue
            for operator, operand in part.rest:
                if operator == "÷" and isinstance(operand, Name):
                    code = subject.names.code(operand.name)
                    measure = subject.scheme.measures.get(code)
                    if measure is not None and (measure.low is None or measure.low <= 0) and code not in seen:
                        seen.add(code)
                        text = f"除数“{measure.title}”可能为 0，届时无法计算。"
                        yield Finding(
                            "formula.divisor",
                            place,
                            text,
                            "请在数据项填 min，或用 applies_when 把无此业务的单位设为缺项。",
                            "info",
                        )


def conflicting_limits(subject: Subject) -> Iterable[Finding]:
    """The same measure held against different limits in different leaves (D-8: 90 % here, 95 % there)."""
    limits: dict[str, dict[Fraction, set[str]]] = defaultdict(lambda: defaultdict(set))
    for _, code, _, use in subject.uses:
        if "checks" not in use.place:
            continue
        for part, _ in walk(parsed(use.text).tree):
            if isinstance(part, Relation) and isinstance(part.left, Name) and isinstance(part.right, Number):
                limits[subject.names.code(part.left.name)][part.right.value].add(code)
    for name, found in limits.items():
        owners = sorted(set().union(*found.values()))
        if len(found) > 1 and len(owners) > 1:
            title = subject.scheme.measures[name].title if name in subject.scheme.measures else name
            values = "、".join(plain(value) for value in sorted(found))
            yield Finding(
                "limits.conflict",
                subject.nodes[owners[0]].place,
                f"“{title}”在 {'、'.join(owners)} 中按不同界限（{values}）考核。",
                "请核对是否为文件笔误。",
                "info",
            )


def charged_twice(subject: Subject) -> Iterable[Finding]:
    """One count that costs points in several leaves."""
    charged: dict[str, list[Node]] = defaultdict(list)
    for leaf in subject.scheme.leaves():
        for entry in leaf.params.get("entries", ()) if isinstance(leaf.params.get("entries"), list) else ():
            price = str(entry.get("points", ""))
            if price.startswith("-") and isinstance(entry.get("count"), str):
                for code in subject.codes_in(parsed(entry["count"])):
                    charged[code].append(leaf)
    for code, leaves in charged.items():
        owners = sorted(
            {leaf.code for leaf in leaves if any(leaf.types & o.types for o in leaves if o is not leaf)}
        )
        if len(owners) > 1:
            holder = subject.scheme.measures.get(code)
            title = holder.title if holder is not None else code
            text = f"“{title}”在 {'、'.join(owners)} 中重复扣分。"
            yield Finding(
                "charged.twice", subject.nodes[owners[0]].place, text, "请确认一件事可以扣两次。", "info"
            )


def register_dates(subject: Subject) -> Iterable[Finding]:
    """Registers with dates but without a filter by period; period filters without a period."""
    for measure in subject.scheme.measures.values():
        if measure.type != "register":
            continue
        dated = any(field.get("type") == "date" for field in measure.fields)
        filters = [item for item in measure.filters if item["kind"] == "period"]
        if dated and not filters:
            yield Finding(
                "register.period",
                f"measures.{measure.code}.filters",
                f"登记“{measure.title}”有日期，但没有按考核期筛选。",
                "请加 kind: period 的筛选，或确认不限时间。",
                "info",
            )
        if (
            filters
            and subject.scheme.period is None
            and any("from" not in item or "to" not in item for item in filters)
        ):
            yield Finding(
                "period.missing",
                "period",
                f"登记“{measure.title}”按考核期筛选，但方案没有写考核期。",
                "请填写 period。",
                "error",
            )


def ratio_parts(subject: Subject) -> Iterable[Finding]:
    """Pooled averages of ratios that are reported without numerator and denominator."""
    for place, _, _, use in subject.uses:
        if not use.place.endswith(("numerator", "denominator")):
            continue
        for name in parsed(use.text).names():
            code = subject.names.code(name)
            if code in subject.scheme.measures and subject.scheme.measures[code].type == "ratio":
                text = (
                    f"合并计算需要分子与分母，这里用的却是比率“{subject.scheme.measures[code].title}”本身。"
                )
                yield Finding(
                    "ratio.parts", f"{place}.params.{use.place}", text, "请写 [名称.分子] 与 [名称.分母]。"
                )
