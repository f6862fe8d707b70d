"""Finding units by any name they ever had (找单位)."""

from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from tenants.organisation.models import AssessedUnit, Signboard, UnitAlias, UnitVersion
from tenants.organisation.selectors.assessed import assessed_unit_map
from tenants.organisation.selectors.tree import units_as_of
from zhiheng.accounts.guard import require
from zhiheng.accounts.models import User

NAME, SHORT, SIGNBOARD, FORMER, ALIAS = "名称", "简称", "挂牌", "曾用名", "别名"
_ORDER = [NAME, SHORT, SIGNBOARD, FORMER, ALIAS]


class Found(NamedTuple):
    """A unit that answers to the text: by which name, of which sort, and where it is assessed."""

    unit: UnitVersion
    matched: str
    matched_as: str
    assessed_unit: AssessedUnit | None


def find_units(*, user: User, text: str, on: date | None = None, limit: int = 20) -> list[Found]:
    """Units of a day (today) whose code, name, short name, signboard, alias or former name holds ``text``.

    Pinyin initials do too (``jwc`` finds 教务处).  Exact names first, then by sort of name and pinyin.
    """
    require(user, "unit.view")
    day, wanted = on or timezone.localdate(), text.replace("\0", "").strip()
    if not wanted:
        return []
    hits = _hits(wanted, day)
    current = {v.unit_id: v for v in units_as_of(day).filter(unit__in=list(hits))}
    counted = assessed_unit_map(day)
    targets = AssessedUnit.objects.in_bulk({counted[pk] for pk in current if pk in counted})
    found = [Found(v, *hits[pk], targets.get(counted.get(pk, 0))) for pk, v in current.items()]
    found.sort(key=lambda f: (f.matched != wanted, _ORDER.index(f.matched_as), f.unit.sort_key))
    return found[:limit]


def _hits(text: str, day: date) -> dict[int, tuple[str, str]]:
    """Unit id -> (name that matched, sort of name), the best sort for each unit."""
    named = Q(name__icontains=text) | Q(initials__startswith=text.lower())
    today = UnitVersion.objects.on(day)
    rows = [
        (SIGNBOARD, Signboard.objects.on(day).filter(named).values_list("unit_id", "name")),
        (ALIAS, _aliases(day, UnitAlias.Kind.ALIAS).filter(named).values_list("unit_id", "name")),
        (FORMER, _aliases(day, UnitAlias.Kind.FORMER).filter(named).values_list("unit_id", "name")),
        (FORMER, UnitVersion.objects.filter(named, valid_to__lt=day).values_list("unit_id", "name")),
        (SHORT, today.filter(short_name__icontains=text).values_list("unit_id", "short_name")),
        (NAME, today.filter(named | Q(unit__code__iexact=text)).values_list("unit_id", "name")),
    ]
    hits: dict[int, tuple[str, str]] = {}
    for sort, found in rows:
        for unit_id, name in found:
            if unit_id not in hits or _better(name, sort, hits[unit_id], text):
                hits[unit_id] = (name, sort)
    return hits


def _aliases(day: date, kind: UnitAlias.Kind) -> QuerySet[UnitAlias]:
    return UnitAlias.objects.on(day).filter(kind=kind)


def _better(name: str, sort: str, known: tuple[str, str], text: str) -> bool:
    return (name != text, _ORDER.index(sort)) < (known[0] != text, _ORDER.index(known[1]))
