"""The pages of the organisation, side by side (子导航)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

TABS = (
    ("units", gettext_noop("单位"), "unit.view"),
    ("chart", gettext_noop("组织机构图"), "unit.view"),
    ("posts", gettext_noop("岗位"), "unit.view"),
    ("people", gettext_noop("人员"), "person.view"),
    ("assessed", gettext_noop("被考核单位"), "unit.view"),
    ("calendar", gettext_noop("校历"), "calendar.view"),
)


@dataclass(frozen=True)
class Tab:
    """One page of an area."""

    label: str
    href: str
    current: bool


def tabs(request: HttpRequest, current: str) -> list[Tab]:
    """The tabs this person may open."""
    user: Any = request.user
    return [
        Tab(_(label), reverse(f"organisation:{name}"), name == current)
        for name, label, right in TABS
        if user.can(right)
    ]
