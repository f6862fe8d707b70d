"""Rows of the sheets 人员 and 任职."""

from collections import defaultdict
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Q

from tenants.organisation.models import Holding, Person, Post
from tenants.organisation.services.imports.plan import Known, RowPlan, changed, diffs
from tenants.organisation.spreadsheets import Row
from zhiheng.accounts.models import User


def plan_people(known: Known, rows: list[Row]) -> list[RowPlan]:
    """People: new ones, corrections, and leaving; who leaves also leaves all posts on that day."""
    plans = []
    for row in rows:
        number = row.values["staff_number"]
        plan = RowPlan(row.form.title, row.number, f"{number} {row.values['name']}")
        person = known.people.get(number)
        end = row.values["valid_to"]
        begin = person.valid_from if person else row.values["valid_from"] or known.on
        if end is not None and end < begin:
            known.errors.append(row.error("valid_to", f"离校日期早于到校日期{begin}", "请改其中一个。"))
        if person is not None:
            known.keeps_start(row, person)
            current = {f: getattr(person, f) for f in ("name", "gender", "valid_to")}
            plan.diffs, changes = diffs(row, current), changed(row, current)
            if changes:
                plan.todo.append(partial(_revise_person, person, changes))
        elif number:
            person = Person(staff_number=number, name=row.values["name"] or "", gender=row.values["gender"])
            person.valid_from, person.valid_to = begin, end
            known.people[number] = person
            plan.new = [person]
        plans.append(plan)
    return plans


def _revise_person(person: Person, changes: dict[str, Any], _: User | None) -> None:
    for name, value in changes.items():
        setattr(person, name, value)
    person.save()
    if person.valid_to is not None:
        longer = Q(valid_to__isnull=True) | Q(valid_to__gt=person.valid_to)
        held = person.holdings.filter(longer, valid_from__lte=person.valid_to)
        held.update(valid_to=person.valid_to)


def plan_holdings(known: Known, rows: list[Row]) -> list[RowPlan]:
    """Holdings: new ones, and changed shares and ends.  A remark when somebody works more than full time."""
    stored: dict[tuple[int, str], list[Holding]] = defaultdict(list)
    for holding in Holding.objects.select_related("post").order_by("valid_from"):
        stored[holding.person_id, holding.post.code].append(holding)
    plans = []
    for row in rows:
        person = known.find(row, "staff_number", known.people, "人员")
        post = known.find(row, "post", known.posts, "岗位")
        if person is not None and post is not None:
            row.values["share"] = row.values["share"] or Decimal(1)
            earlier = stored.get((person.pk, post.code), []) if person.pk else []
            plans.append(_holding(known, row, person, post, earlier))
    _remark_overload(known, rows)
    return plans


def _holding(known: Known, row: Row, person: Person, post: Post, stored: list[Holding]) -> RowPlan:
    plan = RowPlan(row.form.title, row.number, f"{person} {post}")
    stated, end = row.values["valid_from"], row.values["valid_to"]
    in_force = next((h for h in stored if h.is_valid_on(known.on)), None)
    current = in_force or next((h for h in stored if h.valid_from == stated), None)
    if current is not None and current.valid_to and stated is not None and stated > current.valid_to:
        current = None
    if current is not None:
        same = Holding.objects.filter(person=person, post__code=post.code)
        known.keeps_start(row, current, same)
        before = {"share": current.share, "valid_to": current.valid_to}
        plan.diffs, changes = diffs(row, before), changed(row, before)
        if changes:
            plan.todo.append(partial(_revise_holding, current, post, changes))
        begin = current.valid_from
    else:
        begin = known.begins(row, [("staff_number", person), ("post", post)])
        plan.new = [
            Holding(person=person, post=post, share=row.values["share"], valid_from=begin, valid_to=end)
        ]
    if end is not None and end < begin:
        known.errors.append(row.error("valid_to", f"任职止早于任职起{begin}", "请改其中一个。"))
    if any(_overlap(h, begin, end) for h in stored if h is not current):
        known.errors.append(row.error("valid_from", "与已登记的同一任职时间重叠", "请改任职起止。"))
    return plan


def _overlap(holding: Holding, begin: Any, end: Any) -> bool:
    return (end is None or holding.valid_from <= end) and (
        holding.valid_to is None or begin <= holding.valid_to
    )


def _revise_holding(holding: Holding, post: Post, changes: dict[str, Any], _: User | None) -> None:
    """Change the stored row; when its post has just moved, the row that goes on with the new one."""
    row = holding
    if post.code == holding.post.code:
        fresh = (
            Holding.objects.filter(person=holding.person_id, post__code=post.code)
            .order_by("-valid_from")
            .first()
        )
        row = fresh or holding
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


def _remark_overload(known: Known, rows: list[Row]) -> None:
    total: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        end = row.values["valid_to"]
        if row.values["share"] and (end is None or end >= known.on):
            total[row.values["staff_number"]] += row.values["share"]
    for number, share in total.items():
        if share > 1:
            known.notices.append(f"工号{number}各岗位占比合计{share.normalize():f}，超过1，请确认。")
