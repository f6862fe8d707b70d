"""“归谁管”: the answer, its sources, names, and what is said when nothing is found."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.web.catalogue_samples import school_year, small_catalogue
from tests.web.samples import small_college


@pytest.fixture
def staff(college_a: Any, client_for: Any, person: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A member of staff in a college with a catalogue and a calendar, on 20 November 2026."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: date(2026, 11, 20))
    school_year(college_a)
    small_catalogue(college_a)
    client: Client = client_for(college_a, person(college_a, "staff"))
    return client


def _ask(client: Client, question: str, **more: str) -> str:
    return client.get("/search/", {"q": question, **more}).content.decode()


def test_work_item_is_answered_with_post_and_date(staff: Client) -> None:
    text = _ask(staff, "新生学籍注册归谁管？")
    assert "教务处学籍科管，学籍管理岗办" in text
    assert "信息科 · 数据岗" in text
    assert "2027年9月25日" in text
    assert "还有309天" in text
    assert "现行有效，第1版" in text
    assert "依据：职责目录1.1" in text


def test_procedure_is_answered_with_its_parties(staff: Client) -> None:
    text = _ask(staff, "期末考试什么时候")
    assert "教务处管，系部做" in text
    assert "12月28日—2027年1月10日" in text
    assert "第18教学周，还有38天" in text
    assert "看完整流程（3步）" in text


def test_step_names_who_does_it(staff: Client) -> None:
    assert "“考前3天张贴考场安排”由系部做" in _ask(staff, "张贴考场安排")


def test_words_are_marked_and_escaped(staff: Client) -> None:
    text = _ask(staff, "学籍")
    assert "<mark>学籍</mark>" in text
    attack = _ask(staff, "<script>alert(1)</script>")
    assert "<script>alert" not in attack


def test_near_synonyms_can_be_switched_off(staff: Client) -> None:
    wide = _ask(staff, "转专业找谁")
    assert "学籍异动" in wide
    assert "教务处学籍科管" in wide
    assert "目录里没有" in _ask(staff, "转专业找谁", exact="1") or "最接近" in _ask(
        staff, "转专业找谁", exact="1"
    )


def test_pieces_of_the_words_give_the_nearest(staff: Client) -> None:
    text = _ask(staff, "考场安排张榜")
    assert "没有完全对上的，最接近的" in text
    assert "zh-answer" not in text


def test_units_signboards_departments_and_people(college_a: Any, client_for: Any, person: Any) -> None:
    small_college(college_a)
    small_catalogue(college_a)
    staff = client_for(college_a, person(college_a, "staff"))
    text = _ask(staff, "教学督导室")
    assert "挂牌：教学督导室" in text
    assert "质量管理办公室" in text
    assert "全部职责" in _ask(staff, "教学工作部"), "the alias of the department"
    assert "赵静" in _ask(staff, "赵静")
    assert "学籍科" in _ask(staff, "学籍管理岗")


def test_facets_narrow(staff: Client) -> None:
    assert _ask(staff, "学籍").count('<h3><a href="/catalogue/duties/') == 2, "two more besides the answer"
    assert "其他2条" in _ask(staff, "学籍")
    assert "工作项1.2" in _ask(staff, "学籍", kind="work")
    assert "职责1，教务处" not in _ask(staff, "学籍", kind="work")


def test_nothing_found_says_what_to_try(staff: Client) -> None:
    assert "目录里没有“火星移民”" in _ask(staff, "火星移民")
    assert "用平常的话问" in staff.get("/search/").content.decode()


def test_without_catalogue_it_says_so(college_a: Any, client_for: Any, person: Any) -> None:
    client = client_for(college_a, person(college_a, "staff"))
    assert "还没有职责目录" in _ask(client, "注册")


def test_search_box_leads_here(staff: Client) -> None:
    assert 'role="search" action="/search/"' in staff.get("/").content.decode()


@pytest.mark.parametrize("question", ["新生学籍注册归谁管", "期末考试", "火星移民", "教务处", "考场安排张榜"])
def test_queries(staff: Client, question: str, max_queries: Any) -> None:
    with max_queries(30):
        _ask(staff, question)
