"""The organisation chart as a picture (组织机构图): a tree as SVG text, superiors left, no database, no browser.

Colours are attributes that a page's style sheet may override through the classes ``zh-chart-*``; a file saved alone
looks the same.  There is no style element and no script, so any content security policy allows it.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

NAME_SIZE, NOTE_SIZE = 14, 12
NAME_LINE, NOTE_LINE = 20, 17
NAME_EMS, NOTE_EMS = 13, 17
"""Widest line in ems of its size; longer texts wrap."""
PAD_X, PAD_Y, GAP_Y, GAP_X, MARGIN = 12, 8, 10, 44, 16
FONT = "PingFang SC, Microsoft YaHei UI, Microsoft YaHei, HarmonyOS Sans SC, Noto Sans CJK SC, sans-serif"
_INK, _INK_2, _LINE, _PAPER = "#24211d", "#5c574f", "#8f887c", "#ffffff"
_CLUSTER, _CLUSTER_PAPER = "#0b7566", "#eaf4f1"


class Node(Protocol):
    """What a unit must tell to be drawn."""

    @property
    def code(self) -> str:
        """Code of the unit."""

    @property
    def name(self) -> str:
        """Name in force."""

    @property
    def signboards(self) -> Sequence[str]:
        """Further names on its door (挂牌)."""

    @property
    def cluster_partners(self) -> Sequence[str]:
        """Names of the units it works with as one (合署); empty outside a cluster."""

    @property
    def children(self) -> "Sequence[Node]":
        """Units below it, in order."""


@dataclass
class _Box:
    """A unit with its lines and its place in pixels."""

    node: Node
    depth: int
    name: list[str]
    notes: list[tuple[str, str]]
    below: "list[_Box]" = field(default_factory=list)
    x: float = 0
    y: float = 0

    @property
    def height(self) -> float:
        return 2 * PAD_Y + NAME_LINE * len(self.name) + NOTE_LINE * len(self.notes)

    @property
    def width(self) -> float:
        widest = [ems(t) * NAME_SIZE for t in self.name] + [ems(t) * NOTE_SIZE for _, t in self.notes]
        return 2 * PAD_X + max(widest)

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def organisation_svg(
    roots: Sequence[Node],
    *,
    title: str,
    note: Callable[[Node], str] | None = None,
    link: Callable[[Node], str] | None = None,
) -> str:
    """The chart as an SVG document.

    ``note`` gives a further line for a unit (such as its head count), ``link`` the address that a click opens; either
    may give "".  Without units the picture says so.
    """
    boxes = [_boxed(root, 0, note) for root in roots]
    every = [box for root in boxes for box in _walk(root)]
    if not every:
        return _document(
            title, 360, 80, [_text((MARGIN, 44), NAME_SIZE, "zh-chart-note", _INK_2, "这一天还没有机构")]
        )
    width, height = _place(boxes, every)
    parts = [_branch(box, child) for box in every for child in box.below]
    parts += [_unit(box, link(box.node) if link else "") for box in every]
    return _document(title, width, height, parts)


def ems(text: str) -> float:
    """Width of a text in ems: 1 for Chinese characters and full-width signs, about half for the rest."""
    return sum(1.0 if unicodedata.east_asian_width(ch) in "WFA" else 0.6 for ch in text)


def wrapped(text: str, widest: float) -> list[str]:
    """Lines of at most ``widest`` ems; breaks where the line is full, as Chinese does, but never before a sign."""
    lines, line = [], ""
    for ch in text:
        if line and ems(line + ch) > widest and not unicodedata.category(ch).startswith("P"):
            lines.append(line)
            line = ""
        line += ch
    return [*lines, line]


def _boxed(node: Node, depth: int, note: Callable[[Node], str] | None) -> _Box:
    texts = (
        [("zh-chart-cluster", f"合署：{'、'.join(node.cluster_partners)}")] if node.cluster_partners else []
    )
    texts += [("zh-chart-note", f"挂牌：{'、'.join(node.signboards)}")] if node.signboards else []
    texts += [("zh-chart-note", said)] if note and (said := note(node)) else []
    notes = [(kind, line) for kind, text in texts for line in wrapped(text, NOTE_EMS)]
    box = _Box(node, depth, wrapped(node.name, NAME_EMS), notes)
    box.below = [_boxed(child, depth + 1, note) for child in node.children]
    return box


def _walk(box: _Box) -> list[_Box]:
    return [box, *(lower for child in box.below for lower in _walk(child))]


def _place(roots: list[_Box], every: list[_Box]) -> tuple[float, float]:
    """Give every box its place; returns the size of the picture.  A column is as wide as its widest box."""
    columns = [
        max((b.width for b in every if b.depth == d), default=0)
        for d in range(max(b.depth for b in every) + 1)
    ]
    for box in every:
        box.x = MARGIN + sum(columns[: box.depth]) + GAP_X * box.depth
    bottom: float = MARGIN
    for root in roots:
        bottom = _stack(root, bottom)
    width = 2 * MARGIN + sum(columns) + GAP_X * (len(columns) - 1)
    return width, bottom - GAP_Y + MARGIN


def _stack(box: _Box, top: float) -> float:
    """Place a box and what is below it from ``top`` on; returns where the next may begin."""
    bottom = top
    for child in box.below:
        bottom = _stack(child, bottom)
    if not box.below:
        box.y = top
        return top + box.height + GAP_Y
    box.y = max(top, (box.below[0].middle + box.below[-1].middle - box.height) / 2)
    return max(bottom, box.y + box.height + GAP_Y)


def _branch(above: _Box, below: _Box) -> str:
    """A line from the right edge of a unit to the left edge of one below it."""
    start, end = above.x + above.width, below.x
    turn = end - GAP_X / 2
    path = f"M{start:g} {above.middle:g}H{turn:g}V{below.middle:g}H{end:g}"
    return f'<path class="zh-chart-line" d="{path}" fill="none" stroke="{_LINE}"/>'


def _unit(box: _Box, address: str) -> str:
    in_cluster = bool(box.node.cluster_partners)
    edge, paper = (_CLUSTER, _CLUSTER_PAPER) if in_cluster else (_LINE, _PAPER)
    kind = "zh-chart-box is-cluster" if in_cluster else "zh-chart-box"
    size = f'x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"'
    parts = [f'<rect class="{kind}" {size} rx="6" fill="{paper}" stroke="{edge}"/>']
    line = box.y + PAD_Y
    for text in box.name:
        parts.append(_text((box.x + PAD_X, line + 15), NAME_SIZE, "zh-chart-name", _INK, text))
        line += NAME_LINE
    for note_kind, text in box.notes:
        ink = _CLUSTER if note_kind == "zh-chart-cluster" else _INK_2
        parts.append(_text((box.x + PAD_X, line + 13), NOTE_SIZE, note_kind, ink, text))
        line += NOTE_LINE
    body = "".join(parts)
    return f"<a href={quoteattr(address)}>{body}</a>" if address else f"<g>{body}</g>"


def _text(at: tuple[float, float], size: int, kind: str, ink: str, text: str) -> str:
    x, y = at
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" font-size="{size}" fill="{ink}">{escape(text)}</text>'


def _document(title: str, width: float, height: float, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="zh-chart" role="img" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" font-family={quoteattr(FONT)}>'
    )
    return f"{head}<title>{escape(title)}</title>{''.join(parts)}</svg>"
