"""Further pages of a version (方案各页): readings, measures, outcomes, differences, the document itself."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from assessment.models import SchemeVersion
from assessment.selectors import schemes as reads
from zhiheng.kernel.errors import Problem
from zhiheng.library.selectors import templates as library
from zhiheng.scoring.scheme.model import Scheme as Model
from zhiheng.web import xlsx
from zhiheng.web.cycles.lines import supplier_name
from zhiheng.web.difftable import DiffTable, compare
from zhiheng.web.guards import requires
from zhiheng.web.schemes.scope import frame, opened
from zhiheng.web.schemes.words import kind_title, named, param_lines
from zhiheng.web.xlsx import attachment

ROLES = {
    "gate": gettext_noop("否决"),
    "ranking": gettext_noop("排名"),
    "grades": gettext_noop("等次"),
    "award": gettext_noop("评选"),
    "consequence": gettext_noop("结果运用"),
}
MOST_DIFFS = 500


@requires("scheme.view")
@require_safe
def readings_page(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Every unclear clause, what was chosen and what else is possible."""
    version = opened(code, number)
    context = frame(request, version, "readings")
    model = _model_or_none(version)
    rows = list(model.readings.values()) if model else []
    if request.GET.get("format") == "xlsx":
        return _readings_workbook(version, rows)
    open_ones = sum(not one.chosen for one in rows)
    context |= {
        "rows": [(one, one.meaning, [t for t in one.options.values() if t != one.meaning]) for one in rows],
        "finding": _("{n}处条款有几种读法，{m}处还没选定，暂按默认计算").format(n=len(rows), m=open_ones)
        if open_ones
        else _("{n}处条款的读法都选定了").format(n=len(rows)),
    }
    return render(request, "web/schemes/readings.html", context)


def _readings_workbook(version: SchemeVersion, rows: Sequence[Any]) -> HttpResponse:
    return xlsx.table_response(
        filename=_("{title}_条款理解.xlsx").format(title=version.scheme.title),
        title=_("条款理解"),
        headers=[_("代码"), _("条款"), _("问题"), _("采用"), _("是否选定"), _("全部读法")],
        rows=(
            (r.code, r.clause, r.title, r.meaning, r.chosen, _("；").join(r.options.values())) for r in rows
        ),
    )


@requires("scheme.view")
@require_safe
def measures_page(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Data the scheme asks for, by supplier."""
    version = opened(code, number)
    rows = version.document.get("measures", [])
    if request.GET.get("format") == "xlsx":
        return _measures_workbook(version, rows)
    groups: dict[str, list[Any]] = {}
    for one in rows:
        groups.setdefault(supplier_name(one.get("supplier") or _("未指定")), []).append(one)
    context = frame(request, version, "measures") | {
        "groups": sorted(groups.items(), key=lambda pair: -len(pair[1])),
        "finding": _("{n}项数据，由{m}个部门提供").format(n=len(rows), m=len(groups)),
        "types": {"number": _("数"), "integer": _("整数"), "ratio": _("比率"), "list": _("一组数"), "boolean": _("是否"),
                  "date": _("日期"), "text": _("文字"), "register": _("逐条登记")},
    }  # fmt: skip
    return render(request, "web/schemes/measures.html", context)


def _measures_workbook(version: SchemeVersion, rows: Sequence[Mapping[str, Any]]) -> HttpResponse:
    keys = ("code", "title", "supplier", "type", "scope", "unit", "min", "max", "missing", "clause", "note")
    return xlsx.table_response(
        filename=_("{title}_数据项.xlsx").format(title=version.scheme.title),
        title=_("数据项"),
        headers=[_("代码"), _("名称"), _("提供部门"), _("类型"), _("范围"), _("单位"), _("最小"), _("最大"), _("缺报"), _("条款"), _("说明")],
        rows=([str(row.get(key, "")) for key in keys] for row in rows),
    )  # fmt: skip


@requires("scheme.view")
@require_safe
def outcomes_page(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Gates, ranking, grades, awards and consequences in words."""
    version = opened(code, number)
    model = _model_or_none(version)
    outcomes = model.outcomes if model else ()
    titles = {one.code: one.title for one in outcomes}
    context = frame(request, version, "outcomes") | {
        "rules": [
            {
                "rule": one,
                "role": _(ROLES.get(one.role, one.role)),
                "kind": kind_title(one.kind),
                "params": named(param_lines(one.kind, {**one.params, "code": None}), titles),
            }
            for one in outcomes
        ],
        "finding": _("{n}条结果规则").format(n=len(outcomes)),
    }
    return render(request, "web/schemes/outcomes.html", context)


def _model_or_none(version: SchemeVersion) -> Model | None:
    try:
        return reads.model_of(version)
    except Problem:
        return None


@requires("scheme.view")
@require_safe
def diff_page(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """This version against an earlier one, or against the template it came from."""
    version = opened(code, number)
    others = [v for v in reads.scheme_for(code=code).versions.all() if v.number != number]
    against = request.GET.get("against", "")
    other = next(
        (v for v in others if str(v.number) == against), others[0] if others and not against else None
    )
    name, document = (
        (_("第{n}版").format(n=other.number), other.document) if other else _template_side(version)
    )
    lines = list(compare(flat(document), flat(version.document))) if document else []
    context = frame(request, version, "diff") | {
        "others": others,
        "against": str(other.number) if other else "template",
        "has_template": bool(version.scheme.template_code),
        "diff": DiffTable(name, _("第{n}版").format(n=number), tuple(lines[:MOST_DIFFS])),
        "hidden_lines": max(0, len(lines) - MOST_DIFFS),
        "nothing": not document,
    }
    return render(request, "web/schemes/diff.html", context)


def _template_side(version: SchemeVersion) -> tuple[str, Mapping[str, Any]]:
    if not version.scheme.template_code:
        return "", {}
    try:
        template = library.latest_version(version.scheme.template_code)
    except Problem:
        return "", {}
    return _("模板{n}版").format(n=template.version), template.document


def flat(value: Any, place: str = "") -> dict[str, Any]:
    """A document as one level: places from codes and titles where entries have them, else from numbers."""
    if isinstance(value, Mapping) and value:
        pairs: Any = value.items()
    elif isinstance(value, list) and value and any(isinstance(one, Mapping) for one in value):
        pairs = [(_name(one, number), one) for number, one in enumerate(value, start=1)]
    else:
        shown = _("、").join(map(str, value)) if isinstance(value, list) else value
        return {place: str(shown) if not isinstance(shown, bool) else shown}
    found: dict[str, Any] = {}
    for key, one in pairs:
        found |= flat(one, f"{place} › {key}" if place else str(key))
    return found


def _name(entry: Any, number: int) -> str:
    if not isinstance(entry, Mapping):
        return str(number)
    return " ".join(str(entry[key]) for key in ("code", "title") if key in entry) or str(number)


@requires("scheme.view")
@require_safe
def document_file(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The document as YAML, as templates are written."""
    del request
    version = opened(code, number)
    text = yaml.safe_dump(version.document, allow_unicode=True, sort_keys=False, width=120)
    name = f"{version.scheme.code}-{version.number}.yaml"
    return HttpResponse(
        text,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": attachment(name)},
    )
