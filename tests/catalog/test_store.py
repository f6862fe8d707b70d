"""Storing a reading as a catalogue version, and finding who is responsible."""

from datetime import date
from typing import Any

import pytest

from catalog.models import CatalogueState, CatalogueVersion, Standard, Step
from catalog.selectors.catalogue import departments, effective_version, procedure_for, search
from catalog.services.catalogue import catalogue_make_effective, catalogue_store
from zhiheng.kernel.errors import Problem

pytestmark = pytest.mark.usefixtures("in_college")

READING: dict[str, Any] = {
    "departments": [
        {
            "name": "教学工作部",
            "aliases": ["教务处"],
            "duties": [
                {
                    "no": "1",
                    "text": "负责学籍管理",
                    "scope": "系统内",
                    "work_items": [
                        {"no": "1.1", "text": "新生学籍注册", "post": "学籍管理岗", "section": "教学运行科"},
                        {"no": "1.2", "text": "学籍异动", "post": "学籍管理岗", "section": "教学运行科"},
                    ],
                },
                {"no": "2", "text": "其他交办事项", "scope": "系统外", "work_items": []},
            ],
            "standards": [
                {
                    "work_no": "1.1",
                    "matches_work_no": "1.1",
                    "standards": [
                        {
                            "no": "1.1.1",
                            "text": "九月底前完成注册，差错为零",
                            "line": 7,
                            "sub_items": ["核对名单"],
                        },
                        {"no": "1.1.1", "intended_no": "1.1.2", "text": "材料归档", "line": 8},
                    ],
                },
                {
                    "work_no": "9.9",
                    "work_text": "表中没有的工作",
                    "post": "综合岗",
                    "standards": [{"no": "9.9.1", "text": "按时"}],
                },
            ],
        }
    ],
    "chapters": [
        {
            "no": "2",
            "title": "实践教学",
            "items": [
                {
                    "no": "2.10",
                    "title": "实训室日常管理",
                    "time_text": "每4周一次",
                    "schedule": [{"kind": "interval", "every_weeks": 4}],
                    "work_content": ["检查", "维修"],
                    "duties": {"教务处": ["抽查"], "系部": ["自查", "报修"]},
                    "workflow": [
                        {"no": 1, "step": "自查设备", "actors": ["系部"], "actor_text": "系部"},
                        {"no": 2, "step": "汇总", "actors": ["教务处"], "actor_text": None},
                    ],
                    "standards": ["完好率达到九成"],
                }
            ],
        }
    ],
    "warnings": [{"code": "actor.inferred", "place": "2.10第2步", "raw": "汇总", "proposal": "教务处"}],
}


def _store() -> CatalogueVersion:
    return catalogue_store(reading=READING, title="职责目录", source_name="a.docx", acting_user=None)


def test_everything_of_the_reading_is_stored() -> None:
    version = _store()
    row = departments(version).get()
    assert (row.duty_count, row.work_count, row.standard_count) == (2, 3, 3)
    assert Standard.objects.filter(parent__no="1.1.1").get().text == "核对名单"
    twins = Standard.objects.filter(printed_no="1.1.1").order_by("order").values_list("no", flat=True)
    assert list(twins) == ["1.1.1", "1.1.2"]
    procedure = procedure_for(procedure_id=version.procedures.get().pk)
    assert procedure.no == "2.10"
    assert [d.party for d in procedure.party_duties.all()] == ["教务处", "系部", "系部"]
    assert list(Step.objects.values_list("inferred", flat=True)) == [False, True]
    assert version.findings.get().proposal == "教务处"


def test_the_work_that_only_the_standards_name_keeps_its_post() -> None:
    version = _store()
    item = version.departments.get().work_items.get(no="9.9")
    assert (item.duty, item.assignments.get().post_name) == (None, "综合岗")


def test_a_reading_without_records_is_refused_and_nothing_stays() -> None:
    with pytest.raises(Problem, match="没有读到职责或流程"):
        catalogue_store(reading={"warnings": []}, title="空", acting_user=None)
    assert not CatalogueVersion.objects.exists()


def test_only_one_version_is_effective() -> None:
    first, second = _store(), _store()
    for version in (first, second):
        catalogue_make_effective(
            version=version, approved_by="校长办公会", effective_from=date(2026, 1, 1), acting_user=None
        )
    first.refresh_from_db()
    assert first.state == CatalogueState.SUPERSEDED
    assert effective_version() == second
    with pytest.raises(Problem, match="不能生效"):
        catalogue_make_effective(
            version=first, approved_by="校长", effective_from=date(2026, 1, 1), acting_user=None
        )


def test_search_names_post_and_department() -> None:
    _store()
    found = search("学籍 注册")
    assert [str(item) for item in found.work_items] == ["1.1 新生学籍注册"]
    assert found.work_items[0].assignments.all()[0].post_name == "学籍管理岗"
    assert search("维修").count == 0
    assert search("  ").count == 0
    assert search("抽查").party_duties[0].procedure.title == "实训室日常管理"
