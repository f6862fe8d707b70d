"""Registers for list pages: what a line shows, how many queries, and that no other college's lines appear."""

from datetime import date

import pytest
from django.utils import timezone

from tenants.organisation import services as org
from tenants.organisation.models import DayOverride, Holding, Unit
from tenants.organisation.selectors import chart, find_units, registers
from tenants.organisation.tasks import refresh_units
from tenants.registry.context import tenant_context
from tenants.registry.models import Tenant
from tests.tenants.organisation.conftest import START, make_unit
from zhiheng.accounts.models import User
from zhiheng.accounts.services import role_grant, user_create
from zhiheng.kernel.errors import Code, Problem

Units = dict[str, Unit]


def staffed(unit: Unit, number: int) -> None:
    """``number`` posts in the unit, each held by one person."""
    for i in range(number):
        key = f"{unit.code}-{i}"
        post = org.post_create(unit=unit, code=key, name=f"岗{i}", valid_from=START, acting_user=None)
        person = org.person_create(staff_number=key, name=f"张{i}", valid_from=START, acting_user=None)
        org.holding_start(person=person, post=post, valid_from=START, acting_user=None)


def test_posts_with_holders(units: Units, admin: User) -> None:
    staffed(units["01"], 2)
    staffed(units["03"], 1)
    org.holding_end(holding=Holding.objects.get(post__code="01-1"), on=date(2025, 1, 1), acting_user=admin)
    lines = {p.code: (p.held, [h.person.name for h in p.held_now]) for p in registers.posts_for(user=admin)}
    assert lines == {"01-0": (1, ["张0"]), "01-1": (0, []), "03-0": (1, ["张0"])}
    assert [p.code for p in registers.posts_for(user=admin, unit=units["03"])] == ["03-0"]
    before = registers.posts_for(user=admin, on=date(2024, 1, 1), unit=units["01"])
    assert [p.held for p in before] == [1, 1]


def test_people_by_name_number_and_pinyin(units: Units, admin: User) -> None:
    staffed(units["01"], 3)
    assert [p.staff_number for p in registers.people_for(user=admin, text="张1")] == ["01-1"]
    assert [p.staff_number for p in registers.people_for(user=admin, text="01-2")] == ["01-2"]
    assert registers.people_for(user=admin, text="Z").count() == 3
    assert registers.people_for(user=admin, on=date(2019, 1, 1)).count() == 0
    person = registers.people_for(user=admin, text="张1").get()
    assert [h.post.unit.name for h in person.held_now] == ["教务处"]
    assert [h.post.code for h in registers.holdings_of(person)] == ["01-1"]


def test_history_sections_and_days(units: Units, admin: User) -> None:
    plan = org.plan_rename(unit=units["01"], name="教学工作部", on=date(2025, 1, 1))
    org.plan_apply(plan=plan, acting_user=admin)
    org.section_create(unit=units["01"], code="K1", name="考务科", valid_from=START, acting_user=admin)
    assert [v.name for v in registers.versions_of(units["01"])] == ["教学工作部", "教务处"]
    assert [str(c.made_by) for c in registers.changes_of(units["01"])] == ["管理员"]
    assert [s.name for s in registers.sections_of(units["01"])] == ["考务科"]
    assert list(registers.sections_of(units["01"], date(2019, 1, 1))) == []
    for day in (date(2026, 3, 4), date(2026, 3, 5)):
        org.day_override_set(day=day, kind=DayOverride.Kind.HOLIDAY, acting_user=admin)
    assert [o.day.day for o in registers.day_overrides()] == [5, 4]


@pytest.mark.parametrize("size", [2, 12])
def test_queries_do_not_grow_with_lines(units: Units, admin: User, max_queries: object, size: int) -> None:
    staffed(units["01"], size)
    for i in range(size):
        below = make_unit(f"9{i}", f"第{i}中心", "support", units["00"])
        org.signboard_put_up(unit=below, name=f"第{i}牌", valid_from=START, acting_user=None)
    user = User.objects.get(pk=admin.pk)
    user.can("unit.view")
    with max_queries(2):  # type: ignore[operator]
        assert sum(len(p.held_now) for p in registers.posts_for(user=user)) == size
    with max_queries(2):  # type: ignore[operator]
        assert sum(len(p.held_now) for p in registers.people_for(user=user)) == size
    with max_queries(3):  # type: ignore[operator]
        assert sum(len(n.signboards) for root in chart(user=user) for n in root.walk()) == size
    with max_queries(11):  # type: ignore[operator]
        assert len(find_units(user=user, text="中心", limit=100)) == size + 1


def test_rights_and_other_colleges(college_a: Tenant, college_b: Tenant) -> None:
    with tenant_context(college_a):
        staffed(make_unit("01", "教务处"), 2)
    with tenant_context(college_b):
        nobody = user_create(username="n", name="n", acting_user=None)
        for question in (lambda: registers.posts_for(user=nobody), lambda: registers.people_for(user=nobody)):
            with pytest.raises(Problem) as caught:
                question()
            assert caught.value.code is Code.PERMISSION_DENIED
        reader = user_create(username="r", name="r", acting_user=None)
        role_grant(user=reader, role="staff", acting_user=None)
        assert list(registers.posts_for(user=reader)) == []
        assert list(registers.people_for(user=reader)) == []


def test_the_nightly_task_refreshes_its_tenant_only(college_a: Tenant, college_b: Tenant) -> None:
    """A version that began today has not reached the unit's row yet."""
    for college in (college_a, college_b):
        with tenant_context(college):
            make_unit("01", "教务处").versions.update(name="教学工作部", valid_from=timezone.localdate())
    refresh_units.apply(kwargs={"tenant": college_a.schema_name}).get()
    with tenant_context(college_a):
        assert Unit.objects.get().name == "教学工作部"
    with tenant_context(college_b):
        assert Unit.objects.get().name == "教务处"
