"""From a checked document to the typed model; problems of structure are gathered, not raised one by one."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.scheme.model import (
    Bounds,
    ByType,
    Formula,
    Group,
    Measure,
    Node,
    Outcome,
    Policy,
    Rounding,
)
from zhiheng.scoring.scheme.numbers import fraction

ROLES = {
    "gates": "gate",
    "ranking": "ranking",
    "grades": "grades",
    "awards": "award",
    "consequences": "consequence",
}


class Builder:
    """方案装配: builds the parts of one resolved document and gathers `errors`."""

    def __init__(self, document: Mapping[str, Any], uses: Mapping[str, tuple[str, ...]]) -> None:
        self.document = document
        self.uses = uses
        self.errors: list[ScoringError] = []
        self.types: tuple[str, ...] = tuple(document["unit_types"])
        self.groups = self._groups()

    def error(self, code: str, place: str, reason: str, advice: str = "") -> None:
        """Notes a problem."""
        self.errors.append(ScoringError(code, place, reason, advice))

    # groups, rounding, measures, formulas

    def _groups(self) -> tuple[Group, ...]:
        groups = tuple(
            Group(item["code"], item["title"], tuple(item["types"]), item.get("size"))
            for item in self.document["groups"]
        )
        owner: dict[str, str] = {}
        for group in groups:
            for code in group.types:
                place = f"groups.{group.code}"
                if code not in self.types:
                    self.error(
                        "group.type", place, f"单位类型“{code}”没有定义。", f"已有：{'、'.join(self.types)}。"
                    )
                elif code in owner:
                    self.error(
                        "group.type",
                        place,
                        f"单位类型“{code}”已属于组“{owner[code]}”。",
                        "每个类型只能属于一个组。",
                    )
                owner.setdefault(code, group.code)
        return groups

    def rounding(self) -> Rounding:
        """Rounding of the scheme with the defaults of rules.md CV-2 and CV-3."""
        return Rounding(**self.document.get("rounding", {}))

    def measures(self) -> dict[str, Measure]:
        """Measures by code."""
        return {item["code"]: self._measure(item) for item in self._unique("measures")}

    def _measure(self, item: Mapping[str, Any]) -> Measure:
        applies = frozenset(item["applies"]) if "applies" in item else None
        self._known_types(applies or (), f"measures.{item['code']}.applies")
        texts = {
            name: item[name]
            for name in ("scope", "unit", "supplier", "source", "missing", "clause", "note")
            if name in item
        }
        return Measure(
            item["code"], item["title"], item["type"],
            applies=applies, options=tuple(item.get("options", ())), fields=tuple(item.get("fields", ())),
            filters=tuple(item.get("filters", ())), low=_limit(item, "min"), high=_limit(item, "max"), **texts,
        )  # fmt: skip

    def formulas(self) -> dict[str, Formula]:
        """Derived quantities by code."""
        names = ("register", "aggregate", "clause", "unit", "note")
        return {
            item["code"]: Formula(
                item["code"], item["title"], formula=expression(item.get("formula", "")),
                where=expression(item.get("where", "")), amount=expression(item.get("amount", "")),
                filters=tuple(item.get("filters", ())), **{name: item[name] for name in names if name in item},
            )
            for item in self._unique("formulas")
        }  # fmt: skip

    def _unique(self, part: str) -> list[Mapping[str, Any]]:
        seen: set[str] = set()
        result = []
        for item in self.document.get(part) or []:
            if item["code"] in seen:
                self.error(
                    "code.duplicate",
                    f"{part}.{item['code']}",
                    f"代码“{item['code']}”重复。",
                    "请改用不同的代码。",
                )
            else:
                result.append(item)
            seen.add(item["code"])
        return result

    # tree

    def tree(self) -> Node:
        """The tree of nodes."""
        root = self._node(self.document["tree"], "tree", frozenset(self.types))
        seen: set[str] = set()
        for node in root.walk():
            if node.code in seen:
                self.error("code.duplicate", node.place, f"指标代码“{node.code}”重复。", "请改用不同的代码。")
            seen.add(node.code)
        return root

    def _node(self, item: Mapping[str, Any], parent: str, allowed: frozenset[str]) -> Node:
        place = f"{parent}.{item['code']}"
        points, declared = self._points(item, place, allowed)
        children = tuple(
            self._node(child, place, allowed & frozenset(points)) for child in item.get("children", ())
        )
        if not declared:
            points = _summed(points, children)
            if not children:
                self.error(
                    "node.points", place, "末级指标没有分值。", "请填写 points；只扣不得分的项目填 0。"
                )
        return self._assembled(item, place, points, declared, children)

    def _assembled(
        self, item: Mapping[str, Any], place: str, points: ByType, declared: bool, children: tuple[Node, ...]
    ) -> Node:
        node = Node(
            code=item["code"], title=item["title"], place=place, points=points, declared=declared,
            printed=self.by_type(item["printed_points"], f"{place}.printed_points") if "printed_points" in item else None,
            bounds=self._bounds(item.get("bounds") or {}, points, declared, place),
            kind=versioned(item.get("kind", "")), params=item.get("params") or {}, children=children,
            policies=tuple(self._policy(policy, f"{place}.policies[{n}]") for n, policy in enumerate(item.get("policies") or ())),
            applies_when=expression(item.get("applies_when", "")),
        )  # fmt: skip
        return replace(
            node, clause=item.get("clause", ""), note=item.get("note", ""), assessors=_texts(item.get("assessor")),
            self_assessed=item.get("self_assessed", ""), evidence=_texts(item.get("evidence")), decimals=item.get("decimals"),
            readings=self._readings_at(place), extra={k: item[k] for k in ("cycle", "standard", "texts", "printed_applies") if k in item},
        )  # fmt: skip

    def _points(
        self, item: Mapping[str, Any], place: str, allowed: frozenset[str]
    ) -> tuple[dict[str, Fraction], bool]:
        types = allowed
        if "applies" in item:
            self._known_types(item["applies"], f"{place}.applies")
            types = allowed & frozenset(item["applies"])
        if "points" not in item:
            return {code: Fraction(0) for code in self.types if code in types}, False
        spread = self.by_type(item["points"], f"{place}.points")
        return {code: spread[code] for code in self.types if code in types and code in spread}, True

    def by_type(self, value: Any, place: str) -> dict[str, Fraction]:
        """A number for all unit types, or numbers by unit type or by group, spread over unit types."""
        if not isinstance(value, Mapping):
            return dict.fromkeys(self.types, fraction(value))
        result: dict[str, Fraction] = {}
        groups = {group.code: group.types for group in self.groups}
        for code, number in value.items():
            members = (code,) if code in self.types else groups.get(code)
            if members is None:
                self.error(
                    "type.unknown",
                    place,
                    f"“{code}”不是单位类型，也不是考核组。",
                    f"可用：{'、'.join((*self.types, *groups))}。",
                )
            for member in members or ():
                result[member] = fraction(number)
        return result

    def _bounds(self, item: Mapping[str, Any], points: ByType, declared: bool, place: str) -> Bounds:
        floor, cap = item.get("floor", 0), item.get("cap", "points")
        limit: ByType | None = (
            self.by_type(cap, f"{place}.bounds.cap") if cap not in ("points", "none") else None
        )
        if cap == "points" and declared:
            limit = points
        return Bounds(
            None if floor == "none" else fraction(floor), limit, item.get("exempt", "pass") == "pass"
        )

    def _policy(self, item: Mapping[str, Any], place: str) -> Policy:
        return Policy(
            versioned(item["kind"]), item.get("params") or {}, place,
            item.get("code", ""), item.get("title", ""), item.get("clause", ""),
        )  # fmt: skip

    # outcomes

    def outcomes(self) -> tuple[Outcome, ...]:
        """Outcome rules in the order of evaluation: gates, ranking, grades, awards, consequences."""
        found: list[Outcome] = []
        given = self.document.get("outcomes") or {}
        for part, role in ROLES.items():
            entries = given.get(part) or []
            for item in entries if isinstance(entries, list) else [entries]:
                place = f"outcomes.{part}.{item['code']}"
                if any(other.code == item["code"] for other in found):
                    self.error("code.duplicate", place, f"代码“{item['code']}”重复。", "请改用不同的代码。")
                found.append(
                    Outcome(
                        item["code"], item["title"], versioned(item["kind"]), item.get("params") or {}, place, role,
                        item.get("clause", ""), item.get("note", ""), self._readings_at(place),
                    )
                )  # fmt: skip
        return tuple(found)

    def _readings_at(self, place: str) -> tuple[str, ...]:
        return self.uses.get(place, ())

    def _known_types(self, codes: Any, place: str) -> None:
        for code in codes:
            if code not in self.types:
                self.error(
                    "type.unknown", place, f"没有单位类型“{code}”。", f"可用：{'、'.join(self.types)}。"
                )


def _limit(item: Mapping[str, Any], name: str) -> Fraction | None:
    return fraction(item[name]) if name in item else None


def versioned(kind: str) -> str:
    """A kind's name with its arithmetic version; a bare name means version 1."""
    return kind if not kind or kind.rpartition(".")[2].isdigit() else f"{kind}.1"


def expression(value: Any) -> str:
    """A formula as text; a number or truth value becomes the formula that stands for it."""
    if isinstance(value, bool):
        return "真" if value else "假"
    return str(value)


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _summed(points: Mapping[str, Fraction], children: tuple[Node, ...]) -> dict[str, Fraction]:
    return {
        code: sum((child.points[code] for child in children if code in child.points), Fraction(0))
        for code in points
        if any(code in child.points for child in children) or not children
    }
