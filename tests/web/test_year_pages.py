"""Pages of the assessment year: what each role sees, the moves, the results and their papers."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from assessment.models import Cycle, CycleState, Run
from tenants.registry.context import tenant_context
from tests.web.year_samples import official_run, sample_year

Clients = Callable[[str], Client]


@pytest.fixture
def year(college_a: Any) -> dict[str, Any]:
    """The sample year's users."""
    return sample_year(college_a)


@pytest.fixture
def sign_in(college_a: Any, year: dict[str, Any], client_for: Any) -> Clients:
    """``sign_in("head")``: a client of that person."""
    return lambda name: client_for(college_a, year[name])


def page(client: Client, path: str, status: int = 200) -> str:
    """Text of a page; the page a redirect leads to."""
    answer = client.get(path, follow=True)
    assert answer.status_code == status, path
    return answer.content.decode()


# Workbench ----------------------------------------------------------------------------------------------------------


def test_quality_office_sees_gaps_and_the_year(sign_in: Clients) -> None:
    text = page(sign_in("quality"), "/")
    assert "2个部门没填完" in text
    assert "2026年度走到第2步，共6步" in text
    assert "缺的主要在教务处、招生就业处" in text
    assert 'aria-label="信息工程学院 教务处 0/2"' in text
    assert "2个部门还没提交数据" in text
    assert "2025年度考核：各组前三名" in text


def test_assessor_is_sent_to_the_own_grid(sign_in: Clients) -> None:
    text = page(sign_in("assessor"), "/")
    assert "教务处的数据还差4格" in text
    assert "填报教务处的数据" in text
    assert "各组前三名" not in text


def test_head_sees_the_own_result_only(sign_in: Clients) -> None:
    text = page(sign_in("head"), "/")
    # 60 × 0.8 ÷ 0.9 + 40 - 3 = 90.33, behind 60 + 40 - 6 = 94
    assert "90.33" in text
    assert "教学单位3家中第2名" in text
    assert "智能制造学院" not in text


def test_staff_see_the_year_and_nothing_secret(sign_in: Clients) -> None:
    text = page(sign_in("staff"), "/")
    assert "2026年度走到第2步" in text
    assert "90.33" not in text


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("quality", "/"),
        ("assessor", "/"),
        ("head", "/"),
        ("leader", "/"),
        ("quality", "/cycles/"),
        ("quality", "/cycles/jx-2026/"),
        ("quality", "/facts/jx-2026/?supplier=教务处"),
        ("quality", "/results/jx-2025/"),
        ("quality", "/results/jx-2025/components/"),
        ("head", "/results/jx-2025/units/XX/"),
        ("quality", "/results/jx-2025/units/XX/explain/?node=A"),
        ("quality", "/results/jx-2025/notice/"),
        ("quality", "/schemes/jx/1/?node=A"),
    ],
)
def test_pages_stay_within_their_budget(
    who: str, path: str, sign_in: Clients, max_queries: Any, no_writes: Any
) -> None:
    client = sign_in(who)
    with max_queries(30), no_writes():
        assert client.get(path).status_code == 200


# Cycle --------------------------------------------------------------------------------------------------------------


def test_cycle_page_says_what_blocks_the_next_step(sign_in: Clients) -> None:
    text = page(sign_in("quality"), "/cycles/jx-2026/")
    assert "招生就业处、教务处的数据还没有复核" in text
    assert "2个部门，0个已复核" in text
    answer = sign_in("quality").post("/cycles/jx-2026/moves/close/")
    assert answer.status_code == 409
    assert "还没有复核" in answer.content.decode()


def test_hand_in_approve_and_return_need_the_right_people(college_a: Any, sign_in: Clients) -> None:
    with tenant_context(college_a):
        own = Cycle.objects.get(code="jx-2026").submissions.get(supplier="教务处").pk
        other = Cycle.objects.get(code="jx-2026").submissions.get(supplier="招生就业处").pk
    assessor = sign_in("assessor")
    assert assessor.post(f"/cycles/jx-2026/submissions/{other}/submitted/").status_code == 403
    assert assessor.post(f"/cycles/jx-2026/submissions/{own}/submitted/").status_code == 302
    assert assessor.post(f"/cycles/jx-2026/submissions/{own}/approved/").status_code == 403
    assert "复核：教务处的数据" in page(sign_in("quality"), "/")
    without = sign_in("quality").post(f"/cycles/jx-2026/submissions/{own}/return/", {"reason": ""})
    assert without.status_code == 422
    sign_in("quality").post(f"/cycles/jx-2026/submissions/{own}/return/", {"reason": "漏报次数没有填"})
    text = page(assessor, "/")
    assert "教务处的数据被退回" in text
    assert "漏报次数没有填" in text


def test_same_person_cannot_approve_own_hand_in(college_a: Any, sign_in: Clients) -> None:
    with tenant_context(college_a):
        pk = Cycle.objects.get(code="jx-2026").submissions.get(supplier="教务处").pk
    quality = sign_in("quality")
    quality.post(f"/cycles/jx-2026/submissions/{pk}/submitted/")
    answer = quality.post(f"/cycles/jx-2026/submissions/{pk}/approved/")
    assert answer.status_code == 400
    assert "不能是同一个人" in answer.content.decode()
    assert sign_in("review").post(f"/cycles/jx-2026/submissions/{pk}/approved/").status_code == 302


def test_correction_asks_for_a_reason_and_is_kept(college_a: Any, sign_in: Clients) -> None:
    quality = sign_in("quality")
    assert quality.post("/cycles/jx-2025/moves/correct/", {"reason": " "}).status_code == 422
    assert quality.post("/cycles/jx-2025/moves/correct/", {"reason": "就业率口径有误"}).status_code == 302
    with tenant_context(college_a):
        assert Cycle.objects.get(code="jx-2025").state == CycleState.SCORING
    assert "就业率口径有误" in page(quality, "/cycles/jx-2025/")


def test_a_move_that_is_not_possible_or_not_mine(sign_in: Clients) -> None:
    assert sign_in("quality").get("/cycles/jx-2026/moves/seal/").status_code == 409
    assert sign_in("head").get("/cycles/jx-2026/moves/close/").status_code == 403


def test_new_year_of_a_published_scheme(college_a: Any, sign_in: Clients) -> None:
    form = {
        "version": "jx/1",
        "year": "2027",
        "title": "2027年度考核",
        "starts_on": "2027-01-01",
        "ends_on": "2027-12-31",
    }
    quality = sign_in("quality")
    assert quality.post("/cycles/new/", form).status_code == 302
    with tenant_context(college_a):
        made = Cycle.objects.get(code="jx-2027")
        assert made.previous is not None
        assert (made.previous.code, made.steps.count(), made.submissions.count()) == ("jx-2026", 1, 2)
    again = quality.post("/cycles/new/", form)
    assert again.status_code == 400
    assert "已有2027年度" in again.content.decode()


def test_completeness_as_workbook(sign_in: Clients) -> None:
    answer = sign_in("quality").get("/cycles/jx-2026/completeness.xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert rows[0] == ("单位", "招生就业处", "教务处")
    assert rows[1:] == [
        ("智能制造学院", "1/1", "2/2"),
        ("信息工程学院", "1/1", "0/2"),
        ("现代商务学院", "0/1", "0/2"),
    ]


# Results ------------------------------------------------------------------------------------------------------------


def test_ranking_names_grades_rules_and_the_gap(sign_in: Clients) -> None:
    text = page(sign_in("quality"), "/results/jx-2025/")
    assert text.index("智能制造学院") < text.index("信息工程学院") < text.index("现代商务学院")
    assert "第1名与第2名差3.67分，“优秀”和“合格”由此分开" in text
    assert "优秀1家、合格2家" in text
    assert "已封存" in text


def test_ranking_as_workbook_is_exact(sign_in: Clients) -> None:
    answer = sign_in("quality").get("/results/jx-2025/?format=xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert rows[2][:7] == ("教学单位", 2, "XX", "信息工程学院", 90.33, 90.3333, "合格")


def test_result_paper_says_the_same(sign_in: Clients) -> None:
    answer = sign_in("quality").get("/results/jx-2025/result.docx")
    paper = Document(BytesIO(answer.content))
    assert paper.paragraphs[0].text == "2025年度考核结果"
    cells = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert cells[1] == ["1", "智能制造学院", "94.00", "优秀", "—"]
    assert cells[3][1:4] == ["现代商务学院", "80.00", "合格"]
    assert any("校发〔2025〕1号" in paragraph.text for paragraph in paper.paragraphs)


def test_unit_paper_tells_every_component(sign_in: Clients) -> None:
    answer = sign_in("head").get("/results/jx-2025/units/XX/explanation.docx")
    paper = Document(BytesIO(answer.content))
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert ["就业", "53.3333", "60", "60×0.8÷0.9", "第四条"] in rows
    assert ["报送", "37.0000", "40", "40-1×3（迟报）", "第五条"] in rows


def test_explanation_opens_at_the_node_as_drawer_and_as_page(sign_in: Clients) -> None:
    path = "/results/jx-2025/units/XX/explain/?node=A"
    drawer = (
        sign_in("quality").get(path, headers={"HX-Request": "true", "HX-Target": "drawer"}).content.decode()
    )
    assert drawer.lstrip().startswith('<aside class="zh-drawer"')
    for told in ("60 × 0.8 ÷ 0.9", "第四条", "同组最好", "招生就业处", "可以原样复算"):
        assert told in drawer, told
    assert "<html" in page(sign_in("quality"), path)
    page(sign_in("quality"), "/results/jx-2025/units/XX/explain/?node=nothing", 404)


def test_other_units_are_not_the_heads_to_see(sign_in: Clients) -> None:
    head = sign_in("head")
    for path in ("units/ZN/", "units/ZN/explain/", "units/ZN/explanation.docx"):
        assert head.get(f"/results/jx-2025/{path}").status_code == 403, path
    assert "信息工程学院 90.33分" in page(head, "/results/")


def test_unpublished_result_is_hidden_from_the_head(
    college_a: Any, year: dict[str, Any], sign_in: Clients
) -> None:
    with tenant_context(college_a):
        Cycle.objects.filter(code="jx-2026").update(state=CycleState.SCORING)
        cycle = Cycle.objects.get(code="jx-2026")
        cycle.facts.all().delete()
        for fact in Cycle.objects.get(code="jx-2025").facts.all():
            fact.pk, fact.cycle = None, cycle
            fact.save()
        official_run(cycle, year["quality"])
    assert "94" in page(sign_in("quality"), "/results/jx-2026/")
    assert sign_in("head").get("/results/jx-2026/units/XX/").status_code == 404
    assert "公示还没开始" in page(sign_in("staff"), "/results/jx-2026/notice/")


def test_notice_is_for_everybody(sign_in: Clients) -> None:
    text = page(sign_in("staff"), "/results/jx-2025/notice/")
    assert "94.00" in text
    assert "5个工作日" in text


def test_preview_run_is_started_once_and_says_what_is_missing(college_a: Any, sign_in: Clients) -> None:
    quality = sign_in("quality")
    form = {"kind": "preview", "key": "p-1"}
    first = quality.post("/results/jx-2026/runs/start/", form)
    assert first["Location"] == quality.post("/results/jx-2026/runs/start/", form)["Location"]
    with tenant_context(college_a):
        run = Run.objects.get(cycle__code="jx-2026")
        from zhiheng.kernel import jobs

        jobs.run(str(run.job_id))
    text = page(quality, "/results/jx-2026/runs/")
    assert "最近一次没有算出，还缺7项" in text, "five cells, and two units that were compared with them"
    assert "就业率（XD）" in text
    assert quality.post("/results/jx-2026/runs/start/", {"kind": "official", "key": "o-1"}).status_code == 409


def test_heat_map_marks_what_was_lost(sign_in: Clients) -> None:
    text = page(sign_in("quality"), "/results/jx-2025/components/")
    assert "丢分主要在就业、报送" in text
    assert 'class="g3"' in text, "XD lost a third of 60 points"


# Schemes ------------------------------------------------------------------------------------------------------------


def test_scheme_tells_rule_points_and_readings(sign_in: Clients) -> None:
    text = page(sign_in("staff"), "/schemes/jx/1/?node=A")
    for told in ("2项指标，共100分", "100 ✓", "怎么计分：比例计分", "[就业率]", "第四条", "还没选定，暂按："):
        assert told in text, told
    assert "1处条款有几种读法，1处还没选定" in page(sign_in("staff"), "/schemes/jx/1/readings/")
    assert "3项数据，由2个部门提供" in page(sign_in("staff"), "/schemes/jx/1/measures/")
    assert "[名次]=1" in page(sign_in("staff"), "/schemes/jx/1/outcomes/")


def test_scheme_document_can_be_read_again(sign_in: Clients) -> None:
    import yaml

    from tests.web.year_samples import DOCUMENT

    assert yaml.safe_load(sign_in("staff").get("/schemes/jx/1/scheme.yaml").content) == DOCUMENT


def test_publishing_names_who_when_and_on_what(
    college_a: Any, year: dict[str, Any], sign_in: Clients
) -> None:
    from assessment.models import Scheme
    from assessment.services.schemes import version_create
    from tests.web.year_samples import DOCUMENT

    with tenant_context(college_a):
        changed = {**DOCUMENT, "title": "部门绩效考核办法（修订）"}
        version_create(scheme=Scheme.objects.get(code="jx"), document=changed, acting_user=year["quality"])
    quality = sign_in("quality")
    assert "改动1处" in page(quality, "/schemes/jx/2/diff/?against=1")
    form = {"approved_by": "党委会", "approved_on": "2026-03-02", "basis": "校发〔2026〕8号"}
    assert quality.post("/schemes/jx/2/publish/", {**form, "basis": ""}).status_code == 422
    assert quality.post("/schemes/jx/2/publish/", form).status_code == 302
    text = page(quality, "/schemes/jx/2/")
    assert "党委会2026年3月2日批准，依据校发〔2026〕8号" in text
    assert "已被替代" in page(quality, "/schemes/")
    assert quality.post("/schemes/jx/2/publish/", form).status_code == 409


# Decisions, years ---------------------------------------------------------------------------------------------------


def test_decision_stands_beside_the_scores_and_acts_on_the_next_run(
    college_a: Any, year: dict[str, Any], sign_in: Clients
) -> None:
    quality = sign_in("quality")
    form = {
        "unit": "XX",
        "subject": "grade:优秀",
        "decided_by": "考核领导小组",
        "decided_on": "2026-12-20",
        "reason": "承担国家级竞赛，按第十条",
    }
    assert quality.post("/results/jx-2026/decisions/new/", {**form, "reason": ""}).status_code == 422
    assert sign_in("leader").get("/results/jx-2026/decisions/new/").status_code == 403
    assert quality.post("/results/jx-2026/decisions/new/", form).status_code == 302
    text = page(sign_in("leader"), "/results/jx-2026/decisions/")
    assert "等次定为“优秀”" in text
    assert "1项决定在起作用" in text
    with tenant_context(college_a):
        decision = Cycle.objects.get(code="jx-2026").decisions.get()
        assert (decision.kind, decision.data, decision.unit.code) == ("grade", {"grade": "优秀"}, "XX")
    address = f"/results/jx-2026/decisions/{decision.pk}/withdraw/"
    assert quality.post(address, {"reason": "材料有误"}).status_code == 302
    assert "已撤销" in page(quality, "/results/jx-2026/decisions/")
    assert quality.post(address, {"reason": "再撤一次"}).status_code == 409


def test_nothing_is_decided_on_a_sealed_year(sign_in: Clients) -> None:
    form = {
        "unit": "XX", "subject": "grade:优秀", "decided_by": "考核领导小组", "decided_on": "2026-12-20", "reason": "补记",
    }  # fmt: skip
    answer = sign_in("quality").post("/results/jx-2025/decisions/new/", form)
    assert answer.status_code == 409
    assert "请先发起更正" in answer.content.decode()


def test_years_side_by_side(sign_in: Clients) -> None:
    text = page(sign_in("quality"), "/results/jx-2025/years/")
    assert "只有一年的结果" in text
    rows = list(
        load_workbook(BytesIO(sign_in("quality").get("/results/jx-2025/years/?format=xlsx").content))
        .worksheets[0]
        .iter_rows(values_only=True)
    )
    assert rows[1] == ("ZN", "智能制造学院", 1, 94, "优秀")


def test_own_place_stands_out_among_the_peers(sign_in: Clients) -> None:
    text = page(sign_in("head"), "/results/jx-2025/units/XX/explain/?node=A")
    assert "本单位0.8" in text
    assert "暂按“同组最好”" in text
