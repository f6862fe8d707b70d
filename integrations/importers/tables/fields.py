"""What a table's columns may mean (字段): the caller's fields, and those of the two catalogue families."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One field (字段): code, Chinese title, other words used for it in headers, kind of value, whether it is needed.

    ``kind`` is text, number, whole, percent, date or yes_no.  ``down``: an empty cell repeats the one above, as long as
    the field named by ``under`` is the same.  ``captioned``: the heading above the table may name it instead.
    """

    code: str
    title: str
    words: tuple[str, ...] = ()
    kind: str = "text"
    required: bool = False
    down: bool = False
    under: str | None = None
    captioned: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every word of a header that means this field."""
        return (self.title, *self.words)


Fields = Sequence[Field]

DUTY_FIELDS: Fields = (
    Field("department", "部门", ("部门名称", "职能部门", "处室", "责任部门", "单位"), down=True, captioned=True),
    Field("scope", "范围", ("职责类别", "系统内外"), down=True, under="department"),
    Field("duty", "职责", ("部门职责", "工作职责", "岗位职责", "主要职责", "职能"), down=True, under="department"),
    Field("work", "工作", ("具体工作", "工作事项", "工作内容", "工作任务", "主要工作", "具体化的工作", "事项", "工作项目", "任务"), required=True, down=True, under="duty"),
    Field("post", "岗位", ("岗位名称", "承担岗位", "责任岗位", "责任人", "经办人", "办理人员", "承办人"), down=True, under="department"),
    Field("section", "科室", ("科室名称", "责任科室", "内设机构"), down=True, under="department"),
    Field("standard", "标准", ("工作标准", "质量标准", "考核标准", "完成标准", "工作要求", "标准要求", "完成要求")),
    Field("time", "时间", ("完成时间", "时间节点", "时间要求", "完成时限", "起止时间", "办理时限", "何时完成", "期限")),
)  # fmt: skip

PROCEDURE_FIELDS: Fields = (
    Field("chapter", "类别", ("章", "工作类别", "模块", "板块"), down=True),
    Field("no", "序号", ("编号", "项目编号"), down=True, under="chapter"),
    Field("title", "项目", ("工作项目", "流程名称", "工作名称", "事项名称"), required=True, down=True, under="no", captioned=True),
    Field("time", "时间", ("工作时间", "完成时间", "时间安排", "时间节点", "完成时限", "时间要求", "办理时限"), down=True, under="title"),
    Field("content", "工作内容", ("内容", "主要内容", "任务")),
    Field("step", "步骤", ("工作步骤", "流程", "工作流程", "流程步骤", "办理步骤", "环节", "工作环节", "程序", "工作程序")),
    Field("actor", "承担者", ("执行者", "责任人", "责任部门", "责任单位", "办理部门", "承办部门", "承办单位", "责任主体", "负责人", "负责部门")),
    Field("standard", "标准", ("工作标准", "质量标准", "要求", "工作要求")),
)  # fmt: skip
