"""The tree of a scheme (指标树) for one type of unit, with live check of the totals."""

from collections.abc import Iterable
from fractions import Fraction

from django.utils.translation import gettext as _

from zhiheng.kernel.numbers import plain, round_half_up
from zhiheng.scoring.scheme.model import Node
from zhiheng.web.tree import Branch

OPEN_LEVELS = 2


def points_text(value: Fraction | None) -> str:
    """Points as people write them: 30, 0.5, 1.6667."""
    return "—" if value is None else plain(round_half_up(value, 4))


def branches(root: Node, unit_type: str, href: str, current: str) -> list[Branch]:
    """The tree below the root for one type of unit; the way to the current node stands open."""
    path = {node.code for node in root.walk() if any(below.code == current for below in node.walk())}

    def grow(node: Node, level: int) -> Branch:
        children = [child for child in node.children if unit_type in child.points]
        text, wrong = figure(node, unit_type, children)
        return Branch(
            label=node.title,
            href=f"{href}{node.code}",
            note="" if node.is_leaf else _rule(node),
            figure=text,
            meaning="danger" if wrong else "",
            level=level,
            open=level < OPEN_LEVELS or node.code in path,
            current=node.code == current,
            children=[grow(child, level + 1) for child in children],
        )

    return [grow(root, 0)]


def figure(node: Node, unit_type: str, children: Iterable[Node]) -> tuple[str, bool]:
    """Points of a node and a tick when its children add up; True when they do not and nothing explains it."""
    own = node.points.get(unit_type)
    below = [child.points[unit_type] for child in children]
    if not below or own is None:
        return points_text(own), False
    total = sum(below, Fraction(0))
    if total == own:
        return f"{points_text(own)} ✓", False
    text = _("{total} / {own}").format(total=points_text(total), own=points_text(own))
    return text, not (node.policies or node.kind)


def _rule(node: Node) -> str:
    return _("有汇总规则") if node.policies else ""


def by_type(node: Node, titles: dict[str, str]) -> list[tuple[str, str]]:
    """Points of a node for each type of unit; one line when they are all equal."""
    if len(set(node.points.values())) == 1 and len(node.points) == len(titles):
        return [(_("各类单位"), points_text(next(iter(node.points.values()))))]
    return [(titles.get(code, code), points_text(value)) for code, value in node.points.items()]
