"""Import and export of the organisation: preview, round trip, errors, one transaction."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tenants.organisation import services as org
from tenants.organisation.models import (
    AssessedMembership,
    AssessedUnit,
    Holding,
    OrganisationImport,
    Person,
    Post,
    Signboard,
    Unit,
    UnitChange,
    UnitVersion,
)
from tenants.organisation.selectors import assessed_unit_of, find_units, headcounts, units_as_of
from tenants.organisation.selectors.export import organisation_rows, organisation_workbook, template_workbook
from tenants.organisation.services.imports import ImportPlan, import_apply, import_preview, run
from tenants.registry.context import tenant_context
from tenants.registry.models import Tenant
from tests.tenants.organisation.conftest import START, make_unit
from tests.tenants.organisation.test_spreadsheets import book
from zhiheng.accounts.models import User
from zhiheng.accounts.services import role_grant, user_create
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.models import AuditEntry

DAY = date(2025, 9, 1)
SHEETS: dict[str, list[list[Any]]] = {
    "单位": [
        ["单位代码", "名称", "类别", "上级单位代码", "挂牌", "别名", "曾用名", "起始日期"],
        ["0101", "考试中心", "教辅单位", "01", "", "", "", ""],
        ["00", "甲职业技术学院", "学校", "", "", "", "", ""],
        ["01", "教务处", "职能部门", "00", "继续教育管理处、校企合作中心", "教务", "教学处", ""],
        ["02", "党委组织部", "党群部门", "00", "", "", "", ""],
        ["03", "人事处", "职能部门", "00", "", "", "", ""],
    ],
    "合署": [["合署代码", "名称", "牵头单位代码", "成员单位代码"], ["H1", "组织人事合署", "02", "03"]],
    "科室": [["科室代码", "名称", "单位代码"], ["K1", "教学运行科", "01"]],
    "岗位": [
        ["岗位代码", "名称", "单位代码", "科室代码", "岗位类别", "负责人岗", "职数"],
        ["P1", "处长", "01", "", "管理岗位", "是", 1],
        ["P2", "排课岗", "01", "K1", "专业技术岗位", "否", 2],
        ["P3", "人事岗", "03", "", "", "", ""],
    ],
    "人员": [
        ["工号", "姓名", "性别", "到校日期", "离校日期"],
        ["1001", "王一", "男", "2020-09-01", ""],
        ["1002", "李二", "女", "2020-09-01", ""],
    ],
    "任职": [
        ["工号", "岗位代码", "占比", "任职起", "任职止"],
        ["1001", "P1", "0.6", "2025-09-01", ""],
        ["1001", "P3", "40%", "", ""],
        ["1002", "P2", "", "", ""],
    ],
    "被考核单位": [
        ["考核代码", "名称", "单位类型", "排名组", "单位代码", "合署代码", "属性"],
        ["D06", "教务处", "DEP", "部门", "01", "", ""],
        ["D03", "党委组织部", "DEP", "部门", "", "H1", "branch_type=总支"],
    ],
}


def edited(content: bytes, changes: dict[tuple[str, str], Any]) -> bytes:
    """The workbook with some cells changed."""
    made: Workbook = load_workbook(io.BytesIO(content))
    for (sheet, cell), value in changes.items():
        made[sheet][cell] = value
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def apply(content: bytes, on: date = DAY, user: User | None = None) -> OrganisationImport:
    return import_apply(content=content, file_name="机构.xlsx", on=on, acting_user=user)


def preview(content: bytes, on: date = DAY) -> ImportPlan:
    return import_preview(content=content, on=on, acting_user=None)


def places(plan: ImportPlan) -> dict[tuple[str, str], str]:
    return {(e.sheet, e.cell): e.reason for e in plan.errors}


@pytest.fixture
def filled(in_college: Tenant) -> OrganisationImport:
    """The sheets above, imported as of DAY."""
    return apply(book(**SHEETS))


class TestFirstImport:
    def test_everything_arrives(self, filled: OrganisationImport, admin: User) -> None:
        assert filled.counts["单位"] == {"create": 5, "change": 0, "same": 0}
        assert {v.unit.code: v.parent.code if v.parent else None for v in units_as_of(DAY)} == {
            "00": None, "01": "00", "0101": "01", "02": "00", "03": "00",
        }  # fmt: skip
        assert Unit.objects.get(code="01").initials == "jwc"
        assert set(Signboard.objects.values_list("name", flat=True)) == {"继续教育管理处", "校企合作中心"}
        post = Post.objects.get(code="P2")
        assert post.section is not None
        assert (post.section.code, post.category, post.seats, post.is_head) == (
            "K1",
            "professional",
            2,
            False,
        )
        shares = {h.post.code: h.share for h in Holding.objects.filter(person__staff_number="1001")}
        assert shares == {"P1": Decimal("0.600"), "P3": Decimal("0.400")}
        assert headcounts(on=DAY)[Unit.objects.get(code="00").pk].people == 2
        target = assessed_unit_of(Unit.objects.get(code="03"), DAY)
        assert target is not None
        assert (target.code, target.attributes) == ("D03", {"branch_type": "总支"})
        assert find_units(user=admin, text="教学处", on=DAY)[0].unit.name == "教务处"

    def test_is_recorded(self, admin: User) -> None:
        apply(book(**SHEETS), user=admin)
        entry = AuditEntry.objects.get(action="organisation.import")
        assert (entry.actor_name, entry.target_label) == ("管理员", "机构.xlsx（2025-09-01起）")
        assert entry.data["counts"]["岗位"]["create"] == 3
        assert "单位 01 教务处" in entry.data["created"]

    def test_preview_writes_nothing(self, in_college: Tenant, no_writes: Any) -> None:
        with no_writes():
            plan = preview(book(**SHEETS))
        assert plan.errors == []
        assert plan.counts()["任职"] == {"create": 3, "change": 0, "same": 0}
        assert not Unit.objects.exists()

    def test_queries_do_not_grow_with_rows(self, in_college: Tenant, max_queries: Any) -> None:
        people = [[f"2{i:04}", f"某{i}", "", "2020-09-01", ""] for i in range(300)]
        held = [[f"2{i:04}", "P2", "", "", ""] for i in range(300)]
        sheets = {**SHEETS, "人员": SHEETS["人员"] + people, "任职": SHEETS["任职"] + held}
        with max_queries(60):
            apply(book(**sheets))
        assert Holding.objects.count() == 303


class TestRoundTrip:
    def test_what_was_exported_changes_nothing(self, filled: OrganisationImport, admin: User) -> None:
        before = organisation_rows(DAY)
        content = organisation_workbook(user=admin, on=DAY)
        for day in (DAY, date(2026, 3, 1)):
            plan = preview(content, day)
            assert plan.errors == []
            assert plan.notices == []
            assert [r for r in plan.rows if r.action != "same"] == []
        apply(content)
        assert organisation_rows(DAY) == before

    def test_into_another_college(self, college_a: Tenant, college_b: Tenant) -> None:
        with tenant_context(college_a):
            apply(book(**SHEETS))
            reader = user_create(username="a", name="a", acting_user=None)
            role_grant(user=reader, role="admin", acting_user=None)
            content, before = organisation_workbook(user=reader, on=DAY), organisation_rows(DAY)
        with tenant_context(college_b):
            assert organisation_rows(DAY)["units"] == []
            apply(content)
            assert organisation_rows(DAY) == before

    def test_export_needs_the_right(self, in_college: Tenant) -> None:
        nobody = user_create(username="x", name="x", acting_user=None)
        with pytest.raises(Problem) as caught:
            organisation_workbook(user=nobody)
        assert caught.value.code is Code.PERMISSION_DENIED

    def test_template_can_be_imported(self, in_college: Tenant) -> None:
        assert preview(template_workbook()).rows == []


class TestChanges:
    LATER = date(2026, 3, 1)

    def changed(self, admin: User, changes: dict[tuple[str, str], Any]) -> ImportPlan:
        """Change cells of the export and import as of LATER; returns the preview."""
        content = edited(organisation_workbook(user=admin, on=self.LATER), changes)
        plan = preview(content, self.LATER)
        assert plan.errors == []
        import_apply(content=content, on=self.LATER, expected=plan.fingerprint, acting_user=admin)
        again = preview(content, self.LATER)
        assert again.errors == []
        assert [r for r in again.rows if r.action != "same"] == []
        return plan

    def test_renaming_and_moving_make_history(self, filled: OrganisationImport, admin: User) -> None:
        plan = self.changed(admin, {("单位", "B3"): "教学工作部", ("单位", "E4"): "03"})
        diffs = [(r.label, [(d.title, d.old, d.new, d.cell) for d in r.diffs]) for r in plan.rows if r.diffs]
        assert diffs == [
            ("01 教务处", [("名称", "教务处", "教学工作部", "B3")]),
            ("0101 考试中心", [("上级单位代码", "01", "03", "E4")]),
        ]
        before = {v.unit.code: v for v in units_as_of(date(2026, 2, 28))}
        after = {v.unit.code: v for v in units_as_of(self.LATER)}
        assert (before["01"].name, after["01"].name) == ("教务处", "教学工作部")
        assert after["0101"].parent == Unit.objects.get(code="03")
        assert set(UnitChange.objects.values_list("kind", flat=True)) == {"rename", "move"}

    def test_on_the_first_day_it_is_a_correction(self, filled: OrganisationImport, admin: User) -> None:
        content = edited(organisation_workbook(user=admin, on=DAY), {("单位", "B3"): "教务部"})
        apply(content)
        assert UnitVersion.objects.filter(unit__code="01").count() == 1
        assert Unit.objects.get(code="01").name == "教务部"

    def test_signboards_and_aliases_follow_the_file(self, filled: OrganisationImport, admin: User) -> None:
        self.changed(admin, {("单位", "F3"): "校企合作中心、考务管理办", ("单位", "G3"): None})
        assert not Signboard.objects.on(self.LATER).filter(name="继续教育管理处").exists()
        assert Signboard.objects.on(date(2026, 2, 28)).filter(name="继续教育管理处").exists()
        assert Signboard.objects.get(name="考务管理办").valid_from == self.LATER
        assert [f.matched_as for f in find_units(user=admin, text="教务", on=self.LATER)] == ["名称"]

    def test_an_alias_becomes_a_former_name(self, filled: OrganisationImport, admin: User) -> None:
        self.changed(admin, {("单位", "G3"): "教学处", ("单位", "H3"): "教务"})
        names = Unit.objects.get(code="01").aliases.values_list("name", "kind")
        assert set(names) == {("教学处", "alias"), ("教务", "former")}

    def test_an_absent_column_says_nothing(self, filled: OrganisationImport) -> None:
        content = book(单位=[["单位代码", "名称", "类别"], ["01", "教务处", "职能部门"]])
        assert [r.action for r in preview(content).rows] == ["same"]

    def test_a_post_goes_to_another_unit_with_its_holder(
        self, filled: OrganisationImport, admin: User
    ) -> None:
        self.changed(admin, {("岗位", "C3"): "02", ("岗位", "D3"): None, ("岗位", "G3"): 3})
        before = Post.objects.on(date(2026, 2, 28)).get(code="P2")
        after = Post.objects.on(self.LATER).get(code="P2")
        assert (before.unit.code, after.unit.code, after.seats, after.section) == ("01", "02", 3, None)
        assert [h.person.name for h in Holding.objects.on(self.LATER).filter(post=after)] == ["李二"]

    def test_posts_sections_and_people_are_corrected_in_place(
        self, filled: OrganisationImport, admin: User
    ) -> None:
        self.changed(admin, {("岗位", "B2"): "处长（正）", ("科室", "B2"): "运行科", ("人员", "B2"): "王壹"})
        assert Post.objects.get(code="P1").name == "处长（正）"
        assert Person.objects.get(staff_number="1001").name == "王壹"

    def test_leaving_ends_all_posts(self, filled: OrganisationImport, admin: User) -> None:
        content = edited(organisation_workbook(user=admin, on=DAY), {("人员", "E2"): "2026-01-31"})
        apply(content)
        ends = Holding.objects.filter(person__staff_number="1001").values_list("valid_to", flat=True)
        assert set(ends) == {date(2026, 1, 31)}
        assert Holding.objects.on(date(2026, 2, 1)).count() == 1

    def test_shares_and_ends(self, filled: OrganisationImport, admin: User) -> None:
        self.changed(admin, {("任职", "C2"): 0.5, ("任职", "E3"): "2026-06-30"})
        stored = Holding.objects.filter(person__staff_number="1001").order_by("post__code")
        assert [(h.share, h.valid_to) for h in stored] == [
            (Decimal("0.500"), None), (Decimal("0.400"), date(2026, 6, 30)),
        ]  # fmt: skip

    def test_assessed_units_are_revised_from_the_day(self, filled: OrganisationImport, admin: User) -> None:
        self.changed(admin, {("被考核单位", "E3"): "机关", ("被考核单位", "G3"): "01、0101"})
        unit = Unit.objects.get(code="01")
        old, new = assessed_unit_of(unit, date(2026, 2, 28)), assessed_unit_of(unit, self.LATER)
        assert old is not None
        assert new is not None
        assert (old.group, new.group, old.code, new.code) == ("部门", "机关", "D06", "D06")
        assert AssessedMembership.objects.on(self.LATER).filter(unit__code="0101").get().assessed_unit == new

    def test_on_their_first_day_assessed_units_are_corrected(
        self, filled: OrganisationImport, admin: User
    ) -> None:
        content = edited(organisation_workbook(user=admin, on=DAY), {("被考核单位", "B3"): "教务部"})
        apply(content)
        assert [a.name for a in AssessedUnit.objects.filter(code="D06")] == ["教务部"]

    def test_a_holding_may_begin_again(self, filled: OrganisationImport, admin: User) -> None:
        held = Holding.objects.get(person__staff_number="1002")
        org.holding_end(holding=held, on=date(2025, 12, 1), acting_user=admin)
        sheet = [["工号", "岗位代码", "任职起", "任职止"], ["1002", "P2", "2026-01-01", ""]]
        apply(book(任职=sheet), on=self.LATER)
        assert Holding.objects.filter(person__staff_number="1002").count() == 2
        again = [["工号", "岗位代码", "任职起", "任职止"], ["1002", "P2", "2025-11-01", "2025-11-30"]]
        assert places(preview(book(任职=again), date(2025, 12, 15))) == {
            ("任职", "C2"): "与已登记的同一任职时间重叠"
        }

    def test_a_unit_changes_its_assessed_unit_in_one_file(
        self, filled: OrganisationImport, admin: User
    ) -> None:
        self.changed(admin, {("被考核单位", "G3"): "0101", ("被考核单位", "G2"): "01"})
        target = assessed_unit_of(Unit.objects.get(code="01"), self.LATER)
        assert target is not None
        assert target.code == "D03"

    def test_cluster_members_come_and_go(self, filled: OrganisationImport, admin: User) -> None:
        self.changed(admin, {("合署", "D2"): "01"})
        cluster = Unit.objects.get(code="02").cluster_memberships.get().cluster
        assert {m.unit.code for m in cluster.members.on(self.LATER)} == {"02", "01"}
        assert {m.unit.code for m in cluster.members.on(DAY)} == {"02", "03"}


class TestErrors:
    def wrong(self, sheet: str, row: list[Any]) -> dict[tuple[str, str], str]:
        """Errors when this row stands below the others of a sheet."""
        return places(preview(book(**{**SHEETS, sheet: [*SHEETS[sheet], row]})))

    @pytest.mark.parametrize(
        ("sheet", "row", "cell", "reason"),
        [
            ("单位", ["09", "新处", "职能部门", "99"], "D7", "“单位”表和系统里都没有“99”"),
            ("单位", ["09", "新处", "职能部门", "09"], "D7", "上级一层层往上又回到自己"),
            ("单位", ["09", "新处", "职能部门", "00", "", "", "", "2024-01-01"], "D7", "“甲职业技术学院”在2024-01-01还没有或已不存在"),
            ("单位", ["09", "新处", "职能部门", "00", "", "甲", "甲"], "G7", "“甲”又写成别名"),
            ("合署", ["H2", "二", "02", "01"], "D3", "“党委组织部”已在“组织人事合署”合署"),
            ("合署", ["H2", "二", "01", "01"], "D3", "牵头单位“教务处”又写成成员"),
            ("科室", ["K2", "x", "99"], "C3", "“单位”表和系统里都没有“99”"),
            ("岗位", ["P9", "x", "03", "K1"], "D5", "科室“教学运行科”不在“人事处”"),
            ("岗位", ["P9", "x", "03", "K9"], "D5", "“科室”表和系统里都没有“K9”"),
            ("人员", ["1003", "x", "", "2025-01-01", "2024-01-01"], "E4", "离校日期早于到校日期2025-01-01"),
            ("任职", ["9999", "P1"], "A5", "“人员”表和系统里都没有“9999”"),
            ("任职", ["1002", "P9"], "B5", "“岗位”表和系统里都没有“P9”"),
            ("任职", ["1002", "P1", "", "2019-01-01"], "A5", "“李二”在2019-01-01还没有或已不存在"),
            ("任职", ["1002", "P3", "", "2026-01-01", "2025-12-31"], "E5", "任职止早于任职起2026-01-01"),
            ("任职", ["1002", "P2"], "A5", "工号+岗位代码和第4行重复"),
            ("被考核单位", ["D9", "x", "DEP", "部门", "99"], "E4", "“单位”表和系统里都没有“99”"),
        ],
    )  # fmt: skip
    def test_has_place_and_reason(
        self, in_college: Tenant, sheet: str, row: list[Any], cell: str, reason: str
    ) -> None:
        assert self.wrong(sheet, row)[sheet, cell] == reason

    @pytest.mark.parametrize(
        ("sheet", "row", "cell", "reason"),
        [
            ("单位", ["单位代码,名称,类别,起始日期", "01,教务处,职能部门,2020-01-01"], "D2", "起始日期已登记为2025-09-01，这里写的是2020-01-01"),
            ("单位", ["单位代码,名称,类别,上级单位代码", "00,甲职业技术学院,学校,0101"], "D2", "上级一层层往上又回到自己"),
            ("科室", ["科室代码,名称,单位代码", "K1,教学运行科,03"], "C2", "科室已在“教务处”"),
            ("合署", ["合署代码,名称,牵头单位代码,成员单位代码", "H1,组织人事合署,03,02"], "C2", "已有合署不能换牵头单位"),
            ("被考核单位", ["考核代码,名称,单位类型,排名组,单位代码", "D9,x,DEP,部门,01"], "E2", "“教务处”已计入“教务处”"),
            ("任职", ["工号,岗位代码,任职起", "1001,P1,2025-10-01"], "C2", "起始日期已登记为2025-09-01，这里写的是2025-10-01"),
        ],
    )  # fmt: skip
    def test_against_what_is_stored(
        self, filled: OrganisationImport, sheet: str, row: list[str], cell: str, reason: str
    ) -> None:
        content = book(**{sheet: [line.split(",") for line in row]})
        assert places(preview(content))[sheet, cell] == reason

    def test_a_code_that_comes_into_force_later(self, units: dict[str, Unit]) -> None:
        make_unit("77", "将来处", valid_from=date(2030, 1, 1))
        plan = preview(book(单位=[["单位代码", "名称", "类别"], ["77", "x", "其他"]]))
        assert places(plan) == {("单位", "A2"): "代码在那段时间已有人用"}

    def test_a_unit_with_a_later_change(self, units: dict[str, Unit]) -> None:
        later = org.plan_rename(unit=units["01"], name="教学部", on=date(2026, 1, 1))
        org.plan_apply(plan=later, acting_user=None)
        plan = preview(book(单位=[["单位代码", "名称", "类别"], ["01", "x", "职能部门"]]))
        assert places(plan) == {("单位", "A2"): "2025-09-01之后已有调整"}

    def test_errors_of_all_sheets_in_order(self, in_college: Tenant) -> None:
        sheets = {
            "岗位": [["岗位代码", "名称", "单位代码"], ["P1", "", "01"]],
            "单位": [
                ["单位代码", "名称", "类别", "上级单位代码"],
                ["01", "x", "错", "99"],
                ["02", "", "其他", "98"],
            ],
        }
        plan = preview(book(**sheets))
        assert [(e.sheet, e.cell) for e in plan.errors] == [
            ("单位", "C2"), ("单位", "D2"), ("单位", "B3"), ("单位", "D3"), ("岗位", "B2"),
        ]  # fmt: skip

    def test_nothing_is_stored_while_one_cell_is_wrong(self, in_college: Tenant) -> None:
        content = book(**{**SHEETS, "任职": [*SHEETS["任职"], ["1002", "P9"]]})
        with pytest.raises(Problem) as caught:
            apply(content)
        assert (caught.value.code, caught.value.data["count"]) == (Code.IMPORT_REJECTED, 1)
        assert caught.value.data["errors"][0].cell == "B5"
        assert not Unit.objects.exists()
        assert not OrganisationImport.objects.exists()

    def test_unreadable(self, in_college: Tenant) -> None:
        with pytest.raises(Problem) as caught:
            import_preview(content=b"x", file_name="a.xlsx", acting_user=None)
        assert caught.value.code is Code.FILE_UNREADABLE
        assert "打不开文件“a.xlsx”" in str(caught.value)

    def test_more_than_full_time_is_remarked(self, in_college: Tenant) -> None:
        sheets = {**SHEETS, "任职": [*SHEETS["任职"], ["1002", "P1", "0.5"]]}
        assert preview(book(**sheets)).notices == ["工号1002各岗位占比合计1.5，超过1，请确认。"]

    def test_rights(self, units: dict[str, Unit], staff: User) -> None:
        quality = user_create(username="q", name="q", acting_user=None)
        role_grant(user=quality, role="quality", acting_user=None)
        some = book(单位=[["单位代码", "名称", "类别"], ["01", "教务处", "职能部门"]])
        assert import_preview(content=some, on=DAY, acting_user=quality).errors == []
        for user, content in [(staff, some), (quality, book(**SHEETS))]:
            with pytest.raises(Problem) as caught:
                import_preview(content=content, on=DAY, acting_user=user)
            assert caught.value.code is Code.PERMISSION_DENIED


class TestTwoPeople:
    def test_what_was_previewed_is_what_happens(self, filled: OrganisationImport, admin: User) -> None:
        content = edited(organisation_workbook(user=admin, on=DAY), {("单位", "B3"): "教务部"})
        plan = preview(content)
        org.unit_correct(
            unit=Unit.objects.get(code="01"),
            name="教导处",
            short_name="",
            kind="functional",
            on=DAY,
            acting_user=admin,
        )
        with pytest.raises(Problem) as caught:
            import_apply(content=content, on=DAY, expected=plan.fingerprint, acting_user=admin)
        assert caught.value.code is Code.CONFLICT
        assert UnitVersion.objects.get(unit__code="01").name == "教导处"

    def test_a_collision_that_nobody_foresaw(
        self, in_college: Tenant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Somebody stores the same code between planning and storing: the database refuses, nothing remains."""
        content = book(单位=SHEETS["单位"])
        real = run._planned

        def slow(*given: Any) -> ImportPlan:
            plan = real(*given)
            make_unit("01", "别人的", valid_from=DAY)
            return plan

        monkeypatch.setattr(run, "_planned", slow)
        with pytest.raises(Problem) as caught:
            apply(content)
        assert caught.value.code is Code.CONFLICT
        assert not OrganisationImport.objects.exists()
        assert not Unit.objects.filter(code="00").exists()

    def test_another_file_is_not_the_previewed_one(self, in_college: Tenant) -> None:
        plan = preview(book(**SHEETS))
        other = book(**{**SHEETS, "单位": [*SHEETS["单位"], ["05", "工会", "党群部门", "00"]]})
        with pytest.raises(Problem):
            import_apply(content=other, on=DAY, expected=plan.fingerprint, acting_user=None)
        assert not AssessedUnit.objects.exists()

    def test_start_is_the_day_chosen(self, in_college: Tenant) -> None:
        apply(book(单位=SHEETS["单位"]), on=START)
        assert set(Unit.objects.values_list("valid_from", flat=True)) == {START}
