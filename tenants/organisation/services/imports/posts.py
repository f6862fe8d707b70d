"""Rows of the sheets 科室 and 岗位."""

from functools import partial
from typing import Any

from tenants.organisation.models import Holding, Post, Section, Unit, UnitChange
from tenants.organisation.services.imports.plan import Known, RowPlan, changed, diffs
from tenants.organisation.services.steps import Plan, plan_apply
from tenants.organisation.spreadsheets import Row
from zhiheng.accounts.models import User


def plan_sections(known: Known, rows: list[Row]) -> list[RowPlan]:
    """Sections: new ones, and corrected names.  A section changes its unit by a restructuring only."""
    plans = []
    for row in rows:
        unit, code = known.find(row, "unit", known.units, "单位"), row.values["code"]
        plan = RowPlan(row.form.title, row.number, f"{code} {row.values['name']}")
        section = known.sections.get(code)
        if section is not None:
            known.keeps_start(row, section, Section.objects.filter(code=code))
            current = {"name": section.name, "unit": section.unit.code}
            plan.diffs, changes = diffs(row, current), changed(row, current)
            if "unit" in changes:
                reason = f"科室已在“{section.unit}”"
                known.errors.append(row.error("unit", reason, "科室换单位请在页面上办理拆分或合并。"))
            if changes:
                plan.todo.append(partial(_store, section, {"name": row.values["name"]}))
        elif code and unit is not None:
            section = Section(unit=unit, code=code, name=row.values["name"] or "")
            section.valid_from = known.begins(row, [("unit", unit)])
            known.code_is_free(row, Section, section.valid_from)
            known.sections[code] = section
            plan.new = [section]
        plans.append(plan)
    return plans


def plan_posts(known: Known, rows: list[Row]) -> list[RowPlan]:
    """Posts: new ones; corrections in place; a post whose unit changes goes there with its holders from the day on."""
    return [plan for row in rows if (plan := _post(known, row)) is not None]


def _post(known: Known, row: Row) -> RowPlan | None:
    unit = known.find(row, "unit", known.units, "单位")
    section = known.find(row, "section", known.sections, "科室")
    code = row.values["code"]
    if unit is None or not code:
        return None
    if section is not None and section.unit is not unit and section.unit.code != unit.code:
        known.errors.append(row.error("section", f"科室“{section}”不在“{unit}”", "请填本单位的科室代码。"))
    plan = RowPlan(row.form.title, row.number, f"{code} {row.values['name']}")
    post = known.posts.get(code)
    if post is None:
        fields = {f: row.values[f] for f in ("code", "category", "is_head", "seats")}
        post = Post(unit=unit, section=section, name=row.values["name"] or "", **fields)
        post.valid_from = known.begins(row, [("unit", unit), ("section", section)])
        known.code_is_free(row, Post, post.valid_from)
        known.posts[code] = post
        plan.new = [post]
        return plan
    known.keeps_start(row, post, Post.objects.filter(code=code))
    current = {f: getattr(post, f) for f in ("name", "category", "is_head", "seats")}
    current |= {"unit": post.unit.code, "section": post.section.code if post.section else ""}
    plan.diffs, changes = diffs(row, current), changed(row, current)
    if changes:
        if "section" in changes or "unit" in changes:
            changes["section"] = section
        plan.todo.append(partial(_revise, known, post, unit, changes))
    return plan


def _revise(known: Known, post: Post, unit: Unit, changes: dict[str, Any], acting_user: User | None) -> None:
    moves = changes.pop("unit", None) is not None and post.valid_from < known.on
    if not moves:
        _store(post, {**changes, "unit": unit}, acting_user)
        return
    plan = Plan(UnitChange.Kind.MOVE, known.on, f"导入：岗位“{post}”转入{unit.name}", [post.unit, unit])
    new = plan.replace(post, **changes, unit=unit)
    for holding in Holding.objects.on(known.on).filter(post=post):
        plan.replace(holding, post=new)
    plan_apply(plan=plan, acting_user=acting_user)
    assert isinstance(new, Post)  # noqa: S101
    known.posts[post.code] = new


def _store(row: Any, changes: dict[str, Any], _: User | None) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
