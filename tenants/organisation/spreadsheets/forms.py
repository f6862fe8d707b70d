"""Sheets and columns of the organisation workbook (工作表与列)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tenants.organisation.spreadsheets import cells
from tenants.organisation.spreadsheets.cells import Parser


@dataclass(frozen=True)
class Column:
    """One column (列): its heading, the field it fills, how a cell is read, and a hint for people."""

    title: str
    name: str
    parse: Parser
    required: bool = False
    default: Any = None
    hint: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    width: int = 14


@dataclass(frozen=True)
class Form:
    """One sheet (工作表): what its rows are, and the columns that make a row unique."""

    key: str
    title: str
    columns: tuple[Column, ...]
    unique: tuple[str, ...]
    hint: str

    def column(self, name: str) -> Column:
        """The column that fills a field."""
        return next(c for c in self.columns if c.name == name)


UNIT_KINDS = {
    "学校": "college", "职能部门": "functional", "党群部门": "party", "教学单位": "teaching", "二级学院": "secondary",
    "科研机构": "institute", "教辅单位": "support", "附属单位": "affiliated", "其他": "other",
}  # fmt: skip
POST_CATEGORIES = {"管理岗位": "management", "专业技术岗位": "professional", "工勤技能岗位": "worker"}
GENDERS = {"男": "male", "女": "female"}
YES_NO = {"是": True, "否": False}
PARTICIPATION = {"参评": "assessed", "另行考核": "separate", "不参评": "exempt"}
_START = "空着就是导入时选的生效日期。"


def _pick(title: str, name: str, options: Mapping[str, Any], **more: Any) -> Column:
    hint = f"可选：{'、'.join(options)}。"
    return Column(title, name, cells.choice(options), options=options, hint=hint, **more)


def _code(
    title: str, name: str, hint: str = "", *, required: bool = True, aliases: tuple[str, ...] = ()
) -> Column:
    return Column(title, name, cells.code, required=required, hint=hint, aliases=aliases, default="")


def _start(title: str = "起始日期") -> Column:
    return Column(title, "valid_from", cells.day, hint=_START)


UNITS = Form(
    "units",
    "单位",
    (
        _code(
            "单位代码",
            "code",
            "全校唯一，定了不再变；改名也不换代码。",
            aliases=("代码", "部门代码", "机构代码"),
        ),
        Column("名称", "name", cells.text(120), True, aliases=("单位名称", "部门名称", "机构名称"), width=24),
        Column("简称", "short_name", cells.text(60), default=""),
        _pick("类别", "kind", UNIT_KINDS, required=True, aliases=("单位类别", "部门类别")),
        _code(
            "上级单位代码", "parent", "最上一级空着。", required=False, aliases=("上级代码", "上级部门代码")
        ),
        Column(
            "挂牌",
            "signboards",
            cells.names(120),
            default=(),
            hint="对外另挂的牌子，多个用顿号分开。",
            width=24,
        ),
        Column(
            "别名", "aliases", cells.names(120), default=(), hint="便于查找的叫法，多个用顿号分开。", width=20
        ),
        Column(
            "曾用名", "former", cells.names(120), default=(), hint="以前的名称，多个用顿号分开。", width=20
        ),
        _start(),
    ),
    ("code",),
    "学校的各级机构，一行一个。撤并请在页面上办理，不在这里删行。",
)
CLUSTERS = Form(
    "clusters",
    "合署",
    (
        _code("合署代码", "code"),
        Column("名称", "name", cells.text(200), True, width=24),
        _code("牵头单位代码", "lead"),
        Column("成员单位代码", "members", cells.codes, True, hint="不含牵头单位，多个用顿号分开。", width=24),
        _start(),
    ),
    ("code",),
    "合署办公的机构：各有名称，一起工作、一起考核。",
)
SECTIONS = Form(
    "sections",
    "科室",
    (
        _code("科室代码", "code", "全校唯一。"),
        Column("名称", "name", cells.text(120), True, aliases=("科室名称", "科室"), width=20),
        _code("单位代码", "unit", "要在“单位”表里或系统里已有。", aliases=("部门代码",)),
        _start(),
    ),
    ("code",),
    "机构里的科室。没有科室的学校可以不填。",
)
POSTS = Form(
    "posts",
    "岗位",
    (
        _code("岗位代码", "code", "全校唯一。"),
        Column("名称", "name", cells.text(120), True, aliases=("岗位名称", "岗位"), width=20),
        _code("单位代码", "unit", aliases=("部门代码",)),
        _code("科室代码", "section", required=False),
        _pick("岗位类别", "category", POST_CATEGORIES, default=""),
        _pick("负责人岗", "is_head", YES_NO, default=False),
        Column("职数", "seats", cells.whole(0, 9999), default=1, hint="编制内可容几人，空着算1。"),
        _start(),
    ),
    ("code",),
    "岗位与职数。",
)
PEOPLE = Form(
    "people",
    "人员",
    (
        _code("工号", "staff_number", aliases=("职工号", "教工号")),
        Column("姓名", "name", cells.text(60), True),
        _pick("性别", "gender", GENDERS, default=""),
        _start("到校日期"),
        Column("离校日期", "valid_to", cells.day, hint="最后一个工作日；在职空着。"),
    ),
    ("staff_number",),
    "在校工作的人。",
)
HOLDINGS = Form(
    "holdings",
    "任职",
    (
        _code("工号", "staff_number", aliases=("职工号", "教工号")),
        _code("岗位代码", "post"),
        Column("占比", "share", cells.share, hint="占全部工作的比例，如0.5；空着算1。"),
        _start("任职起"),
        Column("任职止", "valid_to", cells.day, hint="最后一天；仍在任空着。"),
    ),
    ("staff_number", "post"),
    "谁在哪个岗位，一人可有多行。",
)
ASSESSED = Form(
    "assessed",
    "被考核单位",
    (
        _code("考核代码", "code"),
        Column("名称", "name", cells.text(120), True, width=24),
        Column("简称", "short_name", cells.text(60), default=""),
        _code("单位类型", "unit_type", "考核方案里的类型代码，如 SC、DEP。"),
        Column("排名组", "group", cells.text(40), True, hint="一起排名的一组，如 院部、部门。"),
        _pick("参评方式", "participation", PARTICIPATION, default="assessed"),
        Column("单位代码", "units", cells.codes, default=(), hint="组成它的机构，多个用顿号分开。", width=24),
        Column("合署代码", "clusters", cells.codes, default=()),
        Column("次序", "position", cells.whole(0, 9999), default=0),
        Column("属性", "attributes", cells.attributes, default={}, hint="如 branch_type=总支。", width=24),
        _start(),
    ),
    ("code",),
    "考核时算作一个的单位：通常是一个机构，合署的算一个。",
)
FORMS: tuple[Form, ...] = (UNITS, CLUSTERS, SECTIONS, POSTS, PEOPLE, HOLDINGS, ASSESSED)
