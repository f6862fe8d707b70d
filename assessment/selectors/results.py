"""Reads of results: which run a user sees, ranking with change on last year, components, one unit's explanation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet

from assessment.guards import latest_official
from assessment.models import (
    Cycle,
    CycleState,
    Decision,
    NodeScore,
    Run,
    RunState,
    SchemeVersion,
    UnitExplanation,
    UnitResult,
)
from assessment.selectors.schemes import model_of
from tenants.organisation.models import Unit
from tenants.organisation.selectors.assessed import assessed_unit_map
from zhiheng.kernel.errors import Code, Problem
from zhiheng.scoring.scheme.model import Node

NARROW = Decimal(1)
"""A gap between two grades below one point is worth a second look before the result is published."""
FEWEST_COLUMNS = 5
PUBLIC = {CycleState.NOTICE, CycleState.DECIDED, CycleState.SEALED}


# Which run, which units ---------------------------------------------------------------------------------------------


def published_run(cycle: Cycle) -> Run | None:
    """What everybody may see: the newest sealed run, or the run on public notice; None before."""
    notice = cycle.notices.select_related("run").first() if cycle.state in PUBLIC else None
    if notice is not None and cycle.state != CycleState.SEALED:
        return notice.run
    seal = cycle.seals.select_related("run").first()
    return seal.run if seal is not None else None


def shown_run(cycle: Cycle, user: Any) -> Run | None:
    """The run this user sees first: with the right to all results the newest that succeeded, else the published one."""
    if not user.can("result.view"):
        return published_run(cycle)
    preview = cycle.runs.filter(state=RunState.DONE).order_by("-number").first()
    return latest_official(cycle) or preview


def run_for(cycle: Cycle, *, number: int, user: Any) -> Run:
    """One run by its number; NOT_FOUND without the right to all results unless it is the published one."""
    found = cycle.runs.filter(number=number).first()
    published = published_run(cycle)
    if found is None or not (user.can("result.view") or (published and published.pk == found.pk)):
        raise Problem(Code.NOT_FOUND)
    return found


def runs(cycle: Cycle) -> QuerySet[Run]:
    """All runs of a cycle, newest first."""
    return cycle.runs.select_related("started_by", "seal").defer("findings")


def own_units(user: Any, cycle: Cycle) -> set[int] | None:
    """Ids of the assessed units whose results the user may see; None means all."""
    if user.can("result.view"):
        return None
    codes = user.units_where("result.view_own")
    if codes is None:
        return None
    where = assessed_unit_map(cycle.ends_on)
    ids = Unit.objects.filter(code__in=codes).values_list("pk", flat=True)
    return {where[pk] for pk in ids if pk in where}


def unit_result_for(run: Run, *, unit: str, user: Any) -> UnitResult:
    """Result of one unit; NOT_FOUND when there is none, PERMISSION_DENIED when it is not the user's to see."""
    found = run.results.select_related("unit").filter(unit__code=unit).first()
    if found is None:
        raise Problem(Code.NOT_FOUND)
    own = own_units(user, run.cycle)
    if own is not None and found.unit_id not in own:
        raise Problem(Code.PERMISSION_DENIED)
    return found


# Ranking ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """One line of a ranking (名次): the result, places gained on last year, last year's rank and grade."""

    result: UnitResult
    last_rank: int | None = None
    last_grade: str = ""

    @property
    def change(self) -> int | None:
        """Places gained (above zero) or lost; None when either year has no rank."""
        if self.last_rank is None or self.result.rank is None:
            return None
        return self.last_rank - self.result.rank


@dataclass(frozen=True)
class Cut:
    """Where one grade ends and the next begins (分界): both neighbours and their gap in points."""

    upper: UnitResult
    lower: UnitResult

    @property
    def gap(self) -> Decimal:
        """Points between the neighbours."""
        return (self.upper.published or Decimal(0)) - (self.lower.published or Decimal(0))

    @property
    def is_narrow(self) -> bool:
        """A gap that deserves a second look."""
        return self.gap < NARROW


@dataclass
class GroupRanking:
    """Ranking of one group (考核组) with the places where its grades part."""

    code: str
    title: str
    standings: list[Standing] = field(default_factory=list)

    @property
    def cuts(self) -> list[Cut]:
        """Places where one grade ends for good and the next begins; a grade given by another rule makes no cut."""
        ranked = [
            s.result for s in self.standings if s.result.published is not None and s.result.rank is not None
        ]
        grades = [r.grade for r in ranked]
        return [
            Cut(a, b)
            for place, (a, b) in enumerate(pairwise(ranked), start=1)
            if a.grade not in grades[place:] and b.grade not in grades[:place]
        ]

    @property
    def ties(self) -> list[list[UnitResult]]:
        """Units that share a rank."""
        by_rank: dict[int, list[UnitResult]] = {}
        for standing in self.standings:
            if standing.result.rank is not None:
                by_rank.setdefault(standing.result.rank, []).append(standing.result)
        return [some for some in by_rank.values() if len(some) > 1]

    def grades(self) -> dict[str, int]:
        """How many units have each grade, best first."""
        found: dict[str, int] = {}
        for standing in self.standings:
            found[standing.result.grade] = found.get(standing.result.grade, 0) + 1
        return found


def rankings(run: Run) -> list[GroupRanking]:
    """All groups of a run in the scheme's order; units without rank last."""
    before = _last_year(run.cycle)
    found = {g["code"]: GroupRanking(g["code"], g.get("title", g["code"])) for g in _groups(run.version)}
    rows = sorted(
        run.results.select_related("unit"), key=lambda r: (r.rank is None, r.rank or 0, -(r.total or 0))
    )
    for result in rows:
        ranking = found.setdefault(result.group, GroupRanking(result.group, result.group or "未分组"))
        rank, grade = before.get((result.unit.code, result.group), (None, ""))
        ranking.standings.append(Standing(result, rank, grade))
    return [ranking for ranking in found.values() if ranking.standings]


def _groups(version: SchemeVersion) -> Sequence[Mapping[str, Any]]:
    groups: Sequence[Mapping[str, Any]] = version.document.get("groups", [])
    return groups


def _last_year(cycle: Cycle) -> dict[tuple[str, str], tuple[int | None, str]]:
    if cycle.previous is None:
        return {}
    seal = cycle.previous.seals.first()
    if seal is None:
        return {}
    rows = UnitResult.objects.filter(run_id=seal.run_id).values_list("unit__code", "group", "rank", "grade")
    return {(code, group): (rank, grade) for code, group, rank, grade in rows}


# Components, decisions, explanation -------------------------------------------------------------------------------------


def components(version: SchemeVersion) -> list[Node]:
    """The parts of the scheme to compare units by: the second level, or the third where the second is too coarse."""
    level = list(model_of(version).tree.children)
    while len(level) < FEWEST_COLUMNS and any(not node.is_leaf for node in level):
        level = [below for node in level for below in (node.children or (node,))]
    return level


def scores(run: Run, nodes: Iterable[str]) -> dict[tuple[int, str], NodeScore]:
    """Scores of these nodes by unit id and node code."""
    rows = NodeScore.objects.filter(run=run, node__in=list(nodes))
    return {(row.unit_id, row.node): row for row in rows}


def decisions(cycle: Cycle) -> QuerySet[Decision]:
    """Decisions of the leading group in a cycle, withdrawn ones included, oldest first."""
    return cycle.decisions.select_related("unit", "recorded_by")


def explanation_of(result: UnitResult) -> UnitExplanation:
    """The stored explanation of a unit's scores, or NOT_FOUND."""
    found = UnitExplanation.objects.filter(run_id=result.run_id, unit_id=result.unit_id).first()
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return found


def outcome_rules(run: Run) -> dict[str, list[Mapping[str, Any]]]:
    """For each group the outcome explanations of its first unit: quotas and ties are told the same to all."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    firsts = {r.group: r.unit_id for r in run.results.exclude(rank=None).order_by("-rank")}
    documents = UnitExplanation.objects.filter(run=run, unit_id__in=firsts.values())
    by_unit = {one.unit_id: one.document.get("outcomes", []) for one in documents}
    for group, unit_id in firsts.items():
        found[group] = list(by_unit.get(unit_id, []))
    return found


def node_of(document: Mapping[str, Any], code: str) -> Mapping[str, Any] | None:
    """The node with this code in an explanation tree."""
    if document.get("code") == code:
        return document
    return next(
        (found for child in document.get("children", ()) if (found := node_of(child, code)) is not None), None
    )
