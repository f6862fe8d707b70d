"""Whose figure it is and when it holds (指标名称): the words before a figure, freed of verbs and dates."""

import re

from catalog.measurables.scan import STOPS
from catalog.measurables.words import FIGURE, METRICS

WORDS = rf"[^{re.escape(STOPS)}]"
LETTERS = "\u4e00-\u9fff"
PER = re.compile(
    rf"每(?:个)?(?:学年|学期|年度?|月|周|天|次|人|班|届)|{FIGURE}个?(?:学?年|学期|月)(?:之|以)?内|年度"
)
WHEN = re.compile(r"^(?P<when>.*?(?:期间|\d{1,2}月|时))(?P<rest>.*)$")
LEAD = re.compile(
    rf"^.*?(?:前|后|[天日周月年时][之以]?内|确保|保证|做到|实现|使|组织|开展|并|且|完成(?!率))(?=[{LETTERS}A-Za-z])"
)


def subject_of(words: str) -> tuple[str | None, str | None]:
    """(whose figure, when it holds) of the words before a figure."""
    rest = words.lstrip("、()")
    condition = None
    if found := WHEN.match(rest):
        condition, rest = found["when"], found["rest"]
        condition = re.sub(r"^(?:在|于|确保|保证|使)", "", condition)
    rest = LEAD.sub("", rest)
    return re.sub(r"(?:的|在|使|其|确保|保证|做到|实现)+$", "", rest) or None, condition


def code_of(metric: str) -> str | None:
    """The common name of a metric; None for one that has none."""
    if metric.startswith("覆盖"):
        return "coverage"
    return next((code for name, code in METRICS.items() if metric.endswith(name)), None)


def counted_name(words: str) -> str:
    """What is counted: the words around the figure without verbs of doing and without the period."""
    name = LEAD.sub("", PER.sub("", words))
    return re.sub(r"平均|不低于|不少于|至少|^(?:组织|开展|每|的|或)|(?:的|在|应|为)$", "", name) or "数量"
