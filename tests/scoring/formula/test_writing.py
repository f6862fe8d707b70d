"""Ways of writing a formula, the normalised text, and the figures in an explanation."""

from fractions import Fraction

import numpy as np
import pytest

from zhiheng.scoring.exact import Mask, Partition, Ragged, Text, Vec
from zhiheng.scoring.formula import (
    DATE,
    NUMBER,
    Columns,
    Rows,
    evaluate,
    explain,
    number_text,
    parse,
    render,
)

SAME = [
    ("[到账经费]/[教师人数]", "[到账经费]÷[教师人数]"),
    ("【到账经费】 ／ ［ 教师人数 ］", "[到账经费]÷[教师人数]"),
    ("如果（[x]＞＝1，1，0）", None),
    ("IF([x]>=90%,1,0)", "如果([x]≥90%, 1, 0)"),
    ("如果（[x]≧90％，1；0）", "如果([x]≥90%, 1, 0)"),
    ("[a]<>[b] AND NOT [c]", "[a]≠[b] 且 非([c])"),
    ("且([a]>1, [b]=“总支”, 真)", '[a]>1 且 [b]="总支" 且 是'),
    ("或([a]，[b])且[c]", "([a] 或 [b]) 且 [c]"),
    ("([a]+[b])-[c]", "[a]+[b]-[c]"),
    ("[a]-([b]-[c])", "[a]-([b]-[c])"),
    ("-[a]^2*-3", "-[a]^2×-3"),
    ("(-[a])^2", "(-[a])^2"),
    ("+[a]", "[a]"),
    ("1.2亿 + 3万 - 5‰", "1.2亿+3万-5‰"),
    ("min([a], max(0, [b]))", "最小([a], 最大(0, [b]))"),
    ("[a] ×\n[b]", "[a]×[b]"),
    ("属于([类别],'总支',「部门」)", '属于([类别], "总支", "部门")'),
]


@pytest.mark.parametrize(("written", "normal"), [pair for pair in SAME if pair[1]])
def test_ways_of_writing(written: str, normal: str) -> None:
    formula = parse(written)
    assert render(formula) == normal
    assert parse(normal).tree == formula.tree


@pytest.fixture
def env() -> Columns:
    """Two groups of two units, awards as a register with two columns."""
    rows = Partition(np.array([0, 0, 1, 3]), 4)
    columns = {
        "到账经费": Vec.of([1219, 800, None, 5]),
        "教师人数": Vec.of([1287, 40, 3, 0]),
        "类别": Text.of(["总支", "部门", "总支", "部门"]),
        "高职": Mask.of([True, False, True, None]),
        "评分": Ragged.of([[90, 85, 88], [], [1, None], [2, 3, 9, 11]]),
        "获奖.级别": Rows(Text.of(["国家级", "省级", "国家级", "市级"]), rows),
        "获奖.分值": Ragged(Vec.of([5, 3, 5, 1]), rows),
        "立项": Vec.of([737425, 737425, None, 737000]),
    }
    return Columns(4, columns, {("到账经费", 1): Vec.of([1000, 800, 2, 3])}, np.array([0, 0, 1, 1]))


WORKED = [
    ("[到账经费]/[教师人数]", ["1219/1287", "20", "未报", "无法计算"]),
    ("[到账经费]-上年([到账经费])", ["219", "0", "未报", "2"]),
    ("取整步数([到账经费], 7)", ["174", "114", "未报", "0"]),
    ('取整步数([到账经费], 7, "起算")', ["175", "115", "未报", "1"]),
    ("组比([教师人数], [教师人数])", ["1", "1", "1", "1"]),
    ("组排名([教师人数])", ["1", "2", "1", "2"]),
    ('组排名([到账经费], "升序", "跳过")', ["2", "1", "未报", "1"]),
    ('组均值([到账经费], "计零")', ["2019/2", "2019/2", "5/2", "5/2"]),
    ("组分位数([教师人数], 25%)", ["1407/4", "1407/4", "3/4", "3/4"]),
    ("组标准差([教师人数])", ["1247/2", "1247/2", "3/2", "3/2"]),
    ("平均([评分])", ["263/3", "无法计算", "未报", "25/4"]),
    ("截尾平均([评分], 1)", ["88", "无法计算", "未报", "6"]),
    ("个数([评分])+合计([评分])*0", ["3", "0", "未报", "4"]),
    ('条件计数([获奖.级别]="国家级")', ["1", "1", "0", "0"]),
    ('条件合计([获奖.分值], [获奖.级别]≠"市级" 且 [获奖.分值]<5)', ["3", "0", "0", "0"]),
    ('条件平均([获奖.分值]×2, 属于([获奖.级别], "国家级", "省级"))', ["8", "10", "无法计算", "无法计算"]),
    ("条件计数([获奖.分值]>[教师人数]/10)", ["0", "1", "0", "1"]),
    ("年([立项])×10000+月([立项])×100+日([立项])", ["20200101", "20200101", "未报", "20181102"]),
    ('天数差([立项], 日期("2020年12月31日"))', ["365", "365", "未报", "790"]),
    ('如果([立项]+30>日期("2020/1/1"), 1, 0)', ["1", "1", "未报", "0"]),
    ('如果([类别]="总支", [到账经费], 7)', ["1219", "7", "未报", "7"]),
    ("如果([教师人数]>1000, 1, [教师人数]>10, 2, 3)", ["1", "2", "3", "3"]),
    ("缺省([到账经费], 0)", ["1219", "800", "0", "5"]),
    ("四舍五入([教师人数]/8, -1)", ["160", "10", "0", "0"]),
    ("[教师人数]^-1", ["1/1287", "1/40", "1/3", "无法计算"]),
]


def shown(cell: object) -> str:
    return str(cell) if isinstance(cell, Fraction) else str(getattr(cell, "label", cell))


@pytest.mark.parametrize(("text", "expected"), WORKED)
def test_worked_figures(env: Columns, text: str, expected: list[str]) -> None:
    value = evaluate(parse(text), env)
    assert isinstance(value, Vec)
    assert [shown(cell) for cell in value.to_list()] == expected


def test_conditions(env: Columns) -> None:
    value = evaluate(parse('[类别]="总支" 且 非 未报([到账经费]) 或 [高职]'), env)
    assert isinstance(value, Mask)
    assert [shown(cell) for cell in value.to_list()] == ["True", "False", "True", "未报"]
    texts = evaluate(parse('如果([高职], "甲", [类别])'), env)
    assert isinstance(texts, Text)
    assert [shown(cell) for cell in texts.to_list()] == ["甲", "部门", "甲", "未报"]


EXPLAINED = [
    ("0.5*([到账经费]/[教师人数])", 0, "0.5×(1219÷1287)"),
    ("[到账经费]/[教师人数]", 2, "未报÷3"),
    ("[到账经费]-上年([到账经费])", 0, "1219-上年(1000)"),
    ("[到账经费]/组最大([到账经费])", 1, "800÷组最大([到账经费])〔1219〕"),
    ("平均([评分])-1", 0, "平均([评分])〔≈87.666667〕-1"),
    ('如果([类别]="总支" 且 [高职], 1, 0)', 0, '如果(“总支”="总支" 且 是, 1, 0)'),
    ('[立项]>日期("2020-01-01")', 0, '2020-01-01>日期("2020-01-01")'),
]


@pytest.mark.parametrize(("text", "unit", "expected"), EXPLAINED)
def test_explanations(env: Columns, text: str, unit: int, expected: str) -> None:
    types = {"立项": DATE, "到账经费": NUMBER}
    assert explain(parse(text), env, unit, types) == expected


def test_negative_figures_keep_their_parentheses() -> None:
    env = Columns(1, {"a": Vec.of([-2])})
    assert explain(parse("[a]^2"), env, 0) == "(-2)^2"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(1219), "1219"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(0), "0"),
        (Fraction(1, 3), "≈0.333333"),
        (Fraction(-2, 3), "≈-0.666667"),
        (Fraction(10**20 + 1, 4), "25000000000000000000.25"),
    ],
)
def test_numbers_in_texts(number: Fraction, text: str) -> None:
    assert number_text(number) == text
