"""JSON Schemas (2020-12) of the scheme document and of the parameters of each built-in kind."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

Schema = Mapping[str, Any]


@cache
def common_definitions() -> Schema:
    """Definitions every schema may point at as `#/$defs/<name>`: expression, condition, number, peers, benchmark…"""
    definitions: Schema = _read("common")["$defs"]
    return definitions


@cache
def scheme_schema() -> Schema:
    """Schema of a whole scheme document (考核方案); parameters of kinds are checked by their own schemas."""
    return complete(_read("scheme"))


def kind_schema(name: str) -> Schema:
    """Schema of the parameters of a built-in kind, e.g. `event_tally.1`."""
    return complete(_read(name))


def complete(schema: Schema) -> Schema:
    """The schema with the common definitions added, so that it stands alone; own definitions win."""
    return {**schema, "$defs": {**common_definitions(), **schema.get("$defs", {})}}


@cache
def _read(name: str) -> Any:
    text = resources.files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text)
