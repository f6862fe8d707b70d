"""Rows of the comparison (对比行): figures in words, box strip, standing, reason and way on where nothing is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiheng.benchmarking.models import PeerStatistic
from zhiheng.benchmarking.selectors.peers import FLOOR, PeerRow
from zhiheng.kernel.numbers import plain, round_half_up
from zhiheng.library.models import IndicatorDefinition
from zhiheng.library.models.indicators import Direction
from zhiheng.web.charts import Box, Strip, box_strip
from zhiheng.web.show import NOTHING

QUARTER = 25
HEADERS = (
    gettext_noop("所属表"),
    gettext_noop("指标"),
    gettext_noop("单位"),
    gettext_noop("本校"),
    gettext_noop("同类发布数"),
    gettext_noop("第10百分位"),
    gettext_noop("下四分位"),
    gettext_noop("中位数"),
    gettext_noop("上四分位"),
    gettext_noop("第90百分位"),
    gettext_noop("百分位"),
    gettext_noop("说明"),
)


@dataclass(frozen=True)
class ShownRow:
    """One indicator ready for the page; ``withheld`` says why there is no strip, ``way`` the group that shows it."""

    row: PeerRow
    own: str
    median: str
    strip: Strip | None
    percentile: str
    meaning: str
    withheld: str = ""
    way: PeerStatistic | None = None

    @property
    def definition(self) -> IndicatorDefinition:
        """The definition of the year."""
        return self.row.definition

    @property
    def is_low(self) -> bool:
        """In the last quarter of an indicator that has a better end."""
        return self.meaning == "low"

    @property
    def sentence(self) -> str:
        """For the phone: 第62百分位."""
        return _("第{p}百分位").format(p=self.percentile) if self.percentile else ""


def figure(value: Decimal | None, definition: IndicatorDefinition) -> str:
    """The value with the decimals of its definition and thousands separated, without unit."""
    return NOTHING if value is None else f"{round_half_up(value, definition.decimals):,f}"


def distance(gap: Decimal, definition: IndicatorDefinition) -> str:
    """A difference of two values: 1.62个百分点, 412万元."""
    unit = _("个百分点") if definition.unit == "%" else definition.unit
    return f"{abs(round_half_up(gap, definition.decimals)):,f}{unit}"


def box_of(statistic: PeerStatistic, label: str) -> Box:
    """A statistic that may be shown, as a box."""
    s = statistic
    return Box(label, s.n, s.p10, s.q1, s.median, s.q3, s.p90)


def shown_row(row: PeerRow, way: PeerStatistic | None) -> ShownRow:
    """One row ready for the page."""
    definition, statistic = row.definition, row.statistic
    own = figure(row.own, definition)
    if not row.shown or statistic is None:
        return ShownRow(row, own, "", None, "", "", withheld=reason(statistic), way=way)
    median = figure(statistic.median, definition)
    label = _("{title}：本校{own}，中位数{median}，中间一半在{q1}到{q3}之间").format(
        title=definition.title,
        own=own,
        median=median,
        q1=figure(statistic.q1, definition),
        q3=figure(statistic.q3, definition),
    )
    strip = box_strip(box_of(statistic, definition.title), own=row.own, label=label)
    place = row.standing if row.standing is not None else row.percentile
    return ShownRow(
        row, own, median, strip, "" if place is None else plain(round_half_up(place, 0)), meaning_of(row)
    )


def meaning_of(row: PeerRow) -> str:
    """``low`` in the last quarter, ``high`` in the first, empty otherwise and for neutral indicators."""
    if row.standing is None:
        return ""
    if row.standing < QUARTER:
        return "low"
    return "high" if row.standing > 100 - QUARTER else ""


def reason(statistic: PeerStatistic | None) -> str:
    """Why nothing is drawn."""
    if statistic is None:
        return _("这一年同类组里还没有学校发布。")
    if statistic.withheld == "floor":
        return _("只有{n}所发布，不足{floor}所，为免认出单个学校不显示。").format(n=statistic.n, floor=FLOOR)
    return _("和另一组只差一两所，两组相减会认出单个学校，所以不显示。")


def sections(rows: Sequence[ShownRow]) -> list[tuple[str, list[ShownRow]]]:
    """Rows under the table they belong to."""
    return [(title, list(group)) for title, group in groupby(rows, key=lambda r: r.definition.table)]


def by_standing(rows: Sequence[ShownRow]) -> list[ShownRow]:
    """Furthest behind first; neutral and withheld rows last."""
    return sorted(rows, key=lambda r: (r.row.standing is None, r.row.standing or 0))


def names(rows: Sequence[ShownRow], limit: int = 3) -> str:
    """甲、乙、丙等5项."""
    titles = [row.definition.title for row in rows]
    shown = _("、").join(titles[:limit])
    return shown if len(titles) <= limit else _("{names}等{n}项").format(names=shown, n=len(titles))


def workbook_rows(rows: Sequence[ShownRow]) -> list[list[Any]]:
    """The same rows with every number behind them."""
    found = []
    for one in rows:
        s, d = one.row.statistic, one.definition
        shown = [s.p10, s.q1, s.median, s.q3, s.p90] if s is not None and one.row.shown else [None] * 5
        numbers = [None if v is None else round_half_up(v, d.decimals) for v in shown]
        own = None if one.row.own is None else round_half_up(one.row.own, d.decimals)
        place = one.row.standing if one.row.standing is not None else one.row.percentile
        note = one.withheld or Direction(d.direction).label
        found.append([d.table, d.title, d.unit, own, s.n if s else 0, *numbers, place, note])
    return found
