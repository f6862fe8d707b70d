"""Who may do what (角色与权限): the one table, readable from top to bottom.

A role is granted to a user for a time and, if wanted, for one unit.  Code asks ``user.can("unit.edit")``; it never asks
for a role.  A new permission is one line in PERMISSIONS and a place in ROLE_PERMISSIONS; a test compares both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

COLLEGE, PROVINCE, PUBLIC = "college", "province", "public"


@dataclass(frozen=True)
class Role:
    """A role (角色) and its Chinese title in each kind of tenant that has it."""

    code: str
    titles: Mapping[str, str]
    per_unit: bool = False
    """True when a grant of this role normally names a unit."""

    def title(self, kind: str = COLLEGE) -> str:
        """Chinese title in a tenant of that kind; the first title when the kind does not have the role."""
        return self.titles.get(kind) or next(iter(self.titles.values()))


ROLES: Mapping[str, Role] = MappingProxyType(
    {
        role.code: role
        for role in (
            Role("admin", {COLLEGE: "学校管理员", PROVINCE: "平台管理员"}),
            Role("quality", {COLLEGE: "质量办"}),
            Role("assessor", {COLLEGE: "考核部门"}, per_unit=True),
            Role("head", {COLLEGE: "部门负责人"}, per_unit=True),
            Role("leader", {COLLEGE: "校领导"}),
            Role("staff", {COLLEGE: "教职工"}),
            Role("supervisor", {COLLEGE: "督导"}),
            Role("officer", {PROVINCE: "省级用户"}),
            Role("operator", {PUBLIC: "平台运营"}),
        )
    }
)

PERMISSIONS: Mapping[str, str] = MappingProxyType(
    {
        # organisation
        "unit.view": "查看组织机构",
        "unit.edit": "调整组织机构",
        "person.view": "查看人员与任职",
        "person.edit": "维护人员与任职",
        "calendar.view": "查看校历",
        "calendar.edit": "维护校历",
        # accounts
        "user.view": "查看账号",
        "user.edit": "管理账号与角色",
        "token.edit": "管理接口令牌",
        "audit.view": "查看审计记录",
        "job.view": "查看后台任务",
        # duty catalogue
        "catalog.view": "查看职责目录",
        "catalog.edit": "编辑职责目录",
        "catalog.import": "导入职责目录",
        "catalog.approve": "审定职责目录",
        "task.view": "查看工作任务",
        "task.complete": "办理工作任务",
        # schemes and the assessment year
        "scheme.view": "查看考核方案",
        "scheme.edit": "编辑考核方案",
        "scheme.publish": "发布考核方案",
        "cycle.view": "查看考核进度",
        "cycle.run": "组织考核年度",
        "fact.view": "查看考核数据",
        "fact.enter": "填报考核数据",
        "fact.import": "导入考核数据",
        "fact.approve": "审核考核数据",
        "report.submit": "提交本部门自评",
        "evidence.view": "查看佐证材料",
        "evidence.add": "上传佐证材料",
        "rating.enter": "评分",
        "ballot.manage": "组织测评",
        "ballot.cast": "参加测评",
        "bulletin.view": "查看通报",
        "bulletin.edit": "起草通报",
        "bulletin.publish": "发布通报",
        "rectification.submit": "提交整改",
        "run.start": "计分",
        "result.view": "查看全部结果",
        "result.view_own": "查看本部门结果",
        "result.review": "复核结果",
        "result.decide": "审定等次",
        "result.seal": "封存与公布结果",
        "case.open": "提出申请与异议",
        "case.decide": "裁决申请与异议",
        # quality office
        "standard.edit": "维护标准",
        "survey.manage": "组织调查",
        "supervision.plan": "安排督导",
        "supervision.visit": "填写督导记录",
        "incident.view": "查看教学事故",
        "incident.edit": "登记教学事故",
        # across colleges
        "benchmark.view": "查看对标分析",
        "benchmark.release": "发布指标",
        "library.view": "查看模板库",
        "library.adopt": "采用模板",
        "library.edit": "维护模板库",
        "provincial.view": "查看全省情况",
        "provincial.report": "生成省级报告",
        "provincial.manage": "组织省级报送",
        # the platform itself
        "tenant.view": "查看学校清单",
        "tenant.create": "开通学校",
        "system.view": "查看系统健康",
    }
)

_READ_COLLEGE = {
    "unit.view", "person.view", "calendar.view", "catalog.view", "task.view", "task.complete", "cycle.view",
    "scheme.view", "bulletin.view", "ballot.cast", "library.view",
}  # fmt: skip

ROLE_PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "admin": frozenset(
            _READ_COLLEGE
            | {
                "unit.edit", "person.edit", "calendar.edit", "user.view", "user.edit", "token.edit", "audit.view",
                "job.view", "catalog.edit", "catalog.import", "scheme.edit", "scheme.publish", "fact.view", "fact.import",
                "library.adopt", "provincial.view", "provincial.report", "provincial.manage",
            }
        ),
        "quality": frozenset(
            _READ_COLLEGE
            | {
                "unit.edit", "calendar.edit", "user.view", "audit.view", "job.view", "catalog.edit", "catalog.import",
                "catalog.approve", "scheme.edit", "scheme.publish", "cycle.run", "fact.view", "fact.enter", "fact.import",
                "fact.approve", "evidence.view", "evidence.add", "ballot.manage", "bulletin.edit", "bulletin.publish",
                "run.start", "result.view", "result.view_own", "result.review", "result.seal", "case.open", "case.decide",
                "standard.edit", "survey.manage", "supervision.plan", "supervision.visit", "incident.view", "incident.edit",
                "benchmark.view", "benchmark.release", "library.adopt",
            }
        ),
        "assessor": frozenset(
            _READ_COLLEGE
            | {
                "fact.view", "fact.enter", "fact.import", "evidence.view", "evidence.add", "rating.enter", "bulletin.edit",
                "bulletin.publish", "job.view",
            }
        ),
        "head": frozenset(
            _READ_COLLEGE
            | {
                "catalog.edit", "fact.view", "report.submit", "evidence.view", "evidence.add", "result.view_own",
                "case.open", "rectification.submit", "job.view",
            }
        ),
        "leader": frozenset(
            _READ_COLLEGE
            | {
                "fact.view", "evidence.view", "rating.enter", "result.view", "result.view_own", "result.decide",
                "case.decide", "catalog.approve", "incident.view", "benchmark.view",
            }
        ),
        "staff": frozenset(_READ_COLLEGE),
        "supervisor": frozenset(_READ_COLLEGE | {"supervision.visit", "incident.view"}),
        "officer": frozenset({"provincial.view", "provincial.report", "provincial.manage", "library.view", "job.view"}),
        "operator": frozenset(
            {"tenant.view", "tenant.create", "system.view", "library.view", "library.edit", "user.view", "user.edit",
             "audit.view", "job.view"}
        ),
    }
)  # fmt: skip


def roles_for(kind: str) -> list[Role]:
    """Roles that a tenant of that kind has, in the order of the table."""
    return [role for role in ROLES.values() if kind in role.titles]


def permissions_of(roles: set[str]) -> frozenset[str]:
    """Union of the permissions of these role codes."""
    return frozenset().union(*(ROLE_PERMISSIONS[code] for code in roles))
