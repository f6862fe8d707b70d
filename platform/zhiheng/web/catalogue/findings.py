"""What a reading left to be looked at (待核对): list by kind, accept one, some, or all of a kind."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from catalog.models import Finding
from catalog.selectors.catalogue import finding_kinds, findings_of, version_for
from catalog.services.findings import findings_accept
from zhiheng.web.catalogue.asking import frame
from zhiheng.web.catalogue.lists import CatalogueList
from zhiheng.web.guards import requires
from zhiheng.web.listing import Choice, Column, Empty, Filter, Rows


def kind_choices(request: HttpRequest) -> Iterable[Choice]:
    """Kinds of this version with how many are open."""
    number = request.resolver_match.kwargs["number"] if request.resolver_match else 0
    return [
        (code, _("{label}（{n}）").format(label=label, n=left))
        for code, label, left, _all in finding_kinds(version_for(number=number))
    ]


def word(finding: Finding) -> str:
    """What the reader said; the code for readings stored before the words were kept."""
    return finding.message or finding.code


@requires("catalog.view")
class FindingList(CatalogueList):
    """Findings of one version, open ones first."""

    template_name = "web/catalogue/findings.html"
    tab = "versions"
    heading = gettext_noop("待核对")
    sizes = (50, 100, 200)
    columns: ClassVar[Sequence[Column]] = (
        Column("pick", "", lambda _f: "", cell="web/catalogue/pick_cell.html"),
        Column("place", gettext_noop("位置"), "place", head=True),
        Column("word", gettext_noop("为什么要看"), word),
        Column("raw", gettext_noop("原文"), "raw", cell="web/catalogue/raw_cell.html"),
        Column("proposal", gettext_noop("现在存的"), "proposal", cell="web/catalogue/proposal_cell.html"),
        Column(
            "accepted",
            gettext_noop("状态"),
            "accepted",
            cell="web/catalogue/accepted_cell.html",
            on_phone=False,
        ),
    )
    filters: ClassVar[Sequence[Filter]] = (
        Filter(
            "code", gettext_noop("类型"), lambda rows, value: rows.filter(code=value), choices=kind_choices
        ),
        Filter(
            "open",
            gettext_noop("状态"),
            lambda rows, value: rows.filter(accepted=value == "no"),
            choices=lambda _request: [("yes", _("没有核对")), ("no", _("已核对"))],
        ),
    )
    empty: ClassVar[Empty] = Empty(
        gettext_noop("没有要核对的"),
        gettext_noop("读文件时拿不准的地方会列在这里：原文是什么、现在存成了什么，请人看一眼。"),
        icon="circle-check",
    )

    def rows(self) -> Rows:
        """Open ones first."""
        return findings_of(version_for(number=self.kwargs["number"]))

    def get_empty(self) -> Empty:
        """Nothing to settle is good news."""
        return self.empty

    def context(self) -> dict[str, Any]:
        """Counts by kind, right to accept."""
        user: Any = self.request.user
        version = version_for(number=self.kwargs["number"])
        kinds = finding_kinds(version)
        left = sum(kind[2] for kind in kinds)
        heading = _("还有{n}处要看").format(n=left) if left else _("都核对过了")
        steps = (_("版本"), reverse("catalogue:versions")), (_("待核对"), "")
        return {
            **frame(self.request, "versions", version, *steps),
            "heading": heading,
            "lead": str(version),
            "kinds": [kind for kind in kinds if kind[2]],
            "may_edit": user.can("catalog.edit"),
            "accept_href": reverse("catalogue:accept", args=[version.number]),
            "here": self.request.get_full_path(),
        }


@requires("catalog.edit")
@require_POST
def accept(request: HttpRequest, number: int) -> HttpResponse:
    """Mark the ticked ones, or all of one kind, as looked at."""
    version = version_for(number=number)
    ids = [int(value) for value in request.POST.getlist("finding") if value.isdecimal()]
    code = request.POST.get("code", "")
    done = findings_accept(version=version, finding_ids=ids, code=code, acting_user=request.user)
    messages.success(request, _("已核对{n}处。").format(n=done))
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(target if safe else reverse("catalogue:findings", args=[number]))
