"""Random formulas give what the slow interpreter gives, and survive rendering and parsing."""

from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.scoring.formula.reference import Facts, interpret
from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.exact import Mask, Ragged, State, Text, Vec
from zhiheng.scoring.formula import (
    BOOLEAN,
    NUMBER,
    TEXT,
    Base,
    Columns,
    Formula,
    check,
    evaluate,
    list_of,
    parse,
    render,
)
from zhiheng.scoring.formula.syntax import (
    Call,
    Chain,
    Literal,
    Name,
    Number,
    Power,
    Prefix,
    Relation,
    Tree,
    children,
)

SIZE = 6
SETTINGS = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), database=None)
TYPES = {
    "甲": NUMBER,
    "乙": NUMBER,
    "丙": NUMBER,
    "高职": BOOLEAN,
    "类别": TEXT,
    "评分": list_of(Base.NUMBER, "评分"),
}

NUMBERS = st.one_of(
    st.sampled_from(
        [Fraction(n, d) for n, d in ((7, 3), (20, 6), (70, 100), (14, 6), (0, 1), (1, 3), (5, 2))]
    ),
    st.integers(-2, 9).map(Fraction),
    st.integers(-300, 300).map(lambda n: Fraction(n, 100)),
)
STATES = st.sampled_from([s for s in State if s is not State.VALUE])
CELLS = st.one_of(NUMBERS, NUMBERS, NUMBERS, STATES)


def column(cell: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(cell, min_size=SIZE, max_size=SIZE)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    cells = draw(st.sampled_from([NUMBERS, CELLS]))
    names = ("甲", "乙", "丙")
    flags = st.one_of(st.booleans(), STATES) if cells is CELLS else st.booleans()
    texts = st.one_of(st.sampled_from(["总支", "部门"]), STATES) if cells is CELLS else st.just("总支")
    columns = {name: draw(column(cells)) for name in names}
    return Facts(
        columns={**columns, "高职": draw(column(flags)), "类别": draw(column(texts))},
        earlier={(name, back): draw(column(cells)) for name in names for back in (1, 2)},
        lists={"评分": draw(column(st.lists(cells, max_size=4)))},
        groups=draw(column(st.integers(-1, 1))),
        peers=draw(column(st.booleans())),
    )


def environment(given_facts: Facts) -> Columns:
    def as_column(cells: list[Any]) -> Vec | Mask | Text:
        if any(isinstance(cell, bool) for cell in cells):
            return Mask.of(cells)
        if any(isinstance(cell, str) for cell in cells):
            return Text.of(cells)
        return Vec.of(cells)

    columns = {name: as_column(cells) for name, cells in given_facts.columns.items()}
    columns["高职"] = Mask.of(list(given_facts.columns["高职"]))
    columns["类别"] = Text.of(given_facts.columns["类别"])
    return Columns(
        SIZE,
        {**columns, "评分": Ragged.of(given_facts.lists["评分"])},
        {key: Vec.of(cells) for key, cells in given_facts.earlier.items()},
        np.array(given_facts.groups),
        np.array(given_facts.peers),
    )


def literal(digits: str, suffix: str = "") -> Number:
    scale = {"": Fraction(1), "%": Fraction(1, 100), "万": Fraction(10000)}[suffix]
    return Number(Fraction(digits) * scale, digits, suffix)


def chain(operators: str, part: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    rest = st.lists(st.tuples(st.sampled_from(operators), part), min_size=1, max_size=2)
    return st.builds(lambda first, pairs: Chain(first, tuple(pairs)), part, rest)


def call(name: str, *parts: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.tuples(*parts).map(lambda arguments: Call(name, arguments))


LITERALS = st.sampled_from(
    [
        literal("70", "%"),
        literal("0"),
        literal("1"),
        literal("2.5"),
        literal("3"),
        literal("0.1"),
        literal("1", "万"),
    ]
)
MEASURES = st.sampled_from("甲乙丙").map(Name)


def words(*choices: str) -> st.SearchStrategy[Tree]:
    return st.sampled_from(choices).map(Literal)


def numbers(inner: st.SearchStrategy[Tree], truths: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    plain = [call(name, inner, inner) for name in ("最小", "最大", "缺省")]
    single = [call(name, inner) for name in ("向下取整", "向上取整", "绝对值")]
    grouped = [call(name, inner) for name in ("组合计", "组均值", "组最大", "组最小", "组中位数")]
    return st.one_of(
        chain("+-", inner),
        chain("×÷", inner),
        inner.map(lambda part: Prefix("-", part)),
        st.builds(Power, inner, st.integers(-2, 3)),
        *plain,
        *single,
        *grouped,
        call("四舍五入", inner, st.sampled_from([literal("0"), literal("1"), literal("2")])),
        call("限制", inner, st.just(literal("0")), inner),
        call("如果", truths, inner, inner),
        call("如果", truths, inner, truths, inner, inner),
        call("取整步数", inner, inner, words("足额", "起算", "按比例")),
        call("组均值", inner, words("跳过", "计零", "阻断")),
        call("组排名", inner, words("升序", "降序")),
        call("组比", inner, inner),
        call("上年", inner).filter(lambda tree: depth_of_years(tree) <= 2),
        *(call(name, st.just(Name("评分"))) for name in ("合计", "平均", "最大值", "最小值", "中位数")),
    )


def depth_of_years(tree: Tree) -> int:
    """How often 上年 is nested."""
    inside = max((depth_of_years(part) for part in children(tree)), default=0)
    return inside + (isinstance(tree, Call) and tree.function == "上年")


def truths(inner: st.SearchStrategy[Tree], number: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.one_of(
        st.builds(Relation, st.sampled_from("=≠<≤>≥"), number, number),
        chain("且", inner),
        chain("或", inner),
        inner.map(lambda part: Prefix("非", part)),
        *(call(name, number) for name in ("有值", "缺项", "免责", "不采信", "未报", "无法计算")),
        call("属于", st.just(Name("类别")), words("总支"), words("其他")),
        st.just(Relation("=", Name("类别"), Literal("总支"))),
        st.just(Relation("≠", Name("高职"), Literal(True))),
    )


def trees(depth: int) -> tuple[st.SearchStrategy[Tree], st.SearchStrategy[Tree]]:
    number: st.SearchStrategy[Tree] = st.one_of(LITERALS, MEASURES, MEASURES)
    truth: st.SearchStrategy[Tree] = st.one_of(st.just(Name("高职")), st.booleans().map(Literal))
    for _ in range(depth):
        number, truth = (
            st.one_of(number, numbers(number, truth)),
            st.one_of(truth, truths(truth, number)),
        )
    return number, truth


NUMBER_TREES, TRUTH_TREES = trees(3)


@SETTINGS
@given(st.one_of(NUMBER_TREES, TRUTH_TREES), facts())
def test_formulas_equal_the_slow_interpreter(tree: Tree, given_facts: Facts) -> None:
    env = environment(given_facts)
    only_known_years(tree)
    formula = parse(render_tree(tree))
    check(formula, TYPES)
    value = evaluate(formula, env)
    assert isinstance(value, Vec | Mask)
    assert value.to_list() == interpret(formula.tree, given_facts)


def only_known_years(tree: Tree) -> None:
    """Lists, texts and flags have no earlier years in these facts: leave such formulas out."""
    allowed = {(name, back) for name in "甲乙丙" for back in (0, 1, 2)}
    assume(all(back == 0 or (name, back) in allowed for name, back in Formula("", tree).references))


def render_tree(tree: Tree) -> str:
    return render(Formula("", tree))


@SETTINGS
@given(st.one_of(NUMBER_TREES, TRUTH_TREES))
def test_rendered_formulas_mean_the_same(tree: Tree) -> None:
    once = parse(render_tree(tree))
    assert parse(render(once)).tree == once.tree
    assert render(parse(render(once))) == render(once)


@SETTINGS
@given(st.text(alphabet='[]()（），,甲乙+-*/^%＝<>且或非如果最小0123."“”\n 是否=', max_size=30))
def test_any_text_parses_or_is_refused_politely(text: str) -> None:
    try:
        check(parse(text), TYPES)
    except ScoringError as error:
        found: tuple[ScoringError, ...] = (error,)
    except ScoringErrors as errors:
        found = errors.items
    else:
        found = ()
    assert all(item.reason.endswith("。") and item.advice for item in found)
    assert all(item.code.startswith("formula.") for item in found)
