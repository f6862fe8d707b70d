"""The audit trail (审计记录): who wrote what when, and whether the chain holds."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from zhiheng.kernel import audit, trail
from zhiheng.kernel.models import AuditEntry
from zhiheng.web.audit.words import action_word
from zhiheng.web.crumbs import crumbs
from zhiheng.web.guards import requires
from zhiheng.web.listing import Choice, Column, Empty, Filter, ListPage, Rows

SHOWN_FAULTS = 100


def action_choices(_request: HttpRequest) -> Iterable[Choice]:
    """Actions that occur, in words."""
    return sorted(((code, action_word(code)) for code in trail.actions()), key=lambda pair: pair[1])


def on_day(rows: QuerySet[AuditEntry], value: str) -> QuerySet[AuditEntry]:
    """Entries of one day; nonsense shows all."""
    try:
        return rows.filter(at__date=date.fromisoformat(value))
    except ValueError:
        return rows


def data_text(entry: AuditEntry) -> str | None:
    """What changed, as one line; empty parts are left out."""
    parts = [f"{key}={_plain(value)}" for key, value in entry.data.items() if value not in ("", None, [], {})]
    return _("；").join(parts) or None


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@requires("audit.view")
class Trail(ListPage):
    """All entries, newest first."""

    template_name = "web/audit/trail.html"
    heading: ClassVar[str] = gettext_noop("审计记录")
    sizes = (50, 100, 200)
    columns: ClassVar[Sequence[Column]] = (
        Column("at", gettext_noop("时间"), "at", sort="at", head=True),
        Column("actor", gettext_noop("谁"), "actor_name", sort="actor_name"),
        Column("action", gettext_noop("做了什么"), lambda e: action_word(e.action), sort="action"),
        Column("target", gettext_noop("对象"), "target_label"),
        Column("data", gettext_noop("内容"), data_text, cell="web/audit/data_cell.html", on_phone=False),
        Column("sealed", gettext_noop("封签"), lambda e: e.seal_item.seal_id if hasattr(e, "seal_item") else None, on_phone=False),
        Column("digest", gettext_noop("摘要"), lambda e: e.digest[:8], on_phone=False),
    )  # fmt: skip
    filters: ClassVar[Sequence[Filter]] = (
        Filter(
            "q", gettext_noop("人或对象"),
            lambda rows, value: rows.filter(Q(actor_name__icontains=value) | Q(target_label__icontains=value)),
            placeholder=gettext_noop("找人或对象"),
        ),
        Filter("action", gettext_noop("动作"), lambda rows, value: rows.filter(action=value), choices=action_choices),
        Filter("day", gettext_noop("日期"), on_day, placeholder=gettext_noop("日期，如2026-11-20")),
    )  # fmt: skip
    empty: ClassVar[Empty] = Empty(
        gettext_noop("还没有记录"),
        gettext_noop("每一次写入都会记在这里：谁、什么时候、对什么、写了什么。记录只能添加，不能改。"),
        icon="shield-check",
    )

    def rows(self) -> Rows:
        """Every entry of this tenant."""
        return trail.entries()

    def context(self) -> dict[str, Any]:
        """State of the chain."""
        state = trail.chain_state()
        return {
            "crumbs": crumbs((_("工作台"), "/"), (_("审计记录"), "")),
            "state": state,
            "lead": _("{n}条，{k}条已封入{s}个封签。记录只能添加，不能改也不能删。").format(
                n=f"{state.entries:,}", k=f"{state.entries - state.unsealed:,}", s=f"{state.seals:,}"
            ),
        }


@requires("audit.view")
@require_safe
def verify_page(request: HttpRequest) -> HttpResponse:
    """Recompute the whole chain and say what was found."""
    faults = audit.verify()
    state = trail.chain_state()
    context = {
        "heading": _("链条有{n}处不符").format(n=len(faults)) if faults else _("链条完整，{n}条都对得上").format(n=f"{state.entries:,}"),
        "lead": _("每条记录的摘要、每个封签和它前一个封签都重新算过。"),
        "crumbs": crumbs((_("工作台"), "/"), (_("审计记录"), reverse("audit:trail")), (_("核对"), "")),
        "faults": faults[:SHOWN_FAULTS],
        "hidden": max(0, len(faults) - SHOWN_FAULTS),
        "state": state,
        "now": timezone.now(),
    }  # fmt: skip
    return render(request, "web/audit/verify.html", context)
