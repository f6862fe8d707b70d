"""From a stored explanation to the drawer, with the model of the scoring library itself."""

from typing import Any

from django.template.loader import render_to_string

from zhiheng.scoring.explanation.model import Derived, Explanation, Origin, PeerFigure, ReadingUsed, Step
from zhiheng.web.explain import Drawer
from zhiheng.web.explained import fingerprint_of, outcomes_of, parts_of, score_text


def _node(code: str, title: str, **more: Any) -> Explanation:
    blank: dict[str, Any] = {
        "unit": "XX", "kind": "比例计分", "clause": "", "exact": "", "state": "VALUE", "full": "5", "applicable": "5",
        "raw": "", "formula": "", "points": "4.6000",
    }  # fmt: skip
    return Explanation(code=code, title=title, **{**blank, **more})


LEAF = _node(
    "4.2.1",
    "毕业去向落实率",
    clause="方案第4.2.1条",
    formula="5 × （94.72% − 80%） ÷ （96% − 80%）",
    inputs=(
        Origin(
            "a",
            "落实去向人数",
            "1219",
            "有值",
            "人",
            "招就处",
            "就业系统",
            ("x/去向登记表.pdf",),
            "陈岚",
            "2026-11-12T08:00",
        ),
        Origin("b", "毕业生人数", "0（未报，按 0 计）", "未报", "人"),
    ),
    derived=(Derived("r", "落实率", "[落实]/[毕业]", "1219/1287", "94.72%"),),
    peers=(
        PeerFigure("组内中位数", "92.85", (("甲", "82.1"), ("乙", "92.85"), ("丙", "97.3"), ("丁", "缺项"))),
    ),
    readings=(ReadingUsed("q", "升学是否计入", "4.2.1", "计入", ("不计入",), False),),
    steps=(Step("封顶", "5.2 高于上限 5，按 5 计", (), "总则3"),),
    flags=("材料日期晚于截止日",),
    rounding="保存 4.6000（4 位），公布 4.60（2 位），四舍五入",
)
TREE = _node(
    "total",
    "总分",
    points="91.3700",
    full="100",
    applicable="100",
    children=(LEAF, _node("extra", "加减分", points="0.0000", full="无上限", applicable="")),
    fingerprint="7f3a92c1deadbeef00",
)
DOCUMENT = {
    "tree": TREE.to_dict(),
    "outcomes": [_node("rank", "组内名次", points="2", formula="第2名").to_dict()],
}


def test_tree_opens_to_the_wanted_node() -> None:
    (total,) = parts_of(DOCUMENT, open_to="4.2.1")
    leaf, extra = total.children
    assert (total.value, leaf.value, extra.value) == ("91.37 / 100", "4.60 / 5", "0")
    assert (total.open, leaf.open, extra.open) == (True, True, False)
    assert (leaf.operation, total.operation) == ("比例计分", "")
    assert leaf.meaning == "warn"


def test_account_tells_everything_that_is_stored() -> None:
    account = parts_of(DOCUMENT)[0].children[0].account
    assert account.clause == "方案第4.2.1条"
    assert list(account.lines) == [
        "落实率＝[落实]/[毕业]＝1219/1287＝94.72%",
        "封顶：5.2 高于上限 5，按 5 计（总则3）",
    ]
    first, second = account.inputs
    assert (first.value, first.source, first.as_of) == ("1219人", "招就处，就业系统，陈岚", "2026-11-12")
    assert second.value == "0（未报，按 0 计）（未报）"
    (reading,) = account.readings
    assert (reading.chosen, reading.otherwise) == ("计入", "另有：不计入。这是默认读法，学校还没有确认。")
    assert account.peers is not None
    assert account.peers.strip is not None
    assert (account.peers.lowest, account.peers.median, account.peers.highest) == ("82.1", "92.85", "97.3")
    assert len(account.peers.strip.points) == 3, "a peer without a figure has no dot"
    assert [(e.name, e.kind) for e in account.evidence] == [("去向登记表.pdf", "PDF")]


def test_a_state_is_no_number() -> None:
    missing = _node(
        "x", "缺项的指标", points="缺项", state="NOT_APPLICABLE", full="0", applicable="0"
    ).to_dict()
    assert score_text(missing) == "缺项"


def test_fingerprint_can_be_read_out() -> None:
    assert fingerprint_of(DOCUMENT) == "7F3A-92C1-DEAD-BEEF"


def test_drawer_renders_the_document() -> None:
    drawer = Drawer(
        "信息工程学院 91.37分",
        parts=parts_of(DOCUMENT),
        outcome_parts=outcomes_of(DOCUMENT),
        fingerprint="7F3A",
    )
    text = render_to_string("web/parts/drawer.html", {"drawer": drawer})
    for expected in ("毕业去向落实率", "4.60 / 5", "方案第4.2.1条", "暂按“计入”", "组内名次", "指纹"):
        assert expected in text
    assert "style=" not in text
