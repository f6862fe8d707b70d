"""One door for both families (对照): figures, summary lines."""

from typing import Any

from integrations.importers.comparing.catalogue import compare_catalogue
from integrations.importers.comparing.figures import Figures
from integrations.importers.comparing.handbook import compare_handbook

CHINESE = {
    "duties": "职责", "work_items": "工作", "work_posts": "工作的岗位", "work_sections": "工作的科室", "entries": "标准表条目",
    "entry_posts": "条目的岗位", "entry_sections": "条目的科室", "links": "两表对应", "standard_starts": "标准起句",
    "standard_entries": "标准归属", "standard_texts": "标准全文", "items": "事项", "projects": "项目名称", "times": "时间原文",
    "work_content": "工作内容", "steps": "步骤", "actors": "责任主体", "hand_overs": "交接", "chains": "流程与次序",
    "standards": "标准", "schedules": "日程",
}  # fmt: skip


def compare(reading: dict[str, Any], gold: dict[str, Any]) -> tuple[Figures, dict[str, Any]]:
    """Figures per kind of record and what else was counted; ValueError when the two are of different families."""
    if "departments" in gold and "departments" in reading:
        return compare_catalogue(reading, gold)
    if "chapters" in gold and "chapters" in reading:
        return compare_handbook(reading, gold)
    raise ValueError("the reading and the hand-made reading are of different families")


def table(figures: Figures, more: dict[str, Any]) -> str:
    """A line per kind: precision, recall, counts."""
    lines = [f"{'':<14}  查准率   查全率     对 / 读出 / 应有"]
    for name, figure in figures.items():
        if figure.found or figure.expected:
            counts = f"{figure.right:g} / {figure.found:g} / {figure.expected:g}"
            lines.append(
                f"{_wide(CHINESE[name], 14)}  {_share(figure.precision)}  {_share(figure.recall)}   {counts}"
            )
    if "wrong_links_without_warning" in more:
        lines.append(
            f"没有提示的错误对应：{more['wrong_links_without_warning']:.2%}  {more['link_outcomes']}"
        )
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "   –  " if value is None else f"{value:7.2%}"


def _wide(text: str, width: int) -> str:
    return text + " " * max(0, width - 2 * len(text))
