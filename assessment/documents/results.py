"""The result of a year and the explanation of one unit as .docx: data in, bytes out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessment.documents.paper import Paper

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class RankingTable:
    """One group: rows of (rank, unit, points, grade, change), and what has to be said below."""

    title: str
    rows: Sequence[tuple[str, str, str, str, str]]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class ResultPaper:
    """Everything the paper of a year's result says; all figures are texts already."""

    title: str
    college: str
    state: str
    basis: str
    office: str
    day: str
    fingerprint: str
    groups: Sequence[RankingTable]


def result_docx(paper: ResultPaper) -> bytes:
    """The year's result: one table per group, notes on quotas and ties, office and date."""
    made = Paper(paper.title, paper.state)
    made.text(paper.basis)
    for place, group in enumerate(paper.groups):
        made.heading(f"{_numeral(place)}、{group.title}（{len(group.rows)}家）")
        made.table(
            ["名次", "单位", "得分", "等次", "比上年"],
            group.rows,
            widths=[1.6, 6.2, 2.6, 2.6, 2.6],
            right=[0, 2],
        )
        for note in group.notes:
            made.note(note)
    made.note(f"指纹：{paper.fingerprint}。用同一方案和数据可以原样复算。")
    made.signature(paper.college, paper.office, paper.day)
    return made.content()


@dataclass(frozen=True)
class UnitPaper:
    """Explanation of one unit: facts of the head, and the stored explanation document."""

    title: str
    summary: str
    college: str
    office: str
    day: str
    fingerprint: str
    document: Mapping[str, Any]
    history: Sequence[tuple[str, str, str, str]] = ()


def unit_docx(paper: UnitPaper) -> bytes:
    """One unit's explanation: summary, every component with formula and clause, outcomes, results of earlier years."""
    made = Paper(paper.title)
    made.text(paper.summary)
    made.heading("一、各项得分")
    made.table(
        ["指标", "得分", "满分", "怎么算的", "条款"],
        list(_lines(paper.document["tree"], 0)),
        widths=[4.6, 1.7, 1.5, 5.3, 2.5],
        right=[1, 2],
    )
    made.heading("二、名次、等次和结果运用")
    made.table(
        ["事项", "结果", "说明", "条款"],
        [_outcome(one) for one in paper.document.get("outcomes", ())],
        widths=[4, 3, 6, 2.6],
    )
    if paper.history:
        made.heading("三、历年结果")
        made.table(["年度", "得分", "名次", "等次"], paper.history, widths=[3.6] * 4, right=[1, 2])
    made.note(f"指纹：{paper.fingerprint}。对得分有异议，请在公示期内向{paper.office}提出。")
    made.signature(paper.college, paper.day)
    return made.content()


def _lines(node: Mapping[str, Any], level: int) -> Iterator[tuple[str, str, str, str, str]]:
    if node.get("state") == "NOT_APPLICABLE" and str(node.get("applicable")) in {"0", ""}:
        return
    title = "　" * max(0, level - 1) + str(node.get("title", ""))
    full = str(node.get("applicable") or node.get("full") or "—")
    formula = str(node.get("formula", "")).replace(" ", "")
    yield title, str(node.get("points", "")), full, formula, str(node.get("clause", ""))
    for child in node.get("children", ()):
        yield from _lines(child, level + 1)


def _outcome(node: Mapping[str, Any]) -> tuple[str, str, str, str]:
    lines = [text for text in map(str, node.get("lines", ())) if text not in {"触发", "未触发"}]
    return str(node["title"]), str(node["points"]), "；".join(lines), str(node.get("clause", ""))


def _numeral(place: int) -> str:
    return NUMERALS[place] if place < len(NUMERALS) else str(place + 1)
