"""Renaming, moving, merging, splitting and closing units (机构调整): each plan is its own preview."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tenants.organisation.models import (
    AssessedMembership,
    ClusterMember,
    Holding,
    Post,
    Section,
    Signboard,
    Unit,
    UnitAlias,
    UnitChange,
    UnitVersion,
)
from tenants.organisation.selectors.tree import build_chart
from tenants.organisation.services.checks import free_code, refuse, valid_then
from tenants.organisation.services.steps import Plan
from zhiheng.accounts.models import RoleGrant


@dataclass(frozen=True)
class Part:
    """One new unit of a split (拆分出的机构) with the codes of what it takes along."""

    code: str
    name: str
    kind: str
    short_name: str = ""
    sections: Sequence[str] = ()
    posts: Sequence[str] = ()
    children: Sequence[str] = ()


def plan_rename(*, unit: Unit, name: str, short_name: str = "", kind: str = "", on: date) -> Plan:
    """From ``on`` the unit has another name (and kind).  The old name stays searchable as a former name."""
    version = _version(unit, on)
    plan = Plan(UnitChange.Kind.RENAME, on, f"“{version.name}”更名为“{name}”", [unit])
    plan.replace(version, name=name, short_name=short_name, kind=kind or version.kind)
    plan.sentences.append(f"{on}起，{version.name}改称{name}；代码{unit.code}不变，原名仍可查到。")
    return plan


def plan_move(*, unit: Unit, parent: Unit | None, on: date) -> Plan:
    """From ``on`` the unit hangs under another superior.  INVALID_INPUT for itself or a unit below it."""
    version = _version(unit, on)
    to = parent.name if parent else "学校（顶层）"
    plan = Plan(UnitChange.Kind.MOVE, on, f"“{version.name}”改隶{to}", [unit])
    _check_superior(unit, parent, on)
    plan.replace(version, parent_id=parent.pk if parent else None)
    plan.sentences.append(f"{on}起，{version.name}归{to}管理，下属机构、科室和岗位随同。")
    return plan


def plan_close(*, unit: Unit, on: date) -> Plan:
    """The unit ends the day before ``on``.  INVALID_INPUT while units hang below it or people hold its posts."""
    plan = Plan(UnitChange.Kind.CLOSE, on, f"撤销“{unit.name}”", [unit])
    if children := _children(unit, on):
        refuse("撤销机构", f"下面还有{_names(children)}", "请先调整它们的隶属。")
    for post in Post.objects.on(on).filter(unit=unit):
        if Holding.objects.on(on).filter(post=post).exists():
            refuse("撤销机构", f"岗位“{post}”还有人任职", "请先结束任职，或改用合并。")
        plan.close(post)
    for section in Section.objects.on(on).filter(unit=unit):
        plan.close(section)
    _end(plan, unit)
    return plan


def plan_merge(*, units: Sequence[Unit], into: Unit, on: date) -> Plan:
    """``units`` become part of ``into``: what hangs below them, sections, posts and people move; the units end.

    INVALID_INPUT when ``into`` is among them or below one of them.  A warning when figures would lose their place in
    the assessment.
    """
    valid_then(into, on, "并入机构")
    if not units or into.pk in {u.pk for u in units}:
        refuse("合并", "没有别的机构", "请选要并进来的机构，不含并入机构自己。")
    plan = Plan(UnitChange.Kind.MERGE, on, f"{_names(units)}并入“{into.name}”", [into, *units])
    for unit in units:
        _check_superior(unit, into, on)
        _move_children(plan, [c for c in _children(unit, on) if c.unit not in units], into)
        _move_staff(plan, unit, into)
        _end(plan, unit)
        _remember_name(plan, _version(unit, on).name, into)
    if not _is_assessed(into, on):
        plan.warnings.append(f"“{into.name}”在{on}还没有考核归属，请在被考核单位里补上。")
    return plan


def plan_split(*, unit: Unit, parts: Sequence[Part], on: date, keep: bool) -> Plan:
    """Make new units out of one, each with the sections, posts and lower units named for it.

    With ``keep`` the unit goes on with what is left.  Without, it ends, and everything must be dealt out: INVALID_INPUT
    names what is not.  Posts of a dealt-out section go with it.
    """
    version = _version(unit, on)
    if not parts:
        refuse("拆分", "没有新机构", "请至少写一个拆分出的机构。")
    plan = Plan(
        UnitChange.Kind.SPLIT, on, f"“{version.name}”拆分为{'、'.join(p.name for p in parts)}", [unit]
    )
    _check_dealt(unit, parts, on, everything=not keep)
    for part in parts:
        new = _found(plan, part, version)
        sections = Section.objects.on(on).filter(unit=unit, code__in=part.sections)
        mapped = {s.pk: _move_section(plan, s, new) for s in sections}
        for post in Post.objects.on(on).filter(unit=unit):
            if post.section_id in mapped or post.code in part.posts:
                _move_post(plan, post, new, mapped.get(post.section_id or 0))
        _move_children(plan, [c for c in _children(unit, on) if c.unit.code in part.children], new)
    if not keep:
        _end(plan, unit)
    plan.warnings.append("新机构还没有考核归属，请在被考核单位里补上。")
    return plan


def _version(unit: Unit, on: date) -> UnitVersion:
    """The last version, in force on the day; else INVALID_INPUT: changes are made in the order of time."""
    version = unit.versions.on(on).first()
    if version is None:
        refuse("机构", f"“{unit}”在{on}不存在", "请换一个日期。")
    if unit.versions.filter(valid_from__gt=on).exists():
        refuse("生效日期", f"“{unit}”在{on}之后已有调整", "请选更晚的日期，或先撤回后面的调整。")
    return version


def _children(unit: Unit, on: date) -> list[UnitVersion]:
    return list(UnitVersion.objects.on(on).filter(parent=unit).select_related("unit").order_by("sort_key"))


def _check_superior(unit: Unit, parent: Unit | None, on: date) -> None:
    if parent is None:
        return
    valid_then(parent, on, "上级机构")
    nodes = {n.pk: n for root in build_chart(on) for n in root.walk()}
    if unit.pk in nodes and parent.pk in {n.pk for n in nodes[unit.pk].walk()}:
        refuse("上级机构", f"“{parent}”就是“{unit}”或在它下面", "请选别的上级。")


def _move_children(plan: Plan, children: Sequence[UnitVersion], to: Unit) -> None:
    for child in children:
        _version(child.unit, plan.on)
        # Assigning the object, not its id: a unit that the plan founds has none yet.
        plan.replace(child, parent=to)
        plan.units.append(child.unit)
    if children:
        plan.sentences.append(f"{_names(children)}改归{to.name}。")


def _move_staff(plan: Plan, unit: Unit, to: Unit) -> None:
    """Sections, posts and holdings of ``unit`` go on in ``to`` under the same codes."""
    mapped = {s.pk: _move_section(plan, s, to) for s in Section.objects.on(plan.on).filter(unit=unit)}
    for post in Post.objects.on(plan.on).filter(unit=unit):
        _move_post(plan, post, to, mapped.get(post.section_id or 0))


def _move_section(plan: Plan, section: Section, to: Unit) -> Section:
    plan.sentences.append(f"科室“{section}”转入{to.name}。")
    copy = plan.replace(section, unit=to)
    assert isinstance(copy, Section)  # noqa: S101
    return copy


def _move_post(plan: Plan, post: Post, to: Unit, section: Section | None) -> None:
    held = list(Holding.objects.on(plan.on).filter(post=post).select_related("person"))
    plan.sentences.append(f"岗位“{post}”（{_names([h.person for h in held]) or '空缺'}）转入{to.name}。")
    new = plan.replace(post, unit=to, section=section)
    for holding in held:
        plan.replace(holding, post=new)


def _found(plan: Plan, part: Part, origin: UnitVersion) -> Unit:
    free_code(Unit.objects.all(), "机构", part.code, plan.on, None)
    named = {
        "name": part.name,
        "short_name": part.short_name,
        "kind": part.kind,
        "parent_id": origin.parent_id,
    }
    unit = Unit(code=part.code, valid_from=plan.on, **named)
    plan.open(unit)
    plan.open(UnitVersion(unit=unit, valid_from=plan.on, **named))
    plan.open(UnitAlias(unit=unit, name=origin.name, kind=UnitAlias.Kind.FORMER, valid_from=plan.on))
    plan.units.append(unit)
    plan.sentences.append(f"{plan.on}起设立{part.name}（{part.code}）。")
    return unit


def _remember_name(plan: Plan, name: str, unit: Unit) -> None:
    """People who look for ``name`` shall find ``unit``."""
    if not unit.aliases.filter(name=name).exists():
        plan.open(UnitAlias(unit=unit, name=name, kind=UnitAlias.Kind.FORMER, valid_from=plan.on))


def _end(plan: Plan, unit: Unit) -> None:
    """Close the unit and everything that says what it is."""
    version = _version(unit, plan.on)
    plan.close(version)
    for model in (UnitAlias, Signboard, ClusterMember, AssessedMembership):
        for row in model.objects.on(plan.on).filter(unit=unit):
            if row.valid_from < plan.on:
                plan.close(row)
    plan.close(unit)
    plan.sentences.append(f"{version.name}（{unit.code}）自{plan.on}起不再存在，历年数据保留。")
    grants = RoleGrant.objects.on(plan.on).filter(scope_unit_code=unit.code).select_related("user")
    if holders := sorted({str(grant.user) for grant in grants}):
        plan.warnings.append(f"{'、'.join(holders)}的角色还限于{version.name}，请在账号里改授。")


def _check_dealt(unit: Unit, parts: Sequence[Part], on: date, *, everything: bool) -> None:
    """Every code named exists once; with ``everything`` nothing is left over."""
    sections = {s.code: s.name for s in Section.objects.on(on).filter(unit=unit)}
    posts = {p.code: p for p in Post.objects.on(on).filter(unit=unit).select_related("section")}
    children = {c.unit.code: c.name for c in _children(unit, on)}
    known = {*sections, *posts, *children}
    dealt = [code for part in parts for code in (*part.sections, *part.posts, *part.children)]
    if strange := [code for code in dealt if code not in known]:
        refuse("拆分", f"“{unit}”没有{'、'.join(strange)}", "请核对代码。")
    if twice := sorted({code for code in dealt if dealt.count(code) > 1}):
        refuse("拆分", f"{'、'.join(twice)}分给了不止一个机构", "每项只能分给一个。")
    along = {p.code for p in posts.values() if p.section is not None and p.section.code in dealt}
    left = [code for code in (*sections, *posts, *children) if code not in {*dealt, *along}]
    if everything and left:
        refuse("拆分", f"还没有分出去：{'、'.join(left)}", "请分给某个新机构，或保留原机构。")


def _is_assessed(unit: Unit, on: date) -> bool:
    through = ClusterMember.objects.on(on).filter(unit=unit).values("cluster")
    rows = AssessedMembership.objects.on(on)
    return rows.filter(unit=unit).exists() or rows.filter(cluster__in=through).exists()


def _names(rows: Sequence[object]) -> str:
    return "、".join(str(getattr(row, "name", row)) for row in rows)
