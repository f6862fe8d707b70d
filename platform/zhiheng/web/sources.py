"""What the frame asks the domain (框架数据来源): years, figures, search, to-do list.  Only selectors are called here."""

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from assessment.selectors import cycles


def years(kind: str) -> list[int]:
    """Years of the assessment cycles of this college, newest first; empty for other kinds of tenant."""
    return cycles.years() if kind == "college" else []


def counts(request: HttpRequest, kind: str) -> dict[str, int]:
    """Named figures for the navigation and the to-do button."""
    if kind != "college" or not request.user.can("cycle.view"):  # type: ignore[union-attr]
        return {}
    known = getattr(request, "todo_count", None)
    if known is not None:
        return {"todo": known}
    from zhiheng.web.home.college import todo_count
    from zhiheng.web.shell import chosen_year

    found = years(kind)
    return {"todo": todo_count(request.user, chosen_year(request, found)) if found else 0}


def search_url(request: HttpRequest, kind: str) -> str:
    """Where the search box of the top bar leads, if this person may search."""
    del request
    return _address("search") if kind == "college" else ""


def todo_url(kind: str) -> str:
    """Where the to-do button leads."""
    return f"{_address('home:workbench')}#todo" if kind == "college" else ""


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
