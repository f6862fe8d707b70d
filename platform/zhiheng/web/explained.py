"""From a stored explanation (得分说明) to the drawer: arranges, adds nothing.

The document is ``{"tree": node, "outcomes": [node, ...]}`` with nodes as ``zhiheng.scoring.explanation.model.Explanation``
writes them; all figures are texts already, so nothing is calculated here except places on the peers' strip.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from statistics import median
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiheng.kernel.numbers import plain
from zhiheng.web.charts import point_strip
from zhiheng.web.explain import Account, Evidence, Input, Part, Peers, Reading

VALUE = gettext_noop("有值")

Node = Mapping[str, Any]
FEWEST_PEERS = 3
"""A strip with fewer dots says less than the figures themselves."""


def parts_of(document: Node, *, open_to: str = "") -> list[Part]:
    """The tree of parts; the way to the node ``open_to`` (default: the first level) stands open."""
    tree = document.get("tree") or document
    return [_part(tree, open_to, level=0)]


def outcomes_of(document: Node) -> list[Part]:
    """Rank, grade, awards, consequences: one line each with its account."""
    return [_outcome(node) for node in document.get("outcomes", ())]


def fingerprint_of(document: Node) -> str:
    """Fingerprint in groups of four, short enough to read out."""
    text = str((document.get("tree") or document).get("fingerprint", ""))[:16].upper()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def score_text(node: Node) -> str:
    """4.60 / 5: points and full points, or the state for a score that is no number."""
    points, full = _tidy(node.get("points", "")), _tidy(node.get("applicable") or node.get("full") or "")
    if node.get("state", "VALUE") != "VALUE" or not full or full == _("无上限"):
        return points or "—"
    return f"{points} / {full}"


def _part(node: Node, open_to: str, level: int) -> Part:
    children = [_part(child, open_to, level + 1) for child in node.get("children", ())]
    wanted = node.get("code") == open_to
    account = _account(node)
    return Part(
        name=str(node.get("title", "")),
        value=score_text(node),
        operation="" if children else str(node.get("kind", "")),
        number=str((node.get("extra") or {}).get("number", "")),
        meaning=_meaning(node),
        current=wanted,
        open=wanted or level == 0 or any(child.open for child in children),
        account=account,
        children=children,
    )


def _outcome(node: Node) -> Part:
    return Part(
        name=str(node.get("title", "")),
        value=str(node.get("points") or "—"),
        operation=str(node.get("kind", "")),
        account=_account(node),
    )


def _meaning(node: Node) -> str:
    if node.get("flags"):
        return "warn"
    return "3" if node.get("state", "VALUE") != "VALUE" else ""


def _account(node: Node) -> Account:
    formula = str(node.get("formula", ""))
    return Account(
        formula=formula,
        lines=[*map(str, node.get("lines", ())), *_derived_lines(node), *_step_lines(node)],
        clause=str(node.get("clause", "")),
        inputs=[_input(one) for one in node.get("inputs", ())],
        readings=[_reading(one) for one in node.get("readings", ())],
        rounding=str(node.get("rounding", "")),
        peers=_peers(node),
        evidence=list(_evidence(node)),
        flags=[*map(str, node.get("flags", ())), *_dropped(node)],
    )


def _derived_lines(node: Node) -> Iterable[str]:
    for one in node.get("derived", ()):
        numbers = one["with_numbers"]
        middle = f"＝{numbers}" if numbers not in {one["value"], one["formula"]} else ""
        yield f"{one['title']}＝{one['formula']}{middle}＝{one['value']}"


def _step_lines(node: Node) -> Iterable[str]:
    for step in node.get("steps", ()):
        clause = _("（{clause}）").format(clause=step["clause"]) if step.get("clause") else ""
        yield f"{step['title']}：{step['formula']}{clause}"
        yield from (str(line) for line in step.get("lines", ()))


def _input(one: Node) -> Input:
    unit = one.get("unit", "")
    stored = one.get("state") or VALUE
    state = "" if stored == VALUE else _("（{state}）").format(state=_(stored))
    source = _("，").join(
        str(text) for text in (one.get("supplier"), one.get("source"), one.get("by")) if text
    )
    return Input(
        label=str(one.get("title", "")),
        value=f"{one.get('value', '')}{unit if not state else ''}{state}",
        source=source,
        as_of=str(one.get("at") or "")[:10],
    )


def _reading(one: Node) -> Reading:
    question = _("“{title}”有几种读法").format(title=one["title"])
    others = _("另有：{others}。").format(others=_("；").join(one["others"])) if one.get("others") else ""
    note = "" if one.get("confirmed") else _("这是默认读法，学校还没有确认。")
    return Reading(question, str(one["chosen"]), others + note, confirmed=bool(one.get("confirmed")))


def _evidence(node: Node) -> Iterable[Evidence]:
    for one in node.get("inputs", ()):
        for reference in one.get("evidence", ()):
            name = str(reference).rpartition("/")[2]
            yield Evidence(name, name.rpartition(".")[2][:4].upper() or _("材料"), "")


def _dropped(node: Node) -> Iterable[str]:
    for one in node.get("inputs", ()):
        for line in one.get("dropped", ()):
            yield _("没有计入：{line}").format(line=line)


def _peers(node: Node) -> Peers | None:
    figures = node.get("peers", ())
    if not figures:
        return None
    told = _("；").join(f"{one['title']} {one['value']}" for one in figures)
    members = next((one["members"] for one in figures if one.get("members")), ())
    values = _numbers(members)
    if len(values) < FEWEST_PEERS:
        return Peers(heading=told, strip=None)
    middle = median(values)
    own = next(iter(_numbers(one for one in members if one[0] == node.get("unit_title"))), None)
    label = _("{n}家：最低{low}，中位{mid}，最高{high}").format(
        n=len(values), low=plain(values[0]), mid=plain(middle), high=plain(values[-1])
    )
    return Peers(
        heading=told,
        strip=point_strip(values, own=own, median=middle, label=label),
        lowest=plain(values[0]),
        median=plain(middle),
        own="" if own is None else plain(own),
        highest=plain(values[-1]),
    )


def _numbers(members: Iterable[Any]) -> list[Decimal]:
    found = []
    for _name, text in members:
        try:
            found.append(Decimal(str(text).removeprefix("≈")))
        except InvalidOperation:
            continue
    return sorted(found)


def _tidy(text: Any) -> str:
    """Two decimals at least where the stored figure has four zeros to spare: 4.6000 is 4.60."""
    value = str(text)
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    short = plain(number)
    whole, dot, digits = short.partition(".")
    return f"{whole}.{digits.ljust(2, '0')}" if dot else short
