"""Pages of the organisation: what they say, and that lists do not ask the database per line."""

from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.web.samples import small_college


@pytest.fixture
def reader(college_a: Any, client_for: Any, person: Any) -> Client:
    """Somebody of the quality office in the small college."""
    small_college(college_a)
    client: Client = client_for(college_a, person(college_a, "quality"))
    return client


def test_tree_shows_units_with_figures_and_notes(reader: Client) -> None:
    text = reader.get("/organisation/").content.decode()
    for expected in ("智能制造学院", "挂牌：教学督导室", "与党委宣传部合署", "16个单位", "30人"):
        assert expected in text


def test_tree_of_an_earlier_day_is_empty(reader: Client) -> None:
    assert "还没有单位" in reader.get("/organisation/?on=2019-01-01").content.decode()


def test_empty_college_says_what_comes(college_a: Any, client_for: Any, person: Any) -> None:
    client = client_for(college_a, person(college_a, "quality"))
    for path, words in (
        ("/organisation/", "还没有单位"),
        ("/organisation/chart/", "还没有单位"),
        ("/organisation/posts/", "还没有岗位"),
        ("/organisation/people/", "还没有人员"),
        ("/organisation/assessed/", "还没有被考核单位"),
        ("/organisation/calendar/", "还没有学期"),
    ):
        assert words in client.get(path).content.decode(), path


def test_unit_page_counts_seats_and_names_the_head(reader: Client) -> None:
    text = reader.get("/organisation/units/ZLB/").content.decode()
    assert "2个岗位，3个职数，2人在岗" in text
    assert "负责人吴静" in text
    assert "教学督导室" in text


def test_foreign_unit_is_not_found(college_a: Any, college_b: Any, client_for: Any, person: Any) -> None:
    small_college(college_b)
    client = client_for(college_a, person(college_a, "quality"))
    assert client.get("/organisation/units/ZLB/").status_code == 404


def test_posts_filter_sort_and_page(reader: Client) -> None:
    page = reader.get("/organisation/posts/?unit=JWC").content.decode()
    assert "共2条" in page
    assert "缺1" in page
    names = reader.get("/organisation/posts/?sort=-seats&size=50").content.decode()
    assert names.index("综合管理岗") < names.index("主要负责人")
    assert "第26—30条，共30条" in reader.get("/organisation/posts/?page=2").content.decode()
    assert "没有符合筛选的内容" in reader.get("/organisation/posts/?q=没有的岗").content.decode()


def test_unknown_sort_and_page_do_no_harm(reader: Client) -> None:
    assert reader.get("/organisation/posts/?sort=password&page=zz&size=9999").status_code == 200


def test_fragment_and_page_come_from_one_address(reader: Client) -> None:
    fragment = reader.get("/organisation/posts/", headers={"HX-Request": "true", "HX-Target": "listing"})
    text = fragment.content.decode()
    assert text.lstrip().startswith('<section class="zh-panel zh-listing" id="listing"')
    assert "<html" not in text
    assert text.strip() in reader.get("/organisation/posts/").content.decode()


def test_workbook_has_exactly_the_filtered_rows(reader: Client) -> None:
    answer = reader.get("/organisation/posts/?unit=JWC&sort=name&format=xlsx")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("岗位", "单位", "科室", "类别", "职数", "任职", "空缺", "代码")
    assert sorted(str(row[0]) for row in rows[1:]) == ["主要负责人", "综合管理岗"]
    assert {row[4] for row in rows[1:]} == {1, 2}, "figures stay figures"
    assert "filename*=UTF-8''%E5%B2%97%E4%BD%8D_" in answer.headers["Content-Disposition"]


def test_people_are_found_by_pinyin_and_number(reader: Client) -> None:
    assert "共1条" in reader.get("/organisation/people/?q=2020001").content.decode()
    assert "赵静" in reader.get("/organisation/people/?q=zj").content.decode()


def test_person_sees_own_page_without_the_right(reader: Client) -> None:
    text = reader.get("/organisation/people/2020001/").content.decode()
    assert "工号2020001" in text
    assert "现任" in text


def test_picture_is_a_proper_file(reader: Client) -> None:
    answer = reader.get("/organisation/chart.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    root = ET.fromstring(answer.content)  # noqa: S314 - our own output
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "教务处" in texts
    assert "职能部门（6）" in texts


@pytest.mark.parametrize("path", ["/organisation/", "/organisation/posts/?size=200", "/organisation/people/"])
def test_lists_stay_within_their_budget(path: str, reader: Client, max_queries: Any, no_writes: Any) -> None:
    with max_queries(16), no_writes():
        assert reader.get(path).status_code == 200


def test_calendar_marks_the_term(reader: Client) -> None:
    text = reader.get("/organisation/calendar/").content.decode()
    assert "2026-2027学年第1学期" in text
    assert "2027年1月17日" in text
