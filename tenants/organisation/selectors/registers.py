"""Registers for the list pages (名册): posts, people, history of a unit; each with what a line shows, without a query per line."""

from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from tenants.organisation.models import (
    DayOverride,
    Holding,
    Person,
    Post,
    Section,
    Unit,
    UnitChange,
    UnitVersion,
)
from tenants.organisation.selectors.people import holdings_on
from zhiheng.accounts.guard import require
from zhiheng.accounts.models import User
from zhiheng.kernel.dated import valid_on


def posts_for(*, user: User, on: date | None = None, unit: Unit | None = None) -> QuerySet[Post]:
    """Posts on a day (today) with unit, section, holders (``post.held_now``) and their number (``post.held``)."""
    require(user, "unit.view")
    day = on or timezone.localdate()
    now = valid_on(day, "holdings__") & valid_on(day, "holdings__person__")
    found = (
        Post.objects.on(day)
        .select_related("unit", "section")
        .prefetch_related(Prefetch("holdings", queryset=holdings_on(day), to_attr="held_now"))
        .annotate(held=Count("holdings", filter=now))
    )
    if unit is not None:
        found = found.filter(unit=unit)
    return found.order_by("unit__sort_key", "-is_head", "sort_key", "code")


def people_for(*, user: User, on: date | None = None, text: str = "") -> QuerySet[Person]:
    """People at the college on a day (today) with their posts (``person.held_now``); ``text`` in name, number, pinyin."""
    require(user, "person.view")
    day = on or timezone.localdate()
    held = Holding.objects.on(day).select_related("post", "post__unit")
    found = Person.objects.on(day).prefetch_related(Prefetch("holdings", queryset=held, to_attr="held_now"))
    if text:
        found = found.filter(
            Q(name__icontains=text) | Q(staff_number__startswith=text) | Q(initials__startswith=text.lower())
        )
    return found.order_by("sort_key", "staff_number")


def sections_of(unit: Unit, on: date | None = None) -> QuerySet[Section]:
    """Sections of a unit on a day (today)."""
    return Section.objects.on(on or timezone.localdate()).filter(unit=unit).order_by("sort_key", "code")


def versions_of(unit: Unit) -> QuerySet[UnitVersion]:
    """What the unit was called and where it hung, newest first."""
    return UnitVersion.objects.filter(unit=unit).select_related("parent").order_by("-valid_from")


def changes_of(unit: Unit) -> QuerySet[UnitChange]:
    """Restructurings that touched the unit, newest first."""
    return UnitChange.objects.filter(units=unit).select_related("made_by")


def holdings_of(person: Person) -> QuerySet[Holding]:
    """All posts the person ever held, newest first."""
    held = Holding.objects.filter(person=person).select_related("post", "post__unit", "post__section")
    return held.order_by("-valid_from", "-pk")


def day_overrides() -> QuerySet[DayOverride]:
    """Days that differ from the national calendar, newest first."""
    return DayOverride.objects.order_by("-day")
