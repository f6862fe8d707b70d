"""People, posts and head counts on a day (人员与编制)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from tenants.organisation.models import Holding, Person, Post, Unit
from tenants.organisation.selectors.tree import build_chart
from zhiheng.accounts.models import User
from zhiheng.kernel.dated import valid_on
from zhiheng.kernel.errors import Code, Problem


@dataclass(frozen=True)
class Headcount:
    """People of a unit on a day (人数): heads, each once, and full-time equivalents by share."""

    people: int
    full_time: Decimal


def person_for(*, user: User, staff_number: str) -> Person:
    """The person with that number, for someone who may view people, or themselves.  Else NOT_FOUND."""
    found = Person.objects.select_related("user").filter(staff_number=staff_number).first()
    if found is None or not (user.can("person.view") or found.user_id == user.pk):
        raise Problem(Code.NOT_FOUND)
    return found


def post_for(*, user: User, code: str, on: date | None = None) -> Post:
    """The post with that code on a day (today).  NOT_FOUND when there is none or the user may not view units."""
    day = on or timezone.localdate()
    found = Post.objects.on(day).filter(code=code).select_related("unit", "section").first()
    if found is None or not user.can("unit.view"):
        raise Problem(Code.NOT_FOUND)
    return found


def holdings_on(day: date) -> QuerySet[Holding]:
    """Who holds which post on a day; only people who are at the college then."""
    return Holding.objects.on(day).filter(valid_on(day, "person__")).select_related("person", "post")


def heads_of(unit: Unit, on: date | None = None) -> list[Person]:
    """People in a head's post (负责人) of the unit on a day (today), in pinyin order."""
    held = holdings_on(on or timezone.localdate()).filter(post__unit=unit, post__is_head=True)
    return [holding.person for holding in held.order_by("person__sort_key")]


def headcounts(*, on: date | None = None, below: bool = True) -> dict[int, Headcount]:
    """Unit id -> head count on a day (today), units below included unless ``below`` is False.

    Somebody with two posts counts once per unit, and once for a superior of both.  Units without people are left out.
    """
    day = on or timezone.localdate()
    people: dict[int, dict[int, Decimal]] = {}
    for unit_id, person_id, share in holdings_on(day).values_list("post__unit_id", "person_id", "share"):
        shares = people.setdefault(unit_id, {})
        shares[person_id] = shares.get(person_id, Decimal(0)) + share
    if below:
        people = _with_below(people, day)
    return {pk: Headcount(len(shares), sum(shares.values(), Decimal(0))) for pk, shares in people.items()}


def vacancies(*, on: date | None = None) -> list[tuple[Post, int]]:
    """Posts with free seats on a day (today) and how many; a post held by more people than seats is negative."""
    day = on or timezone.localdate()
    held: dict[int, int] = {}
    for post_id in holdings_on(day).values_list("post_id", flat=True):
        held[post_id] = held.get(post_id, 0) + 1
    posts = (
        Post.objects.on(day).select_related("unit", "section").order_by("unit__sort_key", "sort_key", "code")
    )
    free = [(post, post.seats - held.get(post.pk, 0)) for post in posts]
    return [(post, seats) for post, seats in free if seats != 0]


def _with_below(own: dict[int, dict[int, Decimal]], day: date) -> dict[int, dict[int, Decimal]]:
    total: dict[int, dict[int, Decimal]] = {}
    for root in build_chart(day):
        for node in reversed(list(root.walk())):
            shares = dict(own.get(node.pk, {}))
            for child in node.children:
                for person, share in total.get(child.pk, {}).items():
                    shares[person] = shares.get(person, Decimal(0)) + share
            if shares:
                total[node.pk] = shares
    return total
