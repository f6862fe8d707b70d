"""Scheme and fact files as plain data: YAML or JSON in, exact decimals kept, canonical text out."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import yaml

from zhiheng.scoring.errors import ScoringError
from zhiheng.scoring.scheme.numbers import plain


class _Loader(yaml.SafeLoader):
    """YAML without the surprises: exact decimals, dates as text, only true/false as booleans, no doubled keys."""


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Any:
    text = loader.construct_scalar(node).replace("_", "")
    try:
        value = Decimal(text)
    except ArithmeticError:
        return text
    return value if value.is_finite() else text


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    loader.flatten_mapping(node)
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in result:
            place = f"第 {key_node.start_mark.line + 1} 行"
            raise ScoringError("document.duplicate", place, f"“{key}”写了两次。", "请删去一个。")
        result[key] = loader.construct_object(value_node, deep=True)
    return result


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if not tag.endswith((":timestamp", ":bool"))]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_document(text: str) -> dict[str, Any]:
    """A YAML or JSON text as a mapping. Raises ScoringError with the line where the text cannot be read."""
    try:
        found = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else ""
        raise ScoringError(
            "document.syntax", place, "文件格式有误，无法读取。", "请检查缩进、冒号与引号。"
        ) from error
    if not isinstance(found, dict):
        raise ScoringError(
            "document.syntax", "", "文件内容不是一组“名称: 值”。", "请参照 docs/rules/README.md 的例子。"
        )
    return found


def canonical(value: Any) -> str:
    """One text per content: keys sorted, numbers in exact plain form, no spaces. Basis of fingerprints."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return value
    if type(value) is int:
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return plain(Fraction(repr(value)), 40)
    return plain(Fraction(value), 40) if isinstance(value, Decimal | Fraction) else str(value)
