"""Scoring runs: start one as a job, evaluate the cycle's facts, store every score with its explanation."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessment.models import (
    Cycle,
    CycleState,
    Decision,
    DecisionKind,
    NodeScore,
    Run,
    RunKind,
    RunState,
    UnitExplanation,
    UnitResult,
)
from assessment.selectors.facts import assessed_units
from assessment.selectors.schemes import error_finding, model_of
from assessment.services.inputs import fact_table
from assessment.services.outcomes import unit_outcomes
from tenants.organisation.models import AssessedUnit
from zhiheng.accounts.guard import require
from zhiheng.kernel import audit, jobs
from zhiheng.kernel.bulk import copy_rows
from zhiheng.kernel.errors import Code, Problem
from zhiheng.kernel.models import Job
from zhiheng.scoring.exact import rounded
from zhiheng.scoring.public import Decisions, ScoringErrors, State, evaluate, explain, explain_outcomes
from zhiheng.scoring.public import Run as Evaluation

JOB = "assessment.run"
Units = Mapping[str, AssessedUnit]


@transaction.atomic
def run_start(*, cycle: Cycle, kind: str, acting_user: Any, idempotency_key: str | None = None) -> Run:
    """Queue a run of the cycle.  An official one needs the state “计分审核”; with a known key the first run returns."""
    require(acting_user, "run.start")
    locked = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if kind == RunKind.OFFICIAL and locked.state != CycleState.SCORING:
        raise Problem(
            Code.STATE,
            what=locked.title,
            state=locked.get_state_display(),
            action="正式计分",
            advice="请先结束填报。",
        )
    known = Job.objects.filter(idempotency_key=idempotency_key).first() if idempotency_key else None
    if known is not None:
        return Run.objects.get(job_id=known.pk)
    number = Run.objects.filter(cycle=locked).count() + 1
    run = Run.objects.create(
        cycle=locked, version=locked.version, kind=kind, number=number, started_by=acting_user
    )
    job = jobs.enqueue(
        kind=JOB,
        title=str(run),
        params={"run": run.pk},
        acting_user=acting_user,
        idempotency_key=idempotency_key,
    )
    run.job_id = job.pk
    run.save(update_fields=["job_id"])
    audit.record(acting_user=acting_user, action="run.start", target=run, data={"kind": kind})
    return run


@jobs.handler(JOB)
def run_job(progress: jobs.Progress, params: dict[str, Any]) -> dict[str, Any]:
    """Evaluate and store one run; a run that is done already (a repeated message) is left as it is."""
    run = Run.objects.select_related("cycle__version", "cycle__previous", "version").get(pk=params["run"])
    if run.state != RunState.DONE:
        run_execute(run=run, progress=progress)
    return {"run": run.pk, "units": run.results.count()}


def run_execute(*, run: Run, progress: jobs.Progress | None = None) -> Run:
    """Evaluate and store a run.  Raises RUN_BLOCKED with every missing figure; then nothing of the run is stored."""
    say = progress.report if progress else _silent
    say(0, 4, "读取数据")
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, error=None)
    try:
        say(1, 4, "计算得分")
        evaluation = evaluate_cycle(run.cycle)
    except ScoringErrors as errors:
        findings = [error_finding(error) for error in errors.items]
        Run.objects.filter(pk=run.pk).update(
            state=RunState.FAILED, error=findings, finished_at=timezone.now()
        )
        raise Problem(Code.RUN_BLOCKED, count=len(findings), findings=findings) from errors
    say(2, 4, "保存得分")
    _store(run, evaluation)
    say(4, 4, "完成")
    run.refresh_from_db()
    return run


def evaluate_cycle(cycle: Cycle, *, missing: str = "block") -> Evaluation:
    """The engine's run over a cycle's stored facts and decisions.  Raises ScoringErrors."""
    previous = [fact_table(cycle.previous)] if cycle.previous else []
    return evaluate(
        model_of(cycle.version),
        fact_table(cycle),
        previous=previous,
        decisions=decisions_of(cycle),
        missing=missing,
    )


def decisions_of(cycle: Cycle) -> Decisions:
    """Recorded decisions that stand, and the sealed results of the years before."""
    vetoes: dict[str, set[str]] = {}
    winners: dict[str, set[str]] = {}
    grades: dict[str, str] = {}
    for decision in Decision.objects.filter(cycle=cycle, withdrawn_at=None).select_related("unit"):
        unit = decision.unit.code if decision.unit else ""
        if decision.kind in {DecisionKind.VETO, DecisionKind.BAR}:
            vetoes.setdefault(decision.data["gate"], set()).add(unit)
        elif decision.kind in {DecisionKind.GRADE, DecisionKind.TIE}:
            grades[unit] = decision.data["grade"]
        elif decision.kind == DecisionKind.PROJECT:
            winners.setdefault(decision.data["award"], set()).update(decision.data["winners"])
    return Decisions(vetoes=vetoes, grades=grades, winners=winners, history=list(_history(cycle)))


def _history(cycle: Cycle) -> Iterator[dict[str, dict[str, Any]]]:
    earlier = cycle.previous
    while earlier is not None:
        seal = earlier.seals.first()
        if seal is None:
            return
        results = list(UnitResult.objects.filter(run_id=seal.run_id).select_related("unit"))
        worst = {r.group: max((o.rank or 0) for o in results if o.group == r.group) for r in results}
        yield {
            r.unit.code: {
                "rank": r.rank,
                "last": r.rank == worst[r.group],
                "grade": r.grade,
                "group": r.group,
            }
            for r in results
        }
        earlier = earlier.previous


@transaction.atomic
def _store(run: Run, evaluation: Evaluation) -> None:
    units = {unit.code: unit for unit in assessed_units(run.cycle)}
    for table in (NodeScore, UnitResult, UnitExplanation):
        table.objects.filter(run=run).delete()
    columns = ["run", "unit", "node", "points", "applicable", "state"]
    copy_rows(NodeScore, columns, _node_rows(run, evaluation, units))
    UnitResult.objects.bulk_create(_results(run, evaluation, units))
    UnitExplanation.objects.bulk_create(_explanations(run, evaluation, units))
    facts_digest = hashlib.sha256(evaluation.facts.canonical().encode()).hexdigest()
    Run.objects.filter(pk=run.pk).update(
        state=RunState.DONE,
        finished_at=timezone.now(),
        fingerprint=evaluation.fingerprint,
        facts_digest=facts_digest,
        findings=[
            {"unit": flag.unit, "place": flag.place, "code": flag.code, "text": flag.text}
            for flag in evaluation.flags
        ],
    )


def _node_rows(run: Run, evaluation: Evaluation, units: Units) -> Iterator[tuple[Any, ...]]:
    digits = evaluation.scheme.rounding.store
    for code, node in evaluation.nodes.items():
        points = evaluation.stored(code)
        applicable = rounded(node.applicable, digits)
        for unit, own, full in zip(evaluation.codes, points, applicable, strict=True):
            yield run.pk, units[unit].pk, code, _figure(own), _figure(full), _state(own)


def _figure(value: Decimal | State) -> Decimal | None:
    return None if isinstance(value, State) else value


def _state(value: Decimal | State) -> str:
    return value.name.lower() if isinstance(value, State) else "value"


def _results(run: Run, evaluation: Evaluation, units: Units) -> Iterator[UnitResult]:
    root = evaluation.scheme.tree.code
    totals, published = evaluation.stored(root), evaluation.published(root)
    ranks, grades = evaluation.ranks(), evaluation.grades()
    for index, unit in enumerate(evaluation.units):
        group = evaluation.scheme.group_of(unit.type)
        rank = ranks.get(unit.code)
        yield UnitResult(
            run=run,
            unit=units[unit.code],
            group=group.code if group else "",
            total=_figure(totals[index]),
            published=_figure(published[index]),
            rank=None if rank is None or isinstance(rank, State) else int(rank),
            grade=grades.get(unit.code, ""),
            outcomes=unit_outcomes(evaluation, index),
        )


def _explanations(run: Run, evaluation: Evaluation, units: Units) -> Iterator[UnitExplanation]:
    for unit in evaluation.codes:
        document = {
            "tree": explain(evaluation, unit).to_dict(),
            "outcomes": [one.to_dict() for one in explain_outcomes(evaluation, unit)],
        }
        text = json.dumps(document, ensure_ascii=False, sort_keys=True)
        yield UnitExplanation(
            run=run, unit=units[unit], document=document, digest=hashlib.sha256(text.encode()).hexdigest()
        )


def _silent(done: int, total: int, message: str) -> None:
    del done, total, message
