"""Registry entries of the functions that work on each unit (or element) by itself."""

from types import MappingProxyType

from zhiheng.scoring import exact
from zhiheng.scoring.exact import State
from zhiheng.scoring.formula import elementwise as body
from zhiheng.scoring.formula.registry import Function, Kind, Parameter
from zhiheng.scoring.formula.types import Base

_WORST = "任一参数不是值时，结果取其中最差的状态"
_KNOWN = "结果总是 是 或 否"
_READINGS = MappingProxyType(
    {
        "足额": "whole",
        "whole": "whole",
        "起算": "started",
        "started": "started",
        "按比例": "proportional",
        "proportional": "proportional",
    }
)
_X = Parameter("数值", (Base.NUMBER,))
_ANY = Parameter("内容")


def _test(name: str, alias: str, summary: str, *states: State) -> Function:
    return Function(
        name, alias, Kind.CELL, (_ANY,), Base.BOOLEAN, summary, _KNOWN, f"{name}([获奖数])", body.has(*states)
    )


def _calendar(name: str, alias: str, unit: str) -> Function:
    return Function(
        name,
        alias,
        Kind.CELL,
        (Parameter("日期", (Base.DATE,)),),
        Base.NUMBER,
        f"日期的{name}",
        _WORST,
        f"{name}([立项日期])",
        body.calendar_part(unit),
    )


FUNCTIONS = (
    Function(
        "如果",
        "IF",
        Kind.CELL,
        (Parameter("条件", (Base.BOOLEAN,)), Parameter("成立时"), Parameter("否则")),
        1,
        "条件成立取第二项，否则取第三项；可连写多组「条件，取值」，最后一项是都不成立时的取值",
        "条件不是是否时取条件的状态；未选中的一项不影响结果",
        "如果([x]>=90%, 1, 0)",
        body.choose,
        repeats=2,
    ),
    Function(
        "最小",
        "MIN",
        Kind.CELL,
        (_X, _X),
        Base.NUMBER,
        "几个数中最小的",
        _WORST,
        "最小([x], 5)",
        body.smallest,
        1,
    ),
    Function(
        "最大",
        "MAX",
        Kind.CELL,
        (_X, _X),
        Base.NUMBER,
        "几个数中最大的",
        _WORST,
        "最大([x], 0)",
        body.greatest,
        1,
    ),
    Function(
        "限制",
        "CLAMP",
        Kind.CELL,
        (_X, Parameter("下限", (Base.NUMBER,)), Parameter("上限", (Base.NUMBER,))),
        Base.NUMBER,
        "低于下限取下限，高于上限取上限",
        _WORST,
        "限制([x], 0, 5)",
        exact.clamp,
    ),
    Function(
        "四舍五入",
        "ROUND",
        Kind.CELL,
        (_X, Parameter("位数", (Base.NUMBER,), constant=True, optional=True, refuse=body.refuse_digits)),
        Base.NUMBER,
        "保留几位小数，默认 0 位；恰好一半时远离零（-2.5 得 -3）；位数为负时到十、百",
        _WORST,
        "四舍五入([x], 2)",
        body.rounding,
    ),
    Function(
        "向下取整",
        "FLOOR",
        Kind.CELL,
        (_X,),
        Base.NUMBER,
        "不大于它的最大整数",
        _WORST,
        "向下取整([x])",
        exact.floor,
    ),
    Function(
        "向上取整",
        "CEIL",
        Kind.CELL,
        (_X,),
        Base.NUMBER,
        "不小于它的最小整数",
        _WORST,
        "向上取整([x])",
        exact.ceil,
    ),
    Function("绝对值", "ABS", Kind.CELL, (_X,), Base.NUMBER, "去掉负号", _WORST, "绝对值([x]-100)", abs),
    Function(
        "取整步数",
        "STEPS",
        Kind.CELL,
        (
            _X,
            Parameter("步长", (Base.NUMBER,)),
            Parameter("算法", (Base.TEXT,), constant=True, choices=_READINGS, optional=True),
        ),
        Base.NUMBER,
        "「每…计」的步数：足额（默认，满一步算一步）、起算（不满一步也算一步）、按比例（不取整）",
        f"{_WORST}；步长为 0 时无法计算",
        '取整步数([缺口], 2%, "足额")',
        body.steps,
    ),
    Function(
        "属于",
        "IN",
        Kind.CELL,
        (Parameter("文字", (Base.TEXT,)), Parameter("选项", (Base.TEXT,))),
        Base.BOOLEAN,
        "文字是几个选项之一",
        "文字不是值时取其状态",
        '属于([类别], "总支", "直属支部")',
        body.one_of,
        1,
    ),
    Function(
        "缺省",
        "COALESCE",
        Kind.CELL,
        (_ANY, Parameter("替代值")),
        0,
        "有值取其值，没有值时取替代值",
        "内容不是值时取替代值",
        "缺省([x], 0)",
        body.replaced,
    ),
    _test("有值", "HAS_VALUE", "有数据可用", State.VALUE),
    _test("缺项", "IS_NOT_APPLICABLE", "不适用于该单位", State.NOT_APPLICABLE),
    _test("免责", "IS_EXCUSED", "不计入考核基数", State.EXCUSED),
    _test("不采信", "IS_REJECTED", "弄虚作假或无佐证材料", State.REJECTED),
    _test("未报", "IS_MISSING", "应报而未报", State.MISSING),
    _test("无法计算", "IS_UNDEFINED", "例如除数为 0", State.UNDEFINED),
    Function(
        "日期",
        "DATE",
        Kind.CELL,
        (Parameter("日期文字", (Base.TEXT,), constant=True, refuse=body.refuse_date),),
        Base.DATE,
        "写定的日期，写作 年-月-日",
        "总有值",
        '日期("2020-12-31")',
        body.day_number,
    ),
    _calendar("年", "YEAR", "year"),
    _calendar("月", "MONTH", "month"),
    _calendar("日", "DAY", "day"),
    Function(
        "天数差",
        "DAYS",
        Kind.CELL,
        (Parameter("起始日期", (Base.DATE,)), Parameter("结束日期", (Base.DATE,))),
        Base.NUMBER,
        "从起始日期到结束日期的天数，结束在前时为负",
        _WORST,
        '天数差([立项日期], 日期("2020-12-31"))',
        body.days_between,
    ),
)
