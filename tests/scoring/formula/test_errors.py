"""Wrong formulas: place, reason and advice; limits; circles; the manual."""

from pathlib import Path

import pytest

from zhiheng.scoring.errors import ScoringError, ScoringErrors
from zhiheng.scoring.exact import Vec
from zhiheng.scoring.formula import (
    BOOLEAN,
    DATE,
    NUMBER,
    REGISTRY,
    TEXT,
    Base,
    Columns,
    check,
    evaluate,
    evaluation_order,
    list_of,
    parse,
)
from zhiheng.scoring.formula.manual import with_tables

TYPES = {
    "到账经费": NUMBER,
    "教师人数": NUMBER,
    "类别": TEXT,
    "高职": BOOLEAN,
    "立项": DATE,
    "评分": list_of(Base.NUMBER, "评分"),
    "获奖.分值": list_of(Base.NUMBER, "获奖"),
    "获奖.级别": list_of(Base.TEXT, "获奖"),
}


def findings(text: str) -> tuple[ScoringError, ...]:
    """Everything that is wrong with a formula."""
    try:
        check(parse(text), TYPES)
    except ScoringErrors as errors:
        return errors.items
    except ScoringError as error:
        return (error,)
    return ()


WRONG = [
    ("", "formula.empty", "", "公式是空的"),
    ("[到账经费", "formula.syntax", "第 1 行第 1 列", "方括号没有配对"),
    ("到账经费/3", "formula.syntax", "第 1 行第 5 列", "指标名要写在方括号里"),
    ("1<2<3", "formula.syntax", "第 1 行第 4 列", "比较不能连写"),
    ("1+", "formula.syntax", "第 1 行第 3 列", "还没有写完"),
    ("(1+2", "formula.syntax", "第 1 行第 5 列", "还没有写完"),
    ("1+\n2)", "formula.syntax", "第 2 行第 2 列", "这里不应出现「)」"),
    ("3 4", "formula.syntax", "第 1 行第 3 列", "这里不应出现「4」"),
    ("1,287", "formula.syntax", "第 1 行第 2 列", "这里不应出现「,」"),
    ('"总支', "formula.syntax", "第 1 行第 1 列", "引号没有配对"),
    ("{1}", "formula.syntax", "第 1 行第 1 列", "公式里不能用「{」"),
    ("__import__(1)", "formula.unknown_function", "第 1 行第 1 列", "没有函数「__import__」"),
    ("平军([评分])", "formula.unknown_function", "第 1 行第 1 列", "没有函数「平军」"),
    ("[到账经弗]*2", "formula.unknown_name", "第 1 行第 1 列", "没有名为「到账经弗」"),
    ("最小(1)", "formula.arguments", "第 1 行第 1 列", "写了 1 个"),
    ("限制(1,2,3,4)", "formula.arguments", "第 1 行第 1 列", "写了 4 个"),
    ("如果([高职],1,[高职],2)", "formula.arguments", "第 1 行第 1 列", "写了 4 个"),
    ("[类别]>1", "formula.type", "第 1 行第 1 列", "不能拿文字与数比较"),
    ('[类别]>"a"', "formula.type", "第 1 行第 1 列", "只能用 = 或 ≠ 比较"),
    ("[类别]+1", "formula.type", "第 1 行第 1 列", "这里需要数，得到的是文字"),
    ("[高职]+1", "formula.type", "第 1 行第 1 列", "这里需要数，得到的是是否"),
    ("非 [到账经费]", "formula.type", "第 1 行第 3 列", "这里需要是否"),
    ("[到账经费] 且 是", "formula.type", "第 1 行第 1 列", "这里需要是否"),
    ("[立项]+[立项]", "formula.type", "第 1 行第 1 列", "日期只能相减"),
    ("[立项]*2", "formula.type", "第 1 行第 1 列", "这里需要数，得到的是日期"),
    ("如果(1,2,3)", "formula.type", "第 1 行第 4 列", "「条件」需要是否"),
    ('如果([高职],1,"a")', "formula.type", "第 1 行第 1 列", "类型不同：数、文字"),
    ("最大值([教师人数])", "formula.type", "第 1 行第 5 列", "需要列表，得到的是单个数"),
    ("组均值([评分])", "formula.type", "第 1 行第 5 列", "只要一个数"),
    ("[评分]+[获奖.分值]", "formula.register", "第 1 行第 1 列", "不同登记表"),
    ('日期("2020-13-31")', "formula.constant", "第 1 行第 4 列", "不是日期"),
    ('组排名([教师人数],"倒序")', "formula.constant", "第 1 行第 12 列", "只能是 降序、升序 之一"),
    ("组分位数([教师人数],[教师人数])", "formula.constant", "第 1 行第 13 列", "必须是直接写出的数"),
    ("组分位数([教师人数],75)", "formula.constant", "第 1 行第 13 列", "分位应在 0 与 1 之间"),
    ("往年([教师人数],99)", "formula.constant", "第 1 行第 11 列", "1 到 20 的整数"),
    ("截尾平均([评分],1.5)", "formula.constant", "第 1 行第 11 列", "不小于 0 的整数"),
    ("四舍五入(1,0.5)", "formula.constant", "第 1 行第 8 列", "位数应是"),
    ("2^[教师人数]", "formula.exponent", "第 1 行第 1 列", "乘方的指数"),
    ("2^21", "formula.exponent", "第 1 行第 1 列", "乘方的指数"),
    ("1" * 31, "formula.number", "第 1 行第 1 列", "超过 30 位"),
    ("-" * 60 + "1", "formula.too_deep", "", "层嵌套"),
    ("+".join(["1"] * 700), "formula.too_large", "", "个部分"),
    ("+".join(["组最大([教师人数])"] * 21), "formula.too_many_groups", "", "个组内统计函数"),
    ("1" + " " * 4000, "formula.too_long", "", "超过 4000 个字"),
    ("(" * 3999, "formula.syntax", "第 1 行第 4000 列", "还没有写完"),
]


@pytest.mark.parametrize(("text", "code", "place", "reason"), WRONG, ids=[case[0][:20] for case in WRONG])
def test_wrong_formulas(text: str, code: str, place: str, reason: str) -> None:
    (found,) = findings(text)
    assert found.code == code
    assert found.place.startswith(place)
    assert reason in found.reason
    assert found.advice.endswith(("。", "？"))


def test_all_faults_at_once_with_advice() -> None:
    first, second, third = findings("[到账经弗]+[类别]*2+最小([教师人数])")
    assert "是不是「到账经费」？" in str(first)
    assert "▸[类别]" in second.place
    assert "写法：最小(数值，数值，…)" in third.advice


def test_right_formulas() -> None:
    for text in ("[立项]-[立项]", "[获奖.分值]*[教师人数]", '[获奖.级别]="国家级"', "上年([类别])"):
        assert findings(text) == ()
    assert check(parse("[立项]-30"), TYPES) == DATE
    assert check(parse("[获奖.分值]>2"), TYPES) == list_of(Base.BOOLEAN, "获奖")
    assert check(parse("条件计数([获奖.分值]>2)"), TYPES) == NUMBER
    assert check(parse('如果([高职],"a","b")'), TYPES) == TEXT


def test_what_a_formula_uses() -> None:
    formula = parse("[a]/组最大([b])+上年([a]-前年([c]))+往年([d],4)")
    assert formula.names() == {"a", "b", "c", "d"}
    assert formula.references == {("a", 0), ("b", 0), ("a", 1), ("c", 3), ("d", 4)}
    assert formula.functions() == {"组最大", "上年", "前年", "往年"}
    assert formula.group_functions() == {"组最大"}


def test_order_and_circles() -> None:
    formulas = {
        "总分": parse("[得分]+[加分]"),
        "加分": parse("[得分]*2+上年([总分])"),
        "得分": parse("[原始]"),
    }
    assert evaluation_order(formulas) == ["得分", "加分", "总分"]
    formulas["得分"] = parse("[总分]/2")
    with pytest.raises(ScoringError, match=r"公式循环引用：\[.+\] → \[.+\] → \[.+\]"):
        evaluation_order(formulas)
    with pytest.raises(ScoringError, match=r"\[甲\] → \[甲\]"):
        evaluation_order({"甲": parse("[甲]+1")})


def test_missing_data_is_named() -> None:
    with pytest.raises(ScoringError, match=r"\[乙\].*没有这个指标的数据"):
        evaluate(parse("[甲]+[乙]"), Columns(1, {"甲": Vec.of([1])}))
    with pytest.raises(ScoringError, match=r"\[甲\].*没有这个指标 1 年前的数据"):
        evaluate(parse("[甲]-上年([甲])"), Columns(1, {"甲": Vec.of([1])}))


def test_the_manual_lists_every_function() -> None:
    manual = Path(__file__).parents[3] / "docs" / "rules" / "formula.md"
    text = manual.read_text(encoding="utf-8")
    assert with_tables(text) == text, "run with_tables on docs/rules/formula.md"
    assert len(REGISTRY.functions) == 45


@pytest.mark.parametrize("name", list(REGISTRY.functions))
def test_every_function_has_a_sound_example(name: str) -> None:
    function = REGISTRY.functions[name]
    formula = parse(function.example)
    assert name in formula.functions()
    assert REGISTRY.find(function.alias.lower()) is function
