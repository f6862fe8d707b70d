"""Pages of the catalogue: what they say, figures, files, findings, versions."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from catalog.models import (
    CatalogueState,
    CatalogueVersion,
    Department,
    Duty,
    Finding,
    Procedure,
    WorkAssignment,
)
from tenants.registry.context import tenant_context
from tests.web.catalogue_samples import school_year, small_catalogue

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Friday of the twelfth teaching week."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: date(2026, 11, 20))


@pytest.fixture
def catalogue(college_a: Any) -> CatalogueVersion:
    """The small catalogue in force, with a calendar."""
    school_year(college_a)
    return small_catalogue(college_a)


@pytest.fixture
def reader(catalogue: CatalogueVersion, college_a: Any, client_for: Any, person: Any) -> Client:
    """Somebody of the quality office."""
    client: Client = client_for(college_a, person(college_a, "quality"))
    return client


def _id(tenant: Any, model: Any, **by: Any) -> int:
    with tenant_context(tenant):
        return int(model.objects.filter(**by).first().pk)


def _sheet(client: Client, path: str) -> list[list[Any]]:
    book = load_workbook(BytesIO(client.get(path).content))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_empty_college_says_what_comes(college_a: Any, client_for: Any, person: Any) -> None:
    client = client_for(college_a, person(college_a, "quality"))
    for path in ("", "posts/", "standards/", "procedures/", "calendar/", "versions/"):
        text = client.get(f"/catalogue/{path}").content.decode()
        assert "还没有职责目录" in text, path
        assert "导入职责目录" in text, path
    assert (
        "导入职责目录</a>"
        not in client_for(college_a, person(college_a, "staff")).get("/catalogue/").content.decode()
    )


def test_overview_counts_and_names_gaps(reader: Client) -> None:
    text = reader.get("/catalogue/").content.decode()
    assert "2个部门，2项工作，2条标准，3项流程" in text
    assert "1条职责没有具体工作" in text
    assert "1项工作没有标准" in text
    assert "读文件时有3处拿不准" in text


def test_department_duty_and_post(reader: Client, college_a: Any) -> None:
    text = reader.get(f"/catalogue/departments/{_id(college_a, Department, name='教务处')}/").content.decode()
    assert text.index("新生学籍注册") < text.index("学籍异动办理")
    for expected in (
        "2条职责，2项具体工作",
        "学籍科 · 学籍管理岗",
        "信息科 · 数据岗",
        "2条标准",
        "没有标准",
        "系统外",
    ):
        assert expected in text
    duty = f"/catalogue/duties/{_id(college_a, Duty, no='1')}/"
    page = reader.get(duty).content.decode()
    for expected in ("每年9月25日前办完注册", "1.1.2", "原文编号1.1.1", "表3第7行"):
        assert expected in page
    fragment = reader.get(duty, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "材料归档及时规范" in fragment


def test_post_sheet_gathers_all_work_and_its_dates(reader: Client, college_a: Any) -> None:
    path = f"/catalogue/posts/{_id(college_a, WorkAssignment, post_name='学籍管理岗')}/"
    text = reader.get(path).content.decode()
    assert "学籍管理岗：2项工作，2条标准" in text
    assert "2027年9月25日" in text
    rows = _sheet(reader, f"{path}?format=xlsx")
    assert [row[0] for row in rows[1:]] == ["1.1", "1.1", "1.2"]
    assert rows[1][3] == "每年9月25日前办完注册，差错为零"


def test_standards_filter_by_what_can_be_measured(reader: Client) -> None:
    assert "共2条" in reader.get("/catalogue/standards/").content.decode()
    measured = reader.get("/catalogue/standards/?measured=yes").content.decode()
    assert "共1条" in measured
    assert "差错为零" in measured
    assert "材料归档及时规范" in reader.get("/catalogue/standards/?measured=no").content.decode()


def test_procedures_by_actor_month_and_chapter(reader: Client) -> None:
    text = reader.get("/catalogue/procedures/").content.decode()
    assert "3项工作流程，这个月有1项" in text
    assert text.index("年报编制") < text.index("技能大赛"), "1.2 comes before 1.10"
    assert "2026年12月28日" in text or "12月28日—2027年1月10日" in text
    by_actor = reader.get("/catalogue/procedures/?actor=系部").content.decode()
    assert "期末考试" in by_actor
    assert "年报编制</a>" not in by_actor
    assert "共2条" in reader.get("/catalogue/procedures/?month=12").content.decode()


def test_procedure_shows_steps_handovers_and_dates(reader: Client, college_a: Any) -> None:
    text = reader.get(f"/catalogue/procedures/{_id(college_a, Procedure, no='1.1')}/").content.decode()
    for expected in (
        "3步，2方参与",
        "交给系部",
        "交给教务处",
        "原文没写，按上下文推断",
        "考务差错为零",
        "手册.docx",
    ):
        assert expected in text
    assert "下一次：2026年12月28日—2027年1月10日，还有38天" in text
    waiting = reader.get(f"/catalogue/procedures/{_id(college_a, Procedure, no='1.10')}/").content.decode()
    assert "日期以通知为准" in waiting


def test_calendar_month_week_and_questions(reader: Client) -> None:
    month = reader.get("/catalogue/calendar/?month=2026-12").content.decode()
    assert "2026年12月有2项工作" in month
    assert "1处要先答复" in month
    assert "2026—2027学年，3次排上了日期，1处时间要先答复才能排。" in month
    week = reader.get("/catalogue/calendar/?week=2027-01-06").content.decode()
    assert "2026-2027学年第1学期第19周有1项工作" in week
    assert "没有排上日期的工作" in reader.get("/catalogue/calendar/?month=2027-08").content.decode()
    assert reader.get("/catalogue/calendar/?month=nonsense").status_code == 200


def test_calendar_file_has_whole_days(reader: Client) -> None:
    answer = reader.get("/catalogue/calendar.ics?month=2026-11")
    text = answer.content.decode().replace("\r\n ", "")
    assert answer["Content-Type"].startswith("text/calendar")
    assert text.count("BEGIN:VEVENT") == 3
    assert "DTSTART;VALUE=DATE:20261101\r\nDTEND;VALUE=DATE:20270101" in text
    assert "SUMMARY:期末考试" in text


def test_calendar_of_one_actor(reader: Client) -> None:
    text = reader.get("/catalogue/calendar/?month=2026-12&actor=系部").content.decode()
    assert "2026年12月有1项工作" in text


def test_files_of_a_version(reader: Client, catalogue: CatalogueVersion) -> None:
    paper = Document(BytesIO(reader.get(f"/catalogue/versions/{catalogue.number}/handbook.docx").content))
    lines = [paragraph.text for paragraph in paper.paragraphs]
    assert "1.1 新生学籍注册（学籍科／学籍管理岗、信息科／数据岗）" in lines
    assert "三、教学运行" in lines
    book = load_workbook(
        BytesIO(reader.get(f"/catalogue/versions/{catalogue.number}/catalogue.xlsx").content)
    )
    assert book.sheetnames == ["职责与工作", "工作标准", "工作流程", "流程步骤"]
    assert [cell.value for cell in book["工作标准"][2]][5:7] == ["1.1.1", "每年9月25日前办完注册，差错为零"]
    assert book["流程步骤"].max_row == 5


def test_findings_accept_some_then_a_kind(
    reader: Client, catalogue: CatalogueVersion, college_a: Any
) -> None:
    path = f"/catalogue/versions/{catalogue.number}/findings/"
    text = reader.get(path).content.decode()
    for expected in ("还有3处要看", "岗位按相邻行补全", "2/2处", "没有猜，请补", "表5第1行"):
        assert expected in text
    gap = _id(college_a, Finding, code="gap")
    answer = reader.post(f"{path}accept/", {"finding": [gap], "next": path}, follow=True)
    assert "已核对1处" in answer.content.decode()
    reader.post(f"{path}accept/", {"code": "post_filled"})
    assert "都核对过了" in reader.get(path).content.decode()
    assert reader.post(f"{path}accept/", {"code": "post_filled"}).status_code == 400


def test_staff_read_but_do_not_accept(
    catalogue: CatalogueVersion, college_a: Any, client_for: Any, person: Any
) -> None:
    client = client_for(college_a, person(college_a, "staff"))
    path = f"/catalogue/versions/{catalogue.number}/findings/"
    assert 'name="finding"' not in client.get(path).content.decode()
    assert client.post(f"{path}accept/", {"code": "gap"}).status_code == 403
    assert client.get("/catalogue/import/").status_code == 403


def test_a_draft_is_read_by_number_and_made_effective(
    reader: Client, catalogue: CatalogueVersion, college_a: Any
) -> None:
    draft = small_catalogue(college_a, effective=False)
    assert "草稿" in reader.get("/catalogue/versions/").content.decode()
    path = f"/catalogue/versions/{draft.number}/effective/"
    assert "还有3处没有核对" in reader.get(path).content.decode()
    assert reader.post(path, {"approved_by": "", "effective_from": "2026-12-01"}).status_code == 422
    reader.post(path, {"approved_by": "校长办公会", "effective_from": "2026-12-01"})
    with tenant_context(college_a):
        states = dict(CatalogueVersion.objects.values_list("number", "state"))
    assert states == {catalogue.number: CatalogueState.SUPERSEDED, draft.number: CatalogueState.EFFECTIVE}
    assert reader.get("/catalogue/?version=99").status_code == 404


def test_pages_keep_within_their_queries(reader: Client, college_a: Any, max_queries: Any) -> None:
    post = _id(college_a, WorkAssignment, post_name="学籍管理岗")
    procedure = _id(college_a, Procedure, no="1.1")
    paths = (
        "",
        "posts/",
        "standards/",
        "procedures/",
        "calendar/",
        "versions/",
        f"posts/{post}/",
        f"procedures/{procedure}/",
    )
    for path in paths:
        with max_queries(30):
            assert reader.get(f"/catalogue/{path}").status_code == 200, path


def test_another_college_sees_nothing_of_it(catalogue: CatalogueVersion, college_a: Any, college_b: Any, client_for: Any, person: Any) -> None:  # fmt: skip
    client = client_for(college_b, person(college_b, "quality"))
    assert "还没有职责目录" in client.get("/catalogue/").content.decode()
    department = _id(college_a, Department, name="教务处")
    assert client.get(f"/catalogue/departments/{department}/").status_code == 404
