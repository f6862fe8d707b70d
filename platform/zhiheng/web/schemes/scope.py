"""What all pages of schemes share (方案栏目): crumbs, head, tabs, findings."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessment.models import SchemeVersion, VersionState
from assessment.selectors import schemes as reads
from zhiheng.web.crumbs import Crumb, crumbs
from zhiheng.web.organisation.tabs import Tab
from zhiheng.web.show import show_date

STATE_LOOK = {
    VersionState.DRAFT: ("info", "edit"),
    VersionState.CHECKED: ("info", "check"),
    VersionState.PUBLISHED: ("ok", "circle-check"),
    VersionState.SUPERSEDED: ("none", "archive"),
}
SECTIONS = (
    ("version", gettext_noop("指标树")),
    ("readings", gettext_noop("条款理解")),
    ("measures", gettext_noop("数据项")),
    ("outcomes", gettext_noop("结果规则")),
    ("diff", gettext_noop("版本对比")),
)


def area_crumbs(*steps: tuple[str, str]) -> list[Crumb]:
    """Crumbs below 考核方案."""
    return crumbs((_("考核方案"), reverse("schemes:list")), *steps)


def version_href(version: SchemeVersion, page: str = "version") -> str:
    """Address of one page of a version."""
    return reverse(f"schemes:{page}", args=[version.scheme.code, version.number])


def opened(code: str, number: int) -> SchemeVersion:
    """The version in the address, or NOT_FOUND."""
    return reads.version_for(scheme_code=code, number=number)


def frame(request: HttpRequest, version: SchemeVersion, page: str) -> dict[str, Any]:
    """Head, tabs and findings that all pages of a version share."""
    user: Any = request.user
    meaning, icon = STATE_LOOK[VersionState(version.state)]
    findings = reads.lint_findings(version)
    draft = version.state in {VersionState.DRAFT, VersionState.CHECKED}
    return {
        "heading": version.scheme.title,
        "version": version,
        "state": {"meaning": meaning, "icon": icon},
        "lead": _version_words(version),
        "crumbs": area_crumbs(
            (version.scheme.title, version_href(version)), (_("第{n}版").format(n=version.number), "")
        ),
        "tabs": [Tab(_(label), version_href(version, name), name == page) for name, label in SECTIONS],
        "findings": findings,
        "errors": sum(one["level"] == "error" for one in findings),
        "may_publish": draft and user.can("scheme.publish"),
    }


def _version_words(version: SchemeVersion) -> str:
    if version.state == VersionState.PUBLISHED:
        day = version.approved_on
        return _("{who}{day}批准，依据{basis}。").format(
            who=version.approved_by,
            day=show_date(day) if day else "",
            basis=version.basis,
        )
    source = version.document.get("source") or {}
    if version.template_version:
        return _("采用模板{n}版，{source}。").format(
            n=version.template_version, source=source.get("title", "")
        )
    return str(source.get("title", ""))
