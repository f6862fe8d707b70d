"""The province's board (省级看板): who has reported, where the gaps are, how one indicator spreads."""

from dataclasses import dataclass
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from zhiheng.provincial.selectors import values
from zhiheng.provincial.selectors.progress import CollegeProgress, progress
from zhiheng.web.guards import requires
from zhiheng.web.listing import Empty
from zhiheng.web.province.asking import year_asked
from zhiheng.web.province.spread import histogram_of, median_finding

STATES = (
    (gettext_noop("已报送"), "k-ok", "ok"),
    (gettext_noop("报送中"), "k-blue", "info"),
    (gettext_noop("未报送"), "k-warn", "warn"),
)
FIRST_INDICATOR = "settled_rate"


@dataclass(frozen=True)
class Share:
    """One part of the stacked bar: how many colleges, where it begins and how wide it is in per cent."""

    label: str
    css: str
    meaning: str
    count: int
    start: str
    width: str
    percent: str


@dataclass(frozen=True)
class Tile:
    """One college in the tile grid; shade 0 to 5 by what is released."""

    row: CollegeProgress
    shade: int


@requires("provincial.view")
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Progress of the year, tiles, distribution of one indicator, colleges that are not through."""
    year, choices = year_asked(request)
    rows = progress(year)
    spreads = values.spreads(year)
    wanted = request.GET.get("indicator", FIRST_INDICATOR)
    chosen = next((one for one in spreads if one.definition.code == wanted), spreads[0] if spreads else None)
    missing = [row for row in rows if row.state != "已报送"]
    context = {
        "heading": finding(rows),
        "lead": _("{year}年度质量数据，每所应报{n}项。").format(year=year, n=rows[0].expected)
        if rows
        else "",
        "crumbs": [],
        "year": year,
        "years": choices,
        "rows": rows,
        "shares": shares(rows),
        "tiles": tiles(rows),
        "tiles_heading": tiles_finding(rows),
        "missing": sorted(missing, key=lambda row: (row.released, row.profile.name)),
        "spreads": spreads,
        "chosen": chosen,
        "chart": histogram_of(chosen, year) if chosen and chosen.values else None,
        "chart_heading": median_finding(chosen) if chosen else "",
        "empty": Empty(
            gettext_noop("还没有所属学校"),
            gettext_noop("平台运营把学校登记到本省后，这里显示各校的报送进度和指标分布。"),
            icon="building-bank",
        ),
    }
    return render(request, "web/province/board.html", context)


def finding(rows: list[CollegeProgress]) -> str:
    """24所高职院校，21所已报齐，1所还没开始."""
    if not rows:
        return _("省级看板")
    done = sum(row.state == "已报送" for row in rows)
    none = sum(row.state == "未报送" for row in rows)
    if done == len(rows):
        return _("{n}所高职院校全部报齐").format(n=done)
    text = _("{n}所高职院校，{done}所已报齐").format(n=len(rows), done=done)
    return text + (_("，{none}所还没开始").format(none=none) if none else "")


def shares(rows: list[CollegeProgress]) -> list[Share]:
    """Parts of the bar in the order of the states; empty parts are left out of the bar but keep their figure."""
    found, start = [], Fraction(0)
    for label, css, meaning in STATES:
        count = sum(row.state == label for row in rows)
        width = Fraction(100 * count, len(rows)) if rows else Fraction(0)
        found.append(
            Share(
                label, css, meaning, count, f"{float(start):.3f}", f"{float(width):.3f}", f"{round(width)}%"
            )
        )
        start += width
    return found


def tiles(rows: list[CollegeProgress]) -> list[tuple[str, list[Tile]]]:
    """Tiles by tier, fullest first."""
    groups: dict[str, list[Tile]] = {}
    for row in sorted(rows, key=lambda one: (-one.released, one.profile.name)):
        shade = min(5, 5 * row.released // row.expected) if row.expected else 0
        groups.setdefault(row.profile.tier, []).append(Tile(row, max(shade, 1) if row.released else 0))
    return sorted(groups.items(), key=lambda pair: -len(pair[1]))


def tiles_finding(rows: list[CollegeProgress]) -> str:
    """Names of those that have not begun, or that all have."""
    none = [row.profile.name for row in rows if row.state == "未报送"]
    if not none:
        return _("每所都已开始报送")
    return _("{names}还没有报送").format(names=_("、").join(none[:3]) + (_("等") if len(none) > 3 else ""))


def college_href(row: CollegeProgress) -> str:
    """Page of the college."""
    return reverse("province:college", args=[row.profile.college])
