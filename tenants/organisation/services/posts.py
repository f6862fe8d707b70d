"""Sections (科室) and posts (岗位)."""

from datetime import date

from django.db import transaction

from tenants.organisation.models import Post, Section, Unit
from tenants.organisation.services.checks import free_code, refuse, stored, valid_then
from zhiheng.accounts.guard import require
from zhiheng.accounts.models import User
from zhiheng.kernel import audit


@transaction.atomic
def section_create(
    *, unit: Unit, code: str, name: str, valid_from: date, acting_user: User | None
) -> Section:
    """Set up a section in a unit.  INVALID_INPUT when the code is taken or the unit does not exist then."""
    require(acting_user, "unit.edit")
    valid_then(unit, valid_from, "所属机构")
    free_code(Section.objects.all(), "科室", code, valid_from, None)
    section = stored(Section(unit=unit, code=code, name=name, valid_from=valid_from))
    audit.record(acting_user=acting_user, action="section.create", target=section, data={"code": code})
    return section


@transaction.atomic
def post_create(
    *,
    unit: Unit,
    code: str,
    name: str,
    section: Section | None = None,
    category: str = "",
    is_head: bool = False,
    seats: int = 1,
    valid_from: date,
    acting_user: User | None,
) -> Post:
    """Set up a post.  INVALID_INPUT when the code is taken, or the section belongs to another unit."""
    require(acting_user, "unit.edit")
    valid_then(unit, valid_from, "所属机构")
    free_code(Post.objects.all(), "岗位", code, valid_from, None)
    _check_section(unit, section)
    post = Post(unit=unit, section=section, code=code, name=name, category=category, is_head=is_head)
    post.seats, post.valid_from = seats, valid_from
    stored(post)
    audit.record(acting_user=acting_user, action="post.create", target=post, data={"code": code})
    return post


@transaction.atomic
def post_update(
    *,
    post: Post,
    name: str,
    section: Section | None,
    category: str,
    is_head: bool,
    seats: int,
    acting_user: User | None,
) -> Post:
    """Correct a post in place.  INVALID_INPUT when the section belongs to another unit."""
    require(acting_user, "unit.edit")
    _check_section(post.unit, section)
    before = {"name": post.name, "seats": post.seats, "is_head": post.is_head, "category": post.category}
    post.name, post.section, post.category, post.is_head, post.seats = name, section, category, is_head, seats
    stored(post)
    after = {"name": name, "seats": seats, "is_head": is_head, "category": category}
    audit.record(
        acting_user=acting_user, action="post.update", target=post, data={"before": before, "after": after}
    )
    return post


def _check_section(unit: Unit, section: Section | None) -> None:
    if section is not None and section.unit_id != unit.pk:
        refuse("岗位的科室", f"“{section}”不在“{unit}”", "请选本机构的科室。")
