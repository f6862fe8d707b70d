"""The answer before the sources (先答后证): who leads, who else, the next date, on which clause it rests."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Procedure, WorkItem
from catalog.schedule.kinds import Schedule
from catalog.selectors import contents, yearly
from catalog.selectors.asking import PROCEDURE, STEP, Found, Hit, owner_of
from tenants.organisation.selectors import registers, teaching_week
from zhiheng.web.show import show_when


@dataclass(frozen=True)
class Link:
    """Something to open."""

    label: str
    href: str


@dataclass
class Answer:
    """What stands in the box at the top."""

    title: str
    text: str
    lead: str
    lead_detail: str = ""
    lead_link: Link | None = None
    others: str = ""
    others_detail: str = ""
    when: str = ""
    when_detail: str = ""
    links: list[Link] = field(default_factory=list)


def answer_of(request: HttpRequest, found: Found) -> Answer | None:
    """The answer that the best hit gives; None without hits and for pieces only."""
    best = found.best
    if best is None:
        return None
    if best.procedure is not None:
        return _from_procedure(best, best.procedure)
    if best.work is not None:
        return _from_work(request, best, best.work)
    return Answer(_("{owner}管").format(owner=best.owner), best.text, best.owner, links=_duty_links(best))


def _from_procedure(hit: Hit, one: Procedure) -> Answer:
    lead = owner_of(one) or hit.owner
    others = [actor for actor in contents.actors_of(one) if actor != lead]
    steps = list(one.steps.all())
    title = _("{lead}管").format(lead=lead)
    if others:
        title = _("{lead}管，{others}做").format(lead=lead, others=_("、").join(others[:3]))
    text = _("流程{no} {title}，共{n}步。").format(no=one.no, title=one.title, n=len(steps))
    if hit.kind == STEP and hit.owner:
        text += _("“{step}”由{who}做。").format(step=hit.text.rstrip("。；;"), who=hit.owner)
    elif hit.kind != PROCEDURE:
        text += hit.text
    mine = sum(lead in step.actors for step in steps)
    answer = Answer(
        title,
        text,
        lead,
        lead_detail=_("{n}步由其承担").format(n=mine) if mine else "",
        others=_("、").join(others),
        others_detail=_("{n}步参与").format(n=len(steps) - mine) if others and len(steps) > mine else "",
        links=[
            Link(_("看完整流程（{n}步）").format(n=len(steps)), reverse("catalogue:procedure", args=[one.pk]))
        ],
    )
    _date(answer, yearly.schedules_of(one), one.time_text)
    return answer


def _from_work(request: HttpRequest, hit: Hit, work: WorkItem) -> Answer:
    department = work.department
    assigned = list(work.assignments.all())
    first = assigned[0] if assigned else None
    section = first.section_name if first else ""
    post = first.post_name if first else ""
    title = _("{place}管").format(place=department.name + section)
    if post:
        title += _("，{post}办").format(post=post)
    others = [_(" · ").join(filter(None, (a.section_name, a.post_name))) for a in assigned[1:]]
    text = _("具体工作{no} {text}").format(no=work.no, text=work.text)
    if hit.text != work.text:
        text += _("。{kind}：{text}").format(kind=hit.kind_label, text=hit.text)
    answer = Answer(
        title,
        text,
        _(" · ").join(filter(None, (department.name, section))),
        lead_detail=_("、").join(filter(None, (post, *_holders(request, department.unit, post)))),
        lead_link=Link(_("岗位职责单"), reverse("catalogue:post", args=[first.pk])) if first else None,
        others=_("、").join(others),
        links=_duty_links(hit),
    )
    schedules = [one for standard in work.standards.all() for one in yearly.times_in(standard.text)]
    _date(answer, schedules, "")
    return answer


def _holders(request: HttpRequest, unit: Any, post: str) -> list[str]:
    user: Any = request.user
    if unit is None or not post or not user.can("person.view"):
        return []
    found: Any = registers.posts_for(user=user, on=timezone.localdate(), unit=unit).filter(name=post)
    return [holding.person.name for one in found for holding in one.held_now]


def _duty_links(hit: Hit) -> list[Link]:
    if hit.duty is None:
        return []
    label = _("依据：职责目录{no}").format(no=hit.no or hit.duty.no)
    return [Link(label, reverse("catalogue:duty", args=[hit.duty.pk]))]


def _date(answer: Answer, schedules: list[Schedule], words: str) -> None:
    today = timezone.localdate()
    one = yearly.next_of(schedules, today, yearly.calendars_from(today)) if schedules else None
    if one is None or one.span.end is None:
        answer.when_detail = words
        return
    start = one.span.start or one.span.end
    answer.when = show_when(start, one.span.end, today) + (f" {one.label}" if one.label else "")
    week = teaching_week(start)
    distance = (start - today).days
    parts = [_("第{n}教学周").format(n=week.number)] if week else []
    parts += [_("还有{n}天").format(n=distance) if distance > 0 else _("正在进行")]
    answer.when_detail = _("，").join(parts)


def hit_href(hit: Hit) -> str:
    """Where a source is read in full."""
    if hit.procedure is not None:
        return reverse("catalogue:procedure", args=[hit.procedure.pk])
    if hit.duty is not None:
        return reverse("catalogue:duty", args=[hit.duty.pk])
    if hit.work is not None:
        return reverse("catalogue:department", args=[hit.work.department_id])
    return ""


def hit_line(hit: Hit) -> str:
    """工作项4.3.2，教务处 · 实践教学科 · 毕业设计管理岗."""
    where = hit.procedure.title if hit.procedure and hit.kind != PROCEDURE else ""
    lead = hit.lead
    owner = [hit.owner, *([lead.section_name, lead.post_name] if lead else [])]
    parts = [f"{hit.kind_label}{hit.no}", where, _(" · ").join(filter(None, owner)), hit.place]
    return _("，").join(filter(None, parts))
