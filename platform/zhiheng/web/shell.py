"""The frame around every page (页面框架): tenant, year, to-do count, person, navigation, display settings.

Everything is read only when the template asks for it, so that sign-in and error pages cost no query.
"""

from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiheng.accounts.roles import ROLES
from zhiheng.web import sources
from zhiheng.web.navigation import LinkGroup, navigation

THEMES = ("light", "dark")
DENSITIES = ("compact", "normal", "roomy")
THEME_COOKIE, DENSITY_COOKIE = "zh_theme", "zh_density"
YEAR_KEY = "year"


@dataclass(frozen=True)
class Display:
    """Theme and density, kept in cookies so that the first paint is right without a script."""

    theme: str
    density: str
    version: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Display":
        """From the cookies, or the defaults for anything unknown."""
        theme = request.COOKIES.get(THEME_COOKIE, "")
        density = request.COOKIES.get(DENSITY_COOKIE, "")
        return cls(
            theme if theme in THEMES else "light",
            density if density in DENSITIES else "normal",
            version("zhiheng"),
        )


class Shell:
    """What base.html shows around the content."""

    home_url = "/"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.tenant: Any = getattr(request, "tenant", None)
        self.user: Any = getattr(request, "user", None)

    @property
    def kind(self) -> str:
        """college, province or public; empty without tenant."""
        return getattr(self.tenant, "kind", "")

    @property
    def tenant_name(self) -> str:
        """Name of the college or province; the product's name for the operators' site."""
        return _("平台运营") if self.kind == "public" else getattr(self.tenant, "name", "")

    @cached_property
    def signed_in(self) -> bool:
        """True when a user of this tenant is signed in."""
        return bool(self.user and self.user.is_authenticated)

    @property
    def user_name(self) -> str:
        """Name of the person signed in, or empty."""
        return self.user.get_full_name() if self.signed_in else ""

    @cached_property
    def user_role(self) -> str:
        """Titles of the person's roles today, at most two."""
        if not self.signed_in:
            return ""
        held = [_(ROLES[code].title(self.kind)) for code in ROLES if code in self.user.roles]
        return _("、").join(held[:2])

    @cached_property
    def navigation(self) -> list[LinkGroup]:
        """Left navigation; empty when nobody is signed in."""
        return navigation(self.request, self.kind, self.counts) if self.signed_in else []

    @cached_property
    def counts(self) -> dict[str, int]:
        """Figures behind lines of the navigation."""
        return sources.counts(self.request, self.kind) if self.signed_in else {}

    @cached_property
    def years(self) -> list[int]:
        """Years one can switch to, newest first."""
        return sources.years(self.kind) if self.signed_in else []

    @cached_property
    def year(self) -> int:
        """The year chosen in this session, else the newest there is, else this one."""
        return chosen_year(self.request, self.years)

    @cached_property
    def search_url(self) -> str:
        """Address of the search page, empty where there is none."""
        return sources.search_url(self.request, self.kind) if self.signed_in else ""

    @property
    def search_hint(self) -> str:
        """What one can search for."""
        return _("搜职责、单位、岗位") if self.kind == "college" else _("搜院校、指标")

    @cached_property
    def todo_url(self) -> str:
        """Address of the to-do list, empty where there is none."""
        return sources.todo_url(self.kind) if self.signed_in else ""

    @property
    def todo_count(self) -> int:
        """How many things wait for this person."""
        return self.counts.get("todo", 0)


def chosen_year(request: HttpRequest, years: list[int]) -> int:
    """The year of this session when it is one of ``years``; otherwise the newest, otherwise the current year."""
    kept = request.session.get(YEAR_KEY) if hasattr(request, "session") else None
    if isinstance(kept, int) and kept in years:
        return kept
    return max(years, default=timezone.localdate().year)


def context(request: HttpRequest) -> dict[str, object]:
    """Context processor: ``shell`` and ``display`` in every template."""
    return {"shell": Shell(request), "display": Display.of(request)}
