"""Checks of bands and intervals: what changes nothing, cannot be reached, overlaps or leaves a gap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from zhiheng.scoring.contract import Issue, Params
from zhiheng.scoring.parameters import number
from zhiheng.scoring.scheme.numbers import is_number

LIMITS = ("at_least", "above", "at_most", "below")


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
        found += _unreachable(bands, ranges)
        found += _inert(bands)
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


def _unreachable(bands: Sequence[Params], ranges: Sequence[Range | None]) -> list[Issue]:
    found = []
    for place, here in enumerate(ranges):
        if here is None or "accepted" in bands[place]:
            continue
        for earlier in range(place):
            before = ranges[earlier]
            if before is not None and before.covers(here):
                text = f"第 {place + 1} 档 {here.words()} 已被第 {earlier + 1} 档 {before.words()} 包含，永远轮不到。"
                found.append(Issue("bands.unreachable", f"bands[{place}]", text, "请调整界限或次序。"))
                break
    return found


def _inert(bands: Sequence[Params]) -> list[Issue]:
    """A band followed by one that holds whenever it holds and gives the same points."""
    found = []
    for place in range(len(bands) - 1):
        band, following = bands[place], bands[place + 1]
        if "accepted" in band or not is_number(band["points"]) or not is_number(following["points"]):
            continue
        if number(band["points"]) == number(following["points"]) and _implies(band, following):
            text = f"第 {place + 1} 档与第 {place + 2} 档都得 {_shown(number(band['points']))} 分，前者不起作用。"
            found.append(
                Issue(
                    "bands.inert",
                    f"bands[{place}]",
                    text,
                    "如系文件笔误请改正；确为原文请在 accepted 写明原因。",
                )
            )
    return found


def _implies(band: Params, other: Params) -> bool:
    first, second = Range.of(band), Range.of(other)
    if first is None or second is None or "line" in band or "line" in other:
        return False
    same = "when" not in other or str(other["when"]) in str(band.get("when", ""))
    return same and second.covers(first)


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
    from zhiheng.scoring.scheme.numbers import plain

    return plain(value)
