"""One unit of a whole-year case: every entry to the rule, measure or node that its name means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhiheng.scoring.cases.bench import types_of
from zhiheng.scoring.cases.model import CaseError, Rule
from zhiheng.scoring.cases.points import RULES, PointCase, lay
from zhiheng.scoring.cases.year_names import DETAILS, MEASURES, NODES, RULE_NAMES

if TYPE_CHECKING:
    from zhiheng.scoring.cases.year import Year

_REST = frozenset({"others", "rest", "default", "remaining", "all_others", "all_other"})
_FULL = frozenset({"full", "max", "full marks", "满分"})
_STYLE = ("style", "method", "efficiency", "quality")


@dataclass(slots=True)
class UnitReader:
    """单位读入: a unit's data on its way into the sheet; `within` is the branch whose heading was passed last."""

    year: "Year"
    code: str
    kind: str
    within: str = "total"

    def read(self, data: Mapping[str, Any]) -> None:
        """Every entry by its name: a rule, a measure, a node with its points, or a heading with more below."""
        for name, value in data.items():
            if str(name) not in _REST:
                self.entry(str(name), value)
        if any(str(value) in _FULL for name, value in data.items() if str(name) in _REST):
            self._rest_full()

    def _rest_full(self) -> None:
        """Judged leaves below the heading that the case does not name have full marks."""
        nodes, facts = self.year.scheme().nodes(), self.year.sheet.facts[self.code]
        for leaf in self._leaves(self.within):
            if f"{leaf}.entered" in self.year.scheme().measures:
                facts.setdefault(f"{leaf}.entered", nodes[leaf].points[self.kind])

    def entry(self, name: str, value: Any) -> None:
        """One entry."""
        if name in DETAILS:
            return
        if name in ("not_applicable", "missing_items", "缺项"):
            for item in value:
                self._absent(str(item))
        elif name in ("barred", "facts", "vetoed"):
            if value:
                self.year.sheet.vetoes.setdefault("G3" if self.year.college == "LYG" else "G7", []).append(
                    self.code
                )
        elif isinstance(value, Mapping) and value:
            self._heading(name, value)
        elif name in MEASURES[self.year.college] and not _nested(value):
            self._facts(dict.fromkeys(MEASURES[self.year.college][name], value))
        elif (rule := self._rule(name, value)) is not None:
            self._through(rule, name, value)
        elif not isinstance(value, Mapping):
            self._plain(name, value)
        elif self.within != "total" and self._fitting(name):
            self._below(name, value)

    def _facts(self, facts: Mapping[str, Any]) -> None:
        self.year.sheet.add(self.code, self.kind, facts)

    def _heading(self, name: str, value: Mapping[str, Any]) -> None:
        """A mapping: inputs of a rule, or further entries below a heading."""
        nodes = self.year.scheme().nodes()
        only_nodes = all(str(key) in nodes for key in value)
        rule = None if only_nodes else self._rule(name, value)
        if rule is not None:
            self._through(rule, name, value)
            return
        node = NODES[self.year.college].get(name, name)
        if node not in nodes and self.within != "total" and self._fitting(name):
            self._below(name, value)
            return
        below = node if node in nodes and not nodes[node].is_leaf else self.within
        UnitReader(self.year, self.code, self.kind, below).read(value)

    def _rule(self, name: str, value: Any) -> Rule | None:
        """The rule an entry belongs to; some headings mean different rules for different units."""
        college = self.year.college
        named = RULE_NAMES[college].get(name)
        if isinstance(named, Mapping):
            named = named.get(self.kind, named.get("*"))
        for code in (str(named), name, f"{college}-{name}"):
            if code in RULES and (not isinstance(value, Mapping) or self._belongs(RULES[code], value)):
                return RULES[code]
        node = self.year.scheme().nodes().get(name)
        own = node is not None and node.is_leaf and isinstance(value, Mapping)
        return Rule(name) if own else None

    def _belongs(self, rule: Rule, value: Mapping[str, Any]) -> bool:
        """Whether a heading's content are inputs of the rule itself and not further rules."""
        known = self.year.scheme().measures
        names = [str(key) for key in value if str(key) not in DETAILS]
        return not names or any(
            key in rule.inputs or f"{rule.prefix or rule.node}.{key}" in known for key in names
        )

    def _through(self, rule: Rule, name: str, value: Any) -> None:
        case = self._case(rule, name)
        if not isinstance(value, Mapping):
            self._single(case, value)
            return
        for measure, fact in rule.facts.items():
            self.year.sheet.facts[self.code].setdefault(measure, fact)
        for key, item in value.items():
            if str(key) not in DETAILS:
                lay(case, self.code, self.kind, str(key), item)

    def _case(self, rule: Rule, name: str) -> PointCase:
        named = f"{self.year.college}-{name}" not in RULES and name in self.year.scheme().nodes()
        node = name if named and rule.node not in self.year.scheme().nodes() else rule.node
        choice = self.year.case.choice()
        return PointCase(
            self.year.bench, f"{self.year.college}-{name}", {}, choice, rule, node, sheet=self.year.sheet
        )

    def _single(self, case: PointCase, value: Any) -> None:
        """A bare figure for a rule: the only input it has, or the points entered."""
        known = self.year.scheme().measures
        if isinstance(value, list) and "tasks" in case.rule.inputs:
            lay(case, self.code, self.kind, "tasks", value)
        elif f"{case.node}.entered" in known or "entered" in case.rule.inputs:
            lay(case, self.code, self.kind, "entered", value)
        else:
            own = [code for code in known if code.startswith(f"{case.node}.")]
            if len(own) != 1:
                raise CaseError(f"单位 {self.code} 的“{case.node}”只有一个数，无法判断是哪一项数据")
            self._facts({own[0]: value})

    def _plain(self, name: str, value: Any) -> None:
        """A figure or list beside its siblings: a measure, a judged leaf, points of a node, or an input of a leaf below."""
        scheme = self.year.scheme()
        node = NODES[self.year.college].get(name, name)
        if f"{node}.entered" in scheme.measures:
            self._facts({f"{node}.entered": value})
        elif name in scheme.measures:
            self._facts({name: value})
        elif name == "style" and _nested(value):
            self._facts({f"{leaf}.scores": scores for leaf, scores in zip(_STYLE, value, strict=True)})
        elif node in scheme.nodes() and isinstance(value, list):
            for leaf, item in zip(self._leaves(node), value, strict=True):
                self.entry(leaf, item)
        elif node in scheme.nodes():
            self.year.sheet.give(node, self.code, value)
        else:
            self._below(name, value)

    def _leaves(self, node: str) -> Iterator[str]:
        scheme = self.year.scheme()
        for leaf in scheme.nodes()[node].walk():
            if leaf.is_leaf and self.kind in types_of(scheme, leaf.code):
                yield leaf.code

    def _below(self, name: str, value: Any) -> None:
        """An input of the leaves under the heading that have one of this name."""
        fits = self._fitting(name)
        if not fits:
            raise CaseError(f"单位 {self.code} 的“{name}”不知放在哪里")
        for leaf, rule in fits:
            lay(self._case(rule, leaf), self.code, self.kind, name, value)

    def _fitting(self, name: str) -> list[tuple[str, Rule]]:
        known = self.year.scheme().measures
        rules = [
            (leaf, RULES.get(f"{self.year.college}-{leaf}", Rule(leaf))) for leaf in self._leaves(self.within)
        ]
        return [
            (leaf, rule)
            for leaf, rule in rules
            if name in rule.inputs or f"{rule.prefix or rule.node}.{name}" in known
        ]

    def _absent(self, name: str) -> None:
        """A leaf, target or whole block is missing for this unit: none of its data apply."""
        scheme = self.year.scheme()
        node = NODES[self.year.college].get(name, name)
        if node not in scheme.nodes():
            raise CaseError(f"单位 {self.code} 的缺项“{name}”不是指标")
        leaves = {leaf.code for leaf in scheme.nodes()[node].walk()}
        for measure in scheme.measures.values():
            if measure.code.rpartition(".")[0] in leaves and measure.scope == "unit":
                self.year.sheet.facts[self.code].setdefault(measure.code, {"state": "not_applicable"})


def _nested(value: Any) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list) and bool(value) and isinstance(value[0], list)
    )
