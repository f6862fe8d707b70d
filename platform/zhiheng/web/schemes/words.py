"""Parameters of a scoring kind in words (参数说明), drawn from the kind's JSON Schema: titles, choices, formulas."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.registry import kind as kind_of

Schema = Mapping[str, Any]
SIGNS = (("<=", "≤"), (">=", "≥"), ("!=", "≠"), ("*", "×"), ("/", "÷"))
QUIET = {"code", "title", "clause"}
KEYS = {
    "grade": gettext_noop("等次"),
    "grades": gettext_noop("等次"),
    "kind": gettext_noop("方式"),
    "text": gettext_noop("内容"),
    "award": gettext_noop("奖项"),
    "code": gettext_noop("代码"),
    "min": gettext_noop("最小"),
    "max": gettext_noop("最大"),
    "points": gettext_noop("分值"),
    "when": gettext_noop("条件"),
    "statistic": gettext_noop("统计量"),
}
"""Labels of parameters that the schemas leave without title."""
VALUES = {
    "money": gettext_noop("资金"),
    "quota": gettext_noop("名额"),
    "bar": gettext_noop("限制"),
    "recommendation": gettext_noop("推荐"),
    "notice": gettext_noop("通报"),
    "case": gettext_noop("立案整改"),
    "all": gettext_noop("全部"),
    "best": gettext_noop("最好的单位"),
    "mean": gettext_noop("平均"),
    "median": gettext_noop("中位数"),
    "functional": gettext_noop("职能部门"),
    "teaching": gettext_noop("教学院部"),
}
"""Choices that the schemas leave without words."""
SHORT = 3
"""An entry with so few parameters stands on one line."""


@dataclass(frozen=True)
class ParamLine:
    """One line: label, text, how deep; ``formula`` is set in the formula type; without text it is a heading."""

    label: str
    text: str = ""
    level: int = 0
    formula: bool = False
    note: str = ""

    @property
    def indent(self) -> str:
        """Class of the depth."""
        return f"d{min(self.level, 4)}"


def kind_title(name: str) -> str:
    """Chinese title of a kind; the name itself when it is not installed."""
    try:
        return kind_of(name).title
    except ScoringError:
        return name


def kind_words(name: str) -> str:
    """What the kind does, in one sentence of its schema."""
    try:
        return str(kind_of(name).schema.get("description", ""))
    except ScoringError:
        return ""


def param_lines(name: str, params: Mapping[str, Any]) -> list[ParamLine]:
    """All parameters of a node, in the order of the schema."""
    try:
        schema = kind_of(name).schema
    except ScoringError:
        return [ParamLine(str(key), str(value)) for key, value in params.items()]
    return list(_object(schema, params, schema.get("$defs", {}), 0))


def _object(schema: Schema, value: Mapping[str, Any], defs: Schema, level: int) -> Iterator[ParamLine]:
    properties = schema.get("properties", {})
    for key in [*(k for k in properties if k in value), *(k for k in value if k not in properties)]:
        if level and key in QUIET:
            continue
        if key in properties and _is_default(_resolved(properties[key], defs), value[key]):
            continue
        extra = schema.get("additionalProperties")
        inner = properties.get(key) or (extra if isinstance(extra, Mapping) else {})
        yield from _value(key, _resolved(inner, defs), value[key], defs, level)


def _is_default(schema: Schema, value: Any) -> bool:
    """What nobody wrote down is not worth a line."""
    return "default" in schema and str(schema["default"]) == str(value)


def _resolved(schema: Schema, defs: Schema) -> Schema:
    reference = str(schema.get("$ref", ""))
    if not reference.startswith("#/$defs/"):
        return schema
    target = _resolved(defs.get(reference.removeprefix("#/$defs/"), {}), defs)
    return {**target, **{key: value for key, value in schema.items() if key != "$ref"}}


def _value(key: str, schema: Schema, value: Any, defs: Schema, level: int) -> Iterator[ParamLine]:
    label = str(schema.get("title") or _(KEYS.get(key, key)))
    if value is None:
        return
    if isinstance(value, Mapping):
        yield ParamLine(label, level=level)
        yield from _object(_branch(schema, value, defs), value, defs, level + 1)
    elif (
        isinstance(value, Sequence) and not isinstance(value, str) and value and isinstance(value[0], Mapping)
    ):
        items = _resolved(schema.get("items", {}), defs)
        for number, entry in enumerate(value, start=1):
            head, lines = (
                _head(label, number, entry),
                list(_object(_branch(items, entry, defs), entry, defs, level + 1)),
            )
            if lines and len(lines) <= SHORT and all(line.text and line.level == level + 1 for line in lines):
                told = _("；").join(
                    _("{label} {text}").format(label=line.label, text=line.text) for line in lines
                )
                yield ParamLine(head, told, level, note=str(entry.get("clause", "")))
                continue
            yield ParamLine(head, level=level, note=str(entry.get("clause", "")))
            yield from lines
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield ParamLine(label, _("、").join(_text({}, one) for one in value) or _("无"), level)
    else:
        is_formula = schema.get("format") == "zhiheng-formula" and isinstance(value, str)
        yield ParamLine(label, _text(schema, value), level, formula=is_formula)


def _branch(schema: Schema, value: Mapping[str, Any], defs: Schema) -> Schema:
    """The alternative of a schema that knows most keys of the value."""
    options = [_resolved(one, defs) for word in ("oneOf", "anyOf") for one in schema.get(word, ())]
    known = [one for one in options if one.get("properties")]
    if schema.get("properties") or not known:
        return schema
    return max(known, key=lambda one: len(set(one["properties"]) & set(value)))


def _head(label: str, number: int, entry: Mapping[str, Any]) -> str:
    title = entry.get("title") or entry.get("code")
    return f"{label}{number}：{title}" if title else f"{label}{number}"


def _text(schema: Schema, value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    text = str(value)
    if "enum" in schema or text in VALUES:
        return _choice(schema, text)
    return formula_text(text) if "[" in text or re.search(r"[<>]=?", text) else text


def named(lines: Sequence[ParamLine], titles: Mapping[str, str]) -> list[ParamLine]:
    """The lines with titles in place of codes that stand alone."""

    def told(text: str) -> str:
        return re.sub(
            r"(?<![\w\[:.-])[A-Z][\w-]*(?![\w\]:.-])", lambda found: titles.get(found[0], found[0]), text
        )

    return [replace(line, text=told(line.text)) for line in lines]


def formula_text(text: str) -> str:
    """A formula with the signs people read: × ÷ ≥ ≤."""
    for sign, shown in SIGNS:
        text = text.replace(sign, shown)
    return text


def _choice(schema: Schema, value: str) -> str:
    """A choice in words: the schema's description says 'whole 不计；started 算一步'."""
    for part in re.split(r"[；，,]", str(schema.get("description", ""))):
        word, _space, meaning = part.strip().partition(" ")
        if word == value and meaning:
            return meaning
    return _(VALUES.get(value, value))
