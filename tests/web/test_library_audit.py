"""Library and audit trail: what they list, what verification says."""

from typing import Any

import pytest
from django.test import Client

from tenants.registry.context import tenant_context
from tests.web.catalogue_samples import small_catalogue
from zhiheng.kernel import audit
from zhiheng.kernel.models import AuditEntry
from zhiheng.web.library.outline import leaves, outline, points_text, readings

SCHEME = {
    "tree": {
        "title": "总分",
        "points": 100,
        "children": [{"title": "甲", "points": {"A": 40, "B": 60}}, {"title": "乙"}],
    },
    "readings": [{"title": "排名按什么", "options": {"a": "公布分", "b": "精确分"}, "default": "a"}],
}


@pytest.fixture
def reader(college_a: Any, client_for: Any, person: Any) -> Client:
    """The quality office."""
    client: Client = client_for(college_a, person(college_a, "quality"))
    return client


def test_trail_tells_who_did_what_in_words(reader: Client, college_a: Any) -> None:
    small_catalogue(college_a)
    text = reader.get("/audit/").content.decode()
    for expected in ("导入职责目录", "施行职责目录", "职责与流程（第1版）", "系统"):
        assert expected in text
    only = reader.get("/audit/?action=catalogue.store").content.decode()
    assert "共1条" in only
    assert "没有符合筛选的内容" in reader.get("/audit/?day=1999-01-01").content.decode()
    assert reader.get("/audit/?day=nonsense").status_code == 200


def test_verification_before_and_after_a_change_behind_its_back(reader: Client, college_a: Any) -> None:
    small_catalogue(college_a)
    with tenant_context(college_a):
        audit.seal()
    good = reader.get("/audit/verify/").content.decode()
    assert "链条完整" in good
    assert "没有被改过的痕迹" in good
    with tenant_context(college_a):
        entry = AuditEntry.objects.first()
        forged = AuditEntry(at=entry.at, actor_name="某人", action="x", target_type="y", target_id="1", target_label="z", digest="0" * 64)  # type: ignore[union-attr]  # fmt: skip
        forged.save(force_insert=True)
    bad = reader.get("/audit/verify/").content.decode()
    assert "链条有1处不符" in bad
    assert f"审计记录{forged.pk}的内容与摘要不符" in bad


def test_trail_is_for_those_who_may(college_a: Any, client_for: Any, person: Any) -> None:
    assert client_for(college_a, person(college_a, "staff")).get("/audit/").status_code == 403


def test_empty_library_says_so(reader: Client) -> None:
    assert "模板库是空的" in reader.get("/library/").content.decode()
    assert "字典是空的" in reader.get("/library/indicators/").content.decode()


def test_outline_of_a_template() -> None:
    tree = outline(SCHEME)
    assert [(one.label, one.figure) for one in tree] == [("总分", "100分")]
    assert [(one.label, one.figure, one.level) for one in tree[0].children] == [
        ("甲", "40—60分", 1),
        ("乙", "", 1),
    ]
    assert leaves(tree) == 2
    assert readings(SCHEME)[0].chosen == "公布分"
    assert outline({}) == []
    assert points_text({"A": 5, "B": 5}) == "5分"
