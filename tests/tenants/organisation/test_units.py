"""Units on a day: chart, search, guarded getters, corrections, constraints."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tenants.organisation import services as org
from tenants.organisation.models import Cluster, Signboard, Term, Unit, UnitAlias, UnitVersion
from tenants.organisation.pinyin import initials, person_sort_key, sort_key
from tenants.organisation.selectors import chart, find_units, roll_up, superior_codes, unit_for, units_as_of
from tenants.registry.context import tenant_context
from tenants.registry.models import Tenant
from tests.tenants.organisation.conftest import START, make_unit
from zhiheng.accounts.models import User
from zhiheng.accounts.services import role_grant, user_create
from zhiheng.kernel.dated import Exclusion
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.models import AuditEntry

Units = dict[str, Unit]


class TestPinyin:
    def test_chinese_order(self) -> None:
        names = ["质量监督处", "重庆路校区", "安全保卫处", "长沙办事处", "教务处", "学生处", "人事处"]
        assert sorted(names, key=sort_key) == [
            "安全保卫处", "长沙办事处", "重庆路校区", "教务处", "人事处", "学生处", "质量监督处",
        ]  # fmt: skip

    def test_surnames_are_read_as_surnames(self) -> None:
        names = ["曾毅", "单雄", "赵一", "解放", "蔡明"]
        assert sorted(names, key=person_sort_key) == ["蔡明", "单雄", "解放", "曾毅", "赵一"]

    def test_initials(self) -> None:
        assert initials("教务处") == "jwc"
        assert initials("A1教学楼") == "a1jxl"

    def test_stored_by_bulk_inserts_too_and_sorted_by_the_database(self, in_college: Tenant) -> None:
        Unit.objects.bulk_create(
            Unit(code=str(i), name=name, kind="other", valid_from=START)
            for i, name in enumerate(["学生处", "安全保卫处", "教务处"])
        )
        assert list(Unit.objects.values_list("name", "initials")) == [
            ("安全保卫处", "aqbwc"), ("教务处", "jwc"), ("学生处", "xsc"),
        ]  # fmt: skip


class TestFounding:
    def test_unit_version_and_audit(self, admin: User) -> None:
        unit = org.unit_create(
            code="01", name="教务处", kind="functional", valid_from=START, acting_user=admin
        )
        version = unit.versions.get()
        assert (version.name, version.valid_from, version.valid_to) == ("教务处", START, None)
        assert str(version) == "教务处（2020-09-01—今）"
        assert AuditEntry.objects.get(action="unit.create").actor_name == "管理员"

    @pytest.mark.parametrize(
        ("fields", "text"),
        [
            ({"code": "01"}, "“01”已有人用"),
            ({"code": ""}, "机构的代码"),
            ({"name": ""}, "机构的名称"),
            ({"kind": "ministry"}, "机构的类别"),
            ({"valid_to": date(2019, 1, 1)}, "机构“新处”"),
        ],
    )
    def test_refusals(self, units: Units, fields: dict[str, object], text: str) -> None:
        given = {"code": "99", "name": "新处", "kind": "functional", "valid_from": START, **fields}
        with pytest.raises(Problem) as caught:
            org.unit_create(**given, acting_user=None)  # type: ignore[arg-type]
        assert caught.value.code is Code.INVALID_INPUT
        assert text in str(caught.value)

    def test_a_superior_must_exist_by_then(self, units: Units) -> None:
        with pytest.raises(Problem) as caught:
            make_unit("99", "新处", parent=units["01"], valid_from=date(2019, 1, 1))
        assert "“教务处”在2019-01-01不存在" in str(caught.value)

    def test_a_code_is_free_again_after_the_units_end(self, units: Units) -> None:
        org.plan_apply(plan=org.plan_close(unit=units["04"], on=date(2024, 1, 1)), acting_user=None)
        with pytest.raises(Problem):
            make_unit("04", "统战工作部", valid_from=date(2023, 12, 31))
        assert make_unit("04", "统战工作部", valid_from=date(2024, 1, 1)).pk != units["04"].pk

    def test_needs_the_right(self, staff: User) -> None:
        with pytest.raises(Problem) as caught:
            org.unit_create(code="9", name="处", kind="other", valid_from=START, acting_user=staff)
        assert caught.value.code is Code.PERMISSION_DENIED

    def test_correction_makes_no_history(self, units: Units, admin: User) -> None:
        org.unit_correct(
            unit=units["01"],
            name="教务处（校企合作处）",
            short_name="教务",
            kind="functional",
            acting_user=admin,
        )
        assert units["01"].versions.count() == 1
        assert Unit.objects.get(code="01").name == "教务处（校企合作处）"
        with pytest.raises(Problem):
            org.unit_correct(
                unit=units["01"],
                name="x",
                short_name="",
                kind="functional",
                on=date(2019, 1, 1),
                acting_user=admin,
            )


class TestChart:
    def test_tree_with_signboards_and_clusters(self, units: Units, admin: User, max_queries: object) -> None:
        org.signboard_put_up(unit=units["01"], name="继续教育管理处", valid_from=START, acting_user=admin)
        org.signboard_put_up(
            unit=units["01"], name="校企合作中心", valid_from=date(2023, 1, 1), acting_user=admin
        )
        together = [units["02"], units["04"], units["03"]]
        org.cluster_create(
            code="H3", name="组织统战人事合署", units=together, valid_from=date(2022, 1, 1), acting_user=admin
        )
        user = User.objects.get(pk=admin.pk)
        with max_queries(4):  # type: ignore[operator]
            roots = chart(user=user, on=date(2022, 6, 1))
        college = next(r for r in roots if r.code == "00")
        assert [c.name for c in college.children] == [
            "党委组织部",
            "机电工程学院",
            "教务处",
            "人事处",
            "统战部",
        ]
        nodes = {n.code: n for n in college.walk()}
        assert nodes["01"].signboards == ["继续教育管理处"]
        assert nodes["01"].kind_label == "职能部门"
        assert nodes["03"].cluster == "组织统战人事合署"
        assert nodes["03"].cluster_partners == ["党委组织部", "统战部"]
        before = {n.code: n for r in chart(user=user, on=date(2021, 1, 1)) for n in r.walk()}
        assert before["03"].cluster == ""
        assert chart(user=user, on=date(2019, 1, 1)) == []

    def test_a_unit_whose_superior_is_gone_stands_at_the_top(self, units: Units, admin: User) -> None:
        make_unit("31", "机房", "support", units["20"])
        UnitVersion.objects.filter(unit=units["20"]).update(valid_to=date(2024, 12, 31))
        assert {"00", "0101", "31"} == {n.code for n in chart(user=admin, on=date(2025, 1, 1))}

    def test_figures_roll_up_and_missing_is_not_zero(self, units: Units, admin: User) -> None:
        roots = chart(user=admin)
        sums = roll_up(roots, {units["01"].pk: 3, units["03"].pk: 0, units["00"].pk: 1}, 0)
        assert sums == {units["01"].pk: 3, units["03"].pk: 0, units["00"].pk: 4}

    def test_only_for_those_who_may_look(self, in_college: Tenant) -> None:
        nobody = user_create(username="x", name="x", acting_user=None)
        for question in (lambda: chart(user=nobody), lambda: find_units(user=nobody, text="教")):
            with pytest.raises(Problem) as caught:
                question()
            assert caught.value.code is Code.PERMISSION_DENIED


class TestGuardedGetter:
    def test_by_code_and_day(self, units: Units, staff: User) -> None:
        assert unit_for(user=staff, code="01") == units["01"]
        for code, day in [("77", None), ("01", date(2019, 1, 1))]:
            with pytest.raises(Problem) as caught:
                unit_for(user=staff, code=code, on=day)
            assert caught.value.code is Code.NOT_FOUND

    def test_who_may_not_look_finds_nothing(self, units: Units) -> None:
        with pytest.raises(Problem) as caught:
            unit_for(user=user_create(username="x", name="x", acting_user=None), code="01")
        assert caught.value.code is Code.NOT_FOUND

    def test_a_grant_covers_the_unit_and_what_hangs_below(self, units: Units) -> None:
        make_unit("2001", "数控教研室", "other", units["20"])
        head = user_create(username="h", name="h", acting_user=None)
        role_grant(user=head, role="head", scope_unit_code="20", acting_user=None)
        assert unit_for(user=head, code="2001", permission="report.submit").code == "2001"
        assert unit_for(user=head, code="20", permission="report.submit") == units["20"]
        with pytest.raises(Problem) as caught:
            unit_for(user=head, code="01", permission="report.submit")
        assert caught.value.code is Code.PERMISSION_DENIED

    def test_superiors(self, units: Units) -> None:
        make_unit("2001", "数控教研室", "other", units["20"])
        assert superior_codes(Unit.objects.get(code="2001")) == ["2001", "20", "00"]
        assert superior_codes(units["0101"]) == ["0101"]


class TestSearch:
    @pytest.fixture
    def named(self, units: Units, admin: User) -> Units:
        """Names of many sorts: signboard, alias, former name, cluster and assessed unit."""
        org.signboard_put_up(unit=units["01"], name="继续教育管理处", valid_from=START, acting_user=admin)
        org.alias_add(unit=units["03"], name="职改办", acting_user=admin)
        org.alias_add(unit=units["03"], name="劳动人事处", kind=UnitAlias.Kind.FORMER, acting_user=admin)
        cluster = org.cluster_create(
            code="H3",
            name="组织人事合署",
            units=[units["02"], units["03"]],
            valid_from=START,
            acting_user=admin,
        )
        org.assessed_unit_create(
            code="D03",
            name="党委组织部",
            unit_type="DEP",
            group="部门",
            members=[cluster],
            valid_from=START,
            acting_user=admin,
        )
        org.plan_apply(
            plan=org.plan_rename(unit=units["20"], name="智能制造学院", on=date(2024, 9, 1)),
            acting_user=admin,
        )
        return units

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("人事处", ("03", "人事处", "名称")),
            ("继续教育", ("01", "继续教育管理处", "挂牌")),
            ("职改办", ("03", "职改办", "别名")),
            ("劳动人事", ("03", "劳动人事处", "曾用名")),
            ("机电", ("20", "机电工程学院", "曾用名")),
            ("jwc", ("01", "教务处", "名称")),
            ("ZNZZ", ("20", "智能制造学院", "名称")),
            ("0101", ("0101", "考试中心", "名称")),
        ],
    )
    def test_every_name_leads_to_the_unit(
        self, named: Units, admin: User, text: str, expected: tuple[str, str, str]
    ) -> None:
        first = find_units(user=admin, text=text, on=date(2025, 1, 1))[0]
        assert (first.unit.unit.code, first.matched, first.matched_as) == expected

    def test_a_member_of_a_cluster_leads_to_where_it_is_assessed(self, named: Units, admin: User) -> None:
        found = find_units(user=admin, text="人事处", on=date(2025, 1, 1))
        assert found[0].assessed_unit is not None
        assert found[0].assessed_unit.code == "D03"
        assert find_units(user=admin, text="教务处", on=date(2025, 1, 1))[0].assessed_unit is None

    def test_on_an_earlier_day_the_old_name_is_the_name(self, named: Units, admin: User) -> None:
        found = find_units(user=admin, text="机电", on=date(2023, 1, 1))
        assert [(f.unit.name, f.matched_as) for f in found] == [("机电工程学院", "名称")]
        assert find_units(user=admin, text="智能制造", on=date(2023, 1, 1)) == []

    def test_exact_first_empty_and_limit(self, named: Units, admin: User) -> None:
        make_unit("88", "大人事处")
        assert [f.unit.name for f in find_units(user=admin, text="人事处")] == ["人事处", "大人事处"]
        assert len(find_units(user=admin, text="处", limit=1)) == 1
        assert find_units(user=admin, text="  ") == []
        assert find_units(user=admin, text="%") == []
        assert find_units(user=admin, text="\0") == []

    def test_aliases_come_and_go(self, named: Units, admin: User) -> None:
        with pytest.raises(Problem):
            org.alias_add(unit=named["03"], name="职改办", acting_user=admin)
        org.alias_remove(alias=UnitAlias.objects.get(name="职改办"), acting_user=admin)
        assert find_units(user=admin, text="职改办") == []

    def test_nothing_of_another_college(self, college_a: Tenant, college_b: Tenant) -> None:
        with tenant_context(college_a):
            make_unit("01", "教务处")
        with tenant_context(college_b):
            user = user_create(username="x", name="x", acting_user=None)
            role_grant(user=user, role="admin", acting_user=None)
            assert find_units(user=user, text="教务") == []
            assert chart(user=user) == []
            assert list(units_as_of()) == []
            with pytest.raises(Problem) as caught:
                unit_for(user=user, code="01")
            assert caught.value.code is Code.NOT_FOUND
            make_unit("01", "教学处")
        with tenant_context(college_a):
            assert Unit.objects.get(code="01").name == "教务处"


class TestClusters:
    def test_members_and_lead(self, units: Units, admin: User) -> None:
        cluster = org.cluster_create(
            code="H", name="合署", units=[units["03"], units["02"]], valid_from=START, acting_user=admin
        )
        assert [(m.unit.code, m.is_lead) for m in cluster.members.all()] == [("03", True), ("02", False)]
        org.cluster_dissolve(cluster=cluster, on=date(2024, 1, 1), acting_user=admin)
        assert Cluster.objects.get().valid_to == date(2023, 12, 31)
        assert not cluster.members.open().exists()

    def test_refusals(self, units: Units, admin: User) -> None:
        org.cluster_create(
            code="H", name="合署", units=[units["03"], units["02"]], valid_from=START, acting_user=admin
        )
        for code, members, day, text in [
            ("I", [units["01"]], START, "不足两个机构"),
            ("I", [units["01"], units["01"]], START, "不足两个机构"),
            ("I", [units["01"], units["03"]], date(2025, 1, 1), "同一时间已有一条"),
            ("H", [units["01"], units["04"]], START, "已有人用"),
            ("I", [units["01"], units["04"]], date(2010, 1, 1), "不存在"),
        ]:
            with pytest.raises(Problem) as caught:
                org.cluster_create(code=code, name="合署", units=members, valid_from=day, acting_user=admin)
            assert text in str(caught.value)
        assert Cluster.objects.count() == 1

    def test_signboards(self, units: Units, admin: User) -> None:
        board = org.signboard_put_up(unit=units["01"], name="督导室", valid_from=START, acting_user=admin)
        assert str(board) == "督导室（教务处挂牌）"
        with pytest.raises(Problem):
            org.signboard_put_up(unit=units["01"], name="督导室", valid_from=START, acting_user=admin)
        org.signboard_take_down(signboard=board, on=date(2024, 1, 1), acting_user=admin)
        assert not Signboard.objects.on(date(2024, 1, 1)).exists()
        assert Signboard.objects.on(date(2023, 12, 31)).exists()


class TestMigrations:
    """Constraints travel through migrations as Django's own."""

    @pytest.mark.parametrize(
        "constraint", [c for m in (UnitVersion, Term) for c in m._meta.constraints if "overlap" in c.name]
    )
    def test_copies_and_names(self, constraint: Exclusion) -> None:
        path, _, kwargs = constraint.deconstruct()
        assert path == "django.contrib.postgres.constraints.ExclusionConstraint"
        assert kwargs["name"] == constraint.name
        assert constraint.clone().deconstruct() == constraint.deconstruct()
        assert constraint.check(UnitVersion, None) == []

    def test_computed_columns_are_plain_text(self) -> None:
        field = Unit._meta.get_field("sort_key")
        assert field.deconstruct()[1] == "django.db.models.CharField"


class TestDatabase:
    """What the database itself refuses, whatever the code says."""

    def test_two_versions_at_a_time(self, units: Units) -> None:
        with pytest.raises(IntegrityError, match="unitversion_no_overlap"), transaction.atomic():
            UnitVersion.objects.create(unit=units["01"], name="x", kind="other", valid_from=date(2025, 1, 1))
        UnitVersion.objects.filter(unit=units["01"]).update(valid_to=date(2024, 12, 31))
        UnitVersion.objects.create(unit=units["01"], name="x", kind="other", valid_from=date(2025, 1, 1))

    def test_versions_of_other_units_do_not_collide(self, units: Units) -> None:
        assert UnitVersion.objects.on(date(2025, 1, 1)).count() == len(units)

    @pytest.mark.parametrize("wrong", [{"valid_to": date(2020, 8, 31)}, {"code": ""}, {"code": "02"}])
    def test_dates_and_codes(self, units: Units, wrong: dict[str, object]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Unit.objects.filter(code="01").update(**wrong)

    def test_own_superior(self, units: Units) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Unit.objects.filter(code="01").update(parent=units["01"])

    def test_two_leads(self, units: Units) -> None:
        cluster = org.cluster_create(
            code="H", name="合署", units=[units["03"], units["02"]], valid_from=START, acting_user=None
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            cluster.members.update(is_lead=True)

    def test_inclusive_ends(self, units: Units) -> None:
        Unit.objects.filter(code="01").update(valid_to=date(2024, 12, 31))
        unit = Unit.objects.get(code="01")
        assert unit.is_valid_on(date(2024, 12, 31))
        assert not unit.is_valid_on(date(2025, 1, 1))
        assert Unit.objects.on(date(2024, 12, 31)).filter(code="01").exists()
        assert not Unit.objects.on(date(2025, 1, 1)).filter(code="01").exists()
        assert not Unit.objects.open().filter(code="01").exists()
