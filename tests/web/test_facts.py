"""Entry of figures: the grid, cell by cell saving with errors and conflicts, the workbook and back."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from assessment.models import Cycle, Fact
from tenants.registry.context import tenant_context
from tests.web.year_samples import sample_year

STORE = "/facts/jx-2026/cells/"
GRID = "/facts/jx-2026/?supplier=教务处"


@pytest.fixture
def sign_in(college_a: Any, client_for: Any) -> Callable[[str], Client]:
    """``sign_in("assessor")``: a client of that person in the sample year."""
    users = sample_year(college_a)
    return lambda name: client_for(college_a, users[name])


def store(client: Client, *cells: tuple[str, str, str, int]) -> Any:
    """Send typed cells: measure, unit, text, revision."""
    body = {"cells": [{"m": m, "u": u, "t": t, "r": r} for m, u, t, r in cells]}
    return client.post(
        STORE, json.dumps(body), content_type="application/json", headers={"Accept": "application/json"}
    )


def value(tenant: Any, measure: str, unit: str) -> Any:
    """Stored state and value of a cell of 2026."""
    with tenant_context(tenant):
        return (
            Fact.objects.filter(cycle__code="jx-2026", measure=measure, unit__code=unit)
            .values_list("state", "value", "revision")
            .first()
        )


def test_assessor_goes_straight_to_the_own_grid(sign_in: Any) -> None:
    answer = sign_in("assessor").get("/facts/", follow=True)
    text = answer.content.decode()
    assert "教务处给3个单位填2项数据" in text
    assert "还差4格" in text
    assert 'data-m="B.late" data-u="ZN" data-r="0" data-o="0" value="0"' in text
    assert '<span class="zh-two">迟报次数</span>' in text, "the leaf's name stands above"
    assert "A.rate" not in text


def test_other_grids_are_closed(sign_in: Any) -> None:
    assert sign_in("assessor").get("/facts/jx-2026/?supplier=招生就业处").status_code == 403
    assert sign_in("head").get(GRID).status_code == 403
    assert sign_in("staff").get(GRID).status_code == 403


def test_leader_reads_without_typing(sign_in: Any) -> None:
    text = sign_in("leader").get(GRID).content.decode()
    assert "您只能看，不能改这张表" in text
    assert "<input data-m" not in text


def test_good_cells_are_stored_and_bad_ones_come_back(college_a: Any, sign_in: Any) -> None:
    answer = store(
        sign_in("assessor"),
        ("B.late", "XX", "3", -1),
        ("B.late", "XD", "1,2", -1),
        ("B.lost", "XX", "1.5", -1),
        ("B.late", "ZN", "21", 0),
        ("B.lost", "XD", "缺项", -1),
    ).json()
    assert {(one["m"], one["u"], one["t"]) for one in answer["saved"]} == {
        ("B.late", "XX", "3"),
        ("B.lost", "XD", "缺项"),
    }
    reasons = {(one["m"], one["u"]): (one["why"], one["advice"]) for one in answer["refused"]}
    assert reasons == {
        ("B.late", "XD"): ("“1,2”不是数", "是不是1.2？"),
        ("B.lost", "XX"): ("“1.5”不是整数", "这一项按个数计，请填整数"),
        ("B.late", "ZN"): ("21超过20", "请填不超过20的数"),
    }
    assert value(college_a, "B.late", "XX") == ("value", "3", 0)
    assert value(college_a, "B.lost", "XD") == ("not_applicable", None, 0)
    assert value(college_a, "B.late", "ZN") == ("value", "0", 0), "the refused cell stays"


def test_a_cell_changed_by_somebody_else_is_a_conflict(college_a: Any, sign_in: Any) -> None:
    assert store(sign_in("quality"), ("B.late", "ZN", "4", 0)).json()["saved"][0]["r"] == 1
    late = store(sign_in("assessor"), ("B.late", "ZN", "5", 0)).json()
    assert late["saved"] == []
    assert late["conflicts"] == [{"m": "B.late", "u": "ZN", "t": "4", "r": 1, "by": "周敏"}]
    assert value(college_a, "B.late", "ZN") == ("value", "4", 1)
    mine = store(sign_in("assessor"), ("B.late", "ZN", "5", 1)).json()
    assert mine["saved"] == [{"m": "B.late", "u": "ZN", "t": "5", "r": 2}]


def test_the_same_cell_twice_is_stored_once(college_a: Any, sign_in: Any) -> None:
    client = sign_in("assessor")
    store(client, ("B.late", "XX", "3", -1))
    again = store(client, ("B.late", "XX", "3", -1)).json()
    assert (again["saved"][0]["t"], again["conflicts"]) == ("3", [])
    assert value(college_a, "B.late", "XX") == ("value", "3", 0)


def test_an_emptied_cell_is_missing_not_zero(college_a: Any, sign_in: Any) -> None:
    client = sign_in("assessor")
    assert store(client, ("B.lost", "ZN", "", 0)).json()["saved"] == [
        {"m": "B.lost", "u": "ZN", "t": "", "r": 1}
    ]
    assert value(college_a, "B.lost", "ZN") == ("missing", None, 1)
    assert "还差5格" in client.get(GRID).content.decode()


def test_measure_of_another_supplier_is_refused_whole(college_a: Any, sign_in: Any) -> None:
    answer = store(sign_in("assessor"), ("B.late", "XX", "3", -1), ("A.rate", "XD", "0.9", -1))
    assert answer.status_code == 403
    assert value(college_a, "B.late", "XX") is None


def test_handed_in_figures_are_closed_for_their_supplier(college_a: Any, sign_in: Any) -> None:
    client = sign_in("assessor")
    with tenant_context(college_a):
        pk = Cycle.objects.get(code="jx-2026").submissions.get(supplier="教务处").pk
    client.post(f"/cycles/jx-2026/submissions/{pk}/submitted/", {"back": "grid"})
    answer = store(client, ("B.late", "XX", "3", -1))
    assert answer.status_code == 409
    assert "请质量办退回后再改" in answer.json()["problem"]
    assert "<input data-m" not in client.get(GRID).content.decode()


def test_nonsense_and_closed_cycle(sign_in: Any) -> None:
    client = sign_in("assessor")
    bad = client.post(STORE, "{", content_type="application/json", headers={"Accept": "application/json"})
    assert bad.status_code == 400
    closed = client.post(
        "/facts/jx-2025/cells/",
        json.dumps({"cells": [{"m": "B.late", "u": "ZN", "t": "7", "r": 0}]}),
        content_type="application/json",
        headers={"Accept": "application/json"},
    )
    assert closed.status_code == 409


def test_workbook_goes_out_and_comes_back_with_differences(college_a: Any, sign_in: Any) -> None:
    client = sign_in("assessor")
    book = load_workbook(BytesIO(client.get("/facts/jx-2026/data.xlsx?supplier=教务处").content))
    sheet = book["数据"]
    assert [cell.value for cell in sheet[2]] == ["code", None, "B.late", "B.lost"]
    sheet["C4"], sheet["D4"] = 2, 0
    review = _upload(client, book)
    text = client.get(review).content.decode()
    assert "新填2格，改动0格" in text
    assert value(college_a, "B.late", "XX") is None, "looking stores nothing"
    assert client.post(review).status_code == 302
    assert value(college_a, "B.late", "XX") == ("value", "2", 0)


def test_every_error_of_a_workbook_names_its_cell(college_a: Any, sign_in: Any) -> None:
    client = sign_in("assessor")
    book = load_workbook(BytesIO(client.get("/facts/jx-2026/data.xlsx?supplier=教务处").content))
    book["数据"]["C4"], book["数据"]["D5"] = "两次", 1.5
    review = _upload(client, book)
    text = client.get(review).content.decode()
    assert "2处要改" in text
    for told in ("C4", "“两次”不是数", "D5", "不是整数"):
        assert told in text, told
    assert client.post(review).status_code == 422
    assert value(college_a, "B.late", "XX") is None


def _upload(client: Client, book: Any) -> str:
    out = BytesIO()
    book.save(out)
    upload = SimpleUploadedFile("教务处.xlsx", out.getvalue())
    answer = client.post("/facts/jx-2026/upload/?supplier=教务处", {"file": upload})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_head_reports_about_the_own_unit(college_a: Any, sign_in: Any) -> None:
    """The measures of 教务处 become self-reported: the head of XX sees one line per measure and no other unit."""
    client = sign_in("head")
    with tenant_context(college_a):
        cycle = Cycle.objects.select_related("version").get(code="jx-2026")
        for measure in cycle.version.document["measures"][1:]:
            measure["supplier"] = "self"
        cycle.version.save(update_fields=["document"])
        cycle.submissions.filter(supplier="教务处").update(supplier="self")
    assert "本单位自报还差2格" in client.get("/").content.decode()
    text = client.get("/facts/", follow=True).content.decode()
    assert 'data-m="B.late" data-u="XX"' in text
    assert 'data-u="ZN"' not in text
    assert store(client, ("B.late", "XX", "2", -1)).json()["saved"][0]["t"] == "2"
    assert store(client, ("B.late", "ZN", "2", 0)).status_code == 403
    book = load_workbook(BytesIO(client.get("/facts/jx-2026/data.xlsx?supplier=self").content))
    assert [row[0].value for row in book["数据"].iter_rows(min_row=3)] == ["XX"]
    assert client.get("/facts/jx-2026/upload/").status_code == 403
