"""Column labels of procedure sheets (栏目), whatever their spacing and wording."""

import re
from dataclasses import dataclass

from integrations.importers.folding import squeeze

PROJECT, TIME, CONTENT, DUTY, FLOW, STANDARD, OTHER = (
    "project",
    "time",
    "content",
    "duty",
    "flow",
    "standard",
    "other",
)

FIXED = {
    PROJECT: ("项目", "项目名称", "工作项目", "事项", "工作事项", "事项名称", "工作名称"),
    TIME: ("时间", "工作时间", "时间安排", "时间节点", "完成时间", "办理时间", "时间要求", "时限"),
    CONTENT: ("工作内容", "内容", "主要内容", "主要工作内容", "工作任务", "主要任务"),
    FLOW: ("工作流程", "流程", "办理流程", "工作程序", "工作流程图", "操作流程"),
    STANDARD: ("工作标准", "标准", "质量标准", "工作要求", "标准要求", "质量要求", "工作标准及要求"),
    OTHER: ("备注", "说明", "责任人", "责任部门", "负责人", "依据", "政策依据", "表单", "附件", "序号"),
}
BY_TEXT = {text: kind for kind, texts in FIXED.items() for text in texts}
PARTY = re.compile(
    r"^(?P<party>[\u4e00-\u9fff（）()、/]{2,16}?)(?:的)?(?:工作|主要)?(?:职责|职责分工|任务分工)$"
)
SHARED = re.compile(
    r"^(?:(?:责任|承办|主办|相关|各|参与)?(?:部门|单位)(?:及|与|和)(?:其)?(?:工作)?(?:职责|分工|任务)|(?:各|相关|有关|责任)(?:部门|单位|方)(?:工作)?(?:职责|分工)"
    r"|(?:职责|任务|工作)分工)$"
)
NOT_PARTIES = {"部门", "岗位", "工作", "主要", "具体", "各部门", "相关"}


@dataclass(frozen=True)
class Label:
    """What a column holds; ``party`` is the unit whose duties it lists (empty: of several), ``text`` the label as printed."""

    kind: str
    text: str
    party: str = ""


def label_of(text: str) -> Label | None:
    """The label that this cell text is, or None."""
    bare = squeeze(text).rstrip(":：")
    if kind := BY_TEXT.get(bare):
        return Label(kind, bare)
    if SHARED.match(bare):
        return Label(DUTY, bare)
    match = PARTY.match(bare)
    if match and match["party"] not in NOT_PARTIES:
        return Label(DUTY, bare, match["party"])
    return None
