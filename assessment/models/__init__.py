"""Data of the assessment (考核): schemes, cycles, facts, decisions, runs, results."""

from assessment.models.cycles import Cycle, CycleState, CycleStep, StepState
from assessment.models.facts import Decision, DecisionKind, Fact, FactState, Submission, SubmissionState
from assessment.models.results import NodeScore, PublicNotice, Seal, UnitExplanation, UnitResult
from assessment.models.runs import Run, RunKind, RunState
from assessment.models.schemes import Scheme, SchemeVersion, VersionState

__all__ = [
    "Cycle",
    "CycleState",
    "CycleStep",
    "Decision",
    "DecisionKind",
    "Fact",
    "FactState",
    "NodeScore",
    "PublicNotice",
    "Run",
    "RunKind",
    "RunState",
    "Scheme",
    "SchemeVersion",
    "Seal",
    "StepState",
    "Submission",
    "SubmissionState",
    "UnitExplanation",
    "UnitResult",
    "VersionState",
]
