"""Standards without numbers (无编号标准): numbered within their work item, so that every reading has the same shape."""

import re

from integrations.importers.duties.layout import Laid
from integrations.importers.duties.numbers import STANDARD, item_text, work_numbers
from integrations.importers.findings import Report

ORDINAL = re.compile(r"^\s*(?:[（(]?\d{1,2}\s*[.．、)）]\s*(?!\d)|[\u2460-\u2473]\s*)")
INNER = re.compile(r"(?<=[;；。])\s*(?=(?:[（(]\d{1,2}[)）]|\d{1,2}\s*[.．、](?!\d)|[\u2460-\u2473]))")


def number_standards(laid: list[Laid], report: Report) -> None:
    """Gives each paragraph or ordinal of the standards' column a number n.m.k when the whole table prints none."""
    if any(STANDARD.search(cell) for one in laid for cell in one.row.cells):
        return
    item: tuple[int, int] | None = None
    counts: dict[tuple[int, int], int] = {}
    for one in laid:
        numbers = [mark.item for index in one.works for mark in work_numbers(one.row.cells[index])]
        item = numbers[0] if numbers else item
        if item is None or one.standard is None or not one.row.cells[one.standard]:
            continue
        pieces = [piece for line in one.row.cells[one.standard].split("\n") for piece in _pieces(line)]
        numbered = []
        for break_before, piece in pieces:
            counts[item] = counts.get(item, 0) + 1
            numbered.append(f"{break_before}{item_text(item)}.{counts[item]} {piece}")
        one.row.cells[one.standard] = "".join(numbered).lstrip("\n")
        report.repair(
            "number_given", "标准没有编号，已按顺序编号", one.row.sources[one.standard][0], item_text(item)
        )


def _pieces(line: str) -> list[tuple[str, str]]:
    """(separator, text) of each standard on one line."""
    parts = [ORDINAL.sub("", part).strip() for part in INNER.split(line)]
    kept = [part for part in parts if part]
    return [("\n" if index == 0 else " ", part) for index, part in enumerate(kept)]
