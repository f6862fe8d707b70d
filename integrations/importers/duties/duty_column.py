"""The duty column of table 1-3 (部门职责栏): wrapped lines joined, ghosts of a line left out, tags taken off (A 2.5 53)."""

import re

from integrations.importers.duties.cleaning import LEGIBLE, Familiarity, chinese, close_gaps, is_noise
from integrations.importers.duties.numbers import DUTY
from integrations.importers.duties.rows import DutyRow
from integrations.importers.duties.works import WorkList
from integrations.importers.findings import Report
from integrations.importers.folding import pairs

TAG = re.compile(r"[（(](?P<tag>[\u4e00-\u9fff、]{4,20})[)）]")
FUNCTIONS = ("决策指挥", "质量生成", "监督评价", "支持服务", "资源建设")
REST = 0.5


def read_duty_column(
    found: WorkList, cells: list[tuple[DutyRow, int]], familiar: Familiarity, report: Report
) -> None:
    """Fills the duty texts and tags of ``found``."""
    last: int | None = None
    wanted = {work.item[0] for work in found.items}
    usual = frozenset().union(*(pairs(work.text) for work in found.items)) if found.items else frozenset()
    for row, index in cells:
        text = row.cells[index]
        match = DUTY.match(text)
        no = int(match[1]) if match else None
        if is_noise(text) or chinese(text) < 1:
            report.drop("no_words", *row.sources[index])
        elif match and no in wanted and _better(found.duty_texts.get(no), text[match.end() :], familiar):
            last = no
            found.duty_texts[no] = text[match.end() :]
            report.claim(*row.sources[index])
        elif last is not None and not match and _is_rest(found.duty_texts[last], text, usual):
            found.duty_texts[last] += text
            report.claim(*row.sources[index])
        else:
            report.drop("ghost", *row.sources[index])
    for no, text in found.duty_texts.items():
        found.duty_tags[no] = [tag for match in TAG.finditer(text) for tag in _functions(match["tag"])]
        tidy = TAG.sub(lambda match: "" if _functions(match["tag"]) else match[0], text)
        found.duty_texts[no] = close_gaps(tidy).rstrip(" ;；。.,，")


def _better(before: str | None, text: str, familiar: Familiarity) -> bool:
    """The first text of a duty, or one more legible than a ghost read before it."""
    return before is None or familiar.of(text) > familiar.of(before) + LEGIBLE


def _functions(tag: str) -> list[str]:
    parts = [part for part in re.split(r"[、，,]", tag) if part]
    return parts if all(part in FUNCTIONS for part in parts) else []


def _is_rest(before: str, text: str, usual: frozenset[str]) -> bool:
    """Does this piece go on with the duty text: closes its bracket, or is made of words that the table uses?"""
    if any(before.count(left) > before.count(right) for left, right in ("()", "（）")):
        return True
    if before.rstrip().endswith((";", "；", "。")) and "(" not in text:
        return False
    mine = pairs(text)
    return len(mine & usual) >= REST * len(mine)
