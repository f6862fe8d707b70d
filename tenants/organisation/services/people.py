"""People (人员) and the posts they hold (任职)."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from tenants.organisation.models import Holding, Person, Post
from tenants.organisation.services.checks import refuse, stored, valid_then
from zhiheng.accounts.guard import require
from zhiheng.accounts.models import User
from zhiheng.kernel import audit


@transaction.atomic
def person_create(
    *,
    staff_number: str,
    name: str,
    gender: str = "",
    user: User | None = None,
    valid_from: date,
    acting_user: User | None,
) -> Person:
    """Enter somebody who works here from a day.  INVALID_INPUT when the staff number is taken."""
    require(acting_user, "person.edit")
    person = stored(
        Person(staff_number=staff_number, name=name, gender=gender, user=user, valid_from=valid_from)
    )
    audit.record(
        acting_user=acting_user, action="person.create", target=person, data={"staff_number": staff_number}
    )
    return person


@transaction.atomic
def person_link(*, person: Person, user: User | None, acting_user: User | None) -> Person:
    """Say which account is this person's, or none.  INVALID_INPUT when the account is another person's."""
    require(acting_user, "person.edit")
    person.user = user
    stored(person)
    data = {"username": user.username if user else None}
    audit.record(acting_user=acting_user, action="person.link", target=person, data=data)
    return person


@transaction.atomic
def person_leave(*, person: Person, last_day: date, acting_user: User | None) -> Person:
    """Somebody leaves the college; all posts end with the last day."""
    require(acting_user, "person.edit")
    valid_then(person, last_day, "人员")
    for holding in person.holdings.on(last_day):
        holding.valid_to = last_day
        stored(holding)
    person.valid_to = last_day
    stored(person)
    audit.record(acting_user=acting_user, action="person.leave", target=person, data={"last_day": last_day})
    return person


@transaction.atomic
def holding_start(
    *,
    person: Person,
    post: Post,
    share: Decimal = Decimal(1),
    valid_from: date,
    valid_to: date | None = None,
    acting_user: User | None,
) -> Holding:
    """Put somebody into a post.  INVALID_INPUT when person or post do not exist then, or hold it already."""
    require(acting_user, "person.edit")
    valid_then(person, valid_from, "人员")
    valid_then(post, valid_from, "岗位")
    holding = stored(Holding(person=person, post=post, share=share, valid_from=valid_from, valid_to=valid_to))
    data = {"post": post.code, "share": share, "valid_from": valid_from, "valid_to": valid_to}
    audit.record(acting_user=acting_user, action="holding.start", target=person, data=data)
    return holding


@transaction.atomic
def holding_end(*, holding: Holding, on: date, acting_user: User | None) -> Holding:
    """End a holding; the last day is the day before ``on``."""
    require(acting_user, "person.edit")
    last_day = on - timedelta(days=1)
    if last_day < holding.valid_from:
        refuse(
            "任职",
            f"从{holding.valid_from}才开始",
            f"请选{holding.valid_from + timedelta(days=1)}或更晚的日期。",
        )
    holding.valid_to = last_day
    stored(holding)
    data = {"post": holding.post.code, "on": on}
    audit.record(acting_user=acting_user, action="holding.end", target=holding.person, data=data)
    return holding
