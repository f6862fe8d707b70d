"""Registry entries of the functions that reduce a list per unit (ballots, events) to one value."""

from collections.abc import Callable
from fractions import Fraction

from zhiheng.scoring import exact
from zhiheng.scoring.exact import Mask, Ragged, State, Vec
from zhiheng.scoring.formula.registry import Function, Kind, Parameter
from zhiheng.scoring.formula.types import Base, Rows, mismatch

_LISTED = Parameter("数列", (Base.NUMBER,))
_CONDITION = Parameter("条件", (Base.BOOLEAN,))
_STATES = "列表本身不是值时取其状态；缺项、免责、不采信的元素不计入；有未报元素时结果为未报；空列表{empty}"


def _reduction(name: str, alias: str, texts: tuple[str, str], reduce: Callable[[Ragged], Vec]) -> Function:
    summary, empty = texts
    states = _STATES.format(empty=empty)

    def body(rows: Rows) -> Vec:
        return reduce(rows.numbers())

    return Function(name, alias, Kind.LIST, (_LISTED,), Base.NUMBER, summary, states, f"{name}([评分])", body)


def _trimmed(rows: Rows, cut: Fraction) -> Vec:
    if 0 < cut < 1:
        return rows.numbers().trimmed_mean(share=cut)
    return rows.numbers().trimmed_mean(count=int(cut))


def _refuse_cut(cut: Fraction) -> str | None:
    valid = 0 < cut < 1 or (cut >= 0 and cut.denominator == 1)
    return None if valid else "应是不小于 0 的整数，或 0 与 1 之间的比例；例如 1 表示各去掉一个最高和最低。"


def matching(rows: Rows, condition: Rows) -> Rows:
    """The elements whose condition is true; the others become not applicable."""
    if not isinstance(condition.items, Mask) or not isinstance(rows.items, Vec):
        raise mismatch("数的列表和是否的列表")
    outside = Vec.unavailable(State.NOT_APPLICABLE, rows.items.size)
    kept = exact.where(condition.items, rows.items, outside)
    return Rows(kept, rows.rows, rows.states)


def _count_where(condition: Rows) -> Vec:
    if not isinstance(condition.items, Mask):
        raise mismatch("是否的列表")
    size = condition.items.size
    ones = exact.where(condition.items, Vec.constant(1, size), Vec.constant(0, size))
    return Ragged(ones, condition.rows, condition.states).sum()


def _sum_where(rows: Rows, condition: Rows) -> Vec:
    return matching(rows, condition).numbers().sum()


def _mean_where(rows: Rows, condition: Rows) -> Vec:
    return matching(rows, condition).numbers().mean()


def _conditional(name: str, alias: str, texts: tuple[str, str], body: Callable[..., Vec]) -> Function:
    summary, empty = texts
    example = f'{name}([获奖.分值], [获奖.级别]="国家级")'
    states = _STATES.format(empty=empty) + "；条件未知的元素取条件的状态"
    return Function(
        name, alias, Kind.LIST, (_LISTED, _CONDITION), Base.NUMBER, summary, states, example, body
    )


_NOTHING = "无法计算"
FUNCTIONS = (
    _reduction("合计", "SUM", ("列表各数之和", "为 0"), Ragged.sum),
    _reduction("平均", "AVERAGE", ("列表各数的平均", _NOTHING), Ragged.mean),
    _reduction("最小值", "LIST_MIN", ("列表中最小的数", _NOTHING), Ragged.min),
    _reduction("最大值", "LIST_MAX", ("列表中最大的数", _NOTHING), Ragged.max),
    _reduction("中位数", "MEDIAN", ("列表的中位数，个数为偶数时取中间两数的平均", _NOTHING), Ragged.median),
    Function(
        "个数",
        "COUNT",
        Kind.LIST,
        (_LISTED,),
        Base.NUMBER,
        "列表中有值的元素个数",
        "列表本身不是值时取其状态；只数有值的元素；空列表为 0",
        "个数([评分])",
        lambda rows: rows.numbers().count(),
    ),
    Function(
        "截尾平均",
        "TRIMMED_MEAN",
        Kind.LIST,
        (_LISTED, Parameter("截去", (Base.NUMBER,), constant=True, refuse=_refuse_cut)),
        Base.NUMBER,
        "去掉同样多的最高与最低后平均：整数是各去几个，0 与 1 之间是各去几成（个数向下取整）",
        _STATES.format(empty="或去完无余时无法计算"),
        "截尾平均([评分], 1)",
        _trimmed,
    ),
    Function(
        "条件计数",
        "COUNT_IF",
        Kind.LIST,
        (_CONDITION,),
        Base.NUMBER,
        "条件成立的元素个数",
        "列表本身不是值时取其状态；条件未报的元素使结果为未报，缺项等不计；空列表为 0",
        '条件计数([获奖.级别]="国家级")',
        _count_where,
    ),
    _conditional("条件合计", "SUM_IF", ("条件成立的元素之和", "为 0"), _sum_where),
    _conditional("条件平均", "AVERAGE_IF", ("条件成立的元素的平均", _NOTHING), _mean_where),
)
