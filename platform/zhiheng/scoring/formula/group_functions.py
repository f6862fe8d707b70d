"""Registry entries of the statistics of the peer group, and of earlier years."""

from collections.abc import Callable
from fractions import Fraction
from types import MappingProxyType
from typing import cast

from zhiheng.scoring import exact
from zhiheng.scoring.exact import Missing, Ties, Vec
from zhiheng.scoring.formula.registry import Function, Kind, Parameter
from zhiheng.scoring.formula.types import Base, Environment

_PEERS = "缺项、免责、不采信的同组单位不计入；有未报时结果为未报（可另选跳过、计零）；有无法计算时结果为无法计算；无人计入时{empty}"
_X = Parameter("数值", (Base.NUMBER,))
_MISSING = Parameter(
    "未报处理",
    (Base.TEXT,),
    constant=True,
    optional=True,
    choices=MappingProxyType({"阻断": "block", "跳过": "skip", "计零": "zero"}),
)
_ORDER = Parameter(
    "次序",
    (Base.TEXT,),
    constant=True,
    optional=True,
    choices=MappingProxyType({"降序": "descending", "升序": "ascending"}),
)
_TIES = Parameter(
    "并列",
    (Base.TEXT,),
    constant=True,
    optional=True,
    choices=MappingProxyType(
        {
            "同名次": "competition",
            "连续": "dense",
            "平均": "average",
            "靠后": "max",
            "competition": "competition",
        }
    ),
)
_SPREAD = Parameter(
    "算法",
    (Base.TEXT,),
    constant=True,
    optional=True,
    choices=MappingProxyType({"总体": "population", "样本": "sample"}),
)
Statistic = Callable[..., Vec]
MAX_YEARS = 20


def _refuse_share(share: Fraction) -> str | None:
    return None if 0 <= share <= 1 else "分位应在 0 与 1 之间。"


def _refuse_years(years: Fraction) -> str | None:
    return (
        None if years.denominator == 1 and 1 <= years <= MAX_YEARS else f"年数应是 1 到 {MAX_YEARS} 的整数。"
    )


class _Grouped:
    """A statistic of `exact` given the groups and peers of the environment."""

    def __init__(self, statistic: Statistic) -> None:
        self.statistic = statistic

    def __call__(self, env: Environment, x: Vec, missing: str) -> Vec:
        return self.statistic(x, env.groups, env.peers, missing=missing)


def _count(env: Environment, x: Vec) -> Vec:
    return exact.group_count(x, env.groups, env.peers)


def _ratio(env: Environment, over: Vec, under: Vec, missing: str) -> Vec:
    return exact.group_ratio(over, under, env.groups, env.peers, missing=cast(Missing, missing))


def _quantile(env: Environment, x: Vec, q: Fraction, missing: str) -> Vec:
    return exact.group_quantile(x, env.groups, env.peers, q=q, missing=cast(Missing, missing))


def _stddev(env: Environment, x: Vec, how: str, missing: str) -> Vec:
    sample = how == "sample"
    return exact.group_stddev(x, env.groups, env.peers, sample=sample, missing=cast(Missing, missing))


def _rank(env: Environment, x: Vec, order: str, ties: str, missing: str) -> Vec:
    return exact.group_rank(
        x,
        env.groups,
        env.peers,
        descending=order == "descending",
        ties=cast(Ties, ties),
        missing=cast(Missing, missing),
    )


def _statistic(name: str, alias: str, texts: tuple[str, str], statistic: Statistic) -> Function:
    summary, empty = texts
    states = _PEERS.format(empty=empty)
    example = f"[x]/{name}([x])"
    return Function(
        name, alias, Kind.GROUP, (_X, _MISSING), Base.NUMBER, summary, states, example, _Grouped(statistic)
    )


_NOTHING = "无法计算"
FUNCTIONS = (
    _statistic("组合计", "GROUP_SUM", ("同组单位之和", "为 0"), exact.group_sum),
    _statistic(
        "组均值", "GROUP_MEAN", ("同组各单位数值的平均（各单位同等看待）", _NOTHING), exact.group_mean
    ),
    _statistic("组最大", "GROUP_MAX", ("同组最大值", _NOTHING), exact.group_max),
    _statistic("组最小", "GROUP_MIN", ("同组最小值", _NOTHING), exact.group_min),
    _statistic(
        "组中位数", "GROUP_MEDIAN", ("同组中位数，个数为偶数时取中间两数的平均", _NOTHING), exact.group_median
    ),
    Function(
        "组比",
        "GROUP_RATIO",
        Kind.GROUP,
        (Parameter("分子", (Base.NUMBER,)), Parameter("分母", (Base.NUMBER,)), _MISSING),
        Base.NUMBER,
        "同组分子之和除以分母之和（汇总口径），两项都有值的单位才计入",
        _PEERS.format(empty="或分母之和为 0 时无法计算"),
        "组比([就业人数], [毕业生数])",
        _ratio,
    ),
    Function(
        "组分位数",
        "GROUP_QUANTILE",
        Kind.GROUP,
        (_X, Parameter("分位", (Base.NUMBER,), constant=True, refuse=_refuse_share), _MISSING),
        Base.NUMBER,
        "同组分位数，分位在 0 到 1 之间，按 分位×(个数-1) 的位置线性插值",
        _PEERS.format(empty=_NOTHING),
        "组分位数([x], 75%)",
        _quantile,
    ),
    Function(
        "组标准差",
        "GROUP_STDEV",
        Kind.GROUP,
        (_X, _SPREAD, _MISSING),
        Base.NUMBER,
        "同组标准差，总体（默认）或样本；结果是精确根四舍五入到 12 位小数",
        _PEERS.format(empty="（样本不足 2 个时同）无法计算"),
        '组标准差([x], "样本")',
        _stddev,
    ),
    Function(
        "组个数",
        "GROUP_COUNT",
        Kind.GROUP,
        (_X,),
        Base.NUMBER,
        "同组有值的单位数",
        "只数有值的单位，从不阻断",
        "组个数([x])",
        _count,
    ),
    Function(
        "组排名",
        "GROUP_RANK",
        Kind.GROUP,
        (_X, _ORDER, _TIES, _MISSING),
        Base.NUMBER,
        "在同组的名次：降序（默认，最大者第 1）或升序；并列：同名次（默认，1,2,2,4）、连续（1,2,2,3）、平均（1,2.5,2.5,4）、靠后（1,3,3,4）",
        "自己不是值时取自己的状态，不参与比较的单位为缺项；其余同上，有未报时全组未报",
        '组排名([总分], "降序")',
        _rank,
    ),
)


def _not_called(*_: object) -> None:
    """Time functions shift the environment; the evaluator does that itself."""
    raise NotImplementedError


def _earlier(name: str, alias: str, summary: str, *more: Parameter) -> Function:
    example = f"[到账经费]-{name}([到账经费]{'，3' if more else ''})"
    states = "往年的状态照原样；没有往年数据的单位由数据提供者标为未报或缺项"
    parameters = (Parameter("内容"), *more)
    return Function(name, alias, Kind.TIME, parameters, 0, summary, states, example, _not_called)


TIME_FUNCTIONS = (
    _earlier("上年", "PREVIOUS", "同一内容上一年的值"),
    _earlier("前年", "YEAR_BEFORE_LAST", "同一内容两年前的值"),
    _earlier(
        "往年",
        "YEARS_AGO",
        "同一内容几年前的值",
        Parameter("年数", (Base.NUMBER,), constant=True, refuse=_refuse_years),
    ),
)
