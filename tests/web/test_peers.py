"""Peers and province on one frozen world: positions, floors, releases, official values, reports."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tenants.registry.context import public_context, tenant_context
from tenants.registry.models import Tenant
from tenants.registry.services.provisioning import deprovision, provision
from tests.web.peers_samples import forget_world, released_world
from zhiheng.accounts.services.roles import role_grant
from zhiheng.accounts.services.users import user_create
from zhiheng.benchmarking.models import Release, ReleasedValue
from zhiheng.benchmarking.selectors.peers import group_for
from zhiheng.benchmarking.selectors.positions import indicator_view
from zhiheng.library.models import IndicatorDefinition
from zhiheng.provincial.models import ProvincialReport
from zhiheng.web.peers.indicator import segments


@dataclass(frozen=True)
class World:
    """A college that released, one that did not, their province, and another province."""

    college: Tenant
    other: Tenant
    province: Tenant


ROLES = (("quality", "quality"), ("leader", "leader"), ("staff", "staff"))


@pytest.fixture(scope="module")
def world(session_tenants: Any, django_db_blocker: Any) -> Iterator[World]:
    """Really committed; removed afterwards."""
    with django_db_blocker.unblock():
        made = World(_made("college", "pa"), _made("college", "pb"), _made("province", "pp"))
        for tenant in (made.college, made.other):
            for username, role in ROLES:
                _person(tenant, username, role)
        _person(made.province, "officer", "officer")
        released_world(made.college, made.province)
        yield made
        for tenant in (made.college, made.other, made.province):
            deprovision(tenant=tenant, acting_user=None)
        forget_world()


def _made(kind: str, code: str) -> Tenant:
    return provision(
        kind=kind, code=code, name=f"{code}校", domain=f"{code}.testserver.localhost", acting_user=None
    )


def _person(tenant: Tenant, username: str, role: str) -> None:
    with tenant_context(tenant):
        user = user_create(
            username=username,
            name=username,
            password="Kaohe-2026-jia",
            must_change_password=False,
            acting_user=None,
        )
        role_grant(user=user, role=role, acting_user=None)


@pytest.fixture
def visit(world: World, client_for: Any, django_db_blocker: Any) -> Iterator[Callable[[Tenant, str], Client]]:
    """``visit(tenant, "quality")``: signed in."""

    def open_for(tenant: Tenant, username: str) -> Client:
        from zhiheng.accounts.models import User

        with tenant_context(tenant):
            user = User.objects.get(username=username)
        client: Client = client_for(tenant, user)
        return client

    with django_db_blocker.unblock():
        yield open_for


@pytest.fixture
def quality(world: World, visit: Any) -> Client:
    """The quality office of the college that released."""
    client: Client = visit(world.college, "quality")
    return client


def _rows(client: Client, path: str) -> list[list[Any]]:
    book = load_workbook(BytesIO(client.get(path).content))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


# The table ----------------------------------------------------------------------------------------------------------------


def test_table_finds_the_last_quarter(quality: Client) -> None:
    text = quality.get("/peers/").content.decode()
    assert "在15所同类院校里，一项在后25%" in text
    assert "靠后的是生师比" in text
    assert "29项本校没有发布" in text


def test_figures_of_the_table_are_the_groups(quality: Client) -> None:
    rows = {row[1]: row for row in _rows(quality, "/peers/?group=province&year=2025&format=xlsx")}
    rate = rows["毕业去向落实率"]
    assert [float(value) for value in rate[3:10]] == [93.1, 15, 90.7, 91.75, 93.1, 94.75, 95.8]
    assert float(rate[10]) == 50.0
    assert float(rows["生师比"][10]) == 3.3, "lower is better: the highest ratio stands last"
    assert rows["升入本科比例"][3] is None


def test_below_the_floor_there_is_a_reason_and_a_way_on(quality: Client) -> None:
    text = quality.get("/peers/?group=tier&year=2025").content.decode()
    assert "这个同类组的分布都不显示" in text
    assert "只有6所发布，不足10所，为免认出单个学校不显示。" in text
    assert "换更大的同类组（同省，15所）" in text
    assert "zh-boxsvg" not in text, "nothing is drawn"
    rows = {row[1]: row for row in _rows(quality, "/peers/?group=tier&year=2025&format=xlsx")}
    assert rows["毕业去向落实率"][5:11] == [None] * 6
    assert rows["毕业去向落实率"][4] == 6


def test_order_puts_the_furthest_behind_first(quality: Client) -> None:
    text = quality.get("/peers/?order=standing").content.decode()
    table = text.split("<table")[1]
    assert table.index("生师比") < table.index("毕业去向落实率")


def test_unknown_group_is_not_found_and_odd_year_is_the_newest(quality: Client) -> None:
    assert quality.get("/peers/?group=nobody").status_code == 404
    assert "2025年度</a>" in quality.get("/peers/?year=1999").content.decode()


def test_members_are_named_without_figures(quality: Client) -> None:
    text = quality.get("/peers/members/?group=tier").content.decode()
    assert "“同层次”有6所" in text
    assert "样板05职业学院" in text
    assert "样板06职业学院" not in text
    assert "92.5" not in text


def test_indicator_page_compares_and_tells_the_trend(quality: Client) -> None:
    text = quality.get("/peers/indicators/settled_rate/?group=province").content.decode()
    assert "毕业去向落实率 93.10%，和同类中位数一样" in text
    assert "1个同类组里都和中位数一样" in text
    assert "2024到2025年升了0.10个百分点" in text
    assert "同层次：只有6所发布" in text
    boxes = _rows(quality, "/peers/indicators/settled_rate/?group=province&format=boxes")
    assert boxes[1][0] == "同省"
    assert [float(value) for value in boxes[1][1:]] == [15, 90.7, 91.75, 93.1, 94.75, 95.8]
    trend = _rows(quality, "/peers/indicators/settled_rate/?group=province&format=trend")
    assert [[row[0], float(row[1])] for row in trend[1:]] == [[2024, 93.0], [2025, 93.1]]
    assert quality.get("/peers/indicators/nothing/").status_code == 404


def test_change_of_definition_breaks_the_line(quality: Client, world: World) -> None:
    """A second definition from 2025 that is not comparable: two runs; comparable: one."""
    with public_context():
        IndicatorDefinition.objects.filter(code="settled_rate").update(valid_to=2024)
        old = IndicatorDefinition.objects.get(code="settled_rate")
        new = IndicatorDefinition.objects.create(
            code="settled_rate", version=2, title="去向落实率（新）", table=old.table, unit="%", numerator="a",
            denominator="b", factor=100, direction="higher", valid_from=2025, order=old.order,
        )  # fmt: skip
    try:
        text = quality.get("/peers/indicators/settled_rate/?group=province&year=2025").content.decode()
        assert "2025年改了口径，前后不能直接比" in text
        assert "口径有2版" in text
        with public_context():
            IndicatorDefinition.objects.filter(pk=new.pk).update(comparable_with=old)
        with tenant_context(world.college):
            view = indicator_view(code="settled_rate", group=group_for("province"), year=2025)
        assert segments(view) == [(1, [2024, 2025])]
    finally:
        with public_context():
            IndicatorDefinition.objects.filter(pk=new.pk).delete()
            IndicatorDefinition.objects.filter(pk=old.pk).update(valid_to=None)


def test_college_without_profile_is_told_what_to_do(world: World, visit: Any) -> None:
    text = visit(world.other, "quality").get("/peers/").content.decode()
    assert "还没有可以对比的同类统计" in text
    assert "发布本校指标" in text


def test_staff_and_leader(world: World, visit: Any) -> None:
    assert visit(world.college, "staff").get("/peers/").status_code == 403
    leader = visit(world.college, "leader")
    assert leader.get("/peers/").status_code == 200
    assert leader.get("/peers/releases/new/").status_code == 403


# Releases -----------------------------------------------------------------------------------------------------------------


def test_release_shows_first_what_others_see_then_gives_a_receipt(quality: Client, world: World) -> None:
    form = quality.get("/peers/releases/new/?year=2026").content.decode()
    assert "93.10%" in form, "last year's value stands beside"
    typed = {"year": "2026", "level": "official", "n-settled_rate": "3,040", "d-settled_rate": "3200"}
    preview = quality.post("/peers/releases/new/", {**typed, "step": "check"}).content.decode()
    for expected in (
        "省级会看到这张表",
        "95.00%",
        "按校名“pa校”列出",
        "其他学校看不到本校的任何一个数值",
        "确认发布1项",
    ):
        assert expected in preview
    with tenant_context(world.college):
        assert not ReleasedValue.objects.filter(year=2026).exists(), (
            "nothing is stored before the confirmation"
        )
    receipt = quality.post("/peers/releases/new/", {**typed, "step": "confirm"}, follow=True)
    text = receipt.content.decode()
    assert "2026年度1项指标已发布" in text
    assert re.search(r"id=\"receipt-code\">[0-9a-f]{64}<", text)
    with tenant_context(world.college):
        release = Release.objects.get(year=2026)
        assert ReleasedValue.objects.get(year=2026).value == 95
    again = quality.post(
        "/peers/releases/new/", {**typed, "n-settled_rate": "3100", "step": "confirm"}, follow=True
    )
    assert again.status_code == 200
    old = quality.get(f"/peers/releases/{release.pk}/").content.decode()
    assert "0项仍有效，1项已被之后的发布替换" in old
    assert "共4条" in quality.get("/peers/releases/").content.decode()


@pytest.mark.parametrize(
    ("numerator", "denominator", "words"),
    [
        ("1,2", "10", "“1,2”不是数"),
        ("12", "", "分母“毕业生人数”还没有填"),
        ("12", "0", "分母不能是0"),
        ("-3", "10", "超出范围"),
        ("1.23456", "10", "小数太多"),
        ("", "10", "分子“落实去向人数”还没有填"),
    ],
)
def test_wrong_figures_are_named_at_their_field(
    quality: Client, numerator: str, denominator: str, words: str
) -> None:
    typed = {"year": "2022", "step": "check", "n-settled_rate": numerator, "d-settled_rate": denominator}
    answer = quality.post("/peers/releases/new/", typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert 'href="#n-settled_rate"' in text or 'href="#d-settled_rate"' in text


def test_nothing_typed_is_refused(quality: Client) -> None:
    assert (
        "一项都没有填"
        in quality.post("/peers/releases/new/", {"year": "2022", "step": "check"}).content.decode()
    )


def test_far_from_last_year_is_pointed_out(quality: Client) -> None:
    typed = {"year": "2025", "step": "check", "n-student_teacher_ratio": "60", "d-student_teacher_ratio": "1"}
    text = quality.post("/peers/releases/new/", typed).content.decode()
    assert "1项和上一年差得多" in text
    assert "比上年高100%" in text


def test_peer_level_shows_the_province_nothing(quality: Client) -> None:
    typed = {"year": "2022", "level": "peer", "step": "check", "n-graduates": "3000"}
    assert "省级什么都看不到" in quality.post("/peers/releases/new/", typed).content.decode()


def test_form_workbook_comes_back_filled(quality: Client) -> None:
    book = load_workbook(BytesIO(quality.get("/peers/releases/form.xlsx?year=2022").content))
    sheet = book.active
    line = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "settled_rate")
    line[5].value, line[7].value = 2911, 3100
    buffer = BytesIO()
    book.save(buffer)
    upload = SimpleUploadedFile("填报表.xlsx", buffer.getvalue())
    text = quality.post(
        "/peers/releases/new/", {"year": "2022", "step": "upload", "file": upload}
    ).content.decode()
    assert 'name="n-settled_rate" value="2911"' in text
    assert 'name="d-settled_rate" value="3100"' in text
    wrong = SimpleUploadedFile("别的.xlsx", b"nothing")
    answer = quality.post("/peers/releases/new/", {"year": "2022", "step": "upload", "file": wrong})
    assert answer.status_code == 422
    assert "不是能读的.xlsx文件" in answer.content.decode()


def test_releases_of_another_college_are_not_found(world: World, visit: Any) -> None:
    with tenant_context(world.college):
        release = Release.objects.first()
    assert release is not None
    assert visit(world.other, "quality").get(f"/peers/releases/{release.pk}/").status_code == 404
    assert "还没有发布过指标" in visit(world.other, "quality").get("/peers/releases/").content.decode()


# The province -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def officer(world: World, visit: Any) -> Client:
    """The province's officer."""
    client: Client = visit(world.province, "officer")
    return client


def test_board_says_who_is_missing(officer: Client) -> None:
    text = officer.get("/province/?year=2025").content.decode()
    assert "15所高职院校，0所已报齐" in text
    assert "毕业去向落实率的中位数93.10%，中间一半在91.75到94.75之间" in text
    assert "还差15所" in text
    assert "每所应报31项" in text


def test_named_values_and_their_workbook(officer: Client) -> None:
    rows = _rows(officer, "/province/indicators/settled_rate/?year=2025&format=xlsx")
    assert len(rows) == 16
    assert [rows[1][0], float(rows[1][3])] == ["样板14职业学院", 96.5]
    assert [rows[-1][0], float(rows[-1][3])] == ["样板01职业学院", 90.0]
    text = officer.get("/province/indicators/?year=2025").content.decode()
    assert "31项指标里，2项有学校报送" in text


def test_college_page_places_it_in_the_province(officer: Client, world: World) -> None:
    text = officer.get(f"/province/colleges/{world.college.schema_name}/?year=2025").content.decode()
    assert "pa校：2025年度报送2/31项" in text
    assert "高于7所，共15所" in text
    assert "93.00%" in text, "the year before"
    assert officer.get("/province/colleges/t_999999/").status_code == 404


def test_colleges_filter(officer: Client) -> None:
    assert "共6条" in officer.get("/province/colleges/?year=2025&tier=省级双高").content.decode()
    assert "共1条" in officer.get("/province/colleges/?year=2025&q=样板03").content.decode()


def test_report_is_frozen_and_its_files_come(officer: Client, world: World) -> None:
    answer = officer.post("/province/reports/new/", {"year": "2025", "title": "质量报告"}, follow=True)
    text = answer.content.decode()
    assert "第1版，定格15所学校、0所报齐、31项指标。" in text
    with tenant_context(world.province):
        report = ProvincialReport.objects.get()
    for ending in ("docx", "xlsx"):
        assert officer.get(f"/province/reports/{report.pk}/{ending}/").content[:2] == b"PK"
    assert officer.get(f"/province/reports/{report.pk}/pdf/").status_code == 404
    assert "质量报告" in officer.get("/province/reports/").content.decode()


@pytest.mark.parametrize(
    "path", ["", "colleges/", "indicators/", "indicators/settled_rate/", "colleges/x_03/", "reports/"]
)
def test_queries_of_the_province(officer: Client, path: str, max_queries: Any) -> None:
    with max_queries(30):
        assert officer.get(f"/province/{path}").status_code == 200


@pytest.mark.parametrize("path", ["", "members/", "indicators/settled_rate/", "releases/", "releases/new/"])
def test_queries_of_peers(quality: Client, path: str, max_queries: Any) -> None:
    with max_queries(30):
        assert quality.get(f"/peers/{path}").status_code == 200
