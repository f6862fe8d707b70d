"""Which year a provincial page shows (年度), and how values look there."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.kernel.numbers import round_half_up
from zhiheng.library.models import IndicatorDefinition
from zhiheng.provincial.selectors.progress import years
from zhiheng.web.crumbs import Crumb, crumbs
from zhiheng.web.shell import YEAR_KEY
from zhiheng.web.show import NOTHING


@dataclass(frozen=True)
class YearChoice:
    """One year to switch to."""

    year: int
    current: bool


def year_asked(request: HttpRequest) -> tuple[int, list[YearChoice]]:
    """The year in the address, else the session's, else the newest with data, else this one; with all choices."""
    known = years()
    wanted = request.GET.get("year", "")
    kept = request.session.get(YEAR_KEY)
    asked = int(wanted) if wanted.isdecimal() else kept
    year = (
        asked if isinstance(asked, int) and asked in known else next(iter(known), timezone.localdate().year)
    )
    return year, [YearChoice(one, one == year) for one in known]


def area_crumbs(*steps: tuple[str, str]) -> list[Crumb]:
    """Crumbs below 省级看板."""
    return crumbs((_("省级看板"), reverse("province:board")), *steps)


def rounded(value: Decimal | None, definition: IndicatorDefinition) -> Decimal | None:
    """The value with the decimals of its definition."""
    return None if value is None else round_half_up(value, definition.decimals)


def figure(value: Decimal | None, definition: IndicatorDefinition) -> str:
    """Value with thousands separated and the unit behind; an em dash for nothing."""
    shown = rounded(value, definition)
    return NOTHING if shown is None else f"{shown:,f}{definition.unit}"
