"""Names that formulas may use: measures, derived quantities, register fields, scores, and their types."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.formula import (
    BOOLEAN,
    NUMBER,
    TEXT,
    Base,
    Formula,
    Type,
    check,
    evaluation_order,
    list_of,
    parse,
)
from zhiheng.scoring.scheme import model

UNIT_TYPE, GROUP, POINTS = "单位类型", "考核组", "分值"
TOTAL, RANK, COUNT, GRADE, VETOED = "总分", "名次", "组内单位数", "等次", "被否决"
SCORE, RATE, AWARD = "得分:", "得分率:", "获奖:"
NUMERATOR, DENOMINATOR = ".分子", ".分母"
OUTCOME_NAMES: Mapping[str, Type] = {TOTAL: NUMBER, RANK: NUMBER, COUNT: NUMBER, GRADE: TEXT, VETOED: BOOLEAN}
COMMON_NAMES: Mapping[str, Type] = {UNIT_TYPE: TEXT, GROUP: TEXT}

_BASES = {
    "number": Base.NUMBER, "integer": Base.NUMBER, "ratio": Base.NUMBER, "boolean": Base.BOOLEAN,
    "text": Base.TEXT, "date": Base.DATE, "list": Base.NUMBER,
}  # fmt: skip


@lru_cache(maxsize=20_000)
def parsed(text: str) -> Formula:
    """The formula of a text, parsed once. Raises ScoringError or ScoringErrors."""
    return parse(text)


class Names:
    """名称表: which code a written name means, and the type of each."""

    def __init__(self, scheme: "model.Scheme") -> None:
        self.codes: dict[str, str] = {}
        self.types: dict[str, Type] = dict(COMMON_NAMES)
        self.errors: list[ScoringError] = []
        self._measures(scheme.measures.values())
        self._scores(scheme.tree)
        self._formulas(scheme)

    def code(self, name: str) -> str:
        """Code of a measure or formula written by code or by title; other names stay."""
        return self.codes.get(name, name)

    def _add(self, name: str, code: str, kind: Type, place: str) -> None:
        if self.codes.get(name, code) != code:
            advice = "请改用不同的名称，或在公式中改写代码。"
            self.errors.append(ScoringError("name.doubled", place, f"名称“{name}”有两个含义。", advice))
            return
        self.codes[name] = code
        self.types[name] = kind

    def _measures(self, measures: Iterable["model.Measure"]) -> None:
        for measure in measures:
            for name in dict.fromkeys((measure.code, measure.title)):
                place = f"measures.{measure.code}"
                if measure.type == "register":
                    for field in measure.fields:
                        kind = list_of(_BASES[field.get("type", "number")], measure.code)
                        self._add(f"{name}.{field['code']}", f"{measure.code}.{field['code']}", kind, place)
                    continue
                base = _BASES[measure.type]
                self._add(
                    name,
                    measure.code,
                    list_of(base, measure.code) if measure.type == "list" else Type(base),
                    place,
                )
                if measure.type == "ratio":
                    for part in (NUMERATOR, DENOMINATOR):
                        self._add(f"{name}{part}", f"{measure.code}{part}", NUMBER, place)

    def _scores(self, tree: "model.Node") -> None:
        for node in tree.walk():
            self.types[f"{SCORE}{node.code}"] = NUMBER
            self.types[f"{RATE}{node.code}"] = NUMBER

    def _formulas(self, scheme: "model.Scheme") -> None:
        written: dict[str, Formula] = {}
        for formula in scheme.formulas.values():
            if formula.register:
                self._aggregate(formula, scheme)
                continue
            try:
                written[formula.code] = parsed(formula.formula)
            except (ScoringError, ScoringErrors) as error:
                self.errors += placed(error, f"formulas.{formula.code}")
        titles = {scheme.formulas[code].title: code for code in written}
        for code in self._ordered(written, titles):
            self._derived(scheme.formulas[code], written[code])

    def _ordered(self, written: Mapping[str, Formula], titles: Mapping[str, str]) -> list[str]:
        """Formulas in order of use; a formula may be used by its title as well as by its code."""
        doubled = dict(written) | {
            title: written[code] for title, code in titles.items() if title not in written
        }
        try:
            order = evaluation_order(doubled)
        except ScoringError as error:
            self.errors.append(error)
            self.types |= dict.fromkeys(doubled, NUMBER)
            return []
        return list(dict.fromkeys(titles.get(name, name) for name in order))

    def _derived(self, formula: "model.Formula", tree: Formula) -> None:
        place = f"formulas.{formula.code}"
        try:
            kind = check(tree, self.types)
        except ScoringErrors as error:
            self.errors += placed(error, place)
            return
        for name in dict.fromkeys((formula.code, formula.title)):
            self._add(name, formula.code, kind, place)

    def _aggregate(self, formula: "model.Formula", scheme: "model.Scheme") -> None:
        place = f"formulas.{formula.code}"
        measure = scheme.measures.get(formula.register)
        if measure is None or measure.type != "register":
            reason = f"没有名为“{formula.register}”的登记。"
            self.errors.append(
                ScoringError(
                    "register.unknown", place, reason, "请在 measures 中定义类型为 register 的数据项。"
                )
            )
            return
        fields = self.row_types(measure)
        self._row_check(formula.where, Base.BOOLEAN, fields, f"{place}.where")
        self._row_check(formula.amount, Base.NUMBER, fields, f"{place}.amount")
        for place_, text, base in filter_formulas(measure.filters, f"measures.{measure.code}"):
            self._row_check(text, base, fields, place_)
        for place_, text, base in filter_formulas(formula.filters, place):
            self._row_check(text, base, fields, place_)
        if formula.aggregate != "count" and not formula.amount:
            self.errors.append(
                ScoringError(
                    "register.amount",
                    place,
                    "没有写逐行数值。",
                    "请填写 amount；只计件数时 aggregate 用 count。",
                )
            )
        kind = list_of(Base.NUMBER, formula.code) if formula.aggregate == "list" else NUMBER
        for name in dict.fromkeys((formula.code, formula.title)):
            self._add(name, formula.code, kind, place)

    def row_types(self, measure: "model.Measure") -> dict[str, Type]:
        """Types of the names usable row by row: fields of the register, and single values of the unit."""
        singles = {name: kind for name, kind in self.types.items() if not kind.is_list}
        return singles | {
            field["code"]: Type(_BASES[field.get("type", "number")]) for field in measure.fields
        }

    def _row_check(self, text: str, base: Base, types: Mapping[str, Type], place: str) -> None:
        if text:
            self.errors += formula_errors(text, types, place, (base,))


_known: dict[int, tuple["model.Scheme", Names]] = {}
_KEPT = 64


def names_of(scheme: "model.Scheme") -> Names:
    """Names of a scheme, worked out once while the scheme is in use."""
    found = _known.get(id(scheme))
    if found is None or found[0] is not scheme:
        if len(_known) >= _KEPT:
            _known.clear()
        found = _known[id(scheme)] = scheme, Names(scheme)
    return found[1]


def filter_formulas(filters: Iterable[Mapping[str, object]], place: str) -> list[tuple[str, str, Base]]:
    """Formulas inside register filters, with their places and types."""
    found = []
    for number, item in enumerate(filters):
        for part, base in (("when", Base.BOOLEAN), ("by", Base.NUMBER)):
            if part in item:
                found.append((f"{place}.filters[{number}].{part}", str(item[part]), base))
    return found


def formula_errors(
    text: str, types: Mapping[str, Type], place: str, wanted: tuple[Base, ...] = ()
) -> list[ScoringError]:
    """Everything wrong with a formula that should give one of the basic types (any, if none is named)."""
    try:
        found = check(parsed(text), types)
    except (ScoringError, ScoringErrors) as error:
        return placed(error, place)
    if wanted and found.base not in wanted:
        reason = f"这里需要{'或'.join(wanted)}，公式给出的是{found.label}。"
        return [ScoringError("formula.type", place, reason, "请改写公式。")]
    return []


def placed(error: ScoringError | ScoringErrors, place: str) -> list[ScoringError]:
    """The errors of a formula with the place of the formula before their own."""
    items = error.items if isinstance(error, ScoringErrors) else (error,)
    return [
        ScoringError(item.code, f"{place}（{item.place}）" if item.place else place, item.reason, item.advice)
        for item in items
    ]
