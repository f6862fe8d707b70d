"""Checks of bands and intervals: what changes nothing, cannot be reached, overlaps or leaves a gap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from zhiheng.scoring.contract import Issue, Params
from zhiheng.scoring.formula import Formula
from zhiheng.scoring.parameters import number, text
from zhiheng.scoring.scheme.names import parsed
from zhiheng.scoring.scheme.numbers import is_number, plain
from zhiheng.scoring.trial import Trial

LIMITS = ("at_least", "above", "at_most", "below")
_SIGNS = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Range:
    """区间: from `low` to `high` (None: open), each end included or not."""

    low: Fraction | None
    low_in: bool
    high: Fraction | None
    high_in: bool

    @classmethod
    def of(cls, limits: Mapping[str, Any]) -> "Range | None":
        """The range that limits describe; None when one of them is a formula."""
        if any(not is_number(limits[name]) for name in LIMITS if name in limits):
            return None
        low, low_in = _stricter(limits, "at_least", "above", largest=True)
        high, high_in = _stricter(limits, "at_most", "below", largest=False)
        return cls(low, low_in, high, high_in)

    def covers(self, other: "Range") -> bool:
        """Whether every number of the other range is in this one."""
        below = self.low is None or (
            other.low is not None
            and (other.low > self.low or (other.low == self.low and (self.low_in or not other.low_in)))
        )
        above = self.high is None or (
            other.high is not None
            and (other.high < self.high or (other.high == self.high and (self.high_in or not other.high_in)))
        )
        return below and above

    def meets(self, other: "Range") -> bool:
        """Whether some number is in both."""
        return not (_left_of(self, other) or _left_of(other, self))

    def words(self) -> str:
        """`[0.8, 0.9)`."""
        left = "（-∞" if self.low is None else f"{'[' if self.low_in else '（'}{_shown(self.low)}"
        right = "+∞）" if self.high is None else f"{_shown(self.high)}{']' if self.high_in else '）'}"
        return f"{left}，{right}"


def band_issues(params: Params, points: Mapping[str, Any]) -> Sequence[Issue]:
    """What is odd about the bands of a band table."""
    found: list[Issue] = []
    bands = params["bands"]
    ranges = [None if "when" in band or "line" in band else Range.of(band) for band in bands]
    if params["match"] == "first":
        found += _dead(bands, params)
    found += _gaps(bands, ranges, params) + _against_points(bands, params, points)
    found += _order(bands, params)
    return found


def _against_points(bands: Sequence[Params], params: Params, points: Mapping[str, Any]) -> list[Issue]:
    """The best band against the points of the node."""
    worths = [number(band["points"]) for band in bands if is_number(band["points"]) and "line" not in band]
    full = max(points.values(), default=None)
    if full is None or len(worths) < len(bands) or params["match"] == "sum":
        return []
    best = max(*worths, number(params["else"])) if is_number(params["else"]) else max(worths)
    if best < full:
        text = f"最高一档得 {_shown(best)} 分，本项 {_shown(full)} 分中有 {_shown(full - best)} 分得不到。"
        return [Issue("points.unreachable", "bands", text, "请核对分值与最高一档的得分。")]
    if best > full:
        text = f"最高一档得 {_shown(best)} 分，超过本项分值 {_shown(full)}，会被封顶。"
        return [Issue("points.above", "bands", text, "请核对分值，或在 bounds 中设 cap。")]
    return []


def grade_issues(params: Params) -> Sequence[Issue]:
    """What is odd about grade rules: unknown grades, overlaps and holes of intervals, shares."""
    known = [item["code"] for item in params["grades"]]
    found = []
    for place, test in enumerate(params.get("tests", ())):
        if test["grade"] not in known:
            found.append(
                Issue(
                    "grade.unknown",
                    f"tests[{place}].grade",
                    f"“{test['grade']}”不在等次之中。",
                    f"可用：{'、'.join(known)}。",
                    "error",
                )
            )
        if not ({"when", "interval", "quota"} & set(test)):
            found.append(
                Issue(
                    "grade.open",
                    f"tests[{place}]",
                    f"“{test['grade']}”没有条件，其后的规则都轮不到。",
                    "请填写条件、区间或名额。",
                )
            )
    if "default" in params and params["default"] not in known:
        found.append(
            Issue(
                "grade.unknown",
                "default",
                f"“{params['default']}”不在等次之中。",
                f"可用：{'、'.join(known)}。",
                "error",
            )
        )
    found += _interval_issues(params)
    total = sum((number(share) for share in (params.get("forced") or {}).values()), Fraction(0))
    if params.get("forced") and total != 1:
        found.append(
            Issue(
                "grade.forced",
                "forced",
                f"强制分布的比例合计为 {_shown(total)}，不是 1。",
                "请核对各等次比例。",
            )
        )
    return found


def _stricter(
    limits: Mapping[str, Any], closed: str, opened: str, *, largest: bool
) -> tuple[Fraction | None, bool]:
    found = [(number(limits[name]), name == closed) for name in (closed, opened) if name in limits]
    if not found:
        return None, False
    pick = max if largest else min
    value = pick(item for item, _ in found)
    return value, all(inside for item, inside in found if item == value)


def _left_of(a: Range, b: Range) -> bool:
    if a.high is None or b.low is None:
        return False
    return a.high < b.low or (a.high == b.low and not (a.high_in and b.low_in))


def _dead(bands: Sequence[Params], params: Params) -> list[Issue]:
    """Bands that are never reached, or that could be struck out without changing any score."""
    trial = Trial([_condition(band, params) for band in bands])
    found: list[Issue] = []
    if not trial.conclusive or not trial.rows:
        return found
    open_rows = np.ones(len(trial.rows), dtype=bool)
    for place, band in enumerate(bands):
        taken = trial.truth[place] & open_rows
        open_rows &= ~trial.truth[place]
        if not taken.any():
            text = f"第 {place + 1} 档 {_words(band)} 已被前面各档包含，永远轮不到。"
            found.append(_issue("bands.unreachable", place, text, "请调整界限或次序。", band))
        elif _same_without(place, taken, bands, trial, params):
            worth = _shown(number(band["points"]))
            text = f"第 {place + 1} 档与其后的档次都得 {worth} 分，前者不起作用。"
            found.append(
                _issue(
                    "bands.inert", place, text, "如系文件笔误请改正；确为原文请在 accepted 写明原因。", band
                )
            )
    return found


def _issue(code: str, place: int, text: str, proposal: str, band: Params) -> Issue:
    if "accepted" in band:
        return Issue(
            code, f"bands[{place}]", f"{text}（已说明：{band['accepted']}）", "已接受，供查阅。", "info"
        )
    return Issue(code, f"bands[{place}]", text, proposal)


def _same_without(place: int, taken: Bools, bands: Sequence[Params], trial: Trial, params: Params) -> bool:
    """Whether every value of the band would get the same points from the bands after it (or from `else`)."""
    if not is_number(bands[place]["points"]):
        return False
    worth = number(bands[place]["points"])
    rest = taken.copy()
    for later in range(place + 1, len(bands)):
        here = rest & trial.truth[later]
        if here.any() and not (is_number(bands[later]["points"]) and number(bands[later]["points"]) == worth):
            return False
        rest &= ~here
    return not rest.any() or (is_number(params["else"]) and number(params["else"]) == worth)


def _condition(band: Params, params: Params) -> Formula | None:
    """The band's limits and condition as one formula."""
    name = {"value": "数值", "ratio": "比值", "rank": "名次"}[against(params)]
    parts = [f"[{name}]{sign}{_term(band[limit])}" for limit, sign in _SIGNS.items() if limit in band]
    if "line" in band:
        parts += [f"[{name}]>={_term(band['line']['from'])}", f"[{name}]<={_term(band['line']['to'])}"]
    if "when" in band:
        parts.append(f"({text(band['when'])})")
    return parsed(" 且 ".join(parts)) if parts else None


def _term(value: Any) -> str:
    if not is_number(value):
        return f"({value})"
    exact = number(value)
    return plain(exact) if exact >= 0 and "/" not in plain(exact) else f"({plain(exact)})"


def _words(band: Params) -> str:
    if "title" in band:
        return f"“{band['title']}”"
    here = None if "when" in band or "line" in band else Range.of(band)
    return here.words() if here is not None else str(band.get("when", ""))


def against(params: Params) -> str:
    """What the limits of the bands compare: value, ratio or rank."""
    default = "ratio" if "benchmark" in params else "value" if "value" in params else "rank"
    return str(params.get("against") or default)


def _gaps(bands: Sequence[Params], ranges: Sequence[Range | None], params: Params) -> list[Issue]:
    """Room between two bands where the `else` points apply although higher and lower values have bands."""
    known = [here for here in ranges if here is not None]
    if len(known) != len(bands) or params["match"] == "sum":
        return []
    ordered = sorted(known, key=lambda r: (r.low is not None, r.low or 0))
    found = []
    reach = ordered[0]
    for here in ordered[1:]:
        if _gap(reach, here):
            text = f"{reach.words()} 与 {here.words()} 之间没有档次，落入其间得“其他情形”的分数。"
            found.append(Issue("bands.gap", "bands", text, "请核对界限是否衔接。"))
        reach = here if here.high is None or (reach.high is not None and _reaches(here, reach)) else reach
    return found


def _reaches(a: Range, b: Range) -> bool:
    if a.high is None:
        return True
    return b.high is not None and (a.high, a.high_in) > (b.high, b.high_in)


def _gap(a: Range, b: Range) -> bool:
    if a.high is None or b.low is None:
        return False
    return a.high < b.low or (a.high == b.low and not (a.high_in or b.low_in))


def _order(bands: Sequence[Params], params: Params) -> list[Issue]:
    limit = [band for band in bands if "accepted" not in band]
    if params["match"] != "first" or len(limit) < 2:
        return []
    lows = [(number(b["at_least"]), number(b["points"])) for b in limit if set(b) & set(LIMITS) == {"at_least"} and
            is_number(b["at_least"]) and is_number(b["points"]) and "when" not in b and "line" not in b]  # fmt: skip
    points = [worth for _, worth in sorted(lows, reverse=True)]
    falling, rising = points == sorted(points, reverse=True), points == sorted(points)
    if len(points) >= 3 and not falling and not rising:
        return [Issue("bands.order", "bands", "随数值升高，得分时升时降。", "请核对各档的界限与得分。")]
    return []


def _interval_issues(params: Params) -> list[Issue]:
    tests = [
        (place, test)
        for place, test in enumerate(params.get("tests", ()))
        if "interval" in test and "when" not in test and "quota" not in test
    ]
    ranges = [(place, test["grade"], Range.of(test["interval"])) for place, test in tests]
    live = [(place, grade, here) for place, grade, here in ranges if here is not None]
    found = []
    for n, (place, grade, here) in enumerate(live):
        for _, other_grade, other in live[:n]:
            if here.meets(other):
                text = f"“{grade}”{here.words()} 与“{other_grade}”{other.words()} 重叠，先检验的为准。"
                found.append(
                    Issue("grade.overlap", f"tests[{place}].interval", text, "请核对区间界限归哪一等次。")
                )
    ordered = sorted((here for _, _, here in live), key=lambda r: (r.low is not None, r.low or 0))
    for first, second in pairwise(ordered):
        if _gap(first, second):
            text = f"{first.words()} 与 {second.words()} 之间没有等次。"
            found.append(Issue("grade.hole", "tests", text, "请核对区间是否衔接；落入其间的按 default。"))
    return found


def _shown(value: Fraction) -> str:
    return plain(value)
