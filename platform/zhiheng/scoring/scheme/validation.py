"""JSON Schema errors in Chinese, each with the place as people write it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.scheme.readings import Path, place_of

_TYPES = {
    "object": "一组“名称: 值”",
    "array": "列表",
    "string": "文字",
    "number": "数",
    "integer": "整数",
    "boolean": "true 或 false",
}
_validators: dict[int, tuple[Mapping[str, Any], Draft202012Validator]] = {}


def validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    """Validator of a schema, built once per schema object."""
    kept = _validators.get(id(schema))
    if kept is None or kept[0] is not schema:
        kept = _validators[id(schema)] = (schema, Draft202012Validator(schema))
    return kept[1]


def schema_errors(value: Any, schema: Mapping[str, Any], place: str, code: str) -> list[ScoringError]:
    """Everything in `value` that breaks the schema, in reading order; `place` is put before each place."""
    return [_translated(error, place, code) for error in _ordered(validator(schema).iter_errors(value))]


def _ordered(errors: Iterator[ValidationError]) -> list[ValidationError]:
    return sorted(errors, key=lambda error: [str(part).zfill(6) for part in error.absolute_path])


def _translated(error: ValidationError, place: str, code: str) -> ScoringError:
    deepest = error
    while deepest.context:
        inner = best_match(iter(deepest.context))
        if inner is None or len(inner.absolute_path) <= len(error.absolute_path):
            break
        deepest = inner
    tail = place_of(tuple(deepest.absolute_path))
    where = place + (tail if tail.startswith("[") else f".{tail}" if tail and place else tail)
    return ScoringError(code, where, _reason(deepest), _advice(deepest))


def _reason(error: ValidationError) -> str:
    rule, wanted = str(error.validator), _wanted(error)
    if rule == "required":
        missing = [str(name) for name in wanted if name not in _instance(error)]
        return f"缺少“{'”“'.join(missing)}”。"
    if rule == "additionalProperties":
        return f"没有名为“{'”“'.join(_unexpected(error))}”的设置。"
    if rule in ("enum", "const"):
        return f"不能是“{_short(error.instance)}”。"
    if rule == "type":
        return f"应为{_type_names(wanted)}，现为“{_short(error.instance)}”。"
    texts = {
        "pattern": f"“{_short(error.instance)}”的写法不对。",
        "minItems": f"至少要有 {wanted} 项。",
        "minLength": "不能为空。",
        "minProperties": "至少要有一项。",
        "minimum": f"不能小于 {wanted}。",
        "maximum": f"不能大于 {wanted}。",
        "not": "这几项不能同时填写。",
    }
    return texts.get(rule, "填写的内容不符合任何一种允许的形式。")


def _wanted(error: ValidationError) -> Any:
    return error.validator_value


def _instance(error: ValidationError) -> Any:
    return error.instance


def _advice(error: ValidationError) -> str:
    rule, wanted = str(error.validator), _wanted(error)
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    if rule == "enum":
        return f"可填：{'、'.join(str(item) for item in wanted)}。"
    if rule == "const":
        return f"应填：{wanted}。"
    if rule == "additionalProperties":
        known = (schema.get("properties") or {}).keys()
        return f"可用的设置：{'、'.join(known)}。" if known else ""
    if rule in ("oneOf", "anyOf"):
        return _alternatives(wanted)
    return str(schema.get("description", ""))


def _alternatives(branches: Sequence[Any]) -> str:
    sets = [
        "、".join(branch["required"])
        for branch in branches
        if isinstance(branch, Mapping) and "required" in branch
    ]
    if sets:
        return f"须填且只填其中一种：{'；或 '.join(sets)}。"
    titles = [
        str(branch["title"]) for branch in branches if isinstance(branch, Mapping) and "title" in branch
    ]
    return f"可用的形式：{'；'.join(titles)}。" if titles else "请参照说明页的例子。"


def _unexpected(error: ValidationError) -> list[str]:
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    known = set((schema.get("properties") or {}).keys())
    return [str(name) for name in _instance(error) if name not in known]


def _type_names(wanted: Any) -> str:
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    return "或".join(_TYPES.get(name, str(name)) for name in names)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:38]}…"


def readable(path: Path, document: Any) -> str:
    """A path in which nodes and other coded things go by their codes: tree.K1.K1.3.params.bands[2].when."""
    parts: list[str | int] = []
    here = document
    for part in path:
        here = _step(here, part)
        if isinstance(part, int) and isinstance(here, Mapping) and "code" in here and parts:
            parts[-1:] = [*([] if parts[-1] == "children" else [parts[-1]]), str(here["code"])]
        else:
            parts.append(part)
    return place_of(tuple(parts))


def _step(here: Any, part: str | int) -> Any:
    if isinstance(here, Mapping) and isinstance(part, str):
        return here.get(part)
    if isinstance(here, list) and isinstance(part, int) and part < len(here):
        return here[part]
    return None
