"""Breadcrumbs (当前位置)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Crumb:
    """One step of the way; without address it is the page itself."""

    label: str
    href: str


def crumbs(*steps: tuple[str, str]) -> list[Crumb]:
    """Crumbs from pairs of label and address."""
    return [Crumb(label, href) for label, href in steps]
