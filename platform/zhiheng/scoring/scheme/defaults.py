"""Parameters completed by the defaults that a kind's schema states, so that kinds never repeat them."""

from collections.abc import Mapping
from typing import Any

from zhiheng.scoring.scheme.numbers import normalised


def with_defaults(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any] | None = None) -> Any:
    """A copy of `value` in which every missing property with a default has it (objects and items of lists)."""
    root = schema if root is None else root
    schema = _followed(schema, root, value)
    if isinstance(value, Mapping):
        return _object(value, schema, root)
    if isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        return [with_defaults(item, schema["items"], root) for item in value]
    return value


def _object(value: Mapping[str, Any], schema: Mapping[str, Any], root: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(value)
    known = schema.get("properties") or {}
    for name, part in known.items():
        if name in result:
            result[name] = with_defaults(result[name], part, root)
        elif "default" in part:
            result[name] = normalised(part["default"])
    rest = schema.get("additionalProperties")
    if isinstance(rest, Mapping):
        for name in result.keys() - known.keys():
            result[name] = with_defaults(result[name], rest, root)
    return result


def _followed(schema: Mapping[str, Any], root: Mapping[str, Any], value: Any) -> Mapping[str, Any]:
    """The schema behind references, and behind a choice that the value decides."""
    for _ in range(8):
        if "$ref" in schema:
            target = root.get("$defs", {}).get(str(schema["$ref"]).rpartition("/")[2], {})
            schema = {**target, **{key: item for key, item in schema.items() if key != "$ref"}}
            continue
        branch = _branch(schema, value)
        if branch is None:
            break
        schema = {**branch, **{key: item for key, item in schema.items() if key not in ("oneOf", "anyOf")}}
    return schema


def _branch(schema: Mapping[str, Any], value: Any) -> Mapping[str, Any] | None:
    """The branch of a oneOf with properties that fits: the only one, or the one of the value's `kind`."""
    if "properties" in schema or "oneOf" not in schema:
        return None
    found = [branch for branch in schema["oneOf"] if isinstance(branch, Mapping) and "properties" in branch]
    if len(found) > 1 and isinstance(value, Mapping):
        found = [
            branch for branch in found if _is_kind(branch["properties"].get("kind", {}), value.get("kind"))
        ]
    return found[0] if len(found) == 1 else None


def _is_kind(part: Mapping[str, Any], kind: Any) -> bool:
    return part.get("const") == kind or kind in part.get("enum", ())
