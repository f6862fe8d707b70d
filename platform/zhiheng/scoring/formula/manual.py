"""The function tables of the manual docs/rules/formula.md, written from the registry."""

from collections.abc import Iterable, Iterator

from zhiheng.scoring.formula.library import REGISTRY
from zhiheng.scoring.formula.registry import Function, Kind, Parameter

BEGIN = "<!-- 函数表：由程序生成，请勿手改 -->"
END = "<!-- 函数表结束 -->"
_HEADINGS = {
    Kind.CELL: "逐项函数：对每个单位（或列表的每个元素）分别计算",
    Kind.LIST: "列表函数：把一个单位的一列数化成一个数",
    Kind.GROUP: "组内函数：与同一考核组的单位比较",
    Kind.TIME: "往年函数",
}


def function_tables() -> str:
    """Markdown of all functions by kind: way of writing, meaning, choices, treatment of states, example."""
    return "\n".join(_tables(REGISTRY.functions.values()))


def with_tables(manual: str) -> str:
    """The manual with its function tables renewed."""
    head, rest = manual.split(BEGIN)
    _, tail = rest.split(END)
    return f"{head}{BEGIN}\n\n{function_tables()}\n{END}{tail}"


def _tables(functions: Iterable[Function]) -> Iterator[str]:
    known = list(functions)
    for kind, heading in _HEADINGS.items():
        yield f"### {heading}\n"
        yield "| 写法 | 英文名 | 结果 | 含义 | 没有值时 | 例 |"
        yield "|---|---|---|---|---|---|"
        yield from (_row(function) for function in known if function.kind is kind)
        yield ""


def _row(function: Function) -> str:
    returns = function.returns if isinstance(function.returns, str) else "同参数"
    choices = "；".join(filter(None, map(_choices, function.parameters)))
    meaning = function.summary + (f"。{choices}" if choices else "")
    cells = (
        f"`{function.signature}`",
        function.alias,
        returns,
        meaning,
        function.states,
        f"`{function.example}`",
    )
    return f"| {' | '.join(cells)} |"


def _choices(parameter: Parameter) -> str:
    words = [word for word in parameter.choices if not word.isascii()]
    return f"{parameter.name}可写 {'、'.join(words)}" if words else ""
