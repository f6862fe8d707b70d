"""A small catalogue: two departments with posts and standards, three procedures with times, three findings."""

from datetime import date
from typing import Any

from catalog.models import CatalogueVersion
from catalog.services.catalogue import catalogue_make_effective, catalogue_store
from tenants.organisation.services.calendar import academic_year_create, term_set
from tenants.registry.context import tenant_context


def _work(
    no: str, text: str, post: str, section: str, also: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    return {"no": no, "text": text, "post": post, "section": section, "also": also or []}


READING: dict[str, Any] = {
    "departments": [
        {
            "name": "教务处",
            "aliases": ["教学工作部"],
            "duties": [
                {
                    "no": "1",
                    "text": "负责学籍管理",
                    "scope": "系统内",
                    "work_items": [
                        _work("1.1", "新生学籍注册", "学籍管理岗", "学籍科", [{"section": "信息科", "post": "数据岗"}]),
                        _work("1.2", "学籍异动办理", "学籍管理岗", "学籍科"),
                    ],
                },
                {"no": "2", "text": "协助征兵", "scope": "系统外", "work_items": []},
            ],
            "standards": [
                {
                    "work_no": "1.1",
                    "matches_work_no": "1.1",
                    "standards": [
                        {"no": "1.1.1", "text": "每年9月25日前办完注册，差错为零", "place": {"table": 3, "row": 7}},
                        {"no": "1.1.1", "intended_no": "1.1.2", "text": "材料归档及时规范", "line": 8},
                    ],
                }
            ],
        },
        {"name": "质量管理办公室", "duties": [], "standards": []},
    ],
    "chapters": [
        {
            "no": "1",
            "title": "教学运行",
            "items": [
                {
                    "no": "1.1",
                    "title": "期末考试",
                    "time_text": "每学期第18-19周",
                    "schedule": [{"kind": "term_week", "text": "第18-19周", "weeks": [18, 19], "terms": "every"}],
                    "work_content": ["命题", "监考"],
                    "duties": {"教务处": ["编排考场"], "系部": ["监考"]},
                    "workflow": [
                        {"no": 1, "step": "编排考场", "actors": ["教务处"], "actor_text": "教务处"},
                        {"no": 2, "step": "考前3天张贴考场安排", "actors": ["系部"], "actor_text": "系部"},
                        {"no": 3, "step": "汇总缺考名单", "actors": ["教务处"], "actor_text": None},
                    ],
                    "standards": ["考务差错为零"],
                },
                {
                    "no": "1.2",
                    "title": "年报编制",
                    "time_text": "11月-12月",
                    "schedule": [{"kind": "yearly_window", "text": "11月-12月", "start": "11-01", "end": "12-31"}],
                    "work_content": [],
                    "duties": {},
                    "workflow": [{"no": 1, "step": "收集数据", "actors": ["质量办"], "actor_text": "质量办"}],
                    "standards": [],
                },
                {
                    "no": "1.10",
                    "title": "技能大赛",
                    "time_text": "以通知为准",
                    "schedule": [{"kind": "by_notice", "text": "以通知为准", "questions": ["notice"]}],
                    "work_content": [],
                    "duties": {},
                    "workflow": [],
                    "standards": [],
                },
            ],
        }
    ],
    "warnings": [
        {"code": "post_filled", "message": "岗位按相邻行补全", "place": {"table": 5, "row": 1}, "raw": "1.1 新生", "proposal": "学籍管理岗", "about": "1.1"},
        {"code": "post_filled", "message": "岗位按相邻行补全", "place": {"table": 5, "row": 2}, "raw": "1.2 异动", "proposal": "学籍管理岗", "about": "1.2"},
        {"code": "gap", "message": "缺编号，请核对原文", "place": {"table": 6, "row": 9}, "raw": "", "proposal": None, "about": "1.3"},
    ],
}  # fmt: skip


def small_catalogue(tenant: Any, *, effective: bool = True) -> CatalogueVersion:
    """Store it, with the school year 2026-2027, and make it effective."""
    with tenant_context(tenant):
        version = catalogue_store(
            reading=READING,
            title="职责与流程",
            source_name="手册.docx",
            source_digest="0" * 64,
            acting_user=None,
        )
        if effective:
            catalogue_make_effective(
                version=version, approved_by="校长办公会", effective_from=date(2026, 9, 1), acting_user=None
            )
    return version


def school_year(tenant: Any) -> None:
    """Terms of 2026-2027: 20 weeks from 31 August, 20 weeks from 1 March."""
    with tenant_context(tenant):
        year = academic_year_create(start_year=2026, acting_user=None)
        term_set(year=year, number=1, first_monday=date(2026, 8, 31), weeks=20, acting_user=None)
        term_set(year=year, number=2, first_monday=date(2027, 3, 1), weeks=20, acting_user=None)
