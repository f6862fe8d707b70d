"""Words of limits and spans (界限与时段用语), by the conventions of catalogue.md A 4."""

import re
from fractions import Fraction

from catalog.schedule.words import NUMERAL, number

SIGNS = {
    "不低于": ">=", "不少于": ">=", "不小于": ">=", "不得低于": ">=", "不得少于": ">=", "至少": ">=", "达到": ">=", "达": ">=", "≥": ">=", ">=": ">=", "≧": ">=",
    "不超过": "<=", "不高于": "<=", "不大于": "<=", "不多于": "<=", "不得超过": "<=", "不得高于": "<=", "控制在": "<=", "至多": "<=", "最多": "<=",
    "≤": "<=", "<=": "<=", "≦": "<=", "低于": "<", "小于": "<", "少于": "<", "<": "<", "高于": ">", "大于": ">", "多于": ">", "超过": ">", ">": ">",
    "为": "=", "=": "=", "是": "=",
}  # fmt: skip
AFTER_VALUE = {
    "以上": ">=",
    "及以上": ">=",
    "或以上": ">=",
    "以下": "<=",
    "及以下": "<=",
    "以内": "<=",
    "之内": "<=",
}
SIGN = "|".join(sorted(map(re.escape, SIGNS), key=len, reverse=True))
SUFFIX = "|".join(sorted(AFTER_VALUE, key=len, reverse=True))
ZERO = ("零", "〇", "0")
SHARES = {"百": (100, "%"), "千": (1000, "‰"), "万": (10000, "‱")}
# Bounded: a cell may hold anything.
DIGITS = r"\d{1,9}(?:\.\d{1,6})?"
FIGURE = rf"(?:{DIGITS}|[{NUMERAL}]{{1,3}})"
VALUE = rf"(?:[百千万]分之{FIGURE}|{FIGURE}分之{FIGURE}|\d{{1,4}}/\d{{1,4}}|{DIGITS}[%‰]?|[{NUMERAL}]{{1,3}})"
COUNTERS = "分钟|小时|个工作日|工作日|天|人次|课时|学时|万元|万字|个|次|场|期|项|名|人|位|所|家|份|篇|册|门|节|起|件|批|元|分|轮|届|本|种|条|支|间|台|套|页|部|例|户|票"
SPANS = {"分钟": "minute", "小时": "hour", "个工作日": "working_day", "工作日": "working_day", "个自然日": "day", "天": "day", "日": "day", "个星期": "week",
         "周": "week", "个周": "week", "个月": "month", "月": "month", "学期": "term", "个学期": "term", "学年": "school_year", "年": "year", "年度": "year",
         "季度": "quarter", "个季度": "quarter", "半年": "half_year"}  # fmt: skip
SPAN = "|".join(sorted(SPANS, key=len, reverse=True))
METRICS = {
    "差错率": "error_rate", "错误率": "error_rate", "出错率": "error_rate", "满意度": "satisfaction", "满意率": "satisfaction", "覆盖率": "coverage",
    "覆盖面": "coverage", "投诉率": "complaint_rate", "知晓率": "awareness", "参与率": "participation", "参评率": "participation", "完成率": "completion",
    "建档率": "filing_rate", "提交率": "submission_rate", "及时率": "on_time_rate", "准确率": "accuracy", "采集率": "capture_rate",
    "登记率": "registration", "故障率": "failure_rate", "合格率": "pass_rate", "到位率": "in_place_rate", "出勤率": "attendance", "到会率": "attendance",
    "报到率": "enrolment_rate", "就业率": "employment_rate", "完好率": "serviceable_rate", "使用率": "use_rate", "利用率": "use_rate", "优秀率": "excellence_rate",
    "差错": "errors", "错误": "errors", "失误": "errors", "投诉": "complaints", "事故": "accidents", "遗漏": "omissions", "延误": "delays", "误差": "errors", "疏漏": "omissions", "缺失": "omissions", "遗失": "losses", "违纪": "breaches", "纠纷": "disputes",
    "及时性": "on_time_rate", "错字": "errors", "漏字": "omissions", "准确": "accuracy",
}  # fmt: skip
VAGUE = re.compile(r"及时(?!率)|第一时间|立即|立刻|尽快|尽早|按时|按期|适时|即时")


def figure(text: str) -> tuple[Fraction, str]:
    """(value, unit) of 5%, 万分之三, 2/3, 三分之二, 零, 12; the unit is %, ‰, ‱ or empty."""
    if text[0] in SHARES and "分之" in text:
        return _plain(text.partition("分之")[2]), SHARES[text[0]][1]
    if "分之" in text:
        below, _, above = text.partition("分之")
        return _plain(above) / _plain(below), ""
    if text[-1] in "%‰":
        return Fraction(text[:-1]), text[-1]
    return _plain(text), ""


def _plain(text: str) -> Fraction:
    return Fraction(text) if text[0].isdigit() else Fraction(number(text))


def span(amount: Fraction, word: str) -> tuple[Fraction, str]:
    """(amount, unit) of a stretch of time; quarters and half-years become months."""
    unit = SPANS[word]
    if unit == "quarter":
        return amount * 3, "month"
    if unit == "half_year":
        return amount * 6, "month"
    return amount, unit


def signed(before: str | None, after: str | None, value: Fraction, unit: str) -> str:
    """The sign of a limit; at least the whole of something is the whole."""
    sign = AFTER_VALUE.get(after or "") or SIGNS.get(before or "") or "="
    return "=" if sign == ">=" and unit == "%" and value == 100 else sign
