"""What the frame asks the domain (框架数据来源): years, figures, search, to-do list.  Only selectors are called here."""

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


def years(kind: str) -> list[int]:
    """Years of the assessment cycles of this college, newest first; empty for other kinds of tenant."""
    del kind
    return []


def counts(request: HttpRequest, kind: str) -> dict[str, int]:
    """Named figures for the navigation and the to-do button."""
    del request, kind
    return {}


def search_url(request: HttpRequest, kind: str) -> str:
    """Where the search box of the top bar leads, if this person may search."""
    del request
    return _address("search") if kind == "college" else ""


def todo_url(kind: str) -> str:
    """Where the to-do button leads."""
    return _address("todo") if kind == "college" else ""


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
