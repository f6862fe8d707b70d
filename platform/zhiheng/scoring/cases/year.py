"""A whole year as a case: every unit's inputs laid out through the rules' own tables, decisions, money, quotas."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhiheng.scoring.cases.bench import Bench, Case, types_of
from zhiheng.scoring.cases.model import CaseError, Sheet
from zhiheng.scoring.cases.points import RULES, PointCase, lay
from zhiheng.scoring.cases.year_names import DETAILS, GROUPS, MEASURES, NODES, RULE_NAMES, UNIT_KEYS
from zhiheng.scoring.scheme.model import Scheme


@dataclass(slots=True)
class Year:
    """全年算例: sheet, units by group, and the scheme the year is scored with."""

    bench: Bench
    college: str
    inputs: Mapping[str, Any]
    reading: Any
    sheet: Sheet = field(default_factory=Sheet)
    groups: dict[str, list[str]] = field(default_factory=dict)
    edits: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """The year as a case of the whole scheme, for its reading."""
        return Case(self.bench, f"{self.college}-00", self.inputs, self.reading)

    def scheme(self) -> Scheme:
        """The template's scheme with the reading of the year."""
        return self.bench.scheme(self.college, self.case.choice().readings, self.edits)

    def add_units(self) -> None:
        """All units of all groups with everything they report."""
        for group, code, data in units_of(self.inputs["units"]):
            kind = self._type(group, data)
            title = GROUPS[self.college].get(group, (group, ""))[0] if group else ""
            self.groups.setdefault(title or group, []).append(code)
            self.sheet.add(code, kind)
            _Unit(self, code, kind).read(data)
        self.sheet.college.update(self.case.choice().college)

    def _type(self, group: str, data: Mapping[str, Any]) -> str:
        stated = data.get("type", data.get("unit_type"))
        if stated:
            return str(stated)
        kind = GROUPS[self.college].get(group, (group, group))[1]
        library = (data.get("common") or {}).get("C13a") or {}
        return "teaching_no_students" if kind == "teaching" and library.get("group") == "functional" else kind


def units_of(units: Any) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Group, code and data of every unit, from mappings by group, mappings by code, or lists."""
    if isinstance(units, Mapping):
        for name, entry in units.items():
            nested = (
                isinstance(entry, Mapping)
                and entry
                and all(isinstance(item, Mapping) for item in entry.values())
            )
            if nested and not _is_unit(entry):
                yield from ((str(name), str(code), data) for code, data in entry.items())
            elif isinstance(entry, Sequence) and not isinstance(entry, str):
                yield from ((str(name), _code(data), data) for data in entry)
            else:
                yield str(entry.get("group", "")), str(name), entry
        return
    for data in units:
        yield str(data.get("group", "")), _code(data), data


def _is_unit(entry: Mapping[str, Any]) -> bool:
    return bool(UNIT_KEYS & {str(key) for key in entry})


def _code(data: Mapping[str, Any]) -> str:
    return str(data.get("unit", data.get("code", data.get("id"))))


@dataclass(slots=True)
class _Unit:
    """One unit's data on its way into the sheet."""

    year: Year
    code: str
    kind: str

    def read(self, data: Mapping[str, Any]) -> None:
        """Every entry by its name: a rule, a measure, a node with its points, or a heading with more below."""
        for name, value in data.items():
            self.entry(str(name), value)

    def entry(self, name: str, value: Any) -> None:
        """One entry."""
        college, sheet = self.year.college, self.year.sheet
        if name in DETAILS:
            return
        if name in ("not_applicable", "missing_items", "缺项"):
            for item in value:
                self._absent(str(item))
        elif name in ("barred", "facts", "vetoed"):
            if value:
                sheet.vetoes.setdefault("G3" if college == "LYG" else "G7", []).append(self.code)
        elif name in MEASURES[college]:
            for measure in MEASURES[college][name]:
                sheet.add(self.code, self.kind, {measure: value})
        elif (rule := self._rule(name, value)) is not None:
            self._through(rule, name, value)
        elif isinstance(value, Mapping):
            self.read(value)
        else:
            self._plain(name, value)

    def _rule(self, name: str, value: Any) -> str | None:
        """The rule an entry belongs to; some headings mean different rules for different units."""
        college = self.year.college
        named = RULE_NAMES[college].get(name)
        if isinstance(named, Mapping):
            named = named.get(self.kind, named.get("*"))
        if named is not None and isinstance(value, Mapping) and not _belongs(named, value):
            named = None
        if named is not None:
            return named
        for code in (name, f"{college}-{name}"):
            if code in RULES:
                return code
        return None

    def _through(self, rule_id: str, name: str, value: Any) -> None:
        rule = RULES[rule_id]
        node = (
            name
            if f"{self.year.college}-{name}" not in RULES and name in self.year.scheme().nodes()
            else rule.node
        )
        case = PointCase(
            self.year.bench,
            rule_id,
            value if isinstance(value, Mapping) else {},
            self.year.case.choice(),
            rule,
            node,
            sheet=self.year.sheet,
        )
        if not isinstance(value, Mapping):
            self._single(case, value)
            return
        self.year.sheet.add(self.code, self.kind, {**rule.facts, **self.year.sheet.facts[self.code]})
        for key, item in value.items():
            if str(key) not in DETAILS:
                lay(case, self.code, self.kind, str(key), item)

    def _single(self, case: PointCase, value: Any) -> None:
        """A bare figure for a rule: the only input it has, or the points entered."""
        if isinstance(value, list) and "tasks" in case.rule.inputs:
            lay(case, self.code, self.kind, "tasks", value)
        elif f"{case.node}.entered" in self.year.scheme().measures or "entered" in case.rule.inputs:
            lay(case, self.code, self.kind, "entered", value)
        else:
            own = [code for code in self.year.scheme().measures if code.startswith(f"{case.node}.")]
            if len(own) != 1:
                raise CaseError(f"单位 {self.code} 的“{case.node}”只有一个数，无法判断是哪一项数据")
            self.year.sheet.add(self.code, self.kind, {own[0]: value})

    def _plain(self, name: str, value: Any) -> None:
        scheme = self.year.scheme()
        node = NODES[self.year.college].get(name, name)
        if f"{node}.entered" in scheme.measures:
            self.year.sheet.add(self.code, self.kind, {f"{node}.entered": value})
        elif name in scheme.measures:
            self.year.sheet.add(self.code, self.kind, {name: value})
        elif node in scheme.nodes() and not isinstance(value, list):
            self.year.sheet.give(node, self.code, value)
        elif node in scheme.nodes():
            leaves = [
                leaf.code
                for leaf in scheme.nodes()[node].walk()
                if leaf.is_leaf and self.kind in types_of(scheme, leaf.code)
            ]
            for leaf, item in zip(leaves, value, strict=True):
                self.entry(leaf, item)
        else:
            raise CaseError(f"单位 {self.code} 的“{name}”不知放在哪里")

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


def _belongs(rule: str, value: Mapping[str, Any]) -> bool:
    """Whether a heading's content are inputs of the rule itself and not further rules."""
    names = set(RULES[rule].inputs)
    return bool(names & {str(key) for key in value})
