"""Explain drawer (得分解释): any score opens as a tree of parts; each part tells its formula, clause, inputs, peers, history.

The domain hands over data; this module only arranges it.  The same content is a drawer beside the table (htmx) or a
page of its own that can be printed and linked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhiheng.web.charts import Strip


@dataclass(frozen=True)
class Input:
    """One figure that went in: label, value, source and as of when; ``href`` leads to the fact or its evidence."""

    label: str
    value: str
    source: str = ""
    as_of: str = ""
    href: str = ""


@dataclass(frozen=True)
class Reading:
    """Which reading of an unclear clause was chosen, and what the other would have given."""

    question: str
    chosen: str
    otherwise: str = ""
    confirmed: bool = True


@dataclass(frozen=True)
class Peers:
    """Where the score stands among the units it was compared with; nothing is drawn below the floor."""

    heading: str
    strip: Strip | None
    lowest: str = ""
    median: str = ""
    own: str = ""
    highest: str = ""
    note: str = ""


@dataclass(frozen=True)
class Evidence:
    """One file behind a figure."""

    name: str
    kind: str
    href: str


@dataclass
class Account:
    """How one part came about."""

    sentence: str = ""
    formula: str = ""
    result: str = ""
    lines: Sequence[str] = ()
    clause: str = ""
    clause_href: str = ""
    inputs: Sequence[Input] = ()
    readings: Sequence[Reading] = ()
    rounding: str = ""
    peers: Peers | None = None
    evidence: Sequence[Evidence] = ()
    flags: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing to tell."""
        told = (
            self.sentence,
            self.formula,
            self.lines,
            self.inputs,
            self.readings,
            self.peers,
            self.evidence,
            self.flags,
        )
        return not any(told)


@dataclass
class Part:
    """One line of the tree: name, how it enters its superior, value; opens its account and its parts."""

    name: str
    value: str
    operation: str = ""
    number: str = ""
    meaning: str = ""
    open: bool = False
    current: bool = False
    account: Account = field(default_factory=Account)
    children: list["Part"] = field(default_factory=list)

    @property
    def folds(self) -> bool:
        """Whether there is something behind the line."""
        return bool(self.children) or not self.account.is_empty


@dataclass
class Drawer:
    """The whole explanation."""

    title: str
    subtitle: str = ""
    eyebrow: str = ""
    parts: list[Part] = field(default_factory=list)
    outcome_parts: list[Part] = field(default_factory=list)
    history: Sequence[str] = ()
    fingerprint: str = ""
    notes: Sequence[str] = ()
    base_href: str = ""
    own_href: str = ""


def answer(request: HttpRequest, drawer: Drawer, context: dict[str, Any]) -> HttpResponse:
    """Drawer for htmx, else the page; ``context`` holds heading and crumbs of the page."""
    asked_as_drawer = request.headers.get("HX-Target") == "drawer"
    template = "web/parts/drawer.html" if asked_as_drawer else "web/explain.html"
    return render(request, template, {**context, "drawer": drawer, "as_page": not asked_as_drawer})
