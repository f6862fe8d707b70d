"""Doubts about texts that are read (存疑): figures that recognition may have changed, sentences cut short, second names.

Thresholds feed the assessment, so a figure in doubt is always shown (catalogue.md A 2.2 28, 2.4 37, 2.5 46-47).
"""

import re

from integrations.importers.duties.blocks import Standard
from integrations.importers.duties.cutting import Department
from integrations.importers.duties.entries import Entry
from integrations.importers.duties.pieces import CLOSED
from integrations.importers.findings import Report
from integrations.importers.folding import squeeze

FIGURES = (
    (re.compile(r"100\s*准确|准确率?\s*100(?!\s*[%％\d])"), "“100”后面可能缺“%”"),
    (re.compile(r"[>＞]\s*\d"), "“>”可能是“≥”"),
    (re.compile(r"不\s*\d+\s*[-—]\s*\d+\s*[名人次个]"), "“不”后面可能缺“少于”"),
    (
        re.compile(
            r"(?:满意|准确|完成|反馈|覆盖|到位|执行|参与|正确)[率度]\s*(?:为|达|达到)?\s*(?:[1-9]|1\d)\s*[%％](?!\d)"
        ),
        "百分数偏低，可能少了一位",
    ),
    (re.compile(r"月月|日日|内日|的的日"), "时间写法可疑"),
)
FINISHED = re.compile(r"[)）%％\d”\"》]$")


def tell_doubts(
    department: Department, entries: list[Entry], captions: dict[str, str], report: Report
) -> None:
    """Adds the warnings."""
    for entry in entries:
        for standard in entry.standards:
            _figures(standard, report)
            _unfinished(standard, report)
    _names(department, entries, captions, report)


def _figures(standard: Standard, report: Report) -> None:
    for pattern, question in FIGURES:
        if match := pattern.search(standard.text):
            standard.flags.append("figure_in_doubt")
            line = standard.fragment.line
            report.warn("figure_in_doubt", f"{question}，请对照原件", line, match[0], about=standard.intended)


def _unfinished(standard: Standard, report: Report) -> None:
    text = standard.text.strip()
    if not CLOSED.search(text) and not FINISHED.search(text) and not _titles_sub_items(text):
        standard.flags.append("unfinished")
        line = standard.fragment.line
        report.warn(
            "text_unfinished",
            "句末没有标点，可能被截断，请对照原件",
            line,
            text[-20:],
            about=standard.intended,
        )


def _titles_sub_items(text: str) -> bool:
    return len(text) <= 24 and not re.search(r"[,，;；、]", text)


def _names(department: Department, entries: list[Entry], captions: dict[str, str], report: Report) -> None:
    """Second names of the department and of its sections, once each."""
    names = dict.fromkeys(squeeze(name) for name in department.names)
    first = department.sheets[0].first
    if len(names) > 1 and first is not None and first.lines():
        report.warn(
            "department_alias", "部门有不止一种写法，请确认是同一部门", first.lines()[0], "、".join(names)
        )
    told = set()
    for entry in entries:
        caption = entry.section_caption or ""
        other = captions.get(caption, caption)
        if caption and other != squeeze(caption) and caption not in told:
            told.add(caption)
            line = entry.standards[0].fragment.line
            report.warn(
                "section_alias", "两张表的科室名称不同，按同一科室处理，请确认", line, f"{caption} = {other}"
            )
