"""What a template holds, at a glance (模板提纲): its tree with points, readings, outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zhiheng.web.tree import Branch


@dataclass(frozen=True)
class Reading:
    """A choice that a college makes when it adopts the template."""

    title: str
    options: tuple[str, ...]
    chosen: str


def outline(document: Mapping[str, Any]) -> list[Branch]:
    """The scheme's tree; empty for templates without one."""
    root = document.get("tree")
    return [_branch(root, 0)] if isinstance(root, Mapping) else []


def _branch(node: Mapping[str, Any], level: int) -> Branch:
    return Branch(
        label=str(node.get("title") or node.get("code", "")),
        number=str(node.get("number", "")),
        figure=points_text(node.get("points")),
        level=level,
        open=level < 3,
        children=[
            _branch(child, level + 1) for child in node.get("children", []) if isinstance(child, Mapping)
        ],
    )


def points_text(points: Any) -> str:
    """150分; 46—95分 when the kinds of units differ; empty when the points follow from the children."""
    values = list(points.values()) if isinstance(points, Mapping) else [points]
    known = [value for value in values if isinstance(value, int | float)]
    if not known:
        return ""
    low, high = min(known), max(known)
    return _("{n}分").format(n=low) if low == high else _("{a}—{b}分").format(a=low, b=high)


def leaves(branches: list[Branch]) -> int:
    """How many nodes without children."""
    return sum(leaves(one.children) if one.children else 1 for one in branches)


def readings(document: Mapping[str, Any]) -> list[Reading]:
    """Choices with their options in words, the default marked."""
    found = []
    for one in document.get("readings", []):
        options = one.get("options", {})
        named = {str(key): str(text) for key, text in options.items()} if isinstance(options, Mapping) else {}
        chosen = str(one.get("default", ""))
        found.append(Reading(str(one.get("title", "")), tuple(named.values()), named.get(chosen, chosen)))
    return found
