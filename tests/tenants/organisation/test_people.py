"""People, posts, head counts, assessed units."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tenants.organisation import services as org
from tenants.organisation.models import (
    AssessedMembership,
    AssessedUnit,
    Holding,
    Participation,
    Person,
    Post,
    Unit,
)
from tenants.organisation.selectors import (
    Headcount,
    assessed_unit_for,
    assessed_unit_map,
    assessed_unit_of,
    assessed_units,
    headcounts,
    heads_of,
    person_for,
    post_for,
    vacancies,
)
from tenants.registry.context import tenant_context
from tenants.registry.models import Tenant
from tests.tenants.organisation.conftest import START, make_unit
from zhiheng.accounts.models import User
from zhiheng.accounts.services import role_grant, user_create
from zhiheng.kernel.errors import Code, Problem

Units = dict[str, Unit]


def hire(number: str, name: str, post: Post, share: str = "1", since: date = START) -> Holding:
    person = Person.objects.filter(staff_number=number).first()
    if person is None:
        person = org.person_create(staff_number=number, name=name, valid_from=START, acting_user=None)
    return org.holding_start(
        person=person, post=post, share=Decimal(share), valid_from=since, acting_user=None
    )


@pytest.fixture
def posts(units: Units) -> dict[str, Post]:
    """Posts in 教务处 and 人事处."""
    made = [("P1", "01", "处长", True, 1), ("P2", "01", "排课岗", False, 2), ("P3", "03", "人事岗", False, 1)]
    return {
        code: org.post_create(
            unit=units[unit],
            code=code,
            name=name,
            is_head=head,
            seats=seats,
            valid_from=START,
            acting_user=None,
        )
        for code, unit, name, head, seats in made
    }


class TestHeadcount:
    def test_heads_once_and_shares_summed(self, units: Units, posts: dict[str, Post]) -> None:
        hire("1", "王一", posts["P1"], "0.6")
        hire("1", "王一", posts["P3"], "0.4")
        hire("2", "李二", posts["P2"], "0.5", date(2024, 1, 1))
        hire("2", "李二", posts["P1"], "0.25", date(2024, 1, 1))
        counts = headcounts(on=date(2024, 6, 1))
        assert counts[units["01"].pk] == Headcount(2, Decimal("1.350"))
        assert counts[units["03"].pk] == Headcount(1, Decimal("0.400"))
        assert counts[units["00"].pk] == Headcount(2, Decimal("1.750"))
        assert units["20"].pk not in counts
        assert headcounts(on=date(2023, 6, 1))[units["00"].pk] == Headcount(1, Decimal("1.000"))
        assert units["00"].pk not in headcounts(on=date(2024, 6, 1), below=False)

    def test_who_left_is_not_counted(self, units: Units, posts: dict[str, Post]) -> None:
        holding = hire("1", "王一", posts["P1"])
        org.person_leave(person=holding.person, last_day=date(2024, 5, 31), acting_user=None)
        assert headcounts(on=date(2024, 5, 31))[units["01"].pk].people == 1
        assert headcounts(on=date(2024, 6, 1)) == {}
        assert Holding.objects.get().valid_to == date(2024, 5, 31)

    def test_vacancies(self, posts: dict[str, Post]) -> None:
        hire("1", "王一", posts["P1"])
        hire("2", "李二", posts["P2"])
        hire("3", "赵三", posts["P3"])
        hire("4", "钱四", posts["P3"])
        assert [(p.code, n) for p, n in vacancies()] == [("P2", 1), ("P3", -1)]

    def test_heads(self, units: Units, posts: dict[str, Post]) -> None:
        hire("1", "王一", posts["P1"])
        hire("2", "李二", posts["P2"])
        assert [p.name for p in heads_of(units["01"])] == ["王一"]
        assert heads_of(units["01"], date(2019, 1, 1)) == []


class TestPeople:
    def test_getters_are_guarded(self, units: Units, posts: dict[str, Post], staff: User) -> None:
        holding = hire("1", "王一", posts["P1"])
        outsider = user_create(username="x", name="x", acting_user=None)
        assert person_for(user=staff, staff_number="1") == holding.person
        assert post_for(user=staff, code="P1") == posts["P1"]
        org.person_link(person=holding.person, user=outsider, acting_user=None)
        assert person_for(user=outsider, staff_number="1") == holding.person
        hire("2", "李二", posts["P2"])
        for question in (
            lambda: person_for(user=outsider, staff_number="2"),
            lambda: person_for(user=staff, staff_number="9"),
            lambda: post_for(user=outsider, code="P1"),
            lambda: post_for(user=staff, code="P1", on=date(2019, 1, 1)),
        ):
            with pytest.raises(Problem) as caught:
                question()
            assert caught.value.code is Code.NOT_FOUND

    def test_refusals(self, posts: dict[str, Post], staff: User) -> None:
        holding = hire("1", "王一", posts["P1"])
        person = holding.person
        for wrong, text in [
            (lambda: hire("1", "王一", posts["P1"], since=date(2025, 1, 1)), "同一时间已有一条"),
            (lambda: hire("1", "王一", posts["P2"], "0"), "任职"),
            (lambda: hire("1", "王一", posts["P2"], "1.5"), "任职"),
            (lambda: hire("1", "王一", posts["P2"], since=date(2019, 1, 1)), "不存在"),
            (lambda: org.holding_end(holding=holding, on=START, acting_user=None), "才开始"),
            (
                lambda: org.person_create(staff_number="1", name="重", valid_from=START, acting_user=None),
                "人员的工号",
            ),
            (lambda: org.person_leave(person=person, last_day=date(2019, 1, 1), acting_user=None), "不存在"),
        ]:
            with pytest.raises(Problem) as caught:
                wrong()
            assert caught.value.code is Code.INVALID_INPUT
            assert text in str(caught.value)
        with pytest.raises(Problem) as caught:
            org.person_link(person=person, user=None, acting_user=staff)
        assert caught.value.code is Code.PERMISSION_DENIED

    def test_an_account_is_one_persons(self, posts: dict[str, Post], staff: User) -> None:
        first, second = hire("1", "王一", posts["P1"]).person, hire("2", "李二", posts["P2"]).person
        org.person_link(person=first, user=staff, acting_user=None)
        with pytest.raises(Problem) as caught:
            org.person_link(person=second, user=staff, acting_user=None)
        assert "人员的账号" in str(caught.value)

    def test_ending_a_holding(self, posts: dict[str, Post]) -> None:
        holding = hire("1", "王一", posts["P1"])
        org.holding_end(holding=holding, on=date(2024, 1, 1), acting_user=None)
        assert Holding.objects.get().valid_to == date(2023, 12, 31)
        hire("1", "王一", posts["P1"], since=date(2024, 1, 1))

    def test_a_section_of_another_unit(self, units: Units, posts: dict[str, Post]) -> None:
        section = org.section_create(
            unit=units["03"], code="K", name="劳资科", valid_from=START, acting_user=None
        )
        keep = {"name": "处长", "category": "management", "is_head": True, "seats": 1, "acting_user": None}
        with pytest.raises(Problem) as caught:
            org.post_update(post=posts["P1"], section=section, **keep)  # type: ignore[arg-type]
        assert "“劳资科”不在“教务处”" in str(caught.value)
        org.post_update(post=posts["P3"], section=section, **keep)  # type: ignore[arg-type]
        assert Post.objects.get(code="P3").section == section

    @pytest.mark.parametrize(
        "wrong", [{"share": 0}, {"share": Decimal("1.001")}, {"valid_to": date(2020, 8, 31)}]
    )
    def test_the_database_refuses_too(self, posts: dict[str, Post], wrong: dict[str, object]) -> None:
        hire("1", "王一", posts["P1"])
        with pytest.raises(IntegrityError), transaction.atomic():
            Holding.objects.update(**wrong)

    def test_the_same_post_twice_at_a_time(self, posts: dict[str, Post]) -> None:
        holding = hire("1", "王一", posts["P1"])
        with pytest.raises(IntegrityError, match="holding_no_overlap"), transaction.atomic():
            Holding.objects.create(person=holding.person, post=posts["P1"], valid_from=date(2025, 1, 1))
        Holding.objects.create(person=holding.person, post=posts["P2"], valid_from=date(2025, 1, 1))


def assess(code: str, name: str, members: list[object], **more: object) -> AssessedUnit:
    given = {"unit_type": "DEP", "group": "部门", "valid_from": START, **more}
    return org.assessed_unit_create(code=code, name=name, members=members, acting_user=None, **given)  # type: ignore[arg-type]


class TestAssessed:
    def test_cluster_is_one_and_lower_units_follow(self, units: Units) -> None:
        """Rules 1.a: 党委组织部 with 统战部 and 人事处 is one assessed unit."""
        together = [units["02"], units["04"], units["03"]]
        cluster = org.cluster_create(
            code="H3", name="合署", units=together, valid_from=START, acting_user=None
        )
        below = make_unit("0301", "档案室", "support", units["03"])
        target = assess("D03", "党委组织部", [cluster])
        assert {assessed_unit_of(u) for u in (*together, below)} == {target}
        assert assessed_unit_of(units["01"]) is None
        own = assess("D99", "档案室", [below])
        assert assessed_unit_of(below) == own
        assert assessed_unit_of(units["03"], date(2019, 1, 1)) is None

    def test_own_membership_goes_before_the_clusters(self, units: Units) -> None:
        cluster = org.cluster_create(
            code="H", name="合署", units=[units["02"], units["03"]], valid_from=START, acting_user=None
        )
        assess("D1", "组织部", [cluster])
        own = assess("D2", "人事处", [units["03"]])
        assert assessed_unit_map()[units["03"].pk] == own.pk

    def test_a_signboard_may_count_elsewhere_than_its_bearer(self, units: Units) -> None:
        board = org.signboard_put_up(
            unit=units["01"], name="继续教育管理处", valid_from=START, acting_user=None
        )
        target = assess("CE", "继续教育学院", [board])
        membership = target.memberships.get()
        assert (membership.target, str(membership)) == (board, "继续教育学院：继续教育管理处（教务处挂牌）")
        assert assessed_unit_of(units["01"]) is None

    def test_counts_in_one_place_only(self, units: Units) -> None:
        assess("D1", "教务处", [units["01"]])
        with pytest.raises(Problem) as caught:
            assess("D2", "另一个", [units["01"]])
        assert "同一时间已有一条" in str(caught.value)
        assert AssessedUnit.objects.count() == 1
        with pytest.raises(Problem) as caught:
            assess("D1", "同码", [])
        assert "“D1”已有人用" in str(caught.value)

    def test_groups_and_participation(self, units: Units) -> None:
        """Rules 2.a: the organiser stands outside."""
        assess("D1", "教务处", [units["01"]], position=2)
        assess("D2", "人事处", [units["03"]], position=1)
        assess(
            "T1", "机电", [units["20"]], group="教学院部", unit_type="SC", attributes={"branch_type": "总支"}
        )
        assess("Q", "质量发展处", [], participation=Participation.SEPARATE)
        assert [a.code for a in assessed_units(group="部门")] == ["D2", "D1"]
        assert [a.code for a in assessed_units()] == ["T1", "D2", "D1"]
        assert {a.code for a in assessed_units(include_outside=True)} == {"T1", "D2", "D1", "Q"}
        assert AssessedUnit.objects.get(code="T1").attributes == {"branch_type": "总支"}

    def test_revision_keeps_earlier_years(self, units: Units) -> None:
        old = assess("T1", "远程教育学院", [units["20"]])
        day = date(2026, 1, 1)
        new = org.assessed_unit_revise(
            assessed_unit=old, on=day, changes={"group": "教学院部", "unit_type": "SC"}, acting_user=None
        )
        assert (new.code, new.group, new.name, old.group) == ("T1", "教学院部", "远程教育学院", "部门")
        assert assessed_unit_of(units["20"], date(2025, 12, 31)) == old
        assert assessed_unit_of(units["20"], day) == new
        with pytest.raises(Problem) as caught:
            org.assessed_unit_revise(
                assessed_unit=new, on=date(2027, 1, 1), changes={"code": "T2"}, acting_user=None
            )
        assert "不能改code" in str(caught.value)

    def test_closing(self, units: Units) -> None:
        target = assess("D1", "教务处", [units["01"]])
        org.assessed_unit_close(assessed_unit=target, on=date(2025, 1, 1), acting_user=None)
        assert assessed_unit_of(units["01"], date(2025, 1, 1)) is None
        assert assessed_unit_of(units["01"], date(2024, 12, 31)) == target
        with pytest.raises(Problem):
            org.assessed_unit_close(assessed_unit=target, on=date(2030, 1, 1), acting_user=None)

    def test_getter_covers_by_units_inside(self, units: Units, staff: User) -> None:
        target = assess("D1", "教务处", [units["01"]])
        head = user_create(username="h", name="h", acting_user=None)
        role_grant(user=head, role="head", scope_unit_code="01", acting_user=None)
        assert assessed_unit_for(user=head, code="D1", permission="report.submit") == target
        assert assessed_unit_for(user=staff, code="D1") == target
        with pytest.raises(Problem) as caught:
            assessed_unit_for(user=staff, code="D1", permission="report.submit")
        assert caught.value.code is Code.PERMISSION_DENIED
        outsider = user_create(username="x", name="x", acting_user=None)
        for user, code in [(outsider, "D1"), (staff, "D9")]:
            with pytest.raises(Problem) as caught:
                assessed_unit_for(user=user, code=code)
            assert caught.value.code is Code.NOT_FOUND

    def test_exactly_one_target(self, units: Units) -> None:
        target = assess("D1", "教务处", [])
        with pytest.raises(IntegrityError, match="one_target"), transaction.atomic():
            AssessedMembership.objects.create(assessed_unit=target, valid_from=START)
        with pytest.raises(ValueError, match="without member"):
            _ = AssessedMembership(assessed_unit=target).target

    def test_nothing_of_another_college(self, college_a: Tenant, college_b: Tenant) -> None:
        with tenant_context(college_a):
            unit = make_unit("01", "教务处")
            assess("D1", "教务处", [unit])
            post = org.post_create(unit=unit, code="P1", name="处长", valid_from=START, acting_user=None)
            hire("1", "王一", post)
        with tenant_context(college_b):
            reader = user_create(username="r", name="r", acting_user=None)
            role_grant(user=reader, role="admin", acting_user=None)
            assert list(assessed_units(include_outside=True)) == []
            assert assessed_unit_map() == {}
            assert headcounts() == {}
            assert vacancies() == []
            for question in (
                lambda: assessed_unit_for(user=reader, code="D1"),
                lambda: person_for(user=reader, staff_number="1"),
                lambda: post_for(user=reader, code="P1"),
            ):
                with pytest.raises(Problem) as caught:
                    question()
                assert caught.value.code is Code.NOT_FOUND
