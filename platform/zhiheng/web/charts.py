"""Charts (图表): an ECharts option as data, with the table behind it and a download; no script in the page.

Colours are named by role: the text ``@accent`` becomes the value of ``--zh-accent`` in the browser, so that light, dark
and print look right.  Numbers are turned into floats here, for drawing only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from django.utils.translation import gettext as _

Number = Decimal | Fraction | int | None
ME, PEER, TEXT_2, SUNK = "@accent", "@peer", "@text-2", "@sunk"
GRID = {"left": 10, "right": 24, "top": 26, "bottom": 4, "containLabel": True}


@dataclass(frozen=True)
class Chart:
    """One chart: the label is read out and must say the finding; headers and rows are the table behind it."""

    key: str
    label: str
    option: Mapping[str, Any]
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    size: Literal["", "low", "tall"] = ""
    note: str = ""
    download_href: str = ""

    @property
    def data_id(self) -> str:
        """Id of the script element that holds the option."""
        return f"{self.key}-option"


@dataclass(frozen=True)
class Box:
    """Quartiles with whiskers at the tenth and ninetieth percentile, of ``n`` institutions."""

    label: str
    n: int
    p10: Number
    q1: Number
    median: Number
    q3: Number
    p90: Number

    @property
    def numbers(self) -> list[float | None]:
        """In the order ECharts wants."""
        return [drawn(v) for v in (self.p10, self.q1, self.median, self.q3, self.p90)]


@dataclass(frozen=True)
class Line:
    """One line of a trend; a change of definition ends one line and begins the next (nothing connects them)."""

    label: str
    values: Sequence[Number]
    own: bool = False
    outdated: bool = False


@dataclass(frozen=True)
class Break:
    """Grey band over the years of an older definition."""

    first: str
    last: str
    label: str


def drawn(value: Number) -> float | None:
    """Position on paper; nothing for a missing value."""
    return None if value is None else float(value)


def boxes(boxes: Sequence[Box], *, own: Number = None, own_label: str = "", unit: str = "") -> dict[str, Any]:
    """Option of a box plot, one row per peer group, own value as a line through all of them."""
    series: dict[str, Any] = {
        "type": "boxplot",
        "boxWidth": [18, 26],
        "data": [box.numbers for box in boxes],
    }
    if own is not None:
        series["markLine"] = {
            "symbol": "none",
            "silent": True,
            "data": [{"xAxis": drawn(own)}],
            "lineStyle": {"color": ME, "type": "solid", "width": 2},
            "label": {"formatter": own_label, "color": ME, "fontWeight": 600, "position": "start"},
        }
    return {
        "grid": GRID,
        "xAxis": {
            "type": "value",
            "scale": True,
            "splitNumber": 5,
            "axisLabel": {"formatter": f"{{value}}{unit}"},
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [_("{label}\n{n}所").format(label=box.label, n=box.n) for box in boxes],
            "axisLine": {"show": False},
            "axisLabel": {"lineHeight": 17},
        },
        "series": [series],
    }


def trend(
    years: Sequence[str], lines: Sequence[Line], *, breaks: Sequence[Break] = (), unit: str = ""
) -> dict[str, Any]:
    """Option of a trend: own line in the accent colour, others grey, older definitions dashed on a grey band."""
    series = [_trend_line(line, unit) for line in lines]
    if series and breaks:
        series[0]["markArea"] = {
            "silent": True,
            "itemStyle": {"color": SUNK},
            "label": {"color": TEXT_2, "position": "insideBottom"},
            "data": [[{"xAxis": b.first, "name": b.label}, {"xAxis": b.last}] for b in breaks],
        }
    return {
        "grid": {**GRID, "right": 92},
        "tooltip": {"trigger": "axis", "renderMode": "richText"},
        "xAxis": {"type": "category", "data": list(years)},
        "yAxis": {
            "type": "value",
            "scale": True,
            "splitNumber": 5,
            "axisLabel": {"formatter": f"{{value}}{unit}"},
        },
        "series": series,
    }


def _trend_line(line: Line, unit: str) -> dict[str, Any]:
    colour = ME if line.own else PEER
    last = next((v for v in reversed(line.values) if v is not None), None)
    style: dict[str, Any] = {
        "name": line.label,
        "type": "line",
        "connectNulls": False,
        "labelLayout": {"moveOverlap": "shiftY"},
        "data": [drawn(v) for v in line.values],
        "itemStyle": {"color": colour},
        "lineStyle": {"color": colour, "type": "dashed" if line.outdated else "solid"},
    }
    if not line.outdated and last is not None:
        style["endLabel"] = {
            "show": True,
            "formatter": f"{line.label}{last}{unit}",
            "color": ME if line.own else TEXT_2,
            "fontWeight": 600 if line.own else 400,
        }
    return style


def histogram(
    bins: Sequence[str],
    counts: Sequence[int],
    *,
    name: str,
    unit: str = "",
    marked: frozenset[int] = frozenset(),
) -> dict[str, Any]:
    """Option of bars over equal bins from zero; ``marked`` are bins that need attention."""
    return {
        "grid": {**GRID, "right": 12, "top": 30, "bottom": 22},
        "xAxis": {
            "type": "category",
            "name": name,
            "nameLocation": "middle",
            "nameGap": 28,
            "data": list(bins),
            "axisLabel": {"interval": 0, "fontSize": 11, "hideOverlap": True},
        },
        "yAxis": {
            "type": "value",
            "name": unit or _("所"),
            "minInterval": 1,
            "splitNumber": 5,
            "nameGap": 10,
        },
        "series": [
            {
                "type": "bar",
                "barCategoryGap": "12%",
                "barMaxWidth": 80,
                "data": [
                    {"value": count, "itemStyle": {"color": "@warn-mark" if place in marked else "@seq-3"}}
                    for place, count in enumerate(counts)
                ],
                "label": {"show": True, "position": "top", "color": "@text", "formatter": f"{{c}}{unit}"},
            }
        ],
    }


def slope(left: str, right: str, lines: Sequence[tuple[str, int, int]]) -> dict[str, Any]:
    """Option of ranks under two schemes: climbers in the accent colour, losers in vermilion, the others grey."""
    worst = max((max(a, b) for _n, a, b in lines), default=1)
    return {
        "grid": {"left": 150, "right": 150, "top": 30, "bottom": 10},
        "xAxis": {
            "type": "category",
            "data": [left, right],
            "position": "top",
            "boundaryGap": False,
            "axisLine": {"show": False},
        },
        "yAxis": {"type": "value", "inverse": True, "min": 1, "max": worst, "show": False},
        "series": [
            {
                "type": "line",
                "name": name,
                "data": [
                    {"value": before, "label": {"position": "left", "formatter": f"{name} {before}"}},
                    {"value": after, "label": {"position": "right", "formatter": f"{after} {name}"}},
                ],
                "label": {"show": True},
                "itemStyle": {"color": _slope_colour(before, after)},
                "lineStyle": {"color": _slope_colour(before, after)},
            }
            for name, before, after in lines
        ],
    }


def _slope_colour(before: int, after: int) -> str:
    if after == before:
        return PEER
    return ME if after < before else "@cat-4"


@dataclass(frozen=True)
class Strip:
    """A row's box drawn by the server (zh-boxsvg); positions are percents of the width, as texts."""

    label: str
    low: str
    q1: str
    median: str
    q3: str
    high: str
    box_width: str
    own: str = ""
    points: list[str] = field(default_factory=list)


def box_strip(
    box: Box, *, own: Number = None, label: str = "", whole: tuple[Number, Number] | None = None
) -> Strip:
    """Place a box and the own value between 3 and 97 percent of ``whole`` (default: the values themselves)."""
    known = [Fraction(v) for v in (box.p10, box.q1, box.median, box.q3, box.p90, own) if v is not None]
    if len(known) < 5:
        raise ValueError("a strip needs all five figures")
    low, high = (Fraction(v or 0) for v in whole) if whole else (min(known), max(known))
    place = _placer(low, high)
    width = Fraction(box.q3 or 0) - Fraction(box.q1 or 0)
    return Strip(
        label=label or box.label,
        low=place(box.p10),
        q1=place(box.q1),
        median=place(box.median),
        q3=place(box.q3),
        high=place(box.p90),
        box_width=f"{float(94 * width / (high - low)) if high > low else 0:.2f}",
        own=place(own) if own is not None else "",
    )


def point_strip(values: Sequence[Number], *, own: Number, median: Number, label: str) -> Strip:
    """Single values as dots with median and own value, for the explanation of a score."""
    known = [Fraction(v) for v in (*values, own, median) if v is not None]
    place = _placer(min(known), max(known))
    return Strip(
        label=label,
        low="3",
        q1="",
        median=place(median) if median is not None else "",
        q3="",
        high="97",
        box_width="0",
        own=place(own) if own is not None else "",
        points=[place(v) for v in values if v is not None],
    )


def _placer(low: Fraction, high: Fraction) -> Any:
    def place(value: Number) -> str:
        if value is None:
            return ""
        share = (Fraction(value) - low) / (high - low) if high > low else Fraction(1, 2)
        return f"{float(3 + 94 * share):.2f}"

    return place
