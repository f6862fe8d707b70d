"""Renaming, moving, merging, splitting, closing: preview, effect, taking back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from tenants.organisation import services as org
from tenants.organisation.models import (
    AssessedMembership,
    Holding,
    Post,
    Section,
    Signboard,
    Unit,
    UnitChange,
    UnitVersion,
)
from tenants.organisation.selectors import chart, find_units, headcounts
from tests.tenants.organisation.conftest import START, make_unit
from zhiheng.accounts.models import User
from zhiheng.accounts.services import role_grant, user_create
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.models import AuditEntry

DAY = date(2025, 3, 1)
BEFORE = date(2025, 2, 28)
Units = dict[str, Unit]


def everything() -> dict[str, list[object]]:
    """All dated rows as they are, to compare before and after."""
    models = [Unit, UnitVersion, Section, Post, Holding, Signboard, AssessedMembership]
    return {m.__name__: sorted(m.objects.values_list("pk", "valid_from", "valid_to")) for m in models}


def names(user: User, on: date) -> dict[str, str | None]:
    """Code -> name of the superior on a day."""
    nodes = [n for root in chart(user=user, on=on) for n in root.walk()]
    by_pk = {n.pk: n.name for n in nodes}
    return {n.name: by_pk.get(n.parent_pk or 0) for n in nodes}


@pytest.fixture
def staffed(units: Units, admin: User) -> Units:
    """教务处 with two sections, three posts, two people; it is assessed and bears a signboard."""
    jw = units["01"]
    run = org.section_create(unit=jw, code="0101K", name="教学运行科", valid_from=START, acting_user=None)
    exam = org.section_create(unit=jw, code="0102K", name="考务科", valid_from=START, acting_user=None)
    head = org.post_create(unit=jw, code="P1", name="处长", is_head=True, valid_from=START, acting_user=None)
    clerk = org.post_create(
        unit=jw, code="P2", name="排课岗", section=run, valid_from=START, acting_user=None
    )
    org.post_create(
        unit=jw, code="P3", name="考务岗", section=exam, seats=2, valid_from=START, acting_user=None
    )
    for number, name, post in [("1001", "王一", head), ("1002", "李二", clerk)]:
        person = org.person_create(staff_number=number, name=name, valid_from=START, acting_user=None)
        org.holding_start(person=person, post=post, valid_from=START, acting_user=None)
    org.signboard_put_up(unit=jw, name="继续教育管理处", valid_from=START, acting_user=None)
    org.assessed_unit_create(
        code="D06",
        name="教务处",
        unit_type="DEP",
        group="部门",
        members=[jw],
        valid_from=START,
        acting_user=None,
    )
    return units


class TestRename:
    def test_from_a_day_on(self, units: Units, admin: User) -> None:
        plan = org.plan_rename(unit=units["01"], name="教学工作部", short_name="教学部", on=DAY)
        assert plan.sentences == ["2025-03-01起，教务处改称教学工作部；代码01不变，原名仍可查到。"]
        assert UnitVersion.objects.filter(unit=units["01"]).count() == 1
        change = org.plan_apply(plan=plan, acting_user=admin)
        assert "教务处" in names(admin, BEFORE)
        assert "教学工作部" in names(admin, DAY)
        assert Unit.objects.get(code="01").name == "教学工作部"
        assert (change.kind, change.made_by, str(change)) == (
            "rename", admin, "2025-03-01 “教务处”更名为“教学工作部”",
        )  # fmt: skip
        assert AuditEntry.objects.get(action="unit.rename").data["steps"] == 2

    def test_decided_for_later_shows_on_its_day(self, units: Units, admin: User) -> None:
        day = timezone.localdate() + timedelta(days=30)
        org.plan_apply(plan=org.plan_rename(unit=units["01"], name="教学工作部", on=day), acting_user=admin)
        assert Unit.objects.get(code="01").name == "教务处"
        assert org.units_refresh(on=day - timedelta(days=1)) == 0
        assert org.units_refresh(on=day) == 1
        assert Unit.objects.get(code="01").name == "教学工作部"
        assert org.units_refresh(on=day) == 0

    def test_changes_are_made_in_the_order_of_time(self, units: Units, admin: User) -> None:
        org.plan_apply(plan=org.plan_rename(unit=units["01"], name="教学工作部", on=DAY), acting_user=admin)
        for day, code, text in [
            (BEFORE, Code.INVALID_INPUT, "之后已有调整"),
            (DAY, Code.STATE, "请选2025-03-02或更晚的日期"),
            (date(2019, 1, 1), Code.INVALID_INPUT, "不存在"),
        ]:
            with pytest.raises(Problem) as caught:
                org.plan_rename(unit=units["01"], name="x", on=day)
            assert caught.value.code is code
            assert text in str(caught.value)


class TestMove:
    def test_takes_everything_below_along(self, units: Units, admin: User) -> None:
        make_unit("2001", "数控教研室", "other", units["20"])
        org.plan_apply(plan=org.plan_move(unit=units["20"], parent=units["01"], on=DAY), acting_user=admin)
        assert names(admin, BEFORE)["机电工程学院"] == "甲职业技术学院"
        after = names(admin, DAY)
        assert (after["机电工程学院"], after["数控教研室"]) == ("教务处", "机电工程学院")
        org.plan_apply(
            plan=org.plan_move(unit=units["20"], parent=None, on=date(2025, 4, 1)), acting_user=admin
        )
        assert names(admin, date(2025, 4, 1))["机电工程学院"] is None

    def test_no_circles(self, units: Units) -> None:
        child = make_unit("2001", "数控教研室", "other", units["20"])
        for parent in (units["20"], child):
            with pytest.raises(Problem) as caught:
                org.plan_move(unit=units["20"], parent=parent, on=DAY)
            assert "在它下面" in str(caught.value)

    def test_figures_roll_up_on_the_chart_of_their_day(self, staffed: Units, admin: User) -> None:
        org.plan_apply(
            plan=org.plan_move(unit=staffed["01"], parent=staffed["20"], on=DAY), acting_user=admin
        )
        assert staffed["20"].pk not in headcounts(on=BEFORE)
        assert headcounts(on=DAY)[staffed["20"].pk].people == 2


class TestMerge:
    def test_staff_goes_on_under_the_same_codes(self, staffed: Units, admin: User) -> None:
        child = make_unit("0102", "教材中心", "support", staffed["01"])
        plan = org.plan_merge(units=[staffed["01"]], into=staffed["03"], on=DAY)
        assert plan.warnings == ["“人事处”在2025-03-01还没有考核归属，请在被考核单位里补上。"]
        assert "岗位“处长”（王一）转入人事处。" in plan.sentences
        assert "岗位“考务岗”（空缺）转入人事处。" in plan.sentences
        org.plan_apply(plan=plan, acting_user=admin)
        post = Post.objects.on(DAY).get(code="P2")
        assert post.section is not None
        assert (post.unit, post.section.name, post.section.unit) == (
            staffed["03"],
            "教学运行科",
            staffed["03"],
        )
        assert Post.objects.on(BEFORE).get(code="P2").unit == staffed["01"]
        assert {h.person.name for h in Holding.objects.on(DAY).filter(post__unit=staffed["03"])} == {
            "王一",
            "李二",
        }
        assert (
            headcounts(on=BEFORE)[staffed["01"].pk].people == headcounts(on=DAY)[staffed["03"].pk].people == 2
        )
        assert names(admin, DAY)[child.name] == "人事处"
        assert "教务处" not in names(admin, DAY)
        assert Unit.objects.get(code="01").valid_to == BEFORE
        assert not Signboard.objects.on(DAY).exists()
        assert not AssessedMembership.objects.on(DAY).exists()

    def test_the_old_name_leads_to_the_new_unit(self, staffed: Units, admin: User) -> None:
        org.plan_apply(
            plan=org.plan_merge(units=[staffed["01"]], into=staffed["03"], on=DAY), acting_user=admin
        )
        found = find_units(user=admin, text="教务处", on=DAY)
        assert [(f.unit.name, f.matched_as) for f in found] == [("人事处", "曾用名")]
        assert [f.unit.name for f in find_units(user=admin, text="教务处", on=BEFORE)] == ["教务处"]

    def test_several_at_once_one_below_the_other(self, staffed: Units, admin: User) -> None:
        child = make_unit("0102", "教材中心", "support", staffed["01"])
        plan = org.plan_merge(units=[staffed["01"], child], into=staffed["03"], on=DAY)
        org.plan_apply(plan=plan, acting_user=admin)
        assert {"教务处", "教材中心"} & set(names(admin, DAY)) == set()

    def test_whose_role_is_limited_to_what_ends_is_named(self, staffed: Units, admin: User) -> None:
        head = user_create(username="h", name="王一", acting_user=admin)
        role_grant(user=head, role="head", scope_unit_code="01", valid_from=START, acting_user=admin)
        plan = org.plan_merge(units=[staffed["01"]], into=staffed["03"], on=DAY)
        assert plan.warnings[0] == "王一的角色还限于教务处，请在账号里改授。"

    def test_a_name_that_is_an_alias_already(self, staffed: Units, admin: User) -> None:
        org.alias_add(unit=staffed["03"], name="教务处", acting_user=admin)
        org.plan_apply(
            plan=org.plan_merge(units=[staffed["01"]], into=staffed["03"], on=DAY), acting_user=admin
        )
        assert [a.name for a in staffed["03"].aliases.all()] == ["教务处"]

    def test_no_warning_when_the_cluster_is_assessed(self, staffed: Units, admin: User) -> None:
        together = [staffed["03"], staffed["02"]]
        cluster = org.cluster_create(
            code="H", name="合署", units=together, valid_from=START, acting_user=admin
        )
        org.assessed_unit_create(
            code="D03",
            name="组织部",
            unit_type="DEP",
            group="部门",
            members=[cluster],
            valid_from=START,
            acting_user=admin,
        )
        assert org.plan_merge(units=[staffed["01"]], into=staffed["03"], on=DAY).warnings == []

    def test_refusals(self, units: Units) -> None:
        child = make_unit("2001", "数控教研室", "other", units["20"])
        for merged, into, text in [
            ([], units["03"], "没有别的机构"),
            ([units["03"]], units["03"], "没有别的机构"),
            ([units["20"]], child, "在它下面"),
        ]:
            with pytest.raises(Problem) as caught:
                org.plan_merge(units=merged, into=into, on=DAY)
            assert text in str(caught.value)


class TestSplit:
    def test_dealing_everything_out(self, staffed: Units, admin: User) -> None:
        child = make_unit("0102", "教材中心", "support", staffed["01"])
        parts = [
            org.Part("11", "教学运行处", "functional", sections=["0101K"], posts=["P1"], children=["0102"]),
            org.Part("12", "考试院", "support", sections=["0102K"]),
        ]
        plan = org.plan_split(unit=staffed["01"], parts=parts, on=DAY, keep=False)
        org.plan_apply(plan=plan, acting_user=admin)
        after = names(admin, DAY)
        assert (after["教学运行处"], after["考试院"], after[child.name]) == (
            "甲职业技术学院", "甲职业技术学院", "教学运行处",
        )  # fmt: skip
        assert "教务处" not in after
        posts = {p.code: p.unit.name for p in Post.objects.on(DAY)}
        assert posts == {"P1": "教学运行处", "P2": "教学运行处", "P3": "考试院"}
        assert {f.unit.name for f in find_units(user=admin, text="教务处", on=DAY)} == {
            "教学运行处",
            "考试院",
        }

    def test_keeping_the_rest(self, staffed: Units, admin: User) -> None:
        parts = [org.Part("12", "考试院", "support", posts=["P3"])]
        org.plan_apply(
            plan=org.plan_split(unit=staffed["01"], parts=parts, on=DAY, keep=True), acting_user=admin
        )
        assert {p.code: p.unit.code for p in Post.objects.on(DAY)} == {"P1": "01", "P2": "01", "P3": "12"}
        assert Post.objects.on(DAY).get(code="P3").section is None
        assert Unit.objects.get(code="01").valid_to is None

    def test_refusals(self, staffed: Units) -> None:
        part = org.Part("12", "考试院", "support", sections=["0102K"])
        for parts, keep, text in [
            ([], True, "没有新机构"),
            ([part], False, "还没有分出去：0101K、P1、P2"),
            ([org.Part("12", "考试院", "support", posts=["P9"])], True, "没有P9"),
            ([part, org.Part("13", "x", "support", sections=["0102K"])], True, "0102K分给了不止一个机构"),
            ([org.Part("03", "x", "support")], True, "“03”已有人用"),
        ]:
            with pytest.raises(Problem) as caught:
                org.plan_split(unit=staffed["01"], parts=parts, on=DAY, keep=keep)
            assert text in str(caught.value)


class TestClose:
    def test_only_when_empty(self, staffed: Units, admin: User) -> None:
        with pytest.raises(Problem) as caught:
            org.plan_close(unit=staffed["00"], on=DAY)
        assert "下面还有党委组织部、机电工程学院、教务处、人事处、统战部" in str(caught.value)
        with pytest.raises(Problem) as caught:
            org.plan_close(unit=staffed["01"], on=DAY)
        assert "还有人任职" in str(caught.value)
        for holding in Holding.objects.all():
            org.holding_end(holding=holding, on=date(2025, 1, 1), acting_user=admin)
        org.plan_apply(plan=org.plan_close(unit=staffed["01"], on=DAY), acting_user=admin)
        assert "教务处" not in names(admin, DAY)
        assert not Post.objects.on(DAY).exists()
        assert not Section.objects.on(DAY).exists()


class TestUndo:
    @pytest.mark.parametrize("kind", ["rename", "move", "merge", "split"])
    def test_puts_everything_back(self, staffed: Units, admin: User, kind: str) -> None:
        before, jw = everything(), staffed["01"]
        part = org.Part("12", "考试院", "support", sections=["0102K"])
        plan = {
            "rename": lambda: org.plan_rename(unit=jw, name="x", on=DAY),
            "move": lambda: org.plan_move(unit=jw, parent=staffed["20"], on=DAY),
            "merge": lambda: org.plan_merge(units=[jw], into=staffed["03"], on=DAY),
            "split": lambda: org.plan_split(unit=jw, parts=[part], on=DAY, keep=True),
        }[kind]()
        change = org.plan_apply(plan=plan, acting_user=admin)
        assert everything() != before
        org.change_undo(change=change, acting_user=admin)
        assert everything() == before
        assert Unit.objects.get(code="01").name == "教务处"
        assert Unit.objects.get(code="01").parent == staffed["00"]
        assert UnitChange.objects.get().undone_at is not None
        with pytest.raises(Problem) as caught:
            org.change_undo(change=change, acting_user=admin)
        assert "已撤回" in str(caught.value)

    def test_later_changes_first(self, units: Units, admin: User) -> None:
        first = org.plan_apply(plan=org.plan_rename(unit=units["01"], name="甲", on=DAY), acting_user=admin)
        later = org.plan_rename(unit=units["01"], name="乙", on=date(2025, 4, 1))
        second = org.plan_apply(plan=later, acting_user=admin)
        with pytest.raises(Problem) as caught:
            org.change_undo(change=first, acting_user=admin)
        assert "请先撤回后面的调整" in str(caught.value)
        org.change_undo(change=second, acting_user=admin)
        org.change_undo(change=first, acting_user=admin)
        assert Unit.objects.get(code="01").name == "教务处"

    def test_not_when_something_new_depends_on_it(self, staffed: Units, admin: User) -> None:
        change = org.plan_apply(
            plan=org.plan_merge(units=[staffed["01"]], into=staffed["03"], on=DAY), acting_user=admin
        )
        person = org.person_create(staff_number="1003", name="赵三", valid_from=START, acting_user=admin)
        org.holding_start(
            person=person,
            post=Post.objects.on(DAY).get(code="P3"),
            share=Decimal("0.5"),
            valid_from=DAY,
            acting_user=admin,
        )
        before = everything()
        with pytest.raises(Problem) as caught:
            org.change_undo(change=change, acting_user=admin)
        assert "之后又有改动" in str(caught.value)
        assert everything() == before

    @pytest.mark.parametrize("touch", ["ended", "renamed", "deleted"])
    def test_later_work_on_what_it_opened_is_not_lost(self, staffed: Units, admin: User, touch: str) -> None:
        plan = org.plan_merge(units=[staffed["01"]], into=staffed["03"], on=DAY)
        change = org.plan_apply(plan=plan, acting_user=admin)
        holding = Holding.objects.on(DAY).get(person__name="李二")
        if touch == "ended":
            org.holding_end(holding=holding, on=date(2025, 6, 1), acting_user=admin)
        elif touch == "renamed":
            Post.objects.on(DAY).filter(code="P2").update(name="教务岗")
        else:
            holding.delete()
        before = everything()
        with pytest.raises(Problem) as caught:
            org.change_undo(change=change, acting_user=admin)
        assert caught.value.code is Code.STATE
        assert everything() == before

    def test_nor_when_what_it_closed_was_changed(self, staffed: Units, admin: User) -> None:
        plan = org.plan_close(unit=staffed["04"], on=DAY)
        change = org.plan_apply(plan=plan, acting_user=admin)
        Unit.objects.filter(code="04").update(valid_to=date(2025, 1, 31))
        with pytest.raises(Problem):
            org.change_undo(change=change, acting_user=admin)

    def test_needs_the_right(self, units: Units, staff: User, admin: User) -> None:
        plan = org.plan_rename(unit=units["01"], name="甲", on=DAY)
        with pytest.raises(Problem) as caught:
            org.plan_apply(plan=plan, acting_user=staff)
        assert caught.value.code is Code.PERMISSION_DENIED
        change = org.plan_apply(plan=plan, acting_user=admin)
        with pytest.raises(Problem):
            org.change_undo(change=change, acting_user=staff)


class TestTwoPeople:
    def test_a_plan_made_before_anothers_change_is_refused(self, units: Units, admin: User) -> None:
        mine = org.plan_rename(unit=Unit.objects.get(code="01"), name="甲", on=DAY)
        theirs = org.plan_rename(unit=Unit.objects.get(code="01"), name="乙", on=date(2025, 2, 1))
        org.plan_apply(plan=theirs, acting_user=admin)
        before = everything()
        with pytest.raises(Problem) as caught:
            org.plan_apply(plan=mine, acting_user=admin)
        assert caught.value.code is Code.CONFLICT
        assert everything() == before
        assert UnitChange.objects.count() == 1

    def test_a_code_taken_meanwhile(self, staffed: Units, admin: User) -> None:
        parts = [org.Part("12", "考试院", "support", sections=["0102K"])]
        mine = org.plan_split(unit=staffed["01"], parts=parts, on=DAY, keep=True)
        make_unit("12", "别处", valid_from=DAY)
        with pytest.raises(Problem) as caught:
            org.plan_apply(plan=mine, acting_user=admin)
        assert caught.value.code is Code.CONFLICT
