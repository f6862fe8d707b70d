"""Questions: filler taken off, near synonyms, order of the hits."""

from typing import Any

import pytest

from catalog.selectors import contents
from catalog.selectors.asking import ask
from catalog.selectors.words import near, pieces, terms_of
from catalog.services.findings import findings_accept
from tests.web.catalogue_samples import small_catalogue
from zhiheng.kernel.errors import Problem
from zhiheng.kernel.models import AuditEntry


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("新生学籍注册归谁管？", ["新生学籍注册"]),
        ("毕业设计 查重 归谁管", ["毕业设计", "查重"]),
        ("调课找谁", ["调课"]),
        ("期末考试什么时候", ["期末考试"]),
        ("怎么办", ["怎么办"]),
        ("", []),
    ],
)
def test_words_of_a_question(question: str, words: list[str]) -> None:
    assert [term.word for term in terms_of(question)] == words


def test_near_synonyms_exchange_parts_of_a_word() -> None:
    assert "毕业论文答辩" in near("毕业设计答辩")
    assert near("食堂") == ()
    assert terms_of("查重", synonyms=False)[0].also == ()


def test_pieces_are_pairs_of_characters() -> None:
    assert pieces(terms_of("考场安排")) == ["考场", "场安", "安排"]


@pytest.mark.usefixtures("in_college")
def test_title_of_a_procedure_beats_its_parts(in_college: Any) -> None:
    small_catalogue(in_college)
    found = ask("考试")
    assert found.best is not None
    assert (found.best.kind, found.best.text) == ("procedure", "期末考试")
    assert ask("监考").best.kind == "party"  # type: ignore[union-attr]


def test_every_word_must_occur_else_the_nearest(in_college: Any) -> None:
    small_catalogue(in_college)
    assert [hit.text for hit in ask("新生 注册").hits if hit.kind == "work"] == ["新生学籍注册"]
    far = ask("新生 火箭")
    assert far.partial
    assert [hit.text for hit in far.hits] == ["新生学籍注册"]
    assert ask("火箭").hits == ()


def test_no_catalogue_no_hits(in_college: Any) -> None:
    del in_college
    assert ask("注册").version is None


def test_posts_of_a_version(in_college: Any) -> None:
    rows = contents.post_rows(small_catalogue(in_college))
    assert [(r.section, r.post, r.works, r.standards) for r in rows] == [
        ("信息科", "数据岗", 1, 2),
        ("学籍科", "学籍管理岗", 2, 2),
    ]


def test_accepting_is_recorded_and_needs_something_open(in_college: Any) -> None:
    version = small_catalogue(in_college)
    assert findings_accept(version=version, code="post_filled", acting_user=None) == 2
    entry = AuditEntry.objects.get(action="catalogue.findings_accept")
    assert entry.data["code"] == "post_filled"
    for wrong in ({"code": "post_filled"}, {"finding_ids": []}):
        with pytest.raises(Problem):
            findings_accept(version=version, acting_user=None, **wrong)  # type: ignore[arg-type]
