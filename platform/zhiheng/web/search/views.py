"""“这项工作归谁管？” (查职责): the answer first, then its sources; units, people and signboards too."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.selectors.asking import KINDS, Found, Hit, ask, posts_named
from tenants.organisation import selectors as organisation
from tenants.organisation.selectors import registers
from zhiheng.web import xlsx
from zhiheng.web.guards import requires
from zhiheng.web.search.answers import answer_of, hit_href, hit_line
from zhiheng.web.search.marking import marked

SHOWN = 12
LONGEST_NAME = 10
"""Characters from which a word is no name of a unit or a person."""
EXAMPLES = ("新生学籍注册归谁管", "调课找谁", "毕业证书什么时候发", "期末考试")


@dataclass(frozen=True)
class Source:
    """One hit ready to show."""

    text: SafeString
    line: str
    href: str


@dataclass(frozen=True)
class Facet:
    """One line of the filter at the side."""

    label: str
    count: int
    href: str
    current: bool


@requires("catalog.view")
@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """The page behind the search box."""
    question = request.GET.get("q", "").strip()[:100]
    exact = request.GET.get("exact") == "1"
    found = ask(question, synonyms=not exact)
    chosen = _narrowed(request, found.hits)
    if request.GET.get("format") == "xlsx":
        return _workbook(question, chosen)
    whole = request.GET.get("all") == "1"
    answer = answer_of(request, found) if not found.partial else None
    rest = chosen[1:] if answer and chosen and chosen[0] is found.best else chosen
    context: dict[str, Any] = {
        "heading": _("查职责"),
        "question": question,
        "examples": [(one, f"?{urlencode([('q', one)])}") for one in EXAMPLES],
        "found": found,
        "answer": answer,
        "exact_href": _address(request, exact="1"),
        "sources": [_source(hit, found) for hit in (rest if whole else rest[:SHOWN])],
        "rest": len(rest),
        "hidden": 0 if whole else max(0, len(rest) - SHOWN),
        "all_href": _address(request, all="1"),
        "xlsx_href": _address(request, format="xlsx"),
        "kinds": _facets(
            request, "kind", [(KINDS[k], k) for k in KINDS], Counter(h.kind for h in found.hits)
        ),
        "owners": _facets(request, "owner", None, Counter(h.owner for h in found.hits if h.owner)),
        "places": _places(request, question, found),
    }
    return render(request, "web/search/page.html", context)


def _narrowed(request: HttpRequest, hits: Sequence[Hit]) -> list[Hit]:
    kind, owner = request.GET.get("kind", ""), request.GET.get("owner", "")
    return [hit for hit in hits if (not kind or hit.kind == kind) and (not owner or hit.owner == owner)]


def _source(hit: Hit, found: Found) -> Source:
    return Source(marked(hit.text, found.marks), hit_line(hit), hit_href(hit))


def _address(request: HttpRequest, **changes: str | None) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"


def _facets(
    request: HttpRequest, name: str, order: list[tuple[str, str]] | None, counted: Counter[str]
) -> list[Facet]:
    pairs = order or [(value, value) for value, _n in counted.most_common(10)]
    chosen = request.GET.get(name, "")
    found = [
        Facet(label, counted[value], _address(request, **{name: value, "all": None}), value == chosen)
        for label, value in pairs
        if counted[value]
    ]
    everything = Facet(
        _("全部"), sum(counted.values()), _address(request, **{name: None, "all": None}), not chosen
    )
    return [everything, *found] if found else []


def _places(request: HttpRequest, question: str, found: Found) -> list[tuple[str, str, str]]:
    """(name, note, address) of departments, posts, units, signboards and people that bear the first word."""
    user: Any = request.user
    word = found.terms[0].word if found.terms else question
    places: dict[str, tuple[str, str, str]] = {}
    if not word:
        return []
    for department in found.departments:
        href = reverse("catalogue:department", args=[department.pk])
        places[href] = (department.name, _("全部职责"), href)
    for one in posts_named(found.version, word) if found.version and not found.hits else []:
        href = reverse("catalogue:post", args=[one.pk])
        places[href] = (
            one.post_name,
            _(" · ").join(filter(None, (one.work_item.department.name, one.section_name))),
            href,
        )
    if user.can("unit.view") and len(word) <= LONGEST_NAME:
        for unit in organisation.find_units(user=user, text=word, limit=5):
            note = (
                ""
                if unit.matched == unit.unit.name
                else _("{sort}：{name}").format(sort=unit.matched_as, name=unit.matched)
            )
            href = reverse("organisation:unit", args=[unit.unit.unit.code])
            places[href] = (unit.unit.name, note or _("单位"), href)
    if user.can("person.view") and len(word) <= LONGEST_NAME:
        people: Any = registers.people_for(user=user, on=timezone.localdate(), text=word)[:5]
        for person in people:
            href = reverse("organisation:person", args=[person.staff_number])
            note = _("；").join(f"{h.post.unit.name} {h.post.name}" for h in person.held_now)
            places[href] = (person.name, note or _("人员"), href)
    return list(places.values())


def _workbook(question: str, hits: Sequence[Hit]) -> HttpResponse:
    return xlsx.table_response(
        filename=_("查职责_{q}.xlsx").format(q=question or _("全部")),
        title=question or _("查职责"),
        headers=[_("类型"), _("序号"), _("内容"), _("归口"), _("流程"), _("来源位置")],
        rows=[
            [h.kind_label, h.no, h.text, h.owner, h.procedure.title if h.procedure else "", h.place]
            for h in hits
        ],
    )
